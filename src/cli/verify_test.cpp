#include "cli/verify.h"

#include <gtest/gtest.h>

#include "cli/damage.h"
#include "cli/test_folder.h"

namespace tocsin::cli {
namespace {

using VerifyTest = FolderTest;

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

}  // namespace
}  // namespace tocsin::cli
