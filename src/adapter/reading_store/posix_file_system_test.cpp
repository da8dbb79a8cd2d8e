// The real disk: what the store relies on, and one store on it from first to last.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "adapter/reading_store/file_system.h"
#include "adapter/reading_store/reading_store.h"
#include "base/encode.h"

namespace tocsin::reading_store {
namespace {

class PosixTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  FileSystem& files = posix_file_system();
  std::string folder;
};

TEST_F(PosixTest, writes_reads_cuts_renames_links_and_lists) {
  const std::string deep = folder + "/x/y";
  ASSERT_TRUE(files.make_folder(deep).has_value());
  ASSERT_TRUE(files.make_folder(deep).has_value());
  auto file = files.create(deep + "/b");
  ASSERT_TRUE(file.has_value());
  const Bytes bytes = {1, 2, 3, 4, 5};
  ASSERT_TRUE((*file)->write_at(0, bytes).has_value());
  ASSERT_TRUE((*file)->write_at(3, std::span(bytes).first(2)).has_value());
  ASSERT_TRUE((*file)->sync().has_value());
  Bytes back(5);
  ASSERT_TRUE((*file)->read_at(0, back).has_value());
  EXPECT_EQ(back, (Bytes{1, 2, 3, 1, 2}));
  EXPECT_EQ((*file)->read_at(1, back).error().code, "store.io");
  ASSERT_TRUE((*file)->truncate(2).has_value());
  EXPECT_EQ((*file)->size().value(), 2u);
  ASSERT_TRUE(files.rename(deep + "/b", deep + "/a").has_value());
  ASSERT_TRUE(files.link_or_copy(deep + "/a", deep + "/c").has_value());
  ASSERT_TRUE(files.sync_folder(deep).has_value());
  EXPECT_EQ(files.list(deep).value(), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(files.list(folder + "/x").value(), std::vector<std::string>{})
      << "folders do not count";
  ASSERT_TRUE(files.remove(deep + "/a").has_value());
  EXPECT_EQ(files.remove(deep + "/a").error().code, "store.not_found");
  EXPECT_EQ(files.open_to_read(deep + "/a").error().code, "store.not_found");
  EXPECT_EQ(files.open(deep + "/a").error().code, "store.not_found");
  EXPECT_EQ(files.create(folder + "/none/a").error().code, "store.not_found");
  EXPECT_EQ(files.make_folder(deep + "/c/d").error().code, "store.io");
}

TEST_F(PosixTest, tells_a_full_disk_from_a_broken_one) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
  auto full = files.open("/dev/full");
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ((*full)->write_at(0, Bytes{1}).error().code, "store.disk_full");
}

TEST_F(PosixTest, carries_a_store_from_first_to_last) {
  const std::string where = folder + "/readings";
  SealedFile sealed;
  {
    auto store = Store::open(files, where);
    ASSERT_TRUE(store.has_value()) << store.error().detail;
    const PointKey point = (*store)->point("水位").value();
    for (int i = 0; i < 100; ++i) {
      const Reading reading{instant_ms(i * 1000), instant_ms(i * 1000 + 1), i / 10.0, point,
                            Flag::normal};
      ASSERT_TRUE((*store)->ingest(std::span(&reading, 1)).has_value());
      if (i == 70) sealed = (*store)->seal().value().value();
    }
  }
  auto store = Store::open(files, where, {}, {{sealed}, {}});
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE((*store)->report().damaged.empty());
  EXPECT_EQ((*store)->report().replayed_readings, 29u);
  const auto all = (*store)->query(PointKey{0}, Instant::min(), Instant::max()).readings();
  ASSERT_EQ(all->readings.size(), 100u);
  EXPECT_EQ(all->readings[99].value, 9.9);
  const auto cut = (*store)->backup((*store)->last_ordinal());
  ASSERT_TRUE(cut.has_value() && cut->copy_to(folder + "/backup").has_value());
  const auto checked = verify(files, folder + "/backup", std::span(&sealed, 1));
  ASSERT_TRUE(checked.has_value());
  EXPECT_FALSE(checked->first.has_value());
  EXPECT_EQ(checked->readings, 71u);
  EXPECT_GT((*store)->bytes_on_disk().value(), sealed.bytes);
}

}  // namespace
}  // namespace tocsin::reading_store
