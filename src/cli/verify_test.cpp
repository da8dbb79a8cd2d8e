#include "cli/verify.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/database.h"
#include "adapter/sqlite/sqlite_store.h"
#include "cli/backup.h"
#include "cli/damage.h"
#include "domain/office/office.h"
#include "log/json.h"
#include "log/test_log.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int status = 0;
  std::string out, err;

  /// Members of the verdict's first finding, "" when absent.
  std::string first(std::string_view member) const {
    const std::string line = out.substr(out.rfind('\n', out.size() - 2) + 1);
    const auto value = json::parse(line.substr(0, line.find('\n')));
    if (!value || !value->as_object().contains("first")) return "";
    const auto* found = value->at("first").as_object().if_contains(member);
    if (found == nullptr) return "";
    return found->is_string() ? std::string(found->get_string()) : json::print(*found);
  }
};

template <class Run>
Ran run(const Run& command, const std::vector<std::string>& words) {
  const std::vector<std::string_view> args(words.begin(), words.end());
  std::ostringstream out, err;
  const int status = command(args, out, err);
  return {status, out.str(), err.str()};
}

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    std::string name = (fs::temp_directory_path() / "tocsin-verify-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    data_ = folder_ + "/data";
  }
  ~VerifyTest() override { fs::remove_all(folder_); }

  /// Two logs with seals, a tail without, parts, a package, marks, and a sealed file of readings.
  void fill(std::uint64_t key_seed = 1, const std::string& word = "word", int rounds = 30) {
    auto store = sqlite::SqliteStore::open(data_);
    ASSERT_TRUE(store);
    log::TestLog alert("county/1/alert", key_seed), desk("county/1/desk", key_seed);
    SeededDice dice(3);
    const Bytes key(log::case_key_size, 5);
    for (int i = 1; i <= rounds; ++i) {
      log::Batch batch;
      for (int k = 0; k < 3; ++k)
        batch.records.push_back(alert.next(word + " " + std::to_string(i)));
      batch.records.push_back(desk.next("quiet"));
      if (i % 3 == 0) batch.seals = {alert.seal(), desk.seal()};
      if (i % 4 == 0) batch.parts.push_back(log::seal_part(std::string(300, 'p'), "c", key, dice));
      batch.marks.push_back({"clock", std::to_string(i)});
      ASSERT_TRUE((*store)->commit(batch));
    }
    ASSERT_TRUE((*store)->commit({.records = {desk.next(readings())},
                                  .seals = {},
                                  .parts = {},
                                  .packages = {{log::sha256("[1]"), "rules", "[1]"}},
                                  .marks = {}}));
  }
  log::Draft readings() const {
    auto store =
        reading_store::Store::open(reading_store::posix_file_system(), data_ + "/readings");
    EXPECT_TRUE(store);
    const auto point = *(*store)->point("p1");
    std::vector<observation::Reading> batch;
    for (int i = 0; i < 500; ++i) {
      observation::Reading one;
      one.point = point;
      one.time = instant_ms(1'780'000'000'000 + i * 60'000);
      one.arrival = one.time;
      one.value = i % 37;
      batch.push_back(one);
    }
    EXPECT_TRUE((*store)->ingest(batch));
    const auto sealed = (*store)->seal();
    EXPECT_TRUE(sealed && *sealed);
    (*store)->named((*sealed)->name);
    const auto event = office::encode(office::Event{office::ReadingsSealed{**sealed}});
    return log::Draft{"node/county", {}, event.type, event.version, "node/county", "", event.body};
  }
  Ran verify(const std::string& anchor = {}) const {
    std::vector<std::string> words = {"--data", data_};
    if (!anchor.empty()) words.insert(words.end(), {"--anchor", anchor});
    return run(run_verify, words);
  }
  void tamper(const std::string& sql) const {
    const auto database = sqlite::Database::open(data_ + "/log.db", sqlite::Open::write);
    ASSERT_TRUE(database && database->run(sql)) << sql;
  }
  std::string anchor_file() const {
    const Ran ran = run(run_anchor, {"--data", data_});
    EXPECT_EQ(ran.status, 0) << ran.err;
    std::ofstream(folder_ + "/anchor.txt") << ran.out;
    return folder_ + "/anchor.txt";
  }
  int check_with_python(const std::string& log, const std::string& anchor = {}) const {
    const std::string script = std::string(TOCSIN_SOURCE_DIR) + "/examples/verify_log.py";
    return std::system(
        ("python3 " + script + " " + log + " " + anchor + " >/dev/null 2>" + folder_ + "/said")
            .c_str());
  }

  std::string folder_, data_;
};

