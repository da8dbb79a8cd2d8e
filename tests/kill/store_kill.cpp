// What the kill test drives when there is no server: log, readings and keyring under load, every
// acknowledgement printed the moment it is due.
//
//   store_kill run DIR FIRST        works until it is killed; counts on from FIRST
//   store_kill check DIR            reads the acknowledgements of all runs on stdin; 0: all found
//                                   again, none twice, and the folder verifies
//
// Lines: "event LOG#SEQ HASH N", "readings FROM TO" (TO exclusive), "key CASE BYTES", "gone CASE".

#include <fmt/core.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>

#include "adapter/clock/dice.h"
#include "adapter/keyring_file/file_keyring.h"
#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/sqlite_store.h"
#include "cli/verify.h"
#include "domain/office/office.h"
#include "log/test_log.h"

namespace {

using namespace tocsin;

constexpr std::int64_t base_ms = 1'780'000'000'000;
constexpr std::size_t points = 8;

[[noreturn]] void die(const std::string& what, const Error& error) {
  fmt::print(stderr, "store_kill: {}: {} {} {}\n", what, error.code, error.field, error.detail);
  std::_Exit(3);
}

template <class T>
T must(Result<T> result, const char* what) {
  if (!result) die(what, result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) std::_Exit(4);
}

/// Everything a node keeps, opened.
struct House {
  explicit House(const std::string& folder)
      : store(must(sqlite::SqliteStore::open(folder), "log")),
        keys(
            must(keyring_file::FileKeyring::open(folder + "/keyring/keys.json", dice), "keyring")) {
    const auto replayed = store->replay([&](std::span<const log::Replayed> records) {
      for (const auto& record : records) take(record);
      return true;
    });
    if (!replayed) die("replay", replayed.error());
    for (const log::Seal& seal : must(store->seals(""), "seals")) sealed[seal.log] = seal.last;
    reading_store::Known known;
    for (const auto& [name, file] : named) known.named.push_back(file);
    readings = must(reading_store::Store::open(reading_store::posix_file_system(),
                                               folder + "/readings", {}, known),
                    "readings");
    for (const auto& damage : readings->report().damaged)
      die("readings damaged in " + damage.file, damage.error);
  }

  void take(const log::Replayed& record) {
    heads[std::string(record.header.log)] = {record.header.seq, record.hash};
    found.push_back({std::string(record.header.log) + "#" + std::to_string(record.header.seq) +
                         " " + log::text_of(record.hash),
                     std::string(record.header.body)});
    if (record.header.type != office::ReadingsSealed::type) return;
    const auto event = must(
        office::decode(record.header.type, record.header.version, record.header.body), "event");
    const auto& file = std::get<office::ReadingsSealed>(event).file;
    named[file.name] = file;
  }

  SystemDice dice;
  std::unique_ptr<sqlite::SqliteStore> store;
  std::unique_ptr<keyring_file::FileKeyring> keys;
  std::unique_ptr<reading_store::Store> readings;
  std::map<std::string, log::Head> heads;
  std::map<std::string, std::uint64_t> sealed;
  std::map<std::string, observation::SealedFile> named;
  std::vector<std::pair<std::string, std::string>> found;  ///< place and hash, body
};

class Load {
 public:
  Load(House& house, std::uint64_t first) : house_(house), next_(first) {
    for (log::TestLog* log : {&alert_, &desk_})
      log->resume(house.heads[log->name()].seq, house.heads[log->name()].hash,
                  house.sealed[log->name()]);
    for (std::size_t i = 0; i < points; ++i)
      keys_.push_back(must(house.readings->point("p" + std::to_string(i)), "point"));
  }

  [[noreturn]] void run() {
    for (std::uint64_t round = 1;; ++round) {
      commit(round);
      ingest(1 + round % 50);
      if (round % 20 == 0) seal_readings();
      if (round % 7 == 0) touch_keys(round);
    }
  }

 private:
  void commit(std::uint64_t round) {
    log::Batch batch;
    std::vector<std::string> acks;
    for (std::uint64_t i = 0; i < 1 + round % 9; ++i) {
      log::TestLog& log = i % 3 == 0 ? desk_ : alert_;
      batch.records.push_back(
          log.next("n " + std::to_string(next_) + std::string(round % 700, '.')));
      acks.push_back(fmt::format("event {}#{} {} {}", log.name(), log.seq(),
                                 log::text_of(log.head()), next_++));
    }
    if (round % 8 == 0) batch.seals = {desk_.seal()};
    batch.marks.push_back({"clock", std::to_string(round)});
    must(house_.store->commit(batch), "commit");
    for (const std::string& ack : acks) say(ack);
  }

