#include "cli/cap.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "adapter/cap/check.h"
#include "base/encode.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

/// At most one byte more than is taken, so that what is too large is told so.
std::optional<std::string> read_all(std::istream& in) {
  std::string bytes;
  char piece[65536];
  while (bytes.size() <= cap::xml_bytes_max && (in.read(piece, sizeof piece) || in.gcount() > 0))
    bytes.append(piece, static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return std::nullopt;
  return bytes;
}

std::optional<std::string> read_file(std::string_view name, std::istream& in) {
  if (name == "-") return read_all(in);
  std::ifstream file{std::string(name), std::ios::binary};
  return file ? read_all(file) : std::nullopt;
}

json::Array array_of(const std::vector<cap::Finding>& findings) {
  json::Array all;
  for (const cap::Finding& f : findings)
    all.push_back(json::Object{{"code", f.code}, {"path", f.path}, {"text", f.text}});
  return all;
}

json::Object line_of(std::string_view name, const cap::Verdict& v) {
  return {{"file", name},
          {"valid", v.valid()},
          {"format", v.format},
          {"alerts", v.alerts},
          {"errors", array_of(v.errors)},
          {"warnings", array_of(v.warnings)},
          {"signature", v.signatures == 0 ? "none" : "unchecked"}};
}

/// JSON has to be UTF-8; a file may have any name.
std::string printable(std::string_view name) {
  std::string text(name);
  if (valid_utf8(text)) return text;
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

}  // namespace

int run_cap(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
            std::ostream& err) {
  if (args.size() < 2 || args[0] != "check" || args[1].starts_with("--")) {
    err << "usage: tocsin cap check FILE...\n";
    return 2;
  }
  int status = 0;
  for (const std::string_view name : args.subspan(1)) {
    const auto bytes = read_file(name, in);
    if (!bytes) err << "tocsin: cannot read " << name << "\n";
    const cap::Verdict verdict =
        bytes ? cap::check(*bytes)
              : cap::Verdict{.errors = {{"cap.unreadable", "", "the file cannot be read"}}};
    out << json::print(line_of(printable(name), verdict)) << "\n";
    if (!verdict.valid()) status = 1;
  }
  return status;
}

}  // namespace tocsin::cli
