#include "log/json.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <cmath>

#include "base/encode.h"

namespace tocsin::json {

namespace {

Result<Value> parse_into(boost::json::storage_ptr storage, std::string_view text,
                         std::size_t size_max) {
  if (text.size() > size_max)
    return fail("json.too_large", "byte " + std::to_string(size_max), "limit reached");
  boost::json::parse_options options;
  options.max_depth = 32;
  unsigned char room[2048];
  boost::json::stream_parser parser({}, options, room);
  parser.reset(std::move(storage));
  boost::system::error_code problem;
  std::size_t read = 0;
  try {
    read = parser.write_some(text.data(), text.size(), problem);
    if (!problem && read == text.size()) parser.finish(problem);
    if (!problem && read == text.size()) return parser.release();
  } catch (const std::exception& e) {
    return fail("json.bad", "byte " + std::to_string(read), e.what());
  }
  return fail("json.bad", "byte " + std::to_string(read),
              problem ? problem.message() : "text behind the document");
}

}  // namespace

Result<Value> parse(std::string_view text, std::size_t size_max) {
  return parse_into(boost::json::make_shared_resource<boost::json::monotonic_resource>(), text,
                    size_max);
}

Result<Value> parse(std::string_view text, Scratch& scratch, std::size_t size_max) {
  return parse_into(scratch.storage(), text, size_max);
}

std::string print(const Value& value) { return boost::json::serialize(value); }

Fields::Fields(const Value& value, std::string_view code)
    : object_(value.if_object()), code_(code) {
  if (object_ == nullptr) error_ = Error{code_, "", "an object is wanted"};
}

void Fields::refuse(std::string_view name, std::string detail) {
  if (!error_) error_ = Error{code_, std::string(name), std::move(detail)};
}

const Value* Fields::any(std::string_view name) const {
  if (object_ == nullptr) return nullptr;
  const Value* found = object_->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const Value* Fields::need(std::string_view name) {
  const Value* found = any(name);
  if (found == nullptr) refuse(name, "missing");
  return found;
}

std::string Fields::text(std::string_view name, std::size_t size_max) {
  const Value* found = need(name);
  if (found == nullptr) return {};
  return text_or(name, "", size_max);
}

std::string Fields::text_or(std::string_view name, std::string_view otherwise,
                            std::size_t size_max) {
  const Value* found = any(name);
  if (found == nullptr) return std::string(otherwise);
  const auto* text = found->if_string();
  if (text == nullptr) {
    refuse(name, "text is wanted");
    return {};
  }
  if (text->size() > size_max || !valid_utf8(*text)) {
    refuse(name, text->size() > size_max ? "too long" : "not UTF-8");
    return {};
  }
  return std::string(text->data(), text->size());
}

std::optional<std::int64_t> Fields::integer_if(std::string_view name, std::int64_t least,
                                               std::int64_t most) {
  const Value* found = any(name);
  if (found == nullptr) return std::nullopt;
  boost::system::error_code problem;
  const auto value = found->is_number() ? found->to_number<std::int64_t>(problem) : least;
  if (!found->is_number() || problem || value < least || value > most) {
    refuse(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                     " is wanted");
    return std::nullopt;
  }
  return value;
}

std::int64_t Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  if (need(name) == nullptr) return least;
  return integer_if(name, least, most).value_or(least);
}

std::optional<double> Fields::number_if(std::string_view name) {
  const Value* found = any(name);
  if (found == nullptr) return std::nullopt;
  boost::system::error_code problem;
  const double value = found->is_number() ? found->to_number<double>(problem) : NAN;
  if (problem || !std::isfinite(value)) {
    refuse(name, "a number is wanted");
    return std::nullopt;
  }
  return value;
}

double Fields::number(std::string_view name) {
  if (need(name) == nullptr) return 0;
  return number_if(name).value_or(0);
}

bool Fields::flag_or(std::string_view name, bool otherwise) {
  const Value* found = any(name);
  if (found == nullptr) return otherwise;
  if (!found->is_bool()) refuse(name, "true or false is wanted");
  return found->is_bool() ? found->get_bool() : otherwise;
}

std::optional<Instant> Fields::instant_if(std::string_view name) {
  const Value* found = any(name);
  if (found == nullptr) return std::nullopt;
  const auto* text = found->if_string();
  const auto parsed = text != nullptr ? parse_iso(*text) : fail("time.bad");
  if (parsed) return *parsed;
  refuse(name, "an instant with zone is wanted, as 2026-11-22T02:00:03Z");
  return std::nullopt;
}

Instant Fields::instant(std::string_view name) {
  if (need(name) == nullptr) return {};
  return instant_if(name).value_or(Instant{});
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t count_max) {
  std::vector<std::string> out;
  const Value* found = any(name);
  if (found == nullptr) return out;
  const auto* array = found->if_array();
  if (array == nullptr || array->size() > count_max) {
    refuse(name, "a list of at most " + std::to_string(count_max) + " texts is wanted");
    return out;
  }
  for (const Value& item : *array) {
    const auto* text = item.if_string();
    if (text == nullptr || !valid_utf8(*text)) refuse(name, "a list of texts is wanted");
    if (text != nullptr) out.emplace_back(text->data(), text->size());
  }
  return out;
}

std::vector<std::int64_t> Fields::integers(std::string_view name, std::int64_t least,
                                           std::int64_t most, std::size_t count_max) {
  std::vector<std::int64_t> out;
  const Value* found = any(name);
  if (found == nullptr) return out;
  const auto* array = found->if_array();
  if (array == nullptr || array->size() > count_max) {
    refuse(name, "a list of at most " + std::to_string(count_max) + " numbers is wanted");
    return out;
  }
  for (const Value& item : *array) {
    const auto* number = item.if_int64();
    if (number == nullptr || *number < least || *number > most) {
      refuse(name, "a list of whole numbers within limits is wanted");
      return {};
    }
    out.push_back(*number);
  }
  return out;
}

const Array& Fields::objects(std::string_view name, std::size_t count_max) {
  static const Array nothing;
  const Value* found = any(name);
  if (found == nullptr) return nothing;
  const auto* array = found->if_array();
  if (array == nullptr || array->size() > count_max) {
    refuse(name, "a list of at most " + std::to_string(count_max) + " is wanted");
    return nothing;
  }
  return *array;
}

}  // namespace tocsin::json
