#include "adapter/sqlite/sqlite_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "adapter/sqlite/database.h"
#include "adapter/sqlite/page_check.h"
#include "log/test_log.h"

namespace tocsin::sqlite {
namespace {

namespace fs = std::filesystem;
using log::Batch;
using log::Replayed;
using log::ReplaySummary;
using log::TestLog;

class SqliteStoreTest : public testing::Test {
 protected:
  SqliteStoreTest() {
    std::string name = (fs::temp_directory_path() / "tocsin-store-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~SqliteStoreTest() override { fs::remove_all(folder_); }

  std::unique_ptr<SqliteStore> open() {
    auto store = SqliteStore::open(folder_);
    if (!store) ADD_FAILURE() << store.error().code << " " << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }
  /// Changes the database behind the store's back, as somebody with a shell could.
  void tamper(const std::string& sql) const {
    const auto database = Database::open(folder_ + "/log.db", Open::write);
    ASSERT_TRUE(database && database->run(sql)) << sql;
  }
  static std::vector<std::string> all(const SqliteStore& store) {
    std::vector<std::string> out;
    EXPECT_TRUE(store.each_record([&](std::string_view bytes) {
      out.emplace_back(bytes);
      return true;
    }));
    return out;
  }
  static Result<ReplaySummary> replay(SqliteStore& store) {
    return store.replay([](std::span<const Replayed>) { return true; });
  }

  std::string folder_;
};

TEST_F(SqliteStoreTest, IsForItsOwnerAloneInAFolderOpenToOthersAlsoWhereItWasNot) {
  fs::permissions(folder_, fs::perms{0755});
  const auto owner_alone = fs::perms::owner_read | fs::perms::owner_write;
  const auto mode = [&](const char* name) {
    return fs::status(fs::path(folder_) / name).permissions();
  };
  {
    const auto store = open();
    TestLog alert("county/1/alert");
    ASSERT_TRUE(store->commit(alert.batch(1)));
    EXPECT_EQ(mode("log.db"), owner_alone);
    EXPECT_EQ(mode("log.db-wal"), owner_alone);
  }
  fs::permissions(fs::path(folder_) / "log.db", fs::perms{0644});
  const auto again = open();
  EXPECT_EQ(mode("log.db"), owner_alone);
}

TEST_F(SqliteStoreTest, FindsEverythingAgainAfterReopening) {
  TestLog alert("county/1/alert"), desk("county/1/desk");
  SeededDice dice(7);
  const auto part = log::seal_part("张三", "case/w1", Bytes(log::case_key_size, 3), dice);
  const log::Package package{log::sha256("[]"), "rules", "[]"};
  std::vector<std::string> written;
  {
    auto store = open();
    Batch batch = alert.batch(3);
    batch.records.push_back(desk.next("quiet"));
    batch.parts.push_back(part);
    batch.packages.push_back(package);
    batch.marks.push_back({"clock", "17"});
    for (const auto& record : batch.records) written.push_back(record.bytes);
    ASSERT_TRUE(store->commit(batch));
    ASSERT_TRUE(store->commit(
        {.records = {}, .seals = {}, .parts = {}, .packages = {}, .marks = {{"clock", "18"}}}));
  }
  auto store = open();
  EXPECT_EQ(all(*store), written);
  EXPECT_EQ(store->record_count(), 4u);
  EXPECT_EQ(store->records("county/1/alert", 2, 99), (std::vector{written[1], written[2]}));
  EXPECT_EQ(store->records("nobody/1/alert", 1, 9)->size(), 0u);
  const auto seals = store->seals("county/1/alert");
  ASSERT_TRUE(seals && seals->size() == 1);
  EXPECT_TRUE(log::signature_holds(seals->front()));
  EXPECT_EQ(store->part(part.ref.hash)->sealed, part.sealed);
  EXPECT_EQ(store->part(part.ref.hash)->ref, part.ref);
  EXPECT_EQ(store->package(package.hash)->bytes, "[]");
  EXPECT_EQ(store->part(package.hash).error().code, "part.not_here");
  EXPECT_EQ(store->marks()->front().value, "18");
  EXPECT_EQ(*store->logs(), (std::vector<std::string>{"county/1/alert", "county/1/desk"}));
}

TEST_F(SqliteStoreTest, TheNewestSealOfEachLogIsThatOfItsLastSegment) {
  TestLog alert("county/1/alert"), desk("county/1/desk"), open_one("county/1/audit");
  const auto store = open();
  for (const std::size_t records : {3, 5, 2}) ASSERT_TRUE(store->commit(alert.batch(records)));
  ASSERT_TRUE(store->commit(desk.batch(4)));
  Batch unsealed;
  unsealed.records.push_back(open_one.next("quiet"));
  ASSERT_TRUE(store->commit(unsealed));
  const auto newest = store->newest_seals();
  ASSERT_TRUE(newest && newest->size() == 2);
  EXPECT_EQ((*newest)[0].log, "county/1/alert");
  EXPECT_EQ((*newest)[0].first, 9u);
  EXPECT_EQ((*newest)[0].last, 10u);
  EXPECT_TRUE(log::signature_holds((*newest)[0]));
  EXPECT_EQ((*newest)[1].last, 4u);
  const auto plain = store->Store::newest_seals();  // as a store without an index finds them
  ASSERT_TRUE(plain && plain->size() == 2);
  EXPECT_EQ((*plain)[0].last, (*newest)[0].last);
  EXPECT_EQ((*plain)[1].signature, (*newest)[1].signature);
}

TEST_F(SqliteStoreTest, HandsOutNoPackageThatIsNotWhatItWasNamedByAndIsMendedByTheSameAgain) {
  const log::Package package{log::sha256("[1]"), "rules", "[1]"};
  Batch batch;
  batch.packages.push_back(package);
  ASSERT_TRUE(open()->commit(batch));
  tamper("UPDATE package SET bytes = x'5b325d'");
  const auto store = open();
  EXPECT_EQ(store->package(package.hash).error().code, "package.wrong_hash");
  EXPECT_EQ(store->package(package.hash).error().field, log::text_of(package.hash));
  ASSERT_TRUE(store->commit(batch));
  EXPECT_EQ(store->package(package.hash)->bytes, "[1]");
}

TEST_F(SqliteStoreTest, KeepsNothingOfABatchThatDoesNotFit) {
  TestLog alert("county/1/alert");
  auto store = open();
  ASSERT_TRUE(store->commit(alert.batch(2)));
  TestLog fork("county/1/alert");
  Batch bad;
  TestLog other("county/1/desk");
  bad.records = {other.next(), fork.next("another first")};
  bad.marks.push_back({"clock", "1"});
  const auto refused = store->commit(bad);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store.conflict");
  EXPECT_EQ(refused.error().field, "county/1/alert#1");
  EXPECT_EQ(store->record_count(), 2u);
  EXPECT_EQ(store->marks()->size(), 0u);
  // The log the failed batch began is begun anew by the next.
  TestLog again("county/1/desk");
  ASSERT_TRUE(store->commit(again.batch(1)));
  EXPECT_EQ(replay(*store)->records, 3u);
}

TEST_F(SqliteStoreTest, ASecondProcessIsToldWhoHasTheFolder) {
  const auto store = open();
  const auto second = SqliteStore::open(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "store.in_use");
  EXPECT_NE(second.error().detail.find(std::to_string(::getpid())), std::string::npos);
}

TEST_F(SqliteStoreTest, ReadingBesideARunningNodeSeesItsCommitsAndWritesNothing) {
  TestLog alert("county/1/alert");
  auto store = open();
  ASSERT_TRUE(store->commit(alert.batch(2)));
  {
    auto reader = SqliteStore::open_to_read(folder_);
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->record_count(), 2u);
    ASSERT_TRUE(store->commit(alert.batch(2)));
    EXPECT_EQ((*reader)->record_count(), 4u);
    EXPECT_EQ((*reader)->commit(alert.batch(1)).error().code, "store.read_only");
  }
  // Closing the reader checkpointed nothing: all is still in the write-ahead file.
  EXPECT_GT(fs::file_size(folder_ + "/log.db-wal"), 0u);
  EXPECT_EQ(SqliteStore::open_to_read(folder_ + "/none").error().code, "store.not_found");
}

TEST_F(SqliteStoreTest, AFullDiskIsSaidAndSurvived) {
  auto store = open();
  TestLog alert("county/1/alert");
  ASSERT_TRUE(store->commit(alert.batch(1)));
  struct ::rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const ::rlimit small{fs::file_size(folder_ + "/log.db-wal") + 100'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  TestLog twin = alert;
  Result<void> refused;
  for (int i = 0; i < 100 && refused; ++i) {
    alert = twin;
    refused = store->commit(twin.batch(20, std::string(1000, 'x')));
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().code == "store.io" || refused.error().code == "store.disk_full");
  EXPECT_EQ(store->record_count(), alert.seq());
  ASSERT_TRUE(store->commit(alert.batch(5)));
  EXPECT_EQ(replay(*store)->records, alert.seq());
}

TEST_F(SqliteStoreTest, ReplayHandsOutEveryRecordWithItsHashAndRemembersSignatures) {
  TestLog alert("county/1/alert"), desk("county/1/desk");
  auto store = open();
  std::vector<log::Hash> hashes;
  for (int i = 0; i < 300; ++i) {
    Batch batch = alert.batch(7, std::string(static_cast<std::size_t>(i) * 40, 'y'));
    batch.records.push_back(desk.next());
    for (const auto& record : batch.records) hashes.push_back(record.hash);
    ASSERT_TRUE(store->commit(batch));
  }
  std::vector<log::Hash> read;
  const auto summary = store->replay([&](std::span<const Replayed> records) {
    for (const auto& record : records) {
      EXPECT_EQ(record.hash, log::sha256(record.bytes));
      EXPECT_TRUE(record.bytes.ends_with(std::string(record.header.body) + "}"));
      read.push_back(record.hash);
    }
    return true;
  });
  ASSERT_TRUE(summary);
  EXPECT_EQ(read, hashes);
  EXPECT_EQ(summary->seals, 300u);
  EXPECT_EQ(summary->signatures, 300u);
  ASSERT_TRUE(store->commit(alert.batch(1)));
  EXPECT_EQ(replay(*store)->signatures, 1u);
  std::size_t calls = 0;
  ASSERT_TRUE(store->replay([&](std::span<const Replayed>) { return ++calls < 2; }));
  EXPECT_EQ(calls, 2u);
}

struct Tampering {
  const char* sql;
  const char* code;
  const char* field;
};

TEST_F(SqliteStoreTest, ReplayNamesWhatWasChanged) {
  const Tampering cases[] = {
      {"UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'word 5', 'word 6') AS BLOB)"
       " WHERE seq = 5",
       "record.damaged", "county/1/alert#5, byte "},
      {"DELETE FROM event WHERE seq = 4", "segment.gap", "county/1/alert#4, byte "},
      {"DELETE FROM event WHERE seq > 8", "segment.gap", "county/1/alert#9"},
      {"DELETE FROM segment WHERE last = 4", "segment.gap", "county/1/alert#3"},
      {"UPDATE segment SET hash = zeroblob(32) WHERE last = 6", "segment.bad_hash",
       "county/1/alert#6"},
      {"UPDATE segment SET signature = zeroblob(64) WHERE last = 6", "segment.bad_signature",
       "county/1/alert#6"},
      {"UPDATE event SET seq = -seq; UPDATE event SET seq = CASE seq WHEN -3 THEN 4 WHEN -4 THEN 3"
       " ELSE -seq END",
       "segment.gap", "county/1/alert#3, byte "},
  };
  for (const Tampering& it : cases) {
    fs::remove_all(folder_);
    TestLog alert("county/1/alert");
    {
      auto store = open();
      for (int i = 1; i <= 10; ++i) {
        Batch batch;
        batch.records.push_back(alert.next("word " + std::to_string(i)));
        if (i % 2 == 0) batch.seals.push_back(alert.seal());
        ASSERT_TRUE(store->commit(batch));
      }
    }
    tamper(it.sql);
    auto store = open();
    const auto found = replay(*store);
    ASSERT_FALSE(found) << it.sql;
    EXPECT_EQ(found.error().code, it.code) << it.sql;
    EXPECT_TRUE(found.error().field.starts_with(it.field)) << it.sql << found.error().field;
  }
}

TEST_F(SqliteStoreTest, EveryPageHasItsCheckValueAndATurnedByteIsFound) {
  TestLog alert("county/1/alert");
  {
    auto store = open();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(store->commit(alert.batch(10)));
  }
  const std::string path = folder_ + "/log.db";
  std::vector<std::uint32_t> bad;
  const auto check = [&] {
    bad.clear();
    return check_pages(path, false, [&](std::uint32_t n, std::uint64_t) { bad.push_back(n); }, {});
  };
  ASSERT_TRUE(check());
  EXPECT_EQ(bad, std::vector<std::uint32_t>{});
  const auto pages = fs::file_size(path) / page_size;
  ASSERT_GT(pages, 20u);
  SeededDice dice(5);
  for (int i = 0; i < 20; ++i) {
    const auto at = static_cast<std::streamoff>(dice.next() % fs::file_size(path));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const char was = static_cast<char>(file.seekg(at).get());
    file.seekp(at).put(static_cast<char>(was ^ 0x10)).flush();
    ASSERT_TRUE(check());
    EXPECT_EQ(bad, (std::vector{static_cast<std::uint32_t>(at / page_size + 1)})) << at;
    file.seekp(at).put(was).flush();
  }
  fs::resize_file(path, fs::file_size(path) - 100);
  EXPECT_EQ(check().error().code, "store.damaged");
}

TEST_F(SqliteStoreTest, ACopyTakenWhileWritingOpensAsAStore) {
  TestLog alert("county/1/alert");
  auto store = open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->commit(alert.batch(10)));
  const std::string copy = folder_ + "/copy";
  fs::create_directory(copy);
  std::uint64_t last_done = 0, last_total = 1;
  ASSERT_TRUE(store->copy_to(copy + "/log.db", [&](std::uint64_t done, std::uint64_t total) {
    ASSERT_TRUE(store->commit(alert.batch(1)));  // the cut stays where it was
    last_done = done;
    last_total = total;
  }));
  EXPECT_EQ(last_done, last_total);
  std::size_t bad = 0;
  ASSERT_TRUE(
      check_pages(copy + "/log.db", false, [&](std::uint32_t, std::uint64_t) { ++bad; }, {}));
  EXPECT_EQ(bad, 0u);
  auto copied = SqliteStore::open(copy);
  ASSERT_TRUE(copied) << copied.error().code << copied.error().detail;
  EXPECT_EQ(replay(**copied)->records, 200u);
  EXPECT_EQ(store->copy_to(copy + "/log.db", {}).error().code, "store.exists");
}

TEST_F(SqliteStoreTest, ForeignAndNewerFilesAreRefused) {
  {
    auto store = open();
  }
  tamper("PRAGMA user_version = 9");
  EXPECT_EQ(SqliteStore::open(folder_).error().code, "store.newer");
  tamper("PRAGMA application_id = 5");
  EXPECT_EQ(SqliteStore::open(folder_).error().code, "store.not_ours");
  std::ofstream(folder_ + "/log.db") << std::string(10'000, 'z');
  EXPECT_EQ(SqliteStore::open(folder_).error().code, "store.damaged");
}

}  // namespace
}  // namespace tocsin::sqlite
