#pragma once
// What the store's files are called; the names say which batches a file holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::reading_store {

/// "readings-<first>-<last>-<generation>.tsr", ordinals in 16 hex digits, generation in 2: how
/// often retention has rewritten the file.
struct SealedName {
  std::uint64_t first_ordinal = 0, last_ordinal = 0;
  std::uint32_t generation = 0;
  bool operator==(const SealedName&) const = default;
};
inline constexpr std::uint32_t generation_max = 255;

std::string text_of(const SealedName& name);
std::optional<SealedName> parse_sealed_name(std::string_view text);

/// "journal-<first>.tsj": the batches from that ordinal on.
std::string journal_name(std::uint64_t first_ordinal);
std::optional<std::uint64_t> parse_journal_name(std::string_view text);

/// A file that is being written; of no worth after a crash.
inline constexpr std::string_view unfinished = ".tmp";

/// What a start cut off a journal's end and could not call unacknowledged; behind its name.
inline constexpr std::string_view cut_off = ".cut";

}  // namespace tocsin::reading_store
