// `tocsin_sim --seeds N [--seed FIRST] [--story NAME]`: each seed is one night drawn whole (the
// swarm) and one of the named stories, in turn; with --story all seeds are that one. Says which
// seed broke which expectation and what had happened until then.

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <thread>

#include "sim/calm.h"
#include "sim/story.h"

namespace tocsin::sim {
namespace {

struct Options {
  std::uint64_t seeds = 500, first = 1;
  std::string story;
  bool ok = true;
};

Options read_options(int argc, char** argv) {
  Options out;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    const auto number = [&](std::uint64_t& to) {
      const auto [end, bad] = std::from_chars(value.data(), value.data() + value.size(), to);
      out.ok = out.ok && bad == std::errc() && end == value.data() + value.size();
    };
    if (name == "--seeds")
      number(out.seeds);
    else if (name == "--seed")
      number(out.first);
    else if (name == "--story")
      out.story = value;
    else
      out.ok = false;
  }
  return out;
}

/// Runs the seeds on two threads; nights share nothing.
class Run {
 public:
  explicit Run(Options options) : options_(std::move(options)) {}

  int go() {
    started_ = std::chrono::steady_clock::now();
    std::thread other([this] { work(); });
    work();
    other.join();
    if (failed_) return 1;
    fmt::print("{} seeds, {} stories: all hold. {:.0f} seeds/s\n", options_.seeds, told_stories(),
               per_second(options_.seeds));
    return 0;
  }

 private:
  void work() {
    while (!failed_) {
      const std::uint64_t n = next_++;
      if (n >= options_.seeds) return;
      tell(options_.first + n);
      if (const auto done = ++done_; done % 500 == 0 && done < options_.seeds)
        fmt::print("{} of {} seeds, {:.0f} seeds/s\n", done, options_.seeds, per_second(done));
    }
  }

  void tell(std::uint64_t seed) {
    const auto& all = stories();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool in_turn = all[i].name == "swarm" || seed % all.size() == i;
      if (options_.story.empty() ? !in_turn : all[i].name != options_.story) continue;
      try {
        all[i].tell(seed);
      } catch (const Failure& failure) {
        return report(seed, all[i], failure);
      }
    }
  }

  void report(std::uint64_t seed, const Story& story, const Failure& failure) {
    const std::lock_guard lock(printing_);
    if (failed_.exchange(true)) return;
    fmt::print("seed {} breaks {}\n  {}: {}\n", seed, story.name, failure.where, failure.what);
    for (const std::string& line : last_account()) fmt::print("    {}\n", line);
    fmt::print("again: tocsin_sim --seeds 1 --seed {} --story {}\n", seed, story.name);
  }

  std::size_t told_stories() const { return options_.story.empty() ? stories().size() : 1; }

  double per_second(std::uint64_t done) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
    return static_cast<double>(done) / std::max(took.count(), 1e-9);
  }

  Options options_;
  std::chrono::steady_clock::time_point started_;
  std::atomic<std::uint64_t> next_ = 0, done_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex printing_;
};

}  // namespace
}  // namespace tocsin::sim

int main(int argc, char** argv) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  const tocsin::sim::Options options = tocsin::sim::read_options(argc, argv);
  if (!options.ok) {
    fmt::print(stderr, "usage: tocsin_sim [--seeds N] [--seed FIRST] [--story NAME]\n");
    return 2;
  }
  return tocsin::sim::Run(options).go();
}
