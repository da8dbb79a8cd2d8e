#pragma once
// Reading and writing JSON bodies with errors that name the field. A thin layer over Boost.JSON,
// which stays out of most headers' callers' way: rooms read with `Fields` and write with `Writer`.

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tocsin::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// Parses one document: UTF-8, at most 1 MiB by default, depth 32. Error `code` (default
/// "json.bad"), field "byte N".
Result<Value> parse(std::string_view text, std::size_t size_max = 1 << 20);

/// Memory for one small document, on the stack of whoever reads it; what does not fit comes from
/// the heap. A million bodies of events are read at a start: an allocation each took longer than
/// they do.
class Scratch {
 public:
  Scratch() : memory_(bytes_, sizeof bytes_) {}
  boost::json::storage_ptr storage() { return &memory_; }

 private:
  unsigned char bytes_[8192];
  boost::json::monotonic_resource memory_;
};

/// As above; the value lives in `scratch`, which must outlive it.
Result<Value> parse(std::string_view text, Scratch& scratch, std::size_t size_max = 1 << 20);

std::string print(const Value& value);

/// Typed access to one object. The first thing that does not fit is kept; `error()` tells it at the
/// end, so a decoder reads top to bottom without a test per line. Unknown members are ignored: a
/// newer writer may have added them.
class Fields {
 public:
  /// `value` must outlive this. `code` is the error code given ("event.bad_body", "http.bad_body").
  Fields(const Value& value, std::string_view code);

  std::string text(std::string_view name, std::size_t size_max = 20000);  ///< must be there
  std::string text_or(std::string_view name, std::string_view otherwise,
                      std::size_t size_max = 20000);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<std::int64_t> integer_if(std::string_view name, std::int64_t least,
                                         std::int64_t most);
  double number(std::string_view name);
  std::optional<double> number_if(std::string_view name);
  bool flag_or(std::string_view name, bool otherwise);
  Instant instant(std::string_view name);  ///< ISO 8601 with zone
  std::optional<Instant> instant_if(std::string_view name);
  std::vector<std::string> texts(std::string_view name, std::size_t count_max = 1000);
  /// A member of any kind, or nullptr.
  const Value* any(std::string_view name) const;
  /// An array of whole numbers within limits; empty when absent.
  std::vector<std::int64_t> integers(std::string_view name, std::int64_t least, std::int64_t most,
                                     std::size_t count_max = 1000);
  /// An array of objects; empty when absent.
  const Array& objects(std::string_view name, std::size_t count_max = 10000);
  bool has(std::string_view name) const { return any(name) != nullptr; }

  /// Records a problem found by the caller, unless there is one already.
  void refuse(std::string_view name, std::string detail);
  bool ok() const { return !error_; }
  const Error& error() const { return *error_; }

 private:
  const Value* need(std::string_view name);
  const Object* object_;
  std::string code_;
  std::optional<Error> error_;
};

}  // namespace tocsin::json
