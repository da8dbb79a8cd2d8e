#include "adapter/keyring_file/file_keyring.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tocsin::keyring_file {
namespace {

namespace fs = std::filesystem;

class FileKeyringTest : public testing::Test {
 protected:
  FileKeyringTest() {
    std::string name = (fs::temp_directory_path() / "tocsin-keys-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/keyring/keys";
  }
  ~FileKeyringTest() override { fs::remove_all(folder_); }

  std::unique_ptr<FileKeyring> open(const std::string& path = {}) {
    auto keys = FileKeyring::open(path.empty() ? path_ : path, dice_);
    if (!keys) ADD_FAILURE() << keys.error().code << " " << keys.error().field;
    return keys ? std::move(*keys) : nullptr;
  }
  static std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string text() const { return text_of(path_); }
  std::string cases() const { return folder_ + "/keyring/cases"; }

  SeededDice dice_{1};
  std::string folder_, path_;
};

TEST_F(FileKeyringTest, KeysAreFoundAgainAndOnlyTheOwnerMayReadThem) {
  const auto first = open();
  const auto key = first->key_for("case/w1", dice_);
  ASSERT_TRUE(key);
  EXPECT_EQ(first->key_for("case/w1", dice_), key);
  const auto again = open();
  EXPECT_EQ(again->find("case/w1"), key);
  EXPECT_EQ(again->find("case/w2").error().code, "key.unknown");
  EXPECT_EQ(again->signing_key().secret, first->signing_key().secret);
  EXPECT_EQ(again->box_key().pub, first->box_key().pub);
  struct ::stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_EQ(FileKeyring::open(path_, dice_).error().code, "key.file_open_to_others");
}

TEST_F(FileKeyringTest, ADestroyedKeyIsGoneFromTheFileAndRememberedForEver) {
  const auto keys = open();
  const auto key = *keys->key_for("case/w1", dice_);
  const auto other = *keys->key_for("case/w2", dice_);
  ASSERT_NE(text_of(cases()).find(to_base64url(key)), std::string::npos);
  // What another name still holds of the file is wiped too.
  fs::create_hard_link(cases(), folder_ + "/old");
  ASSERT_TRUE(keys->destroy("case/w1"));
  ASSERT_TRUE(keys->destroy("case/never"));
  EXPECT_EQ(text_of(folder_ + "/old").find(to_base64url(key)), std::string::npos);
  const auto again = open();
  EXPECT_EQ(again->find("case/w1").error().code, "key.destroyed");
  EXPECT_EQ(again->find("case/w2"), other);
  EXPECT_EQ(again->key_for("case/w1", dice_).error().code, "key.destroyed");
  EXPECT_EQ(again->key_for("case/never", dice_).error().code, "key.destroyed");
  EXPECT_EQ(again->destroyed(), (std::vector<log::CaseId>{"case/never", "case/w1"}));
}

TEST_F(FileKeyringTest, AKeyThatCannotBeKeptIsNotGiven) {
  const auto keys = open();
  EXPECT_EQ(keys->key_for("case/two\nlines", dice_).error().code, "key.not_kept");
  EXPECT_EQ(keys->find("case/two\nlines").error().code, "key.unknown");
  EXPECT_TRUE(keys->key_for("case/w1", dice_));
}

TEST_F(FileKeyringTest, WhatACrashToreOffIsCutAwayAndTheRestIsWhole) {
  const auto first = *open()->key_for("case/w1", dice_);
  const std::string whole = text_of(cases());
  const std::string line = std::string(43, 'A') + " case/w2\n";
  std::vector<std::string> tails;
  for (std::size_t n = 1; n < line.size(); ++n) tails.push_back(line.substr(0, n));
  tails.push_back(std::string(20, '\0') + line.substr(20));
  tails.push_back(line.substr(0, 47) + std::string(4, '\0') + "\n");
  for (const auto& tail : tails) {
    std::ofstream(cases()) << whole << tail;
    auto keys = open();
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->find("case/w1"), first);
    EXPECT_EQ(keys->find("case/w2").error().code, "key.unknown");
    EXPECT_EQ(text_of(cases()), whole);
    const auto next = *keys->key_for("case/w3", dice_);
    EXPECT_EQ(open()->find("case/w3"), next);
  }
}

TEST_F(FileKeyringTest, AKeyHalfOverwrittenIsOverwrittenAtTheNextStart) {
  const auto key = to_base64url(*open()->key_for("case/w1", dice_));
  std::string half = text_of(cases());
  half.replace(0, 10, 10, '#');
  std::ofstream(cases()) << half;
  EXPECT_EQ(open()->find("case/w1").error().code, "key.destroyed");
  EXPECT_EQ(text_of(cases()), std::string(43, '#') + " case/w1\n");
}

TEST_F(FileKeyringTest, CasesInsideTheFirstFormOfTheFileMoveIntoTheirOwn) {
  open();
  std::string old = text();
  const std::string key = to_base64url(Bytes(32, 7));
  old.replace(old.rfind('}'), 1,
              ",\"cases\":{\"case/w1\":\"" + key + "\"},\"destroyed\":[\"case/w0\"]}");
  std::ofstream(path_) << old;
  for (int n = 0; n < 2; ++n) {
    const auto keys = open();
    EXPECT_EQ(keys->find("case/w1"), Bytes(32, 7));
    EXPECT_EQ(keys->find("case/w0").error().code, "key.destroyed");
    EXPECT_EQ(text().find(key), std::string::npos);
  }
}

TEST_F(FileKeyringTest, DamageIsNamed) {
  open();
  const std::string good = text();
  const auto opened_with = [&](std::string_view from, std::string_view to) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    std::ofstream(path_) << bad;
    const auto keys = FileKeyring::open(path_, dice_);
    return keys ? std::string("taken") : keys.error().code + " " + keys.error().field;
  };
  EXPECT_EQ(opened_with("keyring 1", "keyring 9"), "key.file_bad tocsin");
  EXPECT_EQ(opened_with("\"signing_seed\":\"", "\"signing_seed\":\"AAAA"),
            "key.file_bad signing_seed");
  EXPECT_EQ(opened_with("}", ",\"cases\":{\"a\":\"AAAA\"}}"), "key.file_bad cases.a");
  EXPECT_EQ(opened_with("}", ",\"cases\":[]}"), "key.file_bad cases");
  EXPECT_EQ(opened_with("{", ""), "key.file_bad byte 8");
  std::ofstream(path_) << good;
  const std::string line = std::string(43, 'A') + " case/w1\n";
  const std::string last = std::string(43, 'A') + " case/w3\n";
  for (const std::string& bad :
       {std::string("AAAA case/w2\n"), std::string(43, '!') + " case/w2\n",
        std::string(43, 'A') + "-case/w2\n", std::string(43, '\0') + " case/w2\n",
        std::string(20, 'A') + "#" + std::string(22, 'A') + " case/w2\n", line}) {
    std::ofstream(cases()) << line << bad << last;
    const auto keys = FileKeyring::open(path_, dice_);
    EXPECT_EQ(keys ? "taken" : keys.error().code, "key.file_bad") << bad;
    EXPECT_NE(keys.error().field.find("cases:2"), std::string::npos);
  }
}

