#pragma once
// For tests: accounts in a map, an audit lane in a vector, and everything wired as the server does.

#include <map>

#include "adapter/http/test_server.h"
#include "server/access/door.h"
#include "server/access/gate.h"
#include "server/access/routes.h"

namespace tocsin::server::test {

using access::Access;
using access::Role;
using http::Method;
using http::Request;
using http::Response;

class MapBook final : public AccountBook {
 public:
  asio::awaitable<bool> empty() override { co_return accounts.empty(); }
  asio::awaitable<std::optional<Account>> find(std::string login) override {
    const auto found = accounts.find(login);
    co_return found == accounts.end() ? std::nullopt : std::optional(found->second);
  }
  asio::awaitable<std::optional<IngestKey>> find_ingest_key(std::string key_hash) override {
    const auto found = keys.find(key_hash);
    co_return found == keys.end() ? std::nullopt : std::optional(found->second);
  }
  asio::awaitable<Result<void>> create_first_operator(FirstOperator first) override {
    Account account;
    account.login = first.login;
    account.password_hash = first.password_hash;
    account.posts = {{"op", "系统管理员", Role::operator_, "331126", "庆元县"}};
    accounts[first.login] = account;
    co_return Result<void>();
  }
  asio::awaitable<Result<void>> set_password(std::string login, std::string hash) override {
    accounts.at(login).password_hash = hash;
    co_return Result<void>();
  }
  asio::awaitable<Result<void>> use_break_glass(std::string login, std::string code_hash,
                                                std::string) override {
    if (std::erase(accounts.at(login).break_glass, code_hash) == 0)
      co_return fail("access.code_used");
    co_return Result<void>();
  }
  std::map<std::string, Account> accounts;
  std::map<std::string, IngestKey> keys;
};

class ListAudit final : public AuditSink {
 public:
  asio::awaitable<Result<void>> record(AuditEntry entry) override {
    if (full) co_return fail("store.disk_full");
    entries.push_back(std::move(entry));
    co_return Result<void>();
  }
  const AuditEntry& last() const { return entries.back(); }
  std::vector<AuditEntry> entries;
  bool full = false;
};

/// Cheap to compute; the sizes of the real thing are the Hasher's default.
inline constexpr HasherSettings quick_hash{.passes = 1, .memory_bytes = 8192};

struct House {
  ManualClock clock;
  SeededDice dice{7};
  MapBook book;
  ListAudit audit;
  Refusals refusals{clock, audit};
  Sessions sessions{clock, dice, {}};
  Hasher hasher{quick_hash};
  Door door{{.clock = clock,
             .dice = dice,
             .book = book,
             .audit = audit,
             .refusals = refusals,
             .sessions = sessions,
             .hasher = hasher,
             .devices = DeviceMarks({1, 2, 3}),
             .setup_token_hash = printed_code_hash("SET1-TOKE-NNNN-0001")}};
  AccessGate gate{sessions, book, refusals};
  http::Router router{gate};
  std::string address = "192.0.2.7";

  House() {
    add_session_routes(
        router, door, sessions,
        {"county", [] { return std::string("庆元县"); }, "庆元县防汛抗旱指挥部", true});
    add("zhou", Role::duty_officer, "331126");
    add("wu", Role::township_officer, "331126100");
    add("li", Role::township_officer, "331126101");
    add("chen", Role::operator_, "331126");
    add("sun", Role::auditor, "331126");
    add("qian", Role::liaison, "331126");
  }

  void add(const std::string& login, Role role, const std::string& area) {
    static const std::string hash = hash_password("correct horse 7", quick_hash);
    Account account;
    account.login = login;
    account.person = "person-" + login;
    account.person_name = login;
    account.password_hash = hash;
    account.posts = {{"post-" + login, "岗位", role, area, "区域"}};
    book.accounts[login] = account;
  }

  Response ask(Method method, std::string path, std::string body = {}, http::Pairs headers = {}) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    request.headers = std::move(headers);
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.peer = {.address = address, .loopback = address.starts_with("127."), .tls = false};
    return http::test::run(http::dispatch(router, std::move(request)));
  }

  /// Cookie and CSRF token of a new session, as headers.
  http::Pairs session_of(const std::string& login) {
    const Account& account = book.accounts.at(login);
    const HeldPost& post = account.posts.front();
    const Sessions::Opened opened = sessions.open({.login = login,
                                                   .person = account.person,
                                                   .person_name = account.person_name,
                                                   .post = post.post,
                                                   .post_title = post.title,
                                                   .role = post.role,
                                                   .area = post.area,
                                                   .area_name = post.area_name});
    return {{"cookie", "tocsin=" + opened.token}, {"x-csrf-token", opened.session.csrf}};
  }

  Response log_in(const std::string& login, const std::string& password, http::Pairs headers = {}) {
    return ask(Method::post, "/api/v1/session",
               R"({"login":")" + login + R"(","password":")" + password + "\"}",
               std::move(headers));
  }
};

}  // namespace tocsin::server::test
