// verify(): walks every byte without opening the store.

#include <algorithm>
#include <map>
#include <optional>

#include "adapter/reading_store/catalog.h"
#include "adapter/reading_store/file_names.h"
#include "adapter/reading_store/journal.h"
#include "adapter/reading_store/log_word.h"
#include "adapter/reading_store/page.h"
#include "adapter/reading_store/reading_store.h"
#include "domain/observation/block.h"
#include "log/hash.h"

namespace tocsin::reading_store {
namespace {

using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

/// One walk over a folder.
class Walk {
 public:
  Walk(FileSystem& files, const std::string& folder, const Progress& progress)
      : files_(files), folder_(folder), progress_(progress) {}

  Result<Verified> run(std::span<const SealedFile> expected);

 private:
  Result<void> take_names();
  void sealed(const std::string& name, const SealedName& parsed, const SealedFile* said);
  bool contents(const std::string& name, const SealedName& parsed, const Bytes& bytes);
  bool page(const std::string& name, const SealedIndex& index, std::size_t number,
            std::size_t& block, std::span<const std::uint8_t> bytes);
  bool journal(std::uint64_t first, bool is_last);
  void journals();
  void damaged(const std::string& file, std::uint64_t byte, std::string code,
               std::string detail = {});
  void note(const std::string& file, std::uint64_t byte, std::string code, std::string detail);
  void progressed(std::uint64_t bytes);

