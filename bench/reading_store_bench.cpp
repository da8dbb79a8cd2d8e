// Measures the reading store alone: ingest with sync and sealing on one thread, the time of one
// call, bytes a reading on recorded data, opening and questions at growing sizes.
//
//   reading_store_bench FOLDER [TELEMETRY] [READINGS]
//
// FOLDER is scratch space on the disk to measure; TELEMETRY the folder of recorded series (left out
// where absent). Prints one JSON line.

#include <fmt/format.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "adapter/reading_store/reading_store.h"
#include "base/random.h"
#include "base/time.h"

namespace {

using namespace tocsin;
using namespace tocsin::reading_store;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{} {} {}\n", result.error().code, result.error().field,
             result.error().detail);
  std::exit(1);
}
void must(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{} {}\n", result.error().code, result.error().field);
  std::exit(1);
}

/// Processor time of this process: what does not depend on who else uses the machine.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double quantile(std::vector<double>& sorted, double q) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
}

/// Seals, as the server does once the event is in the log.
void seal(Store& store) {
  if (const auto sealed = must(store.seal())) store.named(sealed->name);
  must(store.release(store.last_ordinal()));
}

/// 1,000 stations that send a frame of five values a second: decimals that wander, frames up to a
/// second on their way, two in a hundred a minute late, one in a hundred sent twice.
class Stations {
 public:
  explicit Stations(Store& store, std::size_t stations = 1000) : dice_(7), walk_(stations * 5) {
    for (std::size_t i = 0; i < walk_.size(); ++i) {
      walk_[i] = static_cast<std::int64_t>(dice_.next() % 5'000);
      keys_.push_back(must(store.point(fmt::format("8821{:010}/w{:05}/rtd", i / 5, 1001 + i % 5))));
    }
  }

  void next_frame(std::vector<Reading>& out) {
    const std::size_t station = frame_ % (walk_.size() / 5);
    const auto second = static_cast<std::int64_t>(frame_ / (walk_.size() / 5));
    ++frame_;
    const bool late = dice_.next() % 50 == 0;
    const Instant time = instant_ms(1'780'000'000'000 + second * 1000 - (late ? 59'500 : 0));
    const Instant arrival = instant_ms(1'780'000'000'000 + second * 1000 +
                                       static_cast<std::int64_t>(dice_.next() % 999));
    const std::size_t begin = out.size();
    for (std::size_t k = station * 5; k < station * 5 + 5; ++k) {
      walk_[k] += static_cast<std::int64_t>(dice_.next() % 21) - 10;
      out.push_back({time, arrival, static_cast<double>(walk_[k]) / 100, keys_[k], Flag::normal});
    }
    if (dice_.next() % 100 == 0)
      for (std::size_t k = begin; k < begin + 5; ++k) out.push_back(Reading(out[k]));
  }

 private:
  SeededDice dice_;
  std::vector<std::int64_t> walk_;
  std::vector<PointKey> keys_;
  std::uint64_t frame_ = 0;
};

std::string ingest(const std::string& folder, std::uint64_t readings, std::size_t batch_size) {
  std::filesystem::remove_all(folder + "/ingest");
  auto store = must(Store::open(posix_file_system(), folder + "/ingest"));
  Stations stations(*store);
  std::vector<Reading> batch;
  std::vector<double> calls;
  std::uint64_t stored = 0, sent = 0;
  double in_seals = 0, generating = 0, cpu = 0;
  const auto start = Clock::now();
  while (sent < readings) {
    batch.clear();
    const auto begin = Clock::now();
    while (batch.size() < batch_size) stations.next_frame(batch);
    generating += ms_since(begin);
    sent += batch.size();
    const double cpu_before = cpu_ms();
    const auto call = Clock::now();
    stored += must(store->ingest(batch)).stored;
    calls.push_back(ms_since(call));
    const auto sealing = Clock::now();
    if (store->wants_seal(batch.back().arrival)) seal(*store);
    in_seals += ms_since(sealing);
    cpu += cpu_ms() - cpu_before;
  }
  const double ms = ms_since(start) - generating;
  std::ranges::sort(calls);
  seal(*store);
  return fmt::format(
      R"({{"readings":{},"stored":{},"batch":{},"readings_per_s":{:.0f},)"
      R"("readings_per_cpu_s":{:.0f},)"
      R"("call_ms_p50":{:.3f},"call_ms_p99":{:.3f},"call_ms_max":{:.3f},"share_sealing":{:.3f},)"
      R"("bytes_per_reading":{:.2f}}})",
      sent, stored, batch_size, static_cast<double>(sent) / ms * 1000,
      static_cast<double>(sent) / cpu * 1000, quantile(calls, 0.5), quantile(calls, 0.99),
      calls.back(), in_seals / ms,
      static_cast<double>(must(store->bytes_on_disk())) / static_cast<double>(stored));
}

struct Series {
  std::string point;
  Instant time;
  double value;
  Flag flag;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::stringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) out.push_back(cell);
  return out;
}

/// One frame a row: columns `from` to `to` of the file, at the time `time_of` finds in the row.
std::vector<std::vector<Series>> frames(
    const std::string& path, std::size_t from, std::size_t to,
    const std::function<std::string(const std::vector<std::string>&)>& time_of,
    const std::function<std::string(const std::vector<std::string>&)>& station_of) {
  std::vector<std::vector<Series>> out;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto row = cells(line);
    if (row.size() <= to) continue;
    const auto time = parse_iso(time_of(row));
    if (!time) continue;
    auto& frame = out.emplace_back();
    for (std::size_t i = from; i <= to; ++i) {
      char* end = nullptr;
      const double value = std::strtod(row[i].c_str(), &end);
      if (end == row[i].c_str()) continue;
      frame.push_back(
          {fmt::format("{}/w{:05}/rtd", station_of(row), 1000 + i), *time, value, Flag::normal});
    }
  }
  std::ranges::sort(
      out, {}, [](const auto& frame) { return frame.empty() ? Instant{} : frame.front().time; });
  return out;
}

/// Stores recorded frames as they would have come (5 to 60 s after their time, to the millisecond)
/// and returns bytes a reading, every file counted. `every`: a seal after so much event time.
double bytes_per_reading(const std::string& folder, const std::vector<std::vector<Series>>& all,
                         Duration every, std::uint64_t& stored) {
  std::filesystem::remove_all(folder);
  auto store = must(Store::open(posix_file_system(), folder));
  SeededDice dice(3);
  std::vector<Reading> batch;
  stored = 0;
  Instant last_seal{};
  for (const auto& frame : all) {
    if (frame.empty()) continue;
    if (last_seal == Instant{}) last_seal = frame.front().time;
    const Instant arrival =
        frame.front().time + Duration(5'000 + static_cast<std::int64_t>(dice.next() % 55'000));
    for (const Series& s : frame)
      batch.push_back({s.time, arrival, s.value, must(store->point(s.point)), s.flag});
    if (batch.size() >= 500) {
      stored += must(store->ingest(batch)).stored;
      batch.clear();
    }
    if (every > Duration{} && frame.front().time - last_seal >= every) {
      seal(*store);
      last_seal = frame.front().time;
    }
  }
  stored += must(store->ingest(batch)).stored;
  seal(*store);
  return static_cast<double>(must(store->bytes_on_disk())) / static_cast<double>(stored);
}

