// Copying the database while it is written: SQLite's backup reads one state of it, kept still by an
// open reading transaction.

#include <sqlite3.h>

#include <filesystem>

#include "adapter/sqlite/store_state.h"

namespace tocsin::sqlite {
namespace {

constexpr int pages_a_step = 2048;

struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

}  // namespace

Result<void> SqliteStore::copy_to(
    const std::string& to,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress) const {
  if (std::filesystem::exists(to)) return fail("store.exists", to);
  auto from = open_log_to_read(state_->path);
  if (!from) return std::unexpected(from.error());
  if (auto done = from->run("BEGIN"); !done) return done;
  if (auto held = from->integer("SELECT count(*) FROM sqlite_schema"); !held)
    return std::unexpected(held.error());
  auto target = Database::open(to, Open::write);
  if (!target) return std::unexpected(target.error());
  const std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(target->handle(), "main", from->handle(), "main"));
  if (backup == nullptr) return std::unexpected(error_of(target->handle()));
  int result = SQLITE_OK;
  while (result == SQLITE_OK) {
    result = sqlite3_backup_step(backup.get(), pages_a_step);
    const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
    if (progress) progress(total - left, total);
  }
  // The steps tell by their result only; neither database remembers it.
  if (result != SQLITE_DONE) return std::unexpected(error_of(result, to));
  return {};
}

}  // namespace tocsin::sqlite
