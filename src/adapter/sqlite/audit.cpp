#include "adapter/sqlite/audit.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapter/sqlite/audit_walk.h"
#include "adapter/sqlite/folder_lock.h"
#include "adapter/sqlite/page_check.h"
#include "adapter/sqlite/schema.h"
#include "adapter/sqlite/wal_check.h"
#include "log/damage.h"

namespace tocsin::sqlite {
namespace {

constexpr std::string_view database_name = "log.db", journal_name = "log.db-wal";

/// The byte that was changed in a page, when it is one. Reads the page anew.
std::optional<std::uint64_t> wrong_byte_of_page(const std::string& path, std::uint32_t number,
                                                std::uint64_t offset) {
  std::string page(4 + page_size, '\0');
  for (int i = 0; i < 4; ++i) page[i] = static_cast<char>(number >> (24 - 8 * i));
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(page.data() + 4, page_size);
  if (in.gcount() != static_cast<std::streamsize>(page_size)) return std::nullopt;
  const std::string_view covered = std::string_view(page).substr(0, 4 + page_size - 8);
  const std::string_view kept = std::string_view(page).substr(4 + page_size - 8);
  const auto differing = [&](const log::Hash& hash, std::size_t& at) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (static_cast<std::uint8_t>(kept[i]) != hash.bytes[i]) at = i, ++count;
    return count;
  };
  std::size_t at = 0;
  if (differing(log::sha256(covered), at) == 1) return offset + page_size - 8 + at;
  const auto byte = log::find_wrong_byte(
      covered, [&](const log::Hash& hash) { return differing(hash, at) == 0; });
  if (!byte || byte->offset < 4) return std::nullopt;
  return offset + byte->offset - 4;
}

struct DamagedPage {
  std::uint32_t number;
  std::uint64_t offset;
};

/// A walk that found the record says more than the page it lies in; without one, the byte is looked
/// for in the first page.
Finding finding_of(const std::string& path, const DamagedPage& page, bool search) {
  const auto byte = search ? wrong_byte_of_page(path, page.number, page.offset) : std::nullopt;
  const std::uint64_t place = byte.value_or(page.offset);
  const std::string file(database_name);
  return {
      "page",
      {"page.damaged", file + ", byte " + std::to_string(place),
       byte ? "this one byte was changed" : "page " + std::to_string(page.number) + " was changed"},
      {},
      0,
      place,
      0,
      0,
      file};
}

Result<std::vector<DamagedPage>> damaged_pages(const std::string& path, bool in_use,
                                               const AuditVisit& visit) {
  std::vector<DamagedPage> out;
  const auto walked = check_pages(
      path, in_use,
      [&](std::uint32_t number, std::uint64_t offset) { out.push_back({number, offset}); },
      [&](std::uint64_t done, std::uint64_t total) {
        if (visit.progress) visit.progress("bytes of log.db", done, total);
      });
  if (!walked && out.empty()) return std::unexpected(walked.error());
  return out;
}

void check_journal(const std::string& folder, Audit& out) {
  const auto wal = check_wal(folder + "/" + std::string(journal_name));
  if (!wal) {
    out.findings.push_back({"journal", wal.error(), {}, 0, 0, 0, 0, std::string(journal_name)});
    return;
  }
  if (!wal->broken_at || wal->commits_behind == 0) return;
  const std::string place = std::string(journal_name) + ", byte " + std::to_string(*wal->broken_at);
  if (wal->commits_behind > 1)
    out.findings.push_back(
        {"journal",
         {"page.damaged", place,
          std::to_string(wal->commits_behind) + " commits behind this frame are lost to SQLite"},
         {},
         0,
         *wal->broken_at,
         0,
         0,
         std::string(journal_name)});
  else
    out.notes.push_back(place + ": the last transaction is torn, as a power cut leaves it");
}

}  // namespace

Result<Audit> audit(const std::string& folder, const AuditVisit& visit) {
  const std::string path = folder + "/" + std::string(database_name);
  if (!std::filesystem::exists(path)) return fail("store.not_found", path);
  const bool in_use = folder_is_in_use(folder);
  const auto pages = damaged_pages(path, in_use, visit);
  Audit out;
  auto database = open_log_to_read(path);
  Result<void> read;
  if (database)
    read = AuditWalk(std::move(*database), visit, out).run();
  else
    read = std::unexpected(database.error());
  if (!pages)
    out.findings.push_back(
        {"database", pages.error(), {}, 0, {}, 0, 0, std::string(database_name)});
  const bool walk_knows = !out.findings.empty();
  if (pages)
    for (const DamagedPage& page : *pages)
      out.findings.push_back(
          finding_of(path, page, !walk_knows && page.number == pages->front().number));
  if (!read)
    out.findings.push_back({"database",
                            {read.error().code, std::string(database_name),
                             "cannot be read behind " + std::to_string(out.records) +
                                 " records: " + read.error().detail},
                            {},
                            0,
                            {},
                            0,
                            0,
                            std::string(database_name)});
  if (!in_use) check_journal(folder, out);
  return out;
}

}  // namespace tocsin::sqlite
