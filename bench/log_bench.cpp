// How fast the log takes and gives back records. One JSON line a measurement on stdout.
//   log_bench [--records N] [--dir DIR]     (default 1,000,000 in a temporary folder)

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "adapter/sqlite/sqlite_store.h"
#include "log/test_log.h"

namespace {

using namespace tocsin;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string words(std::size_t record) {
  // Bodies of about 150 bytes make records of about 400.
  return fmt::format(
      "第{}次巡查, 渗水量无变化, 坝顶无裂缝, 值班人员在岗, 下一次巡查时间为两小时之后", record);
}

int failed(const Error& error) {
  fmt::print(stderr, "log_bench: {} {} {}\n", error.code, error.field, error.detail);
  return 1;
}

/// Appends `records` in batches of `size` and prints the rate and how long commits took.
Result<void> append(sqlite::SqliteStore& store, log::TestLog& log, std::size_t records,
                    std::size_t size) {
  std::vector<double> times;
  const auto start = Clock::now();
  for (std::size_t done = 0; done < records; done += size) {
    log::Batch batch;
    for (std::size_t i = 0; i < size; ++i) batch.records.push_back(log.next(words(log.seq())));
    batch.seals.push_back(log.seal());
    const auto before = Clock::now();
    if (auto kept = store.commit(batch); !kept) return kept;
    times.push_back(seconds_since(before) * 1000);
  }
  const double took = seconds_since(start);
  std::ranges::sort(times);
  fmt::print(R"({{"bench":"log.append","batch":{},"records":{},"records_per_s":{:.0f},)"
             R"("commit_ms_p50":{:.3f},"commit_ms_p99":{:.3f},"commit_ms_max":{:.3f}}})"
             "\n",
             size, records, static_cast<double>(records) / took, times[times.size() / 2],
             times[times.size() * 99 / 100], times.back());
  return {};
}

Result<void> replay(const std::string& folder, const char* what) {
  const auto start = Clock::now();
  auto store = sqlite::SqliteStore::open(folder);
  if (!store) return std::unexpected(store.error());
  std::uint64_t bytes = 0;
  const auto summary = (*store)->replay([&](std::span<const log::Replayed> records) {
    for (const auto& record : records) bytes += record.bytes.size();
    return true;
  });
  if (!summary) return std::unexpected(summary.error());
  const double took = seconds_since(start);
  const auto read = static_cast<double>(summary->records);
  fmt::print(R"({{"bench":"log.replay","what":"{}","records":{},"bytes_per_record":{:.0f},)"
             R"("signatures":{},"seconds":{:.3f},"records_per_s":{:.0f},"file_bytes":{}}})"
             "\n",
             what, summary->records, static_cast<double>(bytes) / read, summary->signatures, took,
             read / took, std::filesystem::file_size(folder + "/log.db"));
  return {};
}

Result<void> run(const std::string& folder, std::size_t records) {
  {
    auto store = sqlite::SqliteStore::open(folder);
    if (!store) return std::unexpected(store.error());
    log::TestLog log("county/1/alert");
    for (const std::size_t size : {1, 8, 64})
      if (auto done = append(**store, log, 2000 * size, size); !done) return done;
    const std::size_t left = records > log.seq() ? records - log.seq() : 0;
    if (left > 0)
      if (auto done = append(**store, log, left, 500); !done) return done;
  }
  for (const char* what : {"first start", "second start", "third start"})
    if (auto done = replay(folder, what); !done) return done;
  return {};
}

}  // namespace

int main(int count, char** values) {
  std::size_t records = 1'000'000;
  std::string folder = (std::filesystem::temp_directory_path() / "log-bench-XXXXXX").string();
  bool ours = true;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = values[i], value = values[i + 1];
    if (name == "--records") std::from_chars(value.data(), value.data() + value.size(), records);
    if (name == "--dir") folder = value, ours = false;
  }
  if (ours && ::mkdtemp(folder.data()) == nullptr) return 1;
  const auto done = run(folder, records);
  if (ours) std::filesystem::remove_all(folder);
  return done ? 0 : failed(done.error());
}