TEST_F(VerifyTest, AWholeFolderHoldsAlsoAgainstItsAnchor) {
  fill();
  const Ran ran = verify(anchor_file());
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_NE(ran.out.find(R"({"log":"county/1/alert","records":90,"sealed":90)"), std::string::npos);
  EXPECT_NE(ran.out.find(R"({"log":"county/1/desk","records":31,"sealed":30)"), std::string::npos);
  EXPECT_NE(ran.out.find(R"("parts":7,"packages":1,"reading_files_sealed":1)"), std::string::npos);
  EXPECT_NE(ran.out.find(R"({"verdict":"holds","anchored":true})"), std::string::npos);
  const std::string size = std::to_string(fs::file_size(data_ + "/log.db"));
  const std::string whole = "verify: bytes of log.db " + size + " of " + size + " (100 %)";
  EXPECT_NE(ran.err.find(whole), std::string::npos) << ran.err;
}

TEST_F(VerifyTest, ReadingsThatAreNotSealedYetAreCountedAsSuch) {
  fill();
  {
    auto store =
        reading_store::Store::open(reading_store::posix_file_system(), data_ + "/readings");
    ASSERT_TRUE(store);
    observation::Reading one;
    one.point = *(*store)->point("p1");
    one.time = one.arrival = instant_ms(1'790'000'000'000);
    one.value = 1;
    ASSERT_TRUE((*store)->ingest(std::vector{one}));
  }
  const Ran ran = verify();
  EXPECT_NE(ran.out.find(R"("readings_sealed":500,"readings_unsealed":1})"), std::string::npos)
      << ran.out;
}

TEST_F(VerifyTest, WrongUseIsTold) {
  EXPECT_EQ(run(run_verify, {}).status, 2);
  EXPECT_EQ(run(run_verify, {"--data"}).status, 2);
  EXPECT_EQ(run(run_verify, {"--what", "x"}).status, 2);
  EXPECT_EQ(run(run_verify, {"--data", folder_ + "/none"}).status, 2);
  fill();
  std::ofstream(folder_ + "/anchor.txt") << "tocsin anchor 1\n";
  EXPECT_EQ(verify(folder_ + "/anchor.txt").status, 2);
}

TEST_F(VerifyTest, DeletedSwappedAndEditedRecordsAreNamed) {
  struct Case {
    const char* sql;
    const char *finding, *code, *where;
  };
  const Case cases[] = {
      {"UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'word 9', 'word 8') AS BLOB)"
       " WHERE log = 1 AND seq = 26",
       "record", "record.damaged", "county/1/alert#26, byte "},
      {"DELETE FROM event WHERE log = 1 AND seq = 26", "record", "segment.gap",
       "county/1/alert#26"},
      {"DELETE FROM event WHERE log = 1 AND seq BETWEEN 19 AND 27;"
       "DELETE FROM segment WHERE log = 1 AND last = 27",
       "segment", "segment.gap", "county/1/alert#36"},
      {"DELETE FROM event WHERE log = 1 AND seq > 81", "segment", "segment.gap",
       "county/1/alert#82"},
      {"UPDATE segment SET hash = (SELECT hash FROM segment WHERE log = 1 AND last = 9)"
       " WHERE log = 1 AND last = 18",
       "segment", "segment.bad_signature", "county/1/alert#18"},
      {"UPDATE part SET sealed = zeroblob(9) WHERE rowid = 3", "part", "part.wrong_hash", ""},
      {"UPDATE package SET bytes = x'00'", "package", "package.wrong_hash", ""},
      {"UPDATE event SET digest = 5 WHERE log = 1 AND seq = 30", "record", "record.check_value",
       "county/1/alert#30"},
  };
  for (const Case& it : cases) {
    fs::remove_all(data_);
    fill();
    tamper(it.sql);
    const Ran ran = verify();
    EXPECT_EQ(ran.status, 1) << it.sql;
    EXPECT_EQ(ran.first("finding"), it.finding) << it.sql;
    EXPECT_EQ(ran.first("code"), it.code) << it.sql;
    EXPECT_TRUE(ran.first("where").starts_with(it.where)) << it.sql << ran.first("where");
  }
}

