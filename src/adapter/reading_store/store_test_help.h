#pragma once
// Shared by the store's tests: a store on a disk in memory and short ways to feed and ask it.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapter/reading_store/faulty_file_system.h"
#include "adapter/reading_store/reading_store.h"

namespace tocsin::reading_store {

inline constexpr std::int64_t base_ms = 1'780'000'000'000;

/// A store whose log is the list `log`: what is sealed is named there.
class StoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store.reset();
    auto opened = Store::open(disk, "d", options, {log, removed});
    ASSERT_TRUE(opened.has_value()) << opened.error().code;
    store = std::move(*opened);
  }

  /// A reading `second` seconds after the test's beginning.
  Reading at(std::string_view point, std::int64_t second, double value, Flag flag = Flag::normal) {
    const Instant time = instant_ms(base_ms + second * 1000);
    return {time, time + Duration(700), value, store->point(point).value(), flag};
  }

  Receipt put(const std::vector<Reading>& batch) {
    auto receipt = store->ingest(batch);
    EXPECT_TRUE(receipt.has_value()) << receipt.error().code;
    return receipt.value_or(Receipt{});
  }
  Fate put(const Reading& reading) { return put(std::vector{reading}).fates[0]; }

  void seal() {
    auto sealed = store->seal();
    ASSERT_TRUE(sealed.has_value()) << sealed.error().code;
    if (!*sealed) return;
    log.push_back(**sealed);
    store->named((*sealed)->name);
  }

  static std::vector<double> values(const Store& from, std::string_view point,
                                    Revisions revisions = Revisions::last) {
    std::vector<double> out;
    const auto key = from.find(point);
    if (!key) return out;
    const auto found =
        from.query(*key, Instant::min(), Instant::max()).readings(SIZE_MAX, revisions);
    EXPECT_TRUE(found.has_value()) << found.error().code << " " << found.error().field;
    if (found)
      for (const Reading& reading : found->readings) out.push_back(reading.value);
    return out;
  }
  std::vector<double> values(std::string_view point, Revisions revisions = Revisions::last) const {
    return values(*store, point, revisions);
  }

  FaultyFileSystem disk;
  Options options;
  std::vector<SealedFile> log;
  std::vector<std::string> removed;
  std::unique_ptr<Store> store;
};

using Values = std::vector<double>;

}  // namespace tocsin::reading_store
