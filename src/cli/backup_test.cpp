#include "cli/backup.h"

#include <gtest/gtest.h>

#include <array>

#include "adapter/clock/dice.h"
#include "adapter/keyring_file/file_keyring.h"
#include "cli/test_folder.h"

namespace tocsin::cli {
namespace {

class BackupTest : public FolderTest {
 protected:
  /// Fills the folder and backs it up; the backup.
  std::string backed_up() {
    fill();
    const std::string to = folder_ + "/backup";
    EXPECT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 0);
    return to;
  }
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
  const std::string to = backed_up(), again = folder_ + "/again";
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

TEST_F(BackupTest, NoBackupIsMadeWithinTheFolderItIsOf) {
  fill();
  for (const std::string& inside : {data_, data_ + "/backup", data_ + "/readings/../b/c"}) {
    const Ran ran = run(run_backup, {"--data", data_ + "/", "--to", inside});
    EXPECT_EQ(ran.status, 1) << inside;
    EXPECT_NE(ran.err.find("[backup.inside_data"), std::string::npos) << ran.err;
  }
  EXPECT_FALSE(fs::exists(data_ + "/backup"));
  EXPECT_FALSE(fs::exists(data_ + "/b"));
  fs::create_directory_symlink(data_, folder_ + "/link");
  EXPECT_EQ(run(run_backup, {"--data", data_, "--to", folder_ + "/link/backup"}).status, 1);
  EXPECT_EQ(run(run_backup, {"--data", data_, "--to", data_ + "-backup"}).status, 0) << "beside it";
}

TEST_F(BackupTest, ALogThatIsNotThereIsNotExportedAsNothing) {
  fill();
  const Ran none = run(run_export, {"--data", data_, "--log", "nope"});
  EXPECT_EQ(none.status, 1);
  EXPECT_NE(none.err.find("[export.no_log, log: nope"), std::string::npos) << none.err;
  const Ran one = run(run_export, {"--data", data_, "--log", "county/1/desk"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_NE(one.out.find("county/1/desk"), std::string::npos);
}

TEST_F(BackupTest, ADamagedBackupIsNotRestored) {
  const std::string to = backed_up();
  std::fstream(to + "/log.db", std::ios::in | std::ios::out | std::ios::binary)
      .seekp(9000)
      .put('\x7e');
  const Ran ran = restore({"--from", to, "--data", folder_ + "/again"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("backup.bad"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(folder_ + "/again"));
}

TEST_F(BackupTest, ABackupThatIsNotWholeIsNotRestored) {
  fill();
  ingest_unsealed();
  std::ofstream(data_ + "/config.toml") << "# a county\n";
  const std::string to = folder_ + "/backup", again = folder_ + "/again";
  ASSERT_EQ(run(run_backup, {"--data", data_, "--to", to}).status, 0);
  std::string journal, sealed;
  for (const auto& entry : fs::directory_iterator(to + "/readings"))
    (entry.path().extension() == ".tsj" ? journal : sealed) = entry.path().filename().string();
  const auto refused = [&](const std::string& path, const std::string& why) {
    const Ran ran = restore({"--from", to, "--data", again});
    EXPECT_EQ(ran.status, 1) << path;
    EXPECT_NE(ran.err.find("[backup.bad, " + path + ": " + why), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(again)) << path;
  };
  for (const std::string& path :
       {"readings/" + journal, "readings/" + sealed, std::string("config.toml")}) {
    const std::string file = to + "/" + path, aside = folder_ + "/aside";
    fs::rename(file, aside);
    refused(path, "missing");
    fs::copy_file(aside, file);
    const auto size = fs::file_size(file);
    fs::resize_file(file, size - 1);
    refused(path, std::to_string(size - 1) + " bytes");
    fs::resize_file(file, size);  // the last byte is another one now
    refused(path, "changed");
    fs::rename(aside, file);
  }
  std::ofstream(to + "/readings/more") << "x";
  refused("readings/more", "no file of this backup");
  fs::remove(to + "/readings/more");
  std::ofstream(to + "/note of the night shift") << "x";  // nothing a restore would take
  EXPECT_EQ(restore({"--from", to, "--data", again}).status, 0);
}

TEST_F(BackupTest, ABackupThatDoesNotSayWhatBelongsToItIsNotRestored) {
  const std::string to = backed_up();
  std::stringstream good;
  good << std::ifstream(to + "/backup.json").rdbuf();
  for (const std::string& text :
       {std::string(R"({"tocsin":"backup 1","made":"2026-11-22T02:00:03.120Z","heads":{}})"),
        good.str().substr(0, good.str().size() / 2), std::string("{}"),
        std::string(R"({"tocsin":"backup 1","made":"x","files":[{"path":"log.db","size":-1}]})")}) {
    std::ofstream(to + "/backup.json") << text;
    const Ran ran = restore({"--from", to, "--data", folder_ + "/again"});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("[backup.bad, backup.json: "), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(folder_ + "/again"));
  }
}

TEST_F(BackupTest, KeysAreNotExportedUnderAPassphraseAnybodyGuessesOrOverAnotherExport) {
  SystemDice dice;
  ASSERT_TRUE(keyring_file::FileKeyring::open(data_ + "/keyring/keys.json", dice));
  const std::string to = folder_ + "/keys";
  const auto exported = [&](const std::string& typed, const std::string& days) {
    std::istringstream in(typed);
    return run([&](auto args, auto& out, auto& err) { return run_keyring(args, in, out, err); },
               {"export", "--data", data_, "--to", to, "--days", days});
  };
  for (const char* typed : {"", "\n", "eleven byte\n", "十一个字的口令太短了呀\n"}) {
    const Ran ran = exported(typed, "365");
    EXPECT_EQ(ran.status, 1) << typed;
    EXPECT_NE(ran.err.find("[key.passphrase_short"), std::string::npos) << ran.err;
  }
  for (const char* days : {"0", "000", "-1"})
    EXPECT_EQ(exported("twelve bytes\n", days).status, 2) << days;
  EXPECT_FALSE(fs::exists(to));
  EXPECT_EQ(exported("twelve bytes\n", "1").status, 0);
  const Ran again = exported("twelve bytes\n", "1");
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("[keyring.export_exists"), std::string::npos) << again.err;
}

TEST_F(BackupTest, AMistypedPassphraseLeavesTheNewFolderEmpty) {
  const std::string to = backed_up(), again = folder_ + "/again", keys = folder_ + "/keys";
  SystemDice dice;
  ASSERT_TRUE(keyring_file::FileKeyring::open(data_ + "/keyring/keys.json", dice));
  std::istringstream words("four words of it\n");
  ASSERT_EQ(run([&](auto args, auto& out, auto& err) { return run_keyring(args, words, out, err); },
                {"export", "--data", data_, "--to", keys})
                .status,
            0);
  std::ofstream(folder_ + "/other") << "no export";
  for (const auto& [file, typed, code] : std::vector<std::array<std::string, 3>>{
           {keys, "four wrods of it\n", "key.wrong_passphrase"},
           {keys, "", "key.wrong_passphrase"},
           {folder_ + "/other", "four words of it\n", "key.export_bad"},
           {folder_ + "/none", "four words of it\n", "keyring.unreadable"}}) {
    const Ran ran = restore({"--from", to, "--data", again, "--keyring", file}, typed);
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("[" + code), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(again));
  }
  const Ran ran = restore({"--from", to, "--data", again, "--keyring", keys}, "four words of it\n");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(fs::exists(again + "/keyring/keys.json"));
}

}  // namespace
}  // namespace tocsin::cli