std::string telemetry(const std::string& folder, const std::string& data) {
  const auto water_time = [](const std::vector<std::string>& row) {
    return row[3].size() == 11
               ? "2021-" + row[3].substr(0, 5) + "T" + row[3].substr(6) + ":00+08:00"
               : std::string();
  };
  const auto air_time = [](const std::vector<std::string>& row) {
    return fmt::format("{}-{:02}-{:02}T{:02}:00:00+08:00", row[1], std::atoi(row[2].c_str()),
                       std::atoi(row[3].c_str()), std::atoi(row[4].c_str()));
  };
  const auto utc = [](const std::vector<std::string>& row) { return row[0] + ":00Z"; };
  const auto named = [](const char* name) {
    return [name](const std::vector<std::string>&) { return std::string(name); };
  };
  const auto water_station = [](const std::vector<std::string>& row) { return row[2]; };
  std::map<std::string, std::vector<std::vector<Series>>> sets;
  sets["cn_water_quality"] = frames(data + "/cn-water-quality-4h-202104-zj-fj-jx-ah.csv", 5, 15,
                                    water_time, water_station);
  sets["air_hourly_huairou"] =
      frames(data + "/air-hourly-huairou-201511-201612.csv", 5, 14, air_time, named("huairou"));
  sets["catchment_hourly"] =
      frames(data + "/catchment-hourly-rain-flow-2004-2006.csv", 1, 3, utc, named("catchment"));
  sets["ardeche_stage"] =
      frames(data + "/ardeche-meyras-stage-2001-2010.csv", 1, 1, utc, named("meyras"));
  std::string out;
  for (const auto& [name, rows] : sets) {
    std::uint64_t stored = 0;
    const double once = bytes_per_reading(folder + "/" + name, rows, {}, stored);
    const double daily =
        bytes_per_reading(folder + "/" + name, rows, std::chrono::hours(24), stored);
    out += fmt::format(R"({}"{}":{{"readings":{},"bytes_per_reading":{:.2f},)"
                       R"("bytes_per_reading_sealed_daily":{:.2f}}})",
                       out.empty() ? "" : ",", name, stored, once, daily);
  }
  return R"("telemetry":{)" + out + "}";
}

