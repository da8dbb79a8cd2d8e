#include "cli/backup.h"

#include <gtest/gtest.h>

#include "cli/test_folder.h"

namespace tocsin::cli {
namespace {

class BackupTest : public FolderTest {
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
