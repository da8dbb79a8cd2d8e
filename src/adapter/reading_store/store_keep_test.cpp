// What is kept, dropped, copied and vouched for: retention, backup, verify.

#include <set>

#include "adapter/reading_store/file_names.h"
#include "adapter/reading_store/store_test_help.h"
#include "base/random.h"

namespace tocsin::reading_store {
namespace {

class StoreKeepTest : public StoreTest {
 protected:
  /// `files` sealed files of 300 readings of three points each, an hour apart, and a journal.
  void fill(int files) {
    SeededDice dice(5);
    for (int hour = 0; hour <= files; ++hour) {
      for (int i = 0; i < 100; ++i)
        put({at("a", hour * 3600 + i, static_cast<double>(dice.next() % 5000) / 100),
             at("b", hour * 3600 + i, hour), at("c", hour * 3600 + i, i)});
      if (hour < files) seal();
    }
    ASSERT_TRUE(store->release(log.empty() ? 0 : log.back().last_ordinal).has_value());
  }

  Verified verified(const std::string& folder = "d") {
    const auto result = verify(disk, folder, log);
    EXPECT_TRUE(result.has_value());
    return result.value_or(Verified{});
  }

  static Instant hour(int n) { return instant_ms(base_ms + n * 3'600'000); }
};

TEST_F(StoreKeepTest, drops_old_files_but_not_what_an_event_quotes) {
  fill(4);
  const Pin pin{"a", hour(0) + Duration(10'000), hour(0) + Duration(12'000)};
  const auto removals = store->expired(hour(2), std::span(&pin, 1));
  ASSERT_TRUE(removals.has_value());
  ASSERT_EQ(removals->size(), 2u);
  EXPECT_EQ((*removals)[0].file.name, log[0].name);
  ASSERT_TRUE((*removals)[0].replacement.has_value());
  EXPECT_EQ((*removals)[0].replacement->readings, 3u);
  EXPECT_FALSE((*removals)[1].replacement.has_value());
  EXPECT_EQ(values("a").size(), 500u) << "nothing happens before the log knows";
  const Values before = values("a");
  for (const Removal& removal : *removals) {
    std::erase(log, removal.file);
    removed.push_back(removal.file.name);
    if (removal.replacement) log.insert(log.begin(), *removal.replacement);
    ASSERT_TRUE(store->remove(removal).has_value());
  }
  for (int life = 0; life < 2; ++life) {
    const Values after = values("a");
    ASSERT_EQ(after.size(), 303u);
    EXPECT_TRUE(std::equal(after.begin(), after.begin() + 3, before.begin() + 10));
    EXPECT_EQ(values("b").size(), 300u + static_cast<std::size_t>(life));
    EXPECT_TRUE(store->expired(hour(2), std::span(&pin, 1))->empty()) << "and no second time";
    EXPECT_FALSE(verified().first.has_value());
    EXPECT_EQ(put(at("b", 5, 0)), life == 0 ? Fate::stored_late : Fate::duplicate)
        << "what was dropped may come again";
    if (life == 0) open();
    EXPECT_TRUE(store->report().damaged.empty());
  }
}

TEST_F(StoreKeepTest, does_not_drop_what_is_unnamed_or_still_needed_by_a_cursor) {
  fill(2);
  put(at("a", 8000, 1));
  ASSERT_TRUE(store->seal().has_value());  // not named in the log
  put(at("a", 9000, 1));
  seal();  // named, journal not released
  put(at("a", 10'000, 1));
  seal();
  const auto removals = store->expired(Instant::max(), {});
  ASSERT_TRUE(removals.has_value());
  ASSERT_EQ(removals->size(), 2u);
  EXPECT_EQ((*removals)[1].file.name, log[1].name);
}

TEST_F(StoreKeepTest, finishes_a_removal_that_only_the_log_knew_of) {
  fill(3);
  const Pin pin{"b", hour(1), hour(1)};
  const auto removals = store->expired(hour(2), std::span(&pin, 1));
  ASSERT_EQ(removals->size(), 2u);
  open();  // the log never heard of it: both rewrites are undone
  EXPECT_EQ(values("b").size(), 400u);
  const auto again = store->expired(hour(2), std::span(&pin, 1));
  ASSERT_EQ(again->size(), 2u);
  for (const Removal& removal : *again) {
    std::erase(log, removal.file);
    removed.push_back(removal.file.name);
    if (removal.replacement) log.insert(log.begin(), *removal.replacement);
  }
  open();  // the log has heard, the files are still there
  EXPECT_EQ(values("b").size(), 201u);
  EXPECT_TRUE(store->report().damaged.empty());
  EXPECT_FALSE(verified().first.has_value());
}

TEST_F(StoreKeepTest, takes_a_named_replacement_for_the_word_that_the_file_went) {
  fill(2);
  const Pin pin{"a", hour(0), hour(0)};
  const auto removals = store->expired(hour(1), std::span(&pin, 1));
  ASSERT_EQ(removals->size(), 1u);
  log.push_back(*removals->front().replacement);  // and nothing yet of the removal
  open();
  EXPECT_TRUE(store->report().damaged.empty());
  EXPECT_EQ(values("a").size(), 201u);
  EXPECT_FALSE(verified().first.has_value());
}

TEST_F(StoreKeepTest, copies_one_moment_while_the_store_goes_on) {
  fill(2);
  const std::uint64_t cut_at = store->last_ordinal() - 10;
  auto cut = store->backup(cut_at);
  ASSERT_TRUE(cut.has_value());
  const auto log_then = log;
  const std::size_t then = values("c").size();
  put(at("c", 99'999, 1));
  seal();
  ASSERT_TRUE(store->release(store->last_ordinal()).has_value());
  EXPECT_TRUE(store->expired(Instant::max(), {})->empty()) << "nothing goes while it is copied";
  std::uint64_t copied = 0, total = 0;
  ASSERT_TRUE(cut->copy_to("backup",
                           [&](std::uint64_t done, std::uint64_t all) {
                             copied = done;
                             total = all;
                           })
                  .has_value());
  EXPECT_EQ(copied, total);
  EXPECT_EQ(total, cut->bytes());
  EXPECT_EQ(cut->ordinal(), cut_at);
  EXPECT_EQ(cut->copy_to("backup").error().code, "store.not_empty");
  cut = fail("done");
  EXPECT_FALSE(store->expired(Instant::max(), {})->empty());

  EXPECT_FALSE(verify(disk, "backup", log_then)->first.has_value());
  ASSERT_TRUE(restore(disk, "backup", "e").has_value());
  auto back = Store::open(disk, "e", options, {log_then, {}});
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE((*back)->report().damaged.empty());
  EXPECT_EQ((*back)->last_ordinal(), cut_at);
  EXPECT_EQ(values(**back, "c").size(), then - 10);
  EXPECT_EQ(store->backup(cut_at).error().code, "store.cut_gone");
}

TEST_F(StoreKeepTest, accepts_what_is_whole) {
  fill(3);
  const Verified open_still = verified();
  EXPECT_FALSE(open_still.first.has_value());
  EXPECT_TRUE(open_still.notes.empty());
  EXPECT_EQ(open_still.files, 3u);
  EXPECT_EQ(open_still.readings, 900u);
  EXPECT_EQ(open_still.journal_batches, 100u);
  log.pop_back();
  EXPECT_EQ(verified().notes.at(0).error.code, "store.file_unexpected");
}

/// Every file of a store that was closed, every one of 1,500 spoilt bytes.
TEST_F(StoreKeepTest, names_every_spoilt_byte) {
  fill(2);
  store.reset();
  const auto names = disk.list("d").value();
  ASSERT_EQ(names.size(), 3u);
  SeededDice dice(2);
  for (int round = 0; round < 1500; ++round) {
    const std::string name = names[dice.next() % names.size()];
    Bytes& bytes = disk.bytes("d/" + name);
    // The mark of a clean end is the only thing nobody relies on: spoiling it is a note.
    const std::size_t place = dice.next() % bytes.size();
    const auto before = bytes[place];
    bytes[place] = static_cast<std::uint8_t>(before ^ (1 + dice.next() % 255));
    const Verified result = verified();
    const bool mark = name.starts_with("journal") && place >= bytes.size() - 28;
    const auto& found = mark ? result.notes : result.damaged;
    ASSERT_FALSE(found.empty()) << name << " byte " << place;
    EXPECT_EQ(found[0].file, name);
    EXPECT_LE(found[0].byte, place) << name;
    EXPECT_EQ(found[0].error.field, "byte " + std::to_string(found[0].byte));
    bytes[place] = before;
  }
  EXPECT_FALSE(verified().first.has_value());
}

TEST_F(StoreKeepTest, names_a_file_that_is_gone_swapped_cut_or_rebuilt) {
  fill(3);
  store.reset();
  const auto first_code = [this] {
    const Verified result = verified();
    return result.first ? result.first->file + " " + result.first->error.code : "";
  };
  const std::string a = log[0].name, b = log[1].name;
  const Bytes was_a = disk.bytes("d/" + a), was_b = disk.bytes("d/" + b);
  disk.bytes("d/" + a) = was_b;
  EXPECT_EQ(first_code(), a + " index.header");
  disk.bytes("d/" + a) = was_a;
  disk.bytes("d/" + a).resize(was_a.size() - 1);
  EXPECT_EQ(first_code(), a + " index.trailer");
  disk.bytes("d/" + a) = was_a;

  {  // The same batches, sound in themselves, with one value changed.
    FaultyFileSystem other;
    auto forged = Store::open(other, "f");
    const PointKey point = (*forged)->point("a").value();
    std::uint64_t left = log[0].last_ordinal;
    for (std::int64_t i = 0; left > 0; ++i, --left)
      ASSERT_TRUE((*forged)
                      ->ingest(std::vector{
                          Reading{hour(0) + Duration(i), hour(0), 1.0, point, Flag::normal}})
                      .has_value());
    const auto sealed = (*forged)->seal();
    ASSERT_EQ((*sealed)->name, a);
    disk.bytes("d/" + a) = other.bytes("f/" + a);
  }
  EXPECT_TRUE(first_code() == a + " store.digest" || first_code() == a + " store.file_size");
  disk.bytes("d/" + a) = was_a;

  ASSERT_TRUE(disk.remove("d/" + b).has_value());
  EXPECT_EQ(first_code(), b + " store.file_missing");
  EXPECT_EQ(verified().damaged.size(), 1u);
}

TEST_F(StoreKeepTest, notices_a_journal_that_is_gone) {
  fill(1);
  const std::string journal = journal_name(101);
  store.reset();
  ASSERT_TRUE(disk.remove("d/" + journal).has_value());
  EXPECT_EQ(verified().first->error.code, "journal.missing");
  open();
  ASSERT_EQ(store->report().damaged.size(), 1u);
  EXPECT_EQ(store->report().damaged[0].error.code, "journal.missing");
  EXPECT_EQ(put(at("a", 99'999, 1)), Fate::stored) << "and it goes on";
}

TEST_F(StoreKeepTest, stays_open_and_says_so_when_a_sealed_file_is_damaged) {
  fill(3);
  store.reset();
  Bytes& bytes = disk.bytes("d/" + log[1].name);
  bytes[bytes.size() - 5] ^= 1;             // its trailer
  disk.bytes("d/" + log[0].name)[50] ^= 1;  // a page
  open();
  ASSERT_EQ(store->report().damaged.size(), 1u);
  EXPECT_EQ(store->report().damaged[0].file, log[1].name);
  EXPECT_EQ(store->report().damaged[0].error.code, "index.trailer");
  const PointKey a = store->find("a").value();
  const auto bad = store->query(a, hour(0), hour(1)).readings();
  EXPECT_EQ(bad.error().code, "page.checksum");
  EXPECT_EQ(bad.error().field, log[0].name + " byte 36");
  EXPECT_EQ(store->query(a, hour(2), hour(3)).readings()->readings.size(), 100u);
  EXPECT_EQ(put(at("a", 99'999, 1)), Fate::stored);
}

}  // namespace
}  // namespace tocsin::reading_store
