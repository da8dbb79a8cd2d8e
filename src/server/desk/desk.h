#pragma once
// The awaitable face of the node. One thread owns the node; commands queue up while the disk is
// busy and share the next fsync, so a receipt is given only for what is on disk. When the disk
// refuses, everybody of that batch is told so, and the node is folded anew from what is kept.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapter/clock/clock.h"
#include "base/result.h"
#include "node/node.h"

namespace tocsin::server {

namespace asio = boost::asio;

/// A receipt, a refusal, or the world failing (the disk).
struct Submitted {
  std::expected<node::Receipt, Refusal> decided;
  std::optional<Error> failed;  ///< "store.disk_full", "store.io": nothing was kept

  bool ok() const { return !failed && decided.has_value(); }
};

/// How long the node's thread may rest: until the next timer, at most a second. While the node is
/// held no timer fires, so one that is due is no reason to turn.
Duration pause_before_turn(const node::Node& node, Instant now);

class Desk {
 public:
  using MakeNode = std::function<Result<std::unique_ptr<node::Node>>()>;
  /// Called on the node's thread after each flush with the entities that changed, before anybody
  /// has an answer.
  using OnChange = std::function<void(const node::Node&, const std::set<std::string>&)>;

  /// `make` folds a node from the log; called at start and again after a failed commit.
  Desk(std::unique_ptr<node::Node> node, MakeNode make, const Clock& clock);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void on_change(OnChange call) { on_change_ = std::move(call); }
  /// Asked before each batch: while it says no, commands are refused as "store.disk_full", so that
  /// the last of the disk is left for timers and for ending cleanly. Set before `start`.
  void keep_reserve(std::function<bool()> has_room) { has_room_ = std::move(has_room); }
  void start();
  /// Seals, flushes, ends the thread.
  void stop();

  /// Resumes on the caller's executor once the batch is on disk, or refused.
  asio::awaitable<Submitted> submit(node::Request request);
  /// The same for threads without coroutines; `done` is called on the node's thread.
  void submit(node::Request request, std::function<void(Submitted)> done);

  /// Runs `look` on the node's thread and gives back what it returns.
  template <class Look>
  asio::awaitable<std::invoke_result_t<Look, const node::Node&>> ask(Look look);
  /// The same without waiting for an answer.
  void post(std::function<void(const node::Node&)> look);

  struct Stats {
    std::uint64_t commands = 0, refused = 0, commits = 0, failed_commits = 0;
    std::size_t queued_max = 0;
  };
  Stats stats() const;
  /// The last commit was refused by the disk, and why; empty while all is well.
  std::string trouble() const;

 private:
  struct Job {
    node::Request request;
    std::function<void(Submitted)> done;          // a command
    std::function<void(const node::Node&)> look;  // or a look
  };

  void push(Job job);
  void run();
  void work(std::vector<Job> jobs);
  Submitted decide(const node::Request& request, Instant now);
  void look_for_room();
  bool flush(std::vector<std::pair<Job*, Submitted>>& answered);
  void tell_changes();
  bool rests() const;
  void fold_anew();
  bool reload();
  static asio::awaitable<void> wait_for(
      std::function<void(std::function<void()>)> start_with_resume);

  std::unique_ptr<node::Node> node_;
  MakeNode make_;
  const Clock& clock_;
  OnChange on_change_;
  std::function<bool()> has_room_;
  bool short_ = false;  ///< the disk was below its reserve at the last look

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> queue_;
  bool stopping_ = false;
  Stats stats_;
  std::string trouble_;
  Instant unsealed_since_{};
  bool broken_ = false;  ///< folded state is not what is kept, and folding anew failed so far
  Duration rests_until_ = Duration::min();  ///< until then no timer fires; the steady clock's
  std::thread thread_;
};

template <class Look>
asio::awaitable<std::invoke_result_t<Look, const node::Node&>> Desk::ask(Look look) {
  using Answer = std::invoke_result_t<Look, const node::Node&>;
  auto answer = std::make_shared<std::optional<Answer>>();
  auto run = [this, answer, look = std::move(look)](std::function<void()> resume) {
    post([answer, look, resume = std::move(resume)](const node::Node& node) {
      answer->emplace(look(node));
      resume();
    });
  };
  co_await wait_for(std::move(run));
  co_return std::move(**answer);
}

}  // namespace tocsin::server
