#include "server/app.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>

#include "adapter/clock/dice.h"
#include "adapter/http/openapi.h"
#include "adapter/http/server.h"
#include "adapter/http/static_files.h"
#include "adapter/keyring_file/file_keyring.h"
#include "adapter/smtp/mailbox.h"
#include "adapter/sqlite/sqlite_store.h"
#include "server/access/door.h"
#include "server/access/gate.h"
#include "server/access/routes.h"
#include "server/access/session_file.h"
#include "server/board/boards.h"
#include "server/desk/accounts.h"
#include "server/desk/link_desk.h"
#include "server/desk/rights_watch.h"
#include "server/http/call_routes.h"
#include "server/http/house_routes.h"
#include "server/http/import_routes.h"
#include "server/http/reading_routes.h"
#include "server/http/warning_routes.h"
#include "server/keys.h"
#include "server/link/site.h"
#include "server/mailer/mailer.h"
#include "server/metrics.h"
#include "server/watch/hj212_listener.h"
#include "server/watch/watch.h"

namespace tocsin::server {

namespace fs = std::filesystem;

struct App::State {
  explicit State(AppOptions o) : options(std::move(o)) {}
  /// Threads end in this order, however far the start has come: each hands on to the next.
  ~State() {
    if (hj212) hj212->stop();
    if (watch) watch->stop();
    if (desk) desk->stop();
  }

  AppOptions options;
  asio::io_context io{2};
  SystemClock clock;
  SystemDice dice;
  std::unique_ptr<sqlite::SqliteStore> store;
  std::unique_ptr<keyring_file::FileKeyring> keyring;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Hub> hub;
  std::unique_ptr<Boards> boards;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<Hj212Listener> hj212;

  std::unique_ptr<NodeAccounts> accounts;
  std::unique_ptr<NodeAudit> audit;
  std::unique_ptr<Refusals> refusals;
  std::unique_ptr<Sessions> sessions;
  std::unique_ptr<SessionFile> session_file;
  std::unique_ptr<Hasher> hasher;
  std::unique_ptr<Door> door;
  std::unique_ptr<AccessGate> gate;
  std::unique_ptr<http::Router> router;
  std::unique_ptr<http::Server> http;

  std::unique_ptr<smtp::Mailbox> mailbox;
  std::unique_ptr<NodeLinks> links;
  std::unique_ptr<LinkGate> link_gate;
  std::unique_ptr<http::Router> link_router;
  std::unique_ptr<LinkSite> link_site;
  std::unique_ptr<http::Server> link_http;
  std::unique_ptr<Mailer> mailer;
  std::unique_ptr<RightsWatch> rights;
  std::string setup_token;  // while nobody has an account
  RimCounters rim;

  void say(const std::string& line) const {
    if (options.say) options.say(line);
  }
  void warn(const std::string& line) const {
    if (options.warn) options.warn(line);
  }
  std::string path(const char* name) const { return (fs::path(options.folder) / name).string(); }