TEST_F(VerifyTest, ANodeSaysWhereItsLogIsDamagedAndWhatToDoInsteadOfStarting) {
  fill();
  tamper(
      "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'word 9', 'word 8') AS BLOB)"
      " WHERE log = 1 AND seq = 26");
  const auto store = sqlite::SqliteStore::open_to_read(data_);
  ASSERT_TRUE(store);
  const auto replayed = (*store)->replay([](std::span<const log::Replayed>) { return true; });
  ASSERT_FALSE(replayed);
  std::ostringstream err;
  EXPECT_EQ(tell_why_not_started(data_, replayed.error(), err), status_damaged);
  const std::string told = err.str();
  for (const char* words :
       {"record.damaged", "log county/1/alert, segment 19 to 27, record 26, byte ",
        "tocsin verify --data", "tocsin restore --from", "changed nothing"})
    EXPECT_NE(told.find(words), std::string::npos) << words << "\n" << told;
}

TEST_F(VerifyTest, NamesThatAreNoTextAnyMoreAreShownAsBytes) {
  fill();
  tamper("UPDATE log SET name = CAST(x'636f756e7479ff1b2f312f616c657274' AS TEXT) WHERE id = 1");
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  std::ostringstream err;
  tell_why_not_started(data_, Error{"segment.bad_hash", "county\xff\x1b/1/alert#1", ""}, err);
  for (const std::string& told : {ran.out, ran.err, err.str()}) {
    EXPECT_TRUE(valid_utf8(told)) << told;
    EXPECT_EQ(told.find('\x1b'), std::string::npos) << told;
  }
  EXPECT_NE(ran.out.find(R"(county\\xff\\x1b/1/alert)"), std::string::npos) << ran.out;
  EXPECT_NE(err.str().find(R"(county\xff\x1b/1/alert#1)"), std::string::npos) << err.str();
}

TEST_F(VerifyTest, AnEndOfTheJournalThatMayHaveBeenAcknowledgedIsNotCalledSound) {
  fill();
  const fs::path readings = data_ + "/readings";
  const auto open = [&] {
    return reading_store::Store::open(reading_store::posix_file_system(), readings, {}, {});
  };
  std::string journal;
  {
    const auto store = open();
    ASSERT_TRUE(store);
    const auto key = (*store)->point("late/level/rtd");
    const Instant at = instant_ms(1'795'000'000'000);
    ASSERT_TRUE((*store)->ingest(std::vector<reading_store::Reading>{{at, at, 7.5, *key}}));
    for (const auto& entry : fs::directory_iterator(readings))
      if (entry.path().extension() == ".tsj")
        journal = std::max(journal, entry.path().filename().string());
    fs::copy_file(readings / journal, folder_ + "/acknowledged");
  }
  fs::copy_file(folder_ + "/acknowledged", readings / journal,
                fs::copy_options::overwrite_existing);  // killed, not ended
  EXPECT_EQ(verify().status, 0) << verify().out;
  std::fstream(readings / journal, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(-2, std::ios::end)
      .put('\x55');
  const Ran ran = verify();
  EXPECT_EQ(ran.status, status_unclear);
  EXPECT_EQ(ran.first("finding"), "readings");
  EXPECT_EQ(ran.first("code"), "journal.unclear");
  EXPECT_EQ(ran.first("file"), "readings/" + journal);
  EXPECT_NE(ran.out.find(R"("verdict":"unclear")"), std::string::npos) << ran.out;
  ASSERT_TRUE(open()) << "a start goes on";
  EXPECT_EQ(verify().status, status_unclear) << "what was cut off is kept until it was looked at";
  EXPECT_EQ(verify().first("code"), "journal.cut");
  fs::remove(readings / (journal + ".cut"));
  EXPECT_EQ(verify().status, 0);
}

TEST(Damage, OtherFailuresAreNoDamage) {
  std::ostringstream err;
  EXPECT_EQ(tell_why_not_started("/none", Error{"store.in_use", "/none", ""}, err), 1);
  EXPECT_EQ(err.str().find("restore"), std::string::npos);
}

TEST_F(VerifyTest, TruncatedAndRebuiltLogsShowAgainstTheAnchorOnly) {
  fill();
  const std::string anchor = anchor_file();
  tamper(
      "DELETE FROM event WHERE log = 1 AND seq > 81; DELETE FROM segment WHERE log = 1 AND last > "
      "81");
  // Somebody who knows the format also mends the pages: copying the file writes new check values.
  EXPECT_EQ(verify(anchor).first("code"), "anchor.truncated");
  EXPECT_EQ(verify(anchor).first("where"), "county/1/alert#82");
  fs::remove_all(data_);
  fill(1, "other words");  // the same key signs another history
  EXPECT_EQ(verify().status, 0);
  const Ran ran = verify(anchor);
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.first("code"), "anchor.other_history");
  EXPECT_EQ(ran.first("where"), "county/1/alert#90");
}

