#include "server/desk/desk.h"

#include <algorithm>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tocsin::server {
namespace {

constexpr Duration seal_after_quiet = std::chrono::seconds(10);
constexpr std::size_t batch_max = 1024;
constexpr Duration turn_at_least_every = std::chrono::seconds(1);
constexpr int rest_share = 4;  // after a refused commit timers rest so many times what folding took

}  // namespace

Duration pause_before_turn(const node::Node& node, Instant now) {
  const auto due = node.next_due();
  if (!due || node.held()) return turn_at_least_every;
  return std::clamp(*due - now, Duration(0), turn_at_least_every);
}

Desk::Desk(std::unique_ptr<node::Node> node, MakeNode make, const Clock& clock)
    : node_(std::move(node)), make_(std::move(make)), clock_(clock) {}

Desk::~Desk() { stop(); }

void Desk::start() {
  thread_ = std::thread([this] { run(); });
}

void Desk::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!node_) return;
  node_->seal();
  (void)node_->flush();
}

void Desk::push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
    stats_.queued_max = std::max(stats_.queued_max, queue_.size());
  }
  wake_.notify_one();
}

asio::awaitable<void> Desk::wait_for(std::function<void(std::function<void()>)> start_with_resume) {
  auto initiate = [&start_with_resume](auto handler) {
    const auto executor = asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    start_with_resume([executor, held] { asio::post(executor, [held] { std::move (*held)(); }); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate,
                                                                       asio::use_awaitable);
}

asio::awaitable<Submitted> Desk::submit(node::Request request) {
  auto answer = std::make_shared<std::optional<Submitted>>();
  auto begin = [this, answer, request = std::move(request)](std::function<void()> resume) {
    submit(request, [answer, resume = std::move(resume)](Submitted result) {
      answer->emplace(std::move(result));
      resume();
    });
  };
  co_await wait_for(std::move(begin));
  co_return std::move(**answer);
}

void Desk::submit(node::Request request, std::function<void(Submitted)> done) {
  push({std::move(request), std::move(done), {}});
}

void Desk::post(std::function<void(const node::Node&)> look) { push({{}, {}, std::move(look)}); }

void Desk::run() {
  while (true) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      const bool idle = broken_ || rests();
      const Duration most = idle ? turn_at_least_every : pause_before_turn(*node_, clock_.now());
      wake_.wait_for(lock, most, [&] { return stopping_ || !queue_.empty(); });
      if (stopping_ && queue_.empty()) return;
      if (queue_.size() <= batch_max) {
        jobs.swap(queue_);
      } else {
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(batch_max);
        jobs.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
      }
    }
    work(std::move(jobs));
  }
}

void Desk::look_for_room() {
  const bool was_short = std::exchange(short_, has_room_ && !has_room_());
  if (short_ == was_short) return;
  const std::lock_guard lock(mutex_);
  trouble_ = short_ ? "store.disk_full" : "";
}

Submitted Desk::decide(const node::Request& request, Instant now) {
  if (!short_) return {node_->submit(request, now), {}};
  const Error full{"store.disk_full", "", "less is free than is kept in reserve"};
  return {std::unexpected(Refusal{full.code, ""}), full};
}

void Desk::work(std::vector<Job> jobs) {
  const Instant now = clock_.now();
  if (broken_ && !reload()) {
    const Error why{trouble(), "", ""};
    for (Job& job : jobs)
      if (job.done) job.done({std::unexpected(Refusal{why.code, ""}), why});
    for (const Job& job : jobs)
      if (job.look) job.look(*node_);
    return;
  }
  look_for_room();
  if (!rests()) node_->tick(now);
  std::vector<std::pair<Job*, Submitted>> answered;
  std::vector<Job*> looks;
  for (Job& job : jobs) {
    if (job.look) {
      looks.push_back(&job);
    } else {
      answered.emplace_back(&job, decide(job.request, now));
    }
  }
  const bool quiet = answered.empty() && node_->unsealed();  // who only looks writes nothing
  if (!quiet) unsealed_since_ = now;
  if (quiet && now - unsealed_since_ >= seal_after_quiet) node_->seal();

  const bool kept = flush(answered);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [job, result] : answered) ++(result.ok() ? stats_.commands : stats_.refused);
  }
  if (kept) tell_changes();  // first: whoever lost his post is out when the answer says so
  for (auto& [job, result] : answered)
    if (job->done) job->done(std::move(result));
  if (!kept) {
    fold_anew();
    tell_changes();
  }
  for (const Job* job : looks) job->look(*node_);
}

void Desk::tell_changes() {
  const auto touched = node_->take_touched();
  if (!touched.empty() && on_change_) on_change_(*node_, touched);
}

bool Desk::rests() const { return clock_.steady() < rests_until_; }

/// The disk refused. Timers that are due come back with each folding; without a rest the thread
/// would do nothing but fold.
void Desk::fold_anew() {
  const Duration begun = clock_.steady();
  broken_ = !reload();
  const Duration now = clock_.steady();
  rests_until_ = now + std::max(turn_at_least_every, rest_share * (now - begun));
}

bool Desk::flush(std::vector<std::pair<Job*, Submitted>>& answered) {
  if (!node_->dirty()) return true;
  const auto done = node_->flush();
  const std::lock_guard lock(mutex_);
  ++stats_.commits;
  if (!done || !short_) trouble_ = done ? "" : done.error().code;
  if (done) return true;
  ++stats_.failed_commits;
  for (auto& [job, result] : answered)
    if (result.decided) result.failed = done.error();
  return false;
}

bool Desk::reload() {
  // What was folded is not what is kept: fold anew. While that fails nothing is decided.
  auto again = make_();
  if (!again) {
    const std::lock_guard lock(mutex_);
    trouble_ = again.error().code;
    return false;
  }
  node_ = std::move(*again);
  broken_ = false;
  if (on_change_) on_change_(*node_, {"*"});
  return true;
}

Desk::Stats Desk::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

std::string Desk::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace tocsin::server