  void ingest(std::uint64_t count) {
    std::vector<observation::Reading> batch;
    const std::uint64_t from = next_;
    for (; next_ < from + count; ++next_) {
      observation::Reading one;
      one.point = keys_[next_ % points];
      one.time = one.arrival = instant_ms(base_ms + static_cast<std::int64_t>(next_) * 1000);
      one.value = static_cast<double>(next_);
      batch.push_back(one);
    }
    must(house_.readings->ingest(batch), "ingest");
    say(fmt::format("readings {} {}", from, next_));
  }

  void seal_readings() {
    const auto sealed = must(house_.readings->seal(), "seal");
    if (!sealed) return;
    const auto event = office::encode(office::Event{office::ReadingsSealed{*sealed}});
    log::Batch batch;
    batch.records.push_back(desk_.next(
        log::Draft{"node/county", {}, event.type, event.version, "node/county", "", event.body}));
    must(house_.store->commit(batch), "commit");
    house_.readings->named(sealed->name);
    must(house_.readings->release(house_.readings->last_ordinal()), "release");
  }

  void touch_keys(std::uint64_t round) {
    const std::string id = "case/" + std::to_string(next_++);
    const Bytes key = must(house_.keys->key_for(id, house_.dice), "key");
    say("key " + id + " " + to_base64url(key));
    if (round % 14 != 0) return;
    must(house_.keys->destroy(id), "destroy");
    say("gone " + id);
  }

  House& house_;
  std::uint64_t next_;
  log::TestLog alert_{"county/1/alert"}, desk_{"county/1/desk"};
  std::vector<observation::PointKey> keys_;
};

int missing(const std::string& what) {
  std::cout << "MISSING " << what << "\n";
  return 1;
}

/// Readings with this number that are stored; must be one.
std::size_t stored(House& house, std::uint64_t number) {
  const auto key = house.readings->find("p" + std::to_string(number % points));
  if (!key) return 0;
  const Instant at = instant_ms(base_ms + static_cast<std::int64_t>(number) * 1000);
  const auto answer = must(
      house.readings->query(*key, at, at + Duration(1)).readings(10, reading_store::Revisions::all),
      "query");
  std::size_t count = 0;
  for (const auto& reading : answer.readings) count += reading.value == static_cast<double>(number);
  return count;
}

int check_events(const House& house, const std::set<std::string>& acked) {
  std::set<std::string> places, bodies;
  for (const auto& [place, body] : house.found) {
    places.insert(place);
    if (!bodies.insert(body).second) return missing("twice: " + body);
  }
  for (const std::string& ack : acked)
    if (!places.contains(ack)) return missing("event " + ack);
  return 0;
}

int check(const std::string& folder) {
  std::set<std::string> events, gone;
  std::map<std::string, std::string> keys;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> readings;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string what, a, b;
    in >> what >> a >> b;
    if (what == "event") events.insert(a + " " + b);
    if (what == "readings") readings.emplace_back(std::stoull(a), std::stoull(b));
    if (what == "key") keys[a] = b;
    if (what == "gone") gone.insert(a);
  }
  {
    House house(folder);
    if (const int bad = check_events(house, events); bad != 0) return bad;
    for (const auto& [from, to] : readings)
      for (std::uint64_t number = from; number < to; ++number)
        if (const auto count = stored(house, number); count != 1)
          return missing(fmt::format("reading {} is there {} times", number, count));
    for (const auto& [id, key] : keys) {
      const auto kept = house.keys->find(id);
      // A destruction may have been durable before its acknowledgement was printed.
      const bool destroyed = !kept && kept.error().code == "key.destroyed";
      if (gone.contains(id) ? !destroyed : !(destroyed || (kept && to_base64url(*kept) == key)))
        return missing("key " + id);
    }
    std::cout << "found " << events.size() << " events, " << readings.size() << " batches, "
              << keys.size() << " keys\n";
  }
  std::ostringstream out, err;
  const std::string_view args[] = {"--data", folder};
  // A kill or the power may cut the last write short. Whether that was acknowledged verify cannot
  // tell; above it was looked up.
  const int status = cli::run_verify(args, out, err);
  if (status != 0 && status != cli::status_unclear) return missing("verify: " + out.str());
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> args(values, static_cast<std::size_t>(count));
  const std::string_view verb = args.size() > 2 ? args[1] : "";
  if (verb == "check") return check(args[2]);
  std::uint64_t first = 0;
  if (verb == "run" && args.size() == 4) {
    const std::string_view text = args[3];
    std::from_chars(text.data(), text.data() + text.size(), first);
    House house(args[2]);
    say("ready");
    Load(house, first).run();
  }
  fmt::print(stderr, "usage: store_kill run DIR FIRST | check DIR\n");
  return 2;
}