  FileSystem& files_;
  const std::string& folder_;
  const Progress& progress_;
  std::map<std::string, SealedName> sealed_names_;
  std::vector<std::uint64_t> journal_firsts_;
  std::uint64_t done_ = 0, total_ = 0;
  std::uint64_t sealed_up_to_ = 0;
  Verified out_;
};

void Walk::damaged(const std::string& file, std::uint64_t byte, std::string code,
                   std::string detail) {
  out_.damaged.push_back(
      {file, byte, {std::move(code), "byte " + std::to_string(byte), std::move(detail)}});
}

void Walk::note(const std::string& file, std::uint64_t byte, std::string code, std::string detail) {
  out_.notes.push_back(
      {file, byte, {std::move(code), "byte " + std::to_string(byte), std::move(detail)}});
}

void Walk::progressed(std::uint64_t bytes) {
  done_ += bytes;
  if (progress_) progress_(done_, total_);
}

Result<void> Walk::take_names() {
  const auto names = files_.list(folder_);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    const auto file = files_.open_to_read(folder_ + "/" + name);
    total_ += file ? (*file)->size().value_or(0) : 0;
    if (const auto parsed = parse_sealed_name(name)) {
      sealed_names_.emplace(name, *parsed);
    } else if (const auto first = parse_journal_name(name)) {
      journal_firsts_.push_back(*first);
    } else if (name.ends_with(cut_off)) {
      out_.unclear.push_back({name, 0, {"journal.cut", "byte 0", "kept by an earlier start"}});
    } else if (name.ends_with(unfinished)) {
      note(name, 0, "store.unfinished", "the next start removes it");
    } else {
      note(name, 0, "store.foreign", "not a file of the store");
    }
  }
  return {};
}

/// One page and its blocks; `block` counts on through the file. False when it is damaged.
bool Walk::page(const std::string& name, const SealedIndex& index, std::size_t number,
                std::size_t& block, std::span<const std::uint8_t> bytes) {
  const std::uint64_t begin = index.page_offsets[number];
  const auto raw =
      open_page(bytes.subspan(begin, index.page_offsets[number + 1] - begin), page_raw_max);
  if (!raw) {
    damaged(name, begin, raw.error().code, "page " + std::to_string(number));
    return false;
  }
  std::vector<Reading> readings;
  std::size_t at = 0;
  for (; block < index.blocks.size() && index.blocks[block].page == number; ++block) {
    const BlockEntry& entry = index.blocks[block];
    readings.clear();
    const auto done = observation::decode_block(*raw, at, PointKey{}, readings);
    const std::string where = "block " + std::to_string(block) + ", page " + std::to_string(number);
    if (!done) {
      damaged(name, begin, done.error().code, where + ", raw " + done.error().field);
      return false;
    }
    if (readings.size() != entry.count || readings.front().time != entry.first ||
        readings.back().time != entry.last || at != entry.offset + entry.size) {
      damaged(name, begin, "block.index", where + " is not as the index says");
      return false;
    }
    ++out_.blocks;
    out_.readings += readings.size();
  }
  if (at == raw->size()) return true;
  damaged(name, begin, "page.rest", "page " + std::to_string(number));
  return false;
}

bool Walk::contents(const std::string& name, const SealedName& parsed, const Bytes& bytes) {
  const auto loaded = load_sealed(files_, folder_, parsed);
  if (!loaded) {
    const Error& error = loaded.error();
    const bool placed = error.field.starts_with("byte ");
    damaged(name, placed ? std::stoull(error.field.substr(5)) : 0, error.code, error.detail);
    return false;
  }
  SealedIndex index = loaded->index;
  index.page_offsets = loaded->file->page_offsets;
  if (bytes.size() != loaded->file->facts.bytes) {
    note(name, 0, "store.file_size", "changed while it was read");
    return false;
  }
  std::size_t block = 0;
  bool good = true;
  for (std::size_t number = 0; number + 1 < index.page_offsets.size() && good; ++number)
    good = page(name, index, number, block, bytes);
  return good;
}

void Walk::sealed(const std::string& name, const SealedName& parsed, const SealedFile* said) {
  const auto bytes = read_whole(files_, folder_ + "/" + name);
  if (!bytes) return damaged(name, 0, bytes.error().code, bytes.error().detail);
  ++out_.files;
  sealed_up_to_ = std::max(sealed_up_to_, parsed.last_ordinal);
  const bool good = contents(name, parsed, *bytes);
  progressed(bytes->size());
  if (said == nullptr) return note(name, 0, "store.file_unexpected", "the log does not name it");
  if (!good) return;
  if (said->bytes != bytes->size())
    return damaged(name, std::min<std::uint64_t>(said->bytes, bytes->size()), "store.file_size",
                   "the log says " + std::to_string(said->bytes) + " bytes");
  if (said->sha256 != log::text_of(log::sha256(as_text(*bytes))))
    damaged(name, 0, "store.digest", "sound in itself, but not the file the log names");
}

/// One journal; false when it holds no batch, so that the one before it may still be the last.
bool Walk::journal(std::uint64_t first, bool is_last) {
  const std::string name = journal_name(first);
  const auto bytes = read_whole(files_, folder_ + "/" + name);
  if (!bytes) {
    damaged(name, 0, bytes.error().code, bytes.error().detail);
    return true;
  }
  const std::uint64_t before = out_.journal_batches;
  const JournalScan scan = scan_journal(*bytes, [&](const JournalBatch& batch) {
    ++out_.journal_batches;
    if (batch.ordinal > sealed_up_to_) out_.unsealed_readings += batch.readings.size();
    return true;
  });
  for (const JournalDamage& damage : scan.damaged)
    out_.damaged.push_back({name, damage.begin, damage.error});
  if (scan.first_ordinal != 0 && scan.first_ordinal != first)
    damaged(name, 0, "journal.header", "it is another journal's");
  const std::string torn = std::to_string(scan.torn) + " bytes";
  if (scan.torn > 0 && is_last && scan.unclear)
    out_.unclear.push_back(
        {name, scan.end, {"journal.unclear", "byte " + std::to_string(scan.end), torn}});
  if (scan.torn > 0 && is_last && !scan.unclear)
    note(name, scan.end, "journal.torn", torn + " that were never acknowledged");
  if (scan.torn > 0 && !is_last) damaged(name, scan.end, "journal.record", "torn, yet closed");
  progressed(bytes->size());
  return out_.journal_batches > before || !scan.damaged.empty();
}

void Walk::journals() {
  const std::uint64_t expected = sealed_up_to_ + 1;
  const auto follows = std::ranges::lower_bound(journal_firsts_, expected);
  if (follows == journal_firsts_.end()) {
    if (sealed_up_to_ > 0)
      damaged(journal_name(expected), 0, "journal.missing", "no journal follows the sealed files");
  } else if (*follows > expected) {
    damaged(journal_name(*follows), 0, "journal.gap",
            "batches from " + std::to_string(expected) + " on are missing");
  }
  bool is_last = true;
  for (auto first = journal_firsts_.rbegin(); first != journal_firsts_.rend(); ++first)
    if (journal(*first, is_last)) is_last = false;
}

Result<Verified> Walk::run(std::span<const SealedFile> expected) {
  if (auto done = take_names(); !done) return std::unexpected(done.error());
  const LogWord log(expected, {});
  for (const SealedFile& said : expected)
    if (!sealed_names_.contains(said.name) && !log.superseded(said.name))
      damaged(said.name, 0, "store.file_missing", "the log names it");
  for (const auto& [name, parsed] : sealed_names_) sealed(name, parsed, log.named(name));
  journals();
  if (!out_.damaged.empty()) {
    std::ranges::sort(out_.damaged, {}, [](const Damage& d) { return std::pair(d.file, d.byte); });
    out_.first = out_.damaged.front();
  }
  return out_;
}

}  // namespace

Result<Verified> verify(FileSystem& files, const std::string& folder,
                        std::span<const SealedFile> expected, const Progress& progress) {
  return Walk(files, folder, progress).run(expected);
}

}  // namespace tocsin::reading_store