TEST_F(VerifyTest, DamagedReadingsAreNamed) {
  fill();
  for (const auto& entry : fs::directory_iterator(data_ + "/readings")) {
    if (entry.path().extension() != ".tsr") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100).put('\x55');
  }
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.first("finding"), "readings");
  EXPECT_TRUE(ran.first("where").starts_with("readings/readings-")) << ran.first("where");
}

// Any byte of the file, also where no record lies. TOCSIN_FLIPS says how many (default 30).
TEST_F(VerifyTest, EveryTurnedByteOfTheDatabaseIsNamed) {
  fill(1, "word", 300);
  const std::string path = data_ + "/log.db";
  ASSERT_FALSE(fs::exists(path + "-wal"));
  const char* wanted = std::getenv("TOCSIN_FLIPS");
  const int flips = wanted != nullptr ? std::atoi(wanted) : 30;
  SeededDice dice(static_cast<std::uint64_t>(flips));
  std::map<std::string, int> named;
  for (int i = 0; i < flips; ++i) {
    const auto at = static_cast<std::streamoff>(dice.next() % fs::file_size(path));
    const auto change = static_cast<char>(1 + dice.next() % 255);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const char was = static_cast<char>(file.seekg(at).get());
    file.seekp(at).put(static_cast<char>(was ^ change)).flush();
    const Ran ran = verify();
    ASSERT_EQ(ran.status, 1) << "byte " << at;
    ++named[ran.first("finding")];
    const std::string place = "log.db, byte ";
    if (ran.first("finding") == "page") {
      EXPECT_EQ(ran.first("where"), place + std::to_string(at));
    } else {
      // The record, seal or part first, and the page it lies in.
      EXPECT_NE(ran.out.find(place + std::to_string(at - at % 4096) + "\""), std::string::npos)
          << at << "\n"
          << ran.out;
    }
    file.seekp(at).put(was).flush();
  }
  EXPECT_GT(named["record"], flips / 2);
  EXPECT_EQ(verify().status, 0);
  for (const auto& [what, count] : named) RecordProperty(what, count);
}