/// What a reading costs, and a question for 500 readings of one of 100 points, at stores of growing
/// size.
std::string growth(const std::string& folder, std::uint64_t largest) {
  std::string out;
  for (std::uint64_t size = 100'000; size <= largest; size *= 10) {
    const std::string where = folder + "/growth";
    constexpr std::uint64_t measured = 100'000;  // the last of them
    double ingest_ms = 0;
    std::filesystem::remove_all(where);
    {
      auto store = must(Store::open(posix_file_system(), where));
      Stations stations(*store, 20);
      std::vector<Reading> batch;
      for (std::uint64_t sent = 0; sent < size; sent += batch.size()) {
        batch.clear();
        while (batch.size() < 5000) stations.next_frame(batch);
        const double before = cpu_ms();
        must(store->ingest(batch));
        if (sent >= size - measured) ingest_ms += cpu_ms() - before;
        if (store->wants_seal(batch.back().arrival)) seal(*store);
      }
      seal(*store);
    }
    Known known;
    {
      auto first = must(Store::open(posix_file_system(), where));
      known.named = first->sealed();
    }
    const auto start = Clock::now();
    auto store = must(Store::open(posix_file_system(), where, {}, known));
    const double opened = ms_since(start);
    SeededDice dice(9);
    std::vector<double> queries, rollups;
    const auto seconds = static_cast<std::int64_t>(size / 100) * 9 / 10;
    for (int i = 0; i < 2000; ++i) {
      const PointKey point{static_cast<std::uint32_t>(dice.next() % 100)};
      const Instant from = instant_ms(
          1'780'000'000'000 +
          static_cast<std::int64_t>(dice.next() % std::max<std::int64_t>(1, seconds - 500)) * 1000);
      auto begin = Clock::now();
      const auto found =
          must(store->query(point, from, from + std::chrono::seconds(500)).readings());
      queries.push_back(ms_since(begin));
      begin = Clock::now();
      const auto buckets = must(store->query(point, from, from + std::chrono::seconds(500))
                                    .rollup(std::chrono::seconds(50)));
      rollups.push_back(ms_since(begin));
      if (found.readings.size() < 400 || buckets.size() != 10) std::abort();
    }
    std::ranges::sort(queries);
    std::ranges::sort(rollups);
    out += fmt::format(R"({}{{"readings":{},"files":{},"us_per_reading":{:.3f},"open_ms":{:.2f},)"
                       R"("query_500_ms_p50":{:.4f},)"
                       R"("query_500_ms_p99":{:.4f},"rollup_10_ms_p50":{:.4f}}})",
                       out.empty() ? "" : ",", size, store->report().files,
                       ingest_ms * 1000 / static_cast<double>(measured), opened,
                       quantile(queries, 0.5), quantile(queries, 0.99), quantile(rollups, 0.5));
  }
  return R"("growth":[)" + out + "]";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "use: reading_store_bench FOLDER [TELEMETRY] [READINGS]\n");
    return 2;
  }
  const std::string folder = std::string(argv[1]) + "/reading_store_bench";
  const std::uint64_t readings = argc > 3 ? std::stoull(argv[3]) : 10'000'000;
  std::filesystem::remove_all(folder);
  std::string line = R"({"bench":"reading_store","ingest":[)";
  line += ingest(folder, readings / 10, 500) + "," + ingest(folder, readings, 5000) + "]";
  if (argc > 2 && std::filesystem::exists(argv[2])) line += "," + telemetry(folder, argv[2]);
  line += "," + growth(folder, readings) + "}";
  std::filesystem::remove_all(folder);
  fmt::print("{}\n", line);
}
