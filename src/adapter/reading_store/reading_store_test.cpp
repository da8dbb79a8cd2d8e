#include "adapter/reading_store/reading_store.h"

#include <limits>

#include "adapter/reading_store/store_test_help.h"

namespace tocsin::reading_store {
namespace {

TEST_F(StoreTest, finds_what_it_stored_in_order_of_time) {
  const Receipt receipt = put({at("a", 2, 2), at("b", 1, 10), at("a", 1, 1), at("a", 3, 3)});
  EXPECT_EQ(receipt.ordinal, 1u);
  EXPECT_EQ(receipt.stored, 4u);
  EXPECT_EQ(receipt.late, 1u);
  EXPECT_EQ(receipt.fates[2], Fate::stored_late);
  EXPECT_EQ(values("a"), (Values{1, 2, 3}));
  EXPECT_EQ(values("b"), (Values{10}));
  EXPECT_EQ(store->id_of(store->find("b").value()), "b");
  EXPECT_FALSE(store->find("c").has_value());
}

/// One reading sent again at every stage of its life.
TEST_F(StoreTest, stores_a_reading_once_however_often_it_comes) {
  const auto again = [this] { return put(at("a", 1, 1.5)); };
  const Receipt twice = put({at("a", 1, 1.5), at("a", 1, 1.5)});
  EXPECT_EQ(twice.fates[1], Fate::duplicate);
  EXPECT_EQ(again(), Fate::duplicate);
  open();
  EXPECT_EQ(again(), Fate::duplicate) << "after a restart";
  EXPECT_EQ(put(at("a", 100, 9)), Fate::stored);
  EXPECT_EQ(again(), Fate::duplicate) << "late";
  auto job = store->begin_seal();
  ASSERT_TRUE(job.has_value() && job->has_value());
  EXPECT_EQ(again(), Fate::duplicate) << "while it is being sealed";
  const auto sealed = store->finish_seal((*job)->run());
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(again(), Fate::duplicate) << "sealed";
  log.push_back(*sealed);
  open();
  EXPECT_EQ(again(), Fate::duplicate) << "sealed, after a restart";
  store->named(sealed->name);
  ASSERT_TRUE(store->release(store->last_ordinal()).has_value());
  EXPECT_EQ(again(), Fate::duplicate) << "its journal gone";
  EXPECT_EQ(values("a"), (Values{1.5, 9}));
  EXPECT_EQ(store->last_ordinal(), 2u) << "a batch of duplicates is no batch";
}

TEST_F(StoreTest, keeps_revisions_and_answers_with_the_last) {
  put(at("a", 1, 1));
  seal();
  EXPECT_EQ(put(at("a", 1, 2)), Fate::revised);
  EXPECT_EQ(put(at("a", 1, 2, Flag::fault)), Fate::revised);
  EXPECT_EQ(values("a"), (Values{2}));
  EXPECT_EQ(values("a", Revisions::all), (Values{1, 2, 2}));
  EXPECT_EQ(store->latest(PointKey{0}).value()->flag, Flag::fault);
  seal();
  open();
  EXPECT_EQ(values("a", Revisions::all), (Values{1, 2, 2}));
  EXPECT_EQ(store->latest(PointKey{0}).value()->flag, Flag::fault);
}

/// What was wrongly corrected is put right by sending the first value once more: a reading is a
/// duplicate only of the one that stands, wherever that lies.
TEST_F(StoreTest, takes_a_correction_back_to_an_earlier_value) {
  put({at("a", 1, 3), at("a", 1, 1)});
  EXPECT_EQ(put(at("a", 1, 3)), Fate::revised) << "in memory";
  EXPECT_EQ(put(at("a", 1, 3)), Fate::duplicate);
  EXPECT_EQ(values("a"), (Values{3}));
  open();
  EXPECT_EQ(values("a", Revisions::all), (Values{3, 1, 3})) << "after a restart";
  EXPECT_EQ(put(at("a", 1, 3)), Fate::duplicate);
  auto job = store->begin_seal();
  ASSERT_TRUE(job.has_value() && job->has_value());
  EXPECT_EQ(put(at("a", 1, 1)), Fate::revised) << "while it is being sealed";
  EXPECT_EQ(put(at("a", 1, 1)), Fate::duplicate);
  const auto sealed = store->finish_seal((*job)->run());
  ASSERT_TRUE(sealed.has_value());
  log.push_back(*sealed);
  seal();
  EXPECT_EQ(put(at("a", 1, 1)), Fate::duplicate) << "sealed";
  EXPECT_EQ(put(at("a", 1, 3)), Fate::revised);
  EXPECT_EQ(put(at("a", 1, 3)), Fate::duplicate) << "memory stands before what is sealed";
  open();
  EXPECT_EQ(values("a"), (Values{3}));
  EXPECT_EQ(values("a", Revisions::all), (Values{3, 1, 3, 1, 3}));
}

TEST_F(StoreTest, refuses_what_is_no_reading_and_stores_the_rest) {
  Reading early = at("a", 1, 1), late_arrival = at("a", 2, 1), unknown = at("a", 3, 1);
  Reading infinite = at("a", 4, std::numeric_limits<double>::infinity()), flagged = at("a", 5, 1);
  early.time = instant_ms(-1);
  late_arrival.arrival = instant_ms(32'503'680'000'000);
  unknown.point = PointKey{99};
  flagged.flag = static_cast<Flag>('X');
  const Receipt receipt =
      put({early, late_arrival, unknown, infinite, flagged, at("a", 6, observation::no_value)});
  const std::vector<Fate> expected = {Fate::bad_time,  Fate::bad_time, Fate::bad_point,
                                      Fate::bad_value, Fate::bad_flag, Fate::stored};
  EXPECT_TRUE(std::ranges::equal(receipt.fates, expected));
  EXPECT_EQ(receipt.refused, 5u);
  EXPECT_EQ(receipt.stored, 1u);
  EXPECT_EQ(values("a").size(), 1u);
  EXPECT_EQ(put(at("a", 6, -std::numeric_limits<double>::quiet_NaN())), Fate::duplicate);
  EXPECT_EQ(put(at("a", 7, 0.0)), Fate::stored);
  EXPECT_EQ(put(at("a", 7, -0.0)), Fate::duplicate);
}

TEST_F(StoreTest, limits_ids_points_batches_and_revisions) {
  options.points_max = 3;
  options.batch_readings_max = 2;
  open();
  EXPECT_EQ(store->point("").error().code, "store.point_id");
  EXPECT_EQ(store->point(std::string(129, 'x')).error().code, "store.point_id");
  EXPECT_EQ(store->point("\xff").error().code, "store.point_id");
  EXPECT_TRUE(store->point("水位").has_value());
  EXPECT_EQ(store->point("水位").value(), PointKey{0});
  EXPECT_TRUE(store->point("b").has_value() && store->point("c").has_value());
  EXPECT_EQ(store->point("d").error().code, "store.too_many_points");
  const std::vector<Reading> three(3, at("b", 1, 1));
  EXPECT_EQ(store->ingest(three).error().code, "store.batch_too_big");
  for (std::size_t i = 0; i < revisions_max; ++i)
    ASSERT_NE(put(at("b", 1, static_cast<double>(i))), Fate::too_many);
  EXPECT_EQ(put(at("b", 1, -1)), Fate::too_many);
  EXPECT_EQ(put(at("b", 1, static_cast<double>(revisions_max - 1))), Fate::duplicate);
  EXPECT_EQ(put(at("b", 2, 5)), Fate::stored);
}

TEST_F(StoreTest, hands_out_batches_from_a_cursor_across_seals_and_restarts) {
  for (int i = 1; i <= 9; ++i) {
    put({at("a", i, i), at("b", i, -i)});
    if (i % 3 == 0) seal();
    if (i == 5) open();
  }
  const auto from = [this](std::uint64_t cursor) {
    Values seen;
    const auto done = store->read_from(cursor, [&](std::uint64_t ordinal, auto readings) {
      EXPECT_EQ(readings.size(), 2u);
      EXPECT_EQ(store->id_of(readings[1].point), "b");
      EXPECT_EQ(readings[0].value, static_cast<double>(ordinal));
      seen.push_back(readings[0].value);
      return seen.size() < 7;
    });
    EXPECT_TRUE(done.has_value()) << done.error().code;
    return seen;
  };
  EXPECT_EQ(from(4), (Values{5, 6, 7, 8, 9}));
  EXPECT_EQ(from(0), (Values{1, 2, 3, 4, 5, 6, 7})) << "stops when told";
  EXPECT_EQ(from(9), Values{});
  ASSERT_TRUE(store->release(5).has_value());
  EXPECT_EQ(from(3), (Values{4, 5, 6, 7, 8, 9})) << "a journal is kept while a part is needed";
  const auto gone = store->read_from(2, [](auto, auto) { return true; });
  EXPECT_EQ(gone.error().code, "store.cursor_gone");
  EXPECT_EQ(gone.error().field, "3");
}

TEST_F(StoreTest, replays_only_the_unsealed_journal) {
  for (int i = 0; i < 50; ++i) put(at("a", i, i));
  seal();
  put(at("a", 100, 100));
  open();
  EXPECT_EQ(store->report().replayed_batches, 1u);
  EXPECT_EQ(store->report().sealed_readings, 50u);
  EXPECT_TRUE(store->report().unnamed.empty());
  EXPECT_EQ(store->last_ordinal(), 51u);
  EXPECT_EQ(values("a").size(), 51u);
}

TEST_F(StoreTest, reports_sealed_files_the_log_does_not_know_and_known_ones_that_are_gone) {
  put(at("a", 1, 1));
  const auto sealed = store->seal();
  ASSERT_TRUE(sealed.has_value() && sealed->has_value());
  open();
  ASSERT_EQ(store->report().unnamed.size(), 1u);
  EXPECT_EQ(store->report().unnamed[0], **sealed) << "the same facts, digest included";
  log = {**sealed};
  log.push_back(**sealed);
  log.back().name = "readings-0000000000000002-0000000000000003-00.tsr";
  open();
  EXPECT_TRUE(store->report().unnamed.empty());
  ASSERT_EQ(store->report().damaged.size(), 1u);
  EXPECT_EQ(store->report().damaged[0].error.code, "store.file_missing");
}

TEST_F(StoreTest, refuses_aloud_when_the_disk_is_full_and_goes_on_when_it_is_not) {
  put(at("a", 1, 1));
  disk.limit_space(disk.used() + 20);
  const std::vector<Reading> batch = {at("a", 2, 2), at("new", 2, 2)};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(store->ingest(batch).error().code, "store.disk_full");
  EXPECT_EQ(values("a"), (Values{1})) << "still serves, and nothing refused is found";
  EXPECT_EQ(store->last_ordinal(), 1u);
  EXPECT_EQ(store->seal().error().code, "store.disk_full");
  EXPECT_EQ(store->unsealed_readings(), 1u);
  disk.limit_space(std::nullopt);
  EXPECT_EQ(put(batch).stored, 2u);
  seal();
  open();
  EXPECT_EQ(values("a"), (Values{1, 2}));
  EXPECT_EQ(values("new"), (Values{2}));
  EXPECT_TRUE(store->report().damaged.empty());
}

TEST_F(StoreTest, keeps_nothing_of_a_batch_whose_sync_failed) {
  put(at("a", 1, 1));
  disk.fail_syncs(true);
  EXPECT_EQ(store->ingest(std::vector{at("a", 2, 2)}).error().code, "store.io");
  EXPECT_EQ(store->latest(PointKey{0}).value()->value, 1);
  disk.fail_syncs(false);
  EXPECT_EQ(put(at("a", 2, 2)), Fate::stored);
  open();
  EXPECT_EQ(values("a"), (Values{1, 2}));
  EXPECT_TRUE(store->report().damaged.empty());
}

TEST_F(StoreTest, seals_again_what_failed_and_takes_no_more_than_its_memory) {
  options.unsealed_readings_max = 4;
  options.seal_readings = 2;
  open();
  EXPECT_FALSE(store->wants_seal(instant_ms(base_ms)));
  put({at("a", 1, 1), at("a", 2, 2)});
  EXPECT_TRUE(store->wants_seal(instant_ms(base_ms)));
  auto job = store->begin_seal();
  ASSERT_TRUE(job.has_value() && job->has_value());
  EXPECT_FALSE(store->wants_seal(instant_ms(base_ms))) << "one at a time";
  EXPECT_FALSE(store->begin_seal().value().has_value());
  put({at("a", 3, 3), at("a", 4, 4)});
  EXPECT_EQ(store->ingest(std::vector{at("a", 5, 5)}).error().code, "store.backlog");
  EXPECT_FALSE(store->finish_seal(fail("store.disk_full")).has_value());
  EXPECT_EQ(values("a"), (Values{1, 2, 3, 4}));
  EXPECT_FALSE(store->wants_seal(instant_ms(base_ms)));
  EXPECT_TRUE(store->wants_seal(instant_ms(base_ms + 10'000)));
  seal();
  EXPECT_EQ(log.back().readings, 2u);
  EXPECT_EQ(put(at("a", 5, 5)), Fate::stored);
  seal();
  EXPECT_EQ(log.back().readings, 3u);
  EXPECT_EQ(log.back().first_ordinal, log.front().last_ordinal + 1);
  EXPECT_EQ(values("a"), (Values{1, 2, 3, 4, 5}));
}

TEST_F(StoreTest, wants_a_seal_when_the_oldest_unsealed_reading_is_old) {
  EXPECT_FALSE(store->wants_seal(instant_ms(base_ms) + std::chrono::hours(1000)));
  put(at("a", 0, 1));
  EXPECT_FALSE(store->wants_seal(instant_ms(base_ms) + std::chrono::hours(24)));
  EXPECT_TRUE(store->wants_seal(instant_ms(base_ms + 700) + std::chrono::hours(24)));
}

}  // namespace
}  // namespace tocsin::reading_store
