#include "server/mailer/mailer.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <set>

#include "server/mailer/letter.h"

namespace tocsin::server {
namespace {

constexpr std::size_t error_max = 400;
constexpr Duration look_every{250};
constexpr Duration report_again{1000};

/// What the log keeps of a failure: addresses that servers like to quote are people's and stay out.
std::string error_told(const smtp::Report& report) {
  std::string out = report.code + " " + without_addresses(report.words);
  if (out.size() > error_max) out.resize(error_max);
  return valid_utf8(out) ? out : report.code;
}

/// One mail that is due, ready to be handed over.
struct Due {
  node::Outgoing what;
  std::optional<smtp::Mail> mail;
};

}  // namespace

struct Mailer::State : std::enable_shared_from_this<Mailer::State> {
  State(asio::any_io_executor e, Desk& d, const Clock& c, LinkKey k, MailerSettings s)
      : executor(asio::make_strand(std::move(e))),
        desk(d),
        clock(c),
        key(k),
        settings(std::move(s)) {}

  asio::any_io_executor executor;
  Desk& desk;
  const Clock& clock;
  LinkKey key;
  MailerSettings settings;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> handed_over = 0, temporary = 0, permanent = 0;
  // Identities of messages; touched on the strand `executor` only. What failed rests by the steady
  // clock: the date may be set back meanwhile.
  std::set<std::string> under_way;
  std::size_t news_under_way = 0;
  asio::steady_timer idle{executor};  ///< ended early when there is room again
  std::map<std::string, Duration> not_before;

  Duration wait_after(int failures) const {
    if (failures <= 0) return Duration(0);
    const auto i = std::min<std::size_t>(static_cast<std::size_t>(failures), settings.retry.size());
    return settings.retry[i - 1];
  }

  /// What to leave alone for now; forgets those whose rest is over.
  std::set<std::string> busy() {
    const Duration now = clock.steady();
    std::erase_if(not_before, [&](const auto& one) { return one.second <= now; });
    std::set<std::string> out = under_way;
    for (const auto& [one, until] : not_before) out.insert(one);
    return out;
  }

  /// How much may be begun: of all, and of what only tells, so that who is to be asked never waits
  /// behind it.
  struct Room {
    std::size_t all, news;
  };
  Room room() const {
    const std::size_t for_news = settings.at_once / 2;
    return {settings.at_once - std::min(settings.at_once, under_way.size()),
            for_news - std::min(for_news, news_under_way)};
  }

  /// On the node's thread; `busy` is a copy, since reports come back meanwhile.
  std::vector<Due> due(const node::Node& node, const std::set<std::string>& busy, Room room,
                       Instant now) const {
    std::vector<Due> out;
    if (room.all == 0) return out;
    for (node::Outgoing& what : node.outbox()) {
      if (busy.contains(identity_of(what))) continue;
      if (out.size() >= room.all) break;
      if (!what.news.empty() && room.news-- == 0) break;  // news come last
      auto mail = letter_for(node, what, key, settings.public_base_url, settings.phone, now);
      out.push_back({std::move(what), std::move(mail)});
    }
    return out;
  }

  asio::awaitable<void> report(const node::Outgoing what, const smtp::Report report) {
    call::Delivered told;
    told.rung = what.rung;
    told.handed_over = report.outcome == smtp::Outcome::handed_over;
    const bool tired = what.failures + 1 > static_cast<int>(settings.retry.size());
    told.final = report.outcome == smtp::Outcome::permanent || (!told.handed_over && tired);
    told.error = told.handed_over ? "" : error_told(report);
    told.news = !what.news.empty();
    told.asked = what.asked;
    const node::Request request{"node/mailer", "", node::ReportDelivery{what.call, told}};
    // While the disk takes nothing, what was handed over must not be handed over again: the report
    // is told until somebody has decided about it.
    while ((co_await desk.submit(request)).failed && !stopping) {
      asio::steady_timer timer(executor);
      timer.expires_after(report_again);
      co_await timer.async_wait(asio::use_awaitable);
    }
    under_way.erase(identity_of(what));
    if (told.news) --news_under_way;
    // Looking costs the more the more wait: some go at a time.
    if (under_way.size() <= settings.at_once / 2) idle.cancel();
    if (!told.handed_over)
      not_before[identity_of(what)] = clock.steady() + wait_after(what.failures + 1);
  }

  asio::awaitable<void> hand_over(Due due) {
    smtp::Report result{smtp::Outcome::permanent, "smtp.no_address", "", 0};
    if (due.mail) result = co_await smtp::send(settings.account, std::move(*due.mail));
    auto& counter = result.outcome == smtp::Outcome::handed_over ? handed_over
                    : result.outcome == smtp::Outcome::temporary ? temporary
                                                                 : permanent;
    ++counter;
    co_await report(std::move(due.what), std::move(result));
  }

  asio::awaitable<void> tell(smtp::Mail mail) {
    for (int failures = 0;; ++failures) {
      const smtp::Report done = co_await smtp::send(settings.account, mail);
      if (done.outcome != smtp::Outcome::temporary || stopping) co_return;
      if (static_cast<std::size_t>(failures) >= settings.retry.size()) co_return;
      asio::steady_timer timer(executor);
      timer.expires_after(wait_after(failures + 1));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  asio::awaitable<void> run() {
    while (!stopping) {
      auto look = [this, busy = busy(), room = room(), now = clock.now()](const node::Node& node) {
        return due(node, busy, room, now);
      };
      std::vector<Due> ready = co_await desk.ask(std::move(look));
      for (Due& one : ready) {
        under_way.insert(identity_of(one.what));
        if (!one.what.news.empty()) ++news_under_way;
        asio::co_spawn(executor, hand_over(std::move(one)), asio::detached);
      }
      boost::system::error_code woken;
      idle.expires_after(look_every);
      co_await idle.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
  }
};

Mailer::Mailer(asio::any_io_executor executor, Desk& desk, const Clock& clock, LinkKey key,
               MailerSettings settings)
    : state_(std::make_shared<State>(std::move(executor), desk, clock, key, std::move(settings))) {}

Mailer::~Mailer() { stop(); }

void Mailer::send_to_port(std::uint16_t port) { state_->settings.account.port = port; }

void Mailer::start() {
  auto run = [state = state_]() -> asio::awaitable<void> { co_await state->run(); };
  asio::co_spawn(state_->executor, std::move(run), asio::detached);
}

void Mailer::tell(std::vector<smtp::Mail> mails) {
  for (smtp::Mail& mail : mails) {
    auto tell = [state = state_, mail = std::move(mail)]() -> asio::awaitable<void> {
      co_await state->tell(mail);
    };
    asio::co_spawn(state_->executor, std::move(tell), asio::detached);
  }
}

void Mailer::stop() { state_->stopping = true; }

Mailer::Stats Mailer::stats() const {
  return {state_->handed_over, state_->temporary, state_->permanent};
}

}  // namespace tocsin::server
