#pragma once
// For the tests of the terminal's commands: a node's folder with something of everything in it.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/database.h"
#include "adapter/sqlite/sqlite_store.h"
#include "cli/backup.h"
#include "cli/verify.h"
#include "domain/office/office.h"
#include "log/json.h"
#include "log/test_log.h"

namespace tocsin::cli {

namespace fs = std::filesystem;

/// How a command ended and what it said.
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

/// Runs a command of the terminal with these words.
template <class Run>
Ran run(const Run& command, const std::vector<std::string>& words) {
  const std::vector<std::string_view> args(words.begin(), words.end());
  std::ostringstream out, err;
  const int status = command(args, out, err);
  return {status, out.str(), err.str()};
}

/// A folder of a node under a temporary one; both are gone after the test.
class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    std::string name = (fs::temp_directory_path() / "tocsin-folder-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    data_ = folder_ + "/data";
  }
  ~FolderTest() override { fs::remove_all(folder_); }

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
  /// Ten more readings, in the journal only.
  void ingest_unsealed() const {
    auto store =
        reading_store::Store::open(reading_store::posix_file_system(), data_ + "/readings");
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->ingest(batch_of(**store, 10, instant_ms(1'790'000'000'000))));
  }
  static std::vector<observation::Reading> batch_of(reading_store::Store& store, int count,
                                                    Instant first) {
    const auto point = *store.point("p1");
    std::vector<observation::Reading> out;
    for (int i = 0; i < count; ++i) {
      observation::Reading one;
      one.point = point;
      one.time = first + std::chrono::minutes(i);
      one.arrival = one.time;
      one.value = i % 37;
      out.push_back(one);
    }
    return out;
  }
  log::Draft readings() const {
    auto store =
        reading_store::Store::open(reading_store::posix_file_system(), data_ + "/readings");
    EXPECT_TRUE(store);
    EXPECT_TRUE((*store)->ingest(batch_of(**store, 500, instant_ms(1'780'000'000'000))));
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

}  // namespace tocsin::cli