TEST_F(FileKeyringTest, AnExportMovesANodeAndNeverBringsADestroyedKeyBack) {
  const Instant now = instant_ms(1'780'000'000'000), later = now + std::chrono::hours(24);
  const auto county = open();
  const auto w1 = *county->key_for("case/w1", dice_), w2 = *county->key_for("case/w2", dice_);
  const std::string links(64, 'a');
  const std::string copy = county->export_wrapped("口令 of four words", later, dice_, links);
  EXPECT_EQ(copy.find(to_base64url(w1)), std::string::npos);
  EXPECT_EQ(copy.find(links), std::string::npos);
  ASSERT_TRUE(county->destroy("case/w1"));

  const std::string moved = folder_ + "/new/keys", words = "口令 of four words";
  const auto take = [&](const std::string& path, const std::string& text,
                        const std::string& passphrase, Instant at) {
    return FileKeyring::import_wrapped(path, text, passphrase, at);
  };
  EXPECT_EQ(take(moved, copy, "wrong", now).error().code, "key.wrong_passphrase");
  EXPECT_EQ(take(moved, copy, words, later + Duration(1)).error().code, "key.export_expired");
  EXPECT_FALSE(fs::exists(folder_ + "/new")) << "what was refused must leave nothing behind";
  const auto first = take(moved, copy, words, now);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->links, links);
  EXPECT_FALSE(first->node_keys_kept);
  EXPECT_EQ(open(moved)->signing_key().pub, county->signing_key().pub);
  EXPECT_EQ(open(moved)->find("case/w2"), w2);

  // A node that has its own keys keeps them, and what it destroyed stays destroyed.
  ASSERT_TRUE(take(path_, copy, words, now));
  EXPECT_EQ(open()->find("case/w1").error().code, "key.destroyed");
  const std::string stranger = folder_ + "/other/keys";
  const auto own = open(stranger)->signing_key().pub;
  EXPECT_TRUE(take(stranger, copy, words, now)->node_keys_kept);
  EXPECT_EQ(open(stranger)->signing_key().pub, own);
  EXPECT_EQ(open(stranger)->find("case/w1"), w1);
  EXPECT_EQ(take(moved, "{}", "x", now).error().code, "key.export_bad");
  EXPECT_EQ(take(moved, county->export_wrapped("p", later, dice_), "p", now)->links, "");
  const auto odd = take(moved, county->export_wrapped("p", later, dice_, "ab"), "p", now);
  EXPECT_EQ(odd.error().field, "links");
}

TEST_F(FileKeyringTest, ALookChangesNothingWhileTheNodeGoesOn) {
  const auto node = open();
  const auto key = *node->key_for("case/w1", dice_);
  const std::string half = text_of(cases()) + std::string(30, 'A');  // the node is writing
  std::ofstream(cases()) << half;
  EXPECT_EQ(FileKeyring::look(path_).value()->find("case/w1"), key);
  EXPECT_EQ(text_of(cases()), half);
  EXPECT_EQ(FileKeyring::look(folder_ + "/none/keys").error().code, "store.not_found");
}

TEST_F(FileKeyringTest, CaseKeysWithoutTheNodeKeysAreNotWrittenOver) {
  ASSERT_TRUE(open()->key_for("case/w1", dice_));
  const std::string kept = text_of(cases());
  fs::remove(path_);
  EXPECT_EQ(FileKeyring::open(path_, dice_).error().code, "key.file_bad");
  EXPECT_EQ(text_of(cases()), kept);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(FileKeyringTest, NodeKeysWithoutTheirCasesAreNotTakenForANewNode) {
  open();
  fs::remove(cases());
  EXPECT_EQ(FileKeyring::open(path_, dice_).error().code, "key.file_bad");
  EXPECT_FALSE(fs::exists(cases()));
}

}  // namespace
}  // namespace tocsin::keyring_file