TEST_F(VerifyTest, AStrangersProgramReadsTheExport) {
  if (std::system("python3 --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no python3 here";
  fill(1, "word", 6);
  const std::string anchor = anchor_file();
  const Ran exported = run(run_export, {"--data", data_});
  ASSERT_EQ(exported.status, 0) << exported.err;
  const std::string file = folder_ + "/log.jsonl";
  const auto write = [&](std::string text) { std::ofstream(file, std::ios::binary) << text; };
  write(exported.out);
  EXPECT_EQ(check_with_python(file, anchor), 0);
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string text = exported.out;
    text.replace(text.find(from), from.size(), to);
    write(text);
    return check_with_python(file) != 0;
  };
  EXPECT_TRUE(changed("word 2", "word 3"));
  EXPECT_TRUE(changed("\"seq\":4", "\"seq\":5"));
  EXPECT_TRUE(changed("\"first\":1", "\"first\":2"));
  const auto sig = exported.out.find("\"sig\":\"") + 17;
  std::string text = exported.out;
  text[sig] = text[sig] == 'A' ? 'B' : 'A';
  write(text);
  EXPECT_NE(check_with_python(file), 0);
  write(exported.out.substr(0, exported.out.rfind('\n', exported.out.size() - 2) + 1));
  EXPECT_EQ(check_with_python(file), 0);          // shorter, sound in itself
  EXPECT_NE(check_with_python(file, anchor), 0);  // but not what the anchor saw
}

class BackupTest : public VerifyTest {
 protected:
  static Ran restore(const std::vector<std::string>& words, const std::string& typed = {}) {
    std::istringstream in(typed);
    return run([&](auto args, auto& out, auto& err) { return run_restore(args, in, out, err); },
               words);
  }
};

TEST_F(BackupTest, ABackupIsTestedByRestoringIt) {
  fill();
  const std::string to = folder_ + "/backup";
  fs::create_directories(data_ + "/keyring");
  std::ofstream(data_ + "/keyring/keys.json") << "secret";
  std::ofstream(data_ + "/config.toml") << "";
  auto node = sqlite::SqliteStore::open(data_);  // it runs meanwhile
  ASSERT_TRUE(node);
  const Ran ran = run(run_backup, {"--data", data_, "--to", to, "--test"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_FALSE(fs::exists(to + "/keyring"));
  EXPECT_TRUE(fs::exists(to + "/config.toml"));
  EXPECT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 1);  // never over another

  const std::string again = folder_ + "/again";
  ASSERT_EQ(restore({"--from", to, "--data", again}).status, 0);
  EXPECT_EQ(run(run_verify, {"--data", again}).status, 0);
  auto store = sqlite::SqliteStore::open(again);
  ASSERT_TRUE(store);
  const auto marks = *(*store)->marks();
  const auto mark = std::ranges::find(marks, std::string("restored"), &log::Mark::name);
  ASSERT_NE(mark, marks.end());
  const auto value = *json::parse(mark->value);
  EXPECT_EQ(value.at("from_head").at("county/1/alert").at("seq").to_number<int>(), 90);
  EXPECT_EQ((*store)->record_count(), 121u);
  EXPECT_EQ(restore({"--from", to, "--data", again}).status, 1);  // not empty
}

TEST_F(BackupTest, NoNodeGoesOnFromARestoreBrokenOffOrFromTheBackupItself) {
  fill();
  const std::string to = folder_ + "/backup", again = folder_ + "/again";
  ASSERT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 0);
  EXPECT_EQ(sqlite::SqliteStore::open(to).error().code, "store.is_backup");
  ASSERT_EQ(restore({"--from", to, "--data", again}).status, 0);
  std::ofstream(again + "/" + sqlite::restoring_name) << "";  // as if the power had gone then
  EXPECT_EQ(sqlite::SqliteStore::open(again).error().code, "store.half_restored");
}

TEST_F(BackupTest, WhatWasBegunOfABackupThatFailedIsGone) {
  fill();
  const std::string to = folder_ + "/backup";
  std::ofstream(data_ + "/readings") << "no folder";
  fs::create_directories(data_ + "/config.toml");  // cannot be copied as a file
  EXPECT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 1);
  EXPECT_TRUE(fs::is_empty(to));
}

TEST_F(BackupTest, ADamagedBackupIsNotRestored) {
  fill();
  const std::string to = folder_ + "/backup";
  ASSERT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 0);
  std::fstream(to + "/log.db", std::ios::in | std::ios::out | std::ios::binary)
      .seekp(9000)
      .put('\x7e');
  const Ran ran = restore({"--from", to, "--data", folder_ + "/again"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("backup.bad"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(folder_ + "/again"));
}

}  // namespace
}  // namespace tocsin::cli
