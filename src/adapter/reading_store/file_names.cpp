#include "adapter/reading_store/file_names.h"

#include <fmt/format.h>

#include <charconv>

namespace tocsin::reading_store {
namespace {

std::optional<std::uint64_t> hex_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string text_of(const SealedName& name) {
  return fmt::format("readings-{:016x}-{:016x}-{:02x}.tsr", name.first_ordinal, name.last_ordinal,
                     name.generation);
}

std::optional<SealedName> parse_sealed_name(std::string_view text) {
  if (text.size() != 49) return std::nullopt;
  const auto first = hex_number(text.substr(9, 16)), last = hex_number(text.substr(26, 16));
  const auto generation = hex_number(text.substr(43, 2));
  if (!first || !last || !generation) return std::nullopt;
  const SealedName name{*first, *last, static_cast<std::uint32_t>(*generation)};
  if (text_of(name) != text) return std::nullopt;
  return name;
}

std::string journal_name(std::uint64_t first_ordinal) {
  return fmt::format("journal-{:016x}.tsj", first_ordinal);
}

std::optional<std::uint64_t> parse_journal_name(std::string_view text) {
  if (text.size() != 28) return std::nullopt;
  const auto first = hex_number(text.substr(8, 16));
  if (!first || journal_name(*first) != text) return std::nullopt;
  return first;
}

}  // namespace tocsin::reading_store
