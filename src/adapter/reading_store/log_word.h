#pragma once
// What the event log says about the files, ready to be asked by name.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "domain/observation/sealed_file.h"

namespace tocsin::reading_store {

class LogWord {
 public:
  /// Both must outlive it.
  LogWord(std::span<const observation::SealedFile> named, std::span<const std::string> removed);

  /// nullptr when the log does not name the file.
  const observation::SealedFile* named(std::string_view file) const;
  bool removed(std::string_view file) const { return removed_.contains(file); }
  /// True for a batch whose sealed file was removed: its journal must not bring it back.
  bool removed_batch(std::uint64_t ordinal) const;
  /// True when a later generation of the file is named: then the file itself need not be there,
  /// even if the log does not yet say that it was removed.
  bool superseded(std::string_view file) const;

 private:
  std::map<std::string_view, const observation::SealedFile*> named_;
  std::set<std::string_view> removed_;
  std::map<std::uint64_t, std::uint64_t> removed_batches_;  // last by first ordinal
  std::map<std::uint64_t, std::uint32_t> generation_;       // highest by first ordinal
};

}  // namespace tocsin::reading_store
