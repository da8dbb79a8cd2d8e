#include "adapter/reading_store/log_word.h"

#include <algorithm>

#include "adapter/reading_store/file_names.h"

namespace tocsin::reading_store {

LogWord::LogWord(std::span<const observation::SealedFile> named,
                 std::span<const std::string> removed) {
  for (const observation::SealedFile& file : named) {
    named_.emplace(file.name, &file);
    const auto name = parse_sealed_name(file.name);
    if (!name) continue;
    auto& highest = generation_[name->first_ordinal];
    highest = std::max(highest, name->generation);
  }
  for (const std::string& file : removed) {
    removed_.insert(file);
    const auto name = parse_sealed_name(file);
    if (!name) continue;
    auto& last = removed_batches_[name->first_ordinal];
    last = std::max(last, name->last_ordinal);
  }
}

const observation::SealedFile* LogWord::named(std::string_view file) const {
  const auto found = named_.find(file);
  return found == named_.end() ? nullptr : found->second;
}

bool LogWord::removed_batch(std::uint64_t ordinal) const {
  const auto after = removed_batches_.upper_bound(ordinal);
  return after != removed_batches_.begin() && ordinal <= std::prev(after)->second;
}

bool LogWord::superseded(std::string_view file) const {
  const auto name = parse_sealed_name(file);
  if (!name) return false;
  const auto highest = generation_.find(name->first_ordinal);
  return highest != generation_.end() && highest->second > name->generation;
}

}  // namespace tocsin::reading_store
