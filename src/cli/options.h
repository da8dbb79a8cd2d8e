#pragma once
// The little that reading a command line takes: `--name value` pairs and bare words.

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::cli {

class Options {
 public:
  /// `valued`: names (with their dashes) that want a value; `flags`: names without. Anything else
  /// is told on `err` and makes the result nullopt (exit status 2).
  static std::optional<Options> read(std::span<const std::string_view> args,
                                     std::initializer_list<std::string_view> valued,
                                     std::initializer_list<std::string_view> flags,
                                     std::ostream& err) {
    Options out;
    for (std::size_t i = 0; i < args.size(); ++i) {
      const std::string name(args[i]);
      if (std::ranges::find(flags, args[i]) != flags.end()) {
        out.values_[name] = "";
        continue;
      }
      if (std::ranges::find(valued, args[i]) == valued.end()) {
        err << "tocsin: no option named " << name << "\n";
        return std::nullopt;
      }
      if (++i == args.size()) {
        err << "tocsin: " << name << " wants a value\n";
        return std::nullopt;
      }
      out.values_[name] = args[i];
    }
    return out;
  }

  bool has(const std::string& name) const { return values_.contains(name); }
  std::string get(const std::string& name, const std::string& otherwise = {}) const {
    const auto at = values_.find(name);
    return at == values_.end() ? otherwise : at->second;
  }
  /// Tells what is missing on `err`.
  bool need(std::initializer_list<std::string_view> names, std::ostream& err) const {
    for (const std::string_view name : names) {
      if (!get(std::string(name)).empty()) continue;
      err << "tocsin: " << name << " is wanted\n";
      return false;
    }
    return true;
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace tocsin::cli