  Result<void> open_log();
  Result<std::unique_ptr<node::Node>> make_node();
  Result<void> open_watch(const node::Node& node);
  void start_boards(const node::Node& node);
  void open_sessions(const node::Node& node);
  void keep_sessions();
  Result<void> open_access(const node::Node& node);
  Result<void> open_mail();
  void add_routes();
  Result<void> open_doors();
  asio::awaitable<void> keep_boards();
  asio::awaitable<void> end_at_signal();
};

node::Setup setup_of(const Config& config) {
  node::Setup setup;
  setup.name = config.node_name;
  setup.area = config.county_code;
  setup.sender = config.sender.empty() ? config.county : config.sender;
  setup.identifier_head = config.identifier_head;
  setup.exercise = config.exercise;
  setup.duty_post = config.duty_post;
  setup.policy = config.ladder;
  setup.case_keep = std::chrono::days(config.case_keep_days);
  return setup;
}

Result<void> App::State::open_log() {
  auto opened = sqlite::SqliteStore::open(options.folder);
  if (!opened) return std::unexpected(opened.error());
  store = std::move(*opened);
  auto keys = keyring_file::FileKeyring::open(path("keyring/keys.json"), dice);
  if (!keys) return std::unexpected(keys.error());
  keyring = std::move(*keys);
  return {};
}

Result<std::unique_ptr<node::Node>> App::State::make_node() {
  auto made = std::make_unique<node::Node>(setup_of(options.config), *store, *keyring, dice,
                                           keyring->signing_key());
  const auto loaded = made->load(clock.now(), [this](std::uint64_t done, std::uint64_t total) {
    say("log: " + std::to_string(done) + " of " + std::to_string(total) + " records");
  });
  if (!loaded) return std::unexpected(loaded.error());
  if (auto kept = made->flush(); !kept) return std::unexpected(kept.error());
  return made;
}

Result<void> App::State::open_watch(const node::Node& node) {
  hub = std::make_unique<Hub>(clock);
  boards = std::make_unique<Boards>(
      *hub, [this] { return rim_facts(options.folder, desk.get(), watch.get(), rim); });
  boards->declare();
  WatchSettings settings;
  settings.folder = path("readings");
  settings.cursor = path("rules.cursor");
  settings.retention = std::chrono::hours(24) * options.config.readings_keep_days;
  settings.reserve_bytes = options.config.disk_reserve_bytes;
  auto opened = Watch::open(std::move(settings), gather(node, clock.now()), *desk, *hub, clock);
  if (!opened) return std::unexpected(opened.error());
  watch = std::move(*opened);
  for (const auto& damage : watch->report().damaged)
    warn("readings: " + damage.file + " is damaged at byte " + std::to_string(damage.byte) + " (" +
         damage.error.code + "); run tocsin verify");
  for (const auto& it : watch->report().unclear)
    warn("readings: " + it.file + " cannot be read from byte " + std::to_string(it.byte) +
         " to its end (" + it.error.code + "): never acknowledged, or damaged afterwards; " +
         it.error.detail);
  return {};
}

void App::State::start_boards(const node::Node& node) {
  rim.look_at(node);
  for (const node::DamagedRegister& it : node.damaged_registers()) warn(line_of(it));
  boards->whole(node, clock.now());
  rights = std::make_unique<RightsWatch>(*sessions, mailer.get());
  rights->begin(node);
  desk->on_change([this](const node::Node& changed, const std::set<std::string>& entities) {
    boards->touched(entities);
    rights->changed(changed, entities);
    rim.look_at(changed, entities);
    const bool again = std::ranges::any_of(entities, [](const std::string& entity) {
      return entity == "*" || entity == "register/stations" || entity == "register/points" ||
             entity == "register/rules" || entity == "register/divisions" ||
             entity.starts_with("node/");
    });
    if (again) watch->reload(gather(changed, clock.now()));
  });
}

void App::State::keep_sessions() {
  if (auto kept = session_file->keep(); !kept)
    say("sessions are not kept, a restart logs everybody out: " + kept.error().code);
}

void App::State::open_sessions(const node::Node& node) {
  SessionSettings times;
  times.idle = options.config.session_idle;
  times.whole = options.config.session_whole;
  sessions = std::make_unique<Sessions>(clock, dice, times);
  session_file = std::make_unique<SessionFile>(*sessions, path("keyring/sessions.json"));
  if (auto before = session_file->read()) {
    go_on_with(std::move(*before), *sessions, node);
  } else {
    say("sessions: everybody logs in again (" + before.error().code + ")");
  }
  sessions->on_change([this] { keep_sessions(); });
}

Result<void> App::State::open_access(const node::Node& node) {
  accounts = std::make_unique<NodeAccounts>(*desk);
  audit = std::make_unique<NodeAudit>(*desk);
  refusals = std::make_unique<Refusals>(clock, *audit);
  open_sessions(node);
  hasher = std::make_unique<Hasher>();
  const auto marks = secret_of(path("keyring/devices.key"), dice);
  if (!marks) return std::unexpected(marks.error());
  const auto token = setup_token_of(path("keyring/setup.token"), dice);
  if (!token) return std::unexpected(token.error());
  if (node.nobody_has_an_account()) setup_token = *token;
  door = std::make_unique<Door>(Door::Parts{.clock = clock,
                                            .dice = dice,
                                            .book = *accounts,
                                            .audit = *audit,
                                            .refusals = *refusals,
                                            .sessions = *sessions,
                                            .hasher = *hasher,
                                            .devices = DeviceMarks(*marks),
                                            .setup_token_hash = printed_code_hash(*token)});
  gate = std::make_unique<AccessGate>(*sessions, *accounts, *refusals);
  return {};
}

Result<void> App::State::open_mail() {
  const auto key = secret_of(path("keyring/links.key"), dice);
  if (!key) return std::unexpected(key.error());
  const Config& config = options.config;
  links = std::make_unique<NodeLinks>(*desk, clock, config.duty_phone);
  link_gate = std::make_unique<LinkGate>();
  link_router = std::make_unique<http::Router>(*link_gate);
  link_site = std::make_unique<LinkSite>(LinkSite::Parts{
      clock, *links, LinkKey(*key), link_place(config),
      [this](std::string code, std::string source) -> asio::awaitable<void> {
        AuditEntry entry{"link_refused", "", "", "", std::move(source), "GET /l/{token}",
                         std::move(code)};
        co_await refusals->note(std::move(entry), "link");
      }});
  link_site->add_routes(*link_router);

  MailerSettings mail;
  mail.public_base_url = config.link_public_url;
  mail.phone = config.duty_phone;
  if (config.smtp.on) {
    mail.account = smtp_account(config.smtp);
  } else if (config.exercise) {
    mailbox = std::make_unique<smtp::Mailbox>(io.get_executor());  // opened behind the doors
    mail.account.host = "127.0.0.1";
    mail.account.security = smtp::Security::none;
    mail.account.from = "tocsin@sample.invalid";
    mail.account.from_name = config.sender;
  } else {
    say("mail: no server configured; mails wait in the outbox");
    return {};
  }
  mailer =
      std::make_unique<Mailer>(io.get_executor(), *desk, clock, LinkKey(*key), std::move(mail));
  return {};
}

void App::State::add_routes() {
  const Config& config = options.config;
  router = std::make_unique<http::Router>(*gate);
  NodeFacts facts{
      config.node_name,
      [this] { return options.config.county.empty() ? rights->county() : options.config.county; },
      setup_of(config).sender, config.exercise};
  add_session_routes(*router, *door, *sessions, std::move(facts));
  add_warning_routes(*router, *desk, clock);
  add_proposal_routes(*router, *desk, clock);
  add_warning_reads(*router, *desk, clock);
  add_call_routes(*router, *desk);
  add_reading_routes(*router, *watch, *desk, clock);
  add_import_routes(*router, *desk);
  add_user_routes(*router, *desk, *hasher, *sessions, clock);
  add_office_routes(*router, *desk);
  add_map_routes(*router, *desk);
  add_list_routes(*router, *desk, clock, *store);
  add_stream_route(*router, *hub, [this](const std::string& id) { return sessions->over(id); });
  add_mailbox_route(*router, mailbox.get(), clock);
  add_public_routes(*router, *desk, clock, public_url(config));
  add_health_routes(
      *router,
      [this] { return metrics_text(*desk, *watch, hj212.get(), mailer.get(), http.get(), *hub); },
      [this] { return rim_facts(options.folder, desk.get(), watch.get(), rim).trouble; });
  http::add_openapi_route(*router, "Tocsin", TOCSIN_VERSION, link_router.get());
  if (config.web_folder.empty()) return;
  if (auto files = http::static_files(config.web_folder)) {
    router->fallback(std::move(*files));
  } else {
    say("web: " + config.web_folder.string() + " cannot be read (" + files.error().code +
        "); the API is served without the desk");
  }
}

Result<void> App::State::open_doors() {
  const Config& config = options.config;
  http = std::make_unique<http::Server>(io.get_executor(), *router);
  for (const ListenConfig& desk_at : config.desk) {
    if (auto open = http->listen(listen_settings(desk_at)); !open) return open;
    say("desk: " + url_of(desk_at, http->port()));
    if (!setup_token.empty())
      say("first set-up 首次设置: " + url_of(desk_at, http->port()) +
          "/setup?token=" + setup_token);
  }
  link_http = std::make_unique<http::Server>(io.get_executor(), *link_router);
  if (auto open = link_http->listen(listen_settings(config.link)); !open) return open;
  say("links: " + url_of(config.link, link_http->port()) + " (phones reach it as " +
      config.link_public_url + ")");
  if (config.hj212.on) {
    Hj212Settings settings;
    settings.address = config.hj212.address;
    settings.port = config.hj212.port;
    settings.connections_max = static_cast<std::size_t>(config.hj212.connections_max);
    hj212 = std::make_unique<Hj212Listener>(*watch, clock, std::move(settings));
    if (auto open = hj212->start(); !open) return open;
    say("hj212: " + config.hj212.address + ":" + std::to_string(hj212->port()));
  }
  if (mailbox) {  // any port will do for it, so it takes one last: none that a door was to have
    if (auto opened = mailbox->open({.folder = path("mailbox")}); !opened) return opened;
    mailer->send_to_port(mailbox->port());
  }
  if (mailer) mailer->start();
  return {};
}

asio::awaitable<void> App::State::keep_boards() {
  asio::steady_timer timer(io);
  for (int round = 0;; ++round) {
    timer.expires_after(std::chrono::milliseconds(100));
    co_await timer.async_wait(asio::use_awaitable);
    if (boards->waiting())
      desk->post([this](const node::Node& node) { boards->render(node, clock.now()); });
    if (round % 20 == 0) {
      desk->post([this](const node::Node& node) { boards->render_node(node, clock.now()); });
      if (hj212) publish_ingest(*hub, hj212->notices(), *watch->field(), clock.now());
      hub->touch(clock.now(), Duration(watch->stats().lag_ms));
    }
    if (round % 600 == 599) keep_sessions();  // when each was last used
  }
}

asio::awaitable<void> App::State::end_at_signal() {
  asio::signal_set signals(io, SIGINT, SIGTERM);
  co_await signals.async_wait(asio::use_awaitable);
  say("ending: no new work is taken");
  hub->stop();
  if (mailer) mailer->stop();
  co_await http->stop(std::chrono::seconds(5));
  co_await link_http->stop(std::chrono::seconds(1));
  io.stop();
}

App::App() = default;
App::~App() = default;

Result<std::unique_ptr<App>> App::open(AppOptions options) {
  std::unique_ptr<App> app(new App());
  app->state_ = std::make_unique<State>(std::move(options));
  State& s = *app->state_;
  std::error_code made;
  fs::create_directories(s.options.folder, made);
  if (auto done = s.open_log(); !done) return std::unexpected(done.error());
  auto node = s.make_node();
  if (!node) return std::unexpected(node.error());
  const node::Node& first = **node;
  s.desk = std::make_unique<Desk>(std::move(*node), [&s] { return s.make_node(); }, s.clock);
  s.desk->keep_reserve([&s] {
    std::error_code problem;
    const auto space = fs::space(s.options.folder, problem);
    // Readings have stopped at the whole reserve; the last quarter is for timers.
    return problem || space.available >= s.options.config.disk_reserve_bytes / 4;
  });
  if (auto done = s.open_watch(first); !done) return std::unexpected(done.error());
  if (auto done = s.open_access(first); !done) return std::unexpected(done.error());
  if (auto done = s.open_mail(); !done) return std::unexpected(done.error());
  s.start_boards(first);
  s.desk->start();
  s.add_routes();
  s.watch->start();
  if (auto done = s.open_doors(); !done) return std::unexpected(done.error());
  return app;
}

void App::run() {
  State& s = *state_;
  asio::co_spawn(s.io, s.keep_boards(), asio::detached);
  asio::co_spawn(s.io, s.end_at_signal(), asio::detached);
  std::thread second([&s] { s.io.run(); });
  s.io.run();
  second.join();
  if (s.hj212) s.hj212->stop();
  s.watch->stop();
  s.desk->stop();
  s.keep_sessions();
  s.say("ended: everything acknowledged is on disk");
}

}  // namespace tocsin::server
