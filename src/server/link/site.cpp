#include "server/link/site.h"

#include <algorithm>
#include <cstdio>

#include "base/encode.h"
#include "server/link/old_phone.h"

namespace tocsin::server {
namespace {

using access::Access;
using http::Request;
using http::Response;

constexpr std::size_t body_max = 12 * 1024;  // two fields of 500 Chinese characters fit
constexpr std::size_t words_max = 500;
constexpr int moved_max = 9999;
constexpr int bad_tokens_per_minute = 30;  // of one source
constexpr int looks_per_minute = 30;       // of one token
constexpr int answers_per_minute = 30;     // of one token: looking, which scanners do, takes none

constexpr std::string_view page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

Response page(std::string html, int status = 200) {
  return http::text_response(std::move(html), "text/html; charset=utf-8", status)
      .with("Content-Security-Policy", std::string(page_policy))
      .with("X-Robots-Tag", "noindex");
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Digits as a phone may type them: "49", " 49 ", "４９".
std::optional<int> number_in(std::string_view text) {
  int value = 0;
  bool any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ' ') continue;
    if (text.substr(i).starts_with("\xef\xbc") && i + 2 < text.size()) {  // U+FF10 to U+FF19
      c = static_cast<char>(text[i + 2] - '\x90' + '0');
      i += 2;
    }
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
    any = true;
    if (value > moved_max) return std::nullopt;
  }
  return any ? std::optional(value) : std::nullopt;
}

/// Whether Accept-Language names the language, for any region: "en" in "fr, EN-GB;q=0.8".
bool asks_for(std::string_view accepted, std::string_view language) {
  while (!accepted.empty()) {
    const std::size_t comma = std::min(accepted.find(','), accepted.size());
    std::string_view one = accepted.substr(0, comma);
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_first_of(" \t;"));
    const std::string_view primary = one.substr(0, one.find('-'));
    if (std::ranges::equal(primary, language, [](char a, char b) { return (a | 0x20) == b; }))
      return true;
    accepted.remove_prefix(std::min(comma + 1, accepted.size()));
  }
  return false;
}

/// English where the phone asks for English and nowhere for Chinese.
std::string language_of(const Request& request) {
  const std::string_view accepted = request.header("accept-language");
  return asks_for(accepted, "en") && !asks_for(accepted, "zh") ? "en" : "zh";
}

}  // namespace

asio::awaitable<std::optional<Response>> LinkGate::admit(const http::Route& route, Request&) {
  if (route.info.access == Access::link) co_return std::nullopt;
  co_return http::problem(Error{"access.no_right", "", "links only"});
}

asio::awaitable<std::optional<Response>> LinkGate::admit_rows(const http::Route&, const Request&,
                                                              const std::vector<std::string>&) {
  co_return std::nullopt;
}

Result<LinkAnswer> read_answer(const http::Pairs& form) {
  LinkAnswer out;
  out.call = http::find(form, "c");
  out.kind = http::find(form, "a");
  if (out.kind != "received" && out.kind != "cannot" && out.kind != "done")
    return fail("link.kind", "a", "received, cannot or done");
  if (out.kind == "done") {
    out.moved = number_in(http::find(form, "n"));
    if (!out.moved) return fail("link.number", "n", "a number from 0 to 9999");
  }
  // "more" is asked beside a number that is too high; pages opened before that send only "why".
  const std::string_view more = http::find(form, "more");
  out.words = out.kind == "done" && !more.empty() ? more : http::find(form, "why");
  std::erase(out.words, '\r');
  if (characters(out.words) > words_max)
    return fail("link.too_long", "why", "at most 500 characters");
  return out;
}

LinkSite::LinkSite(Parts parts)
    : parts_(std::move(parts)),
      looks_(parts_.clock, looks_per_minute),
      answers_(parts_.clock, answers_per_minute),
      per_source_(parts_.clock, bad_tokens_per_minute) {}

asio::awaitable<std::expected<LinkClaims, Response>> LinkSite::enter(const Request& request,
                                                                     RateLimit& uses) {
  const auto too_many = [&] {
    return std::unexpected(page(too_many_page(parts_.place), 429).with("Retry-After", "60"));
  };
  const std::string& source = request.peer.address;
  const std::string& token = request.param("token");
  auto claims = parts_.key.verify(token);
  if (!claims) {
    // Only bad tokens are slowed by source: a good one may come from behind the same address.
    if (per_source_.full(source)) co_return too_many();
    per_source_.take(source);
    if (parts_.refused) co_await parts_.refused(claims.error().code, source);
    co_return std::unexpected(page(unknown_link_page(parts_.place), 404));
  }
  if (!uses.take(token)) co_return too_many();
  co_return std::move(*claims);
}

asio::awaitable<Response> LinkSite::open(Request request) {
  auto claims = co_await enter(request, looks_);
  if (!claims) co_return std::move(claims.error());
  LinkView view = co_await parts_.desk.view(std::move(*claims));
  view.language = language_of(request);
  co_return page(link_page(view), view.state == LinkState::unknown ? 404 : 200);
}

asio::awaitable<Response> LinkSite::answer(Request request) {
  auto claims = co_await enter(request, answers_);
  if (!claims) co_return std::move(claims.error());
  LinkView before = co_await parts_.desk.view(*claims);
  before.language = language_of(request);
  if (before.state == LinkState::unknown) co_return page(link_page(before), 404);
  if (before.state != LinkState::asked) co_return page(link_page(before), 410);
  request.body = form_in_utf8(request.body);
  const auto form = request.form();
  if (!form) co_return http::problem(form.error());
  const auto given = read_answer(*form);
  if (!given) {
    if (given.error().code == "link.kind") co_return http::problem(given.error());
    const LinkNote note =
        given.error().code == "link.number" ? LinkNote::number_needed : LinkNote::too_long;
    co_return page(link_page(before, note), 400);
  }
  auto after = co_await parts_.desk.answer(*claims, *given);
  if (after) {
    after->language = before.language;
    co_return page(link_page(*after, LinkNote::kept));
  }
  std::fprintf(stderr, "tocsin: an answer was not kept: %s\n", after.error().code.c_str());
  const int status = http::status_of(after.error().code);
  LinkView now = co_await parts_.desk.view(std::move(*claims));  // it may be over since
  now.language = before.language;
  const bool more = after.error().code == "answer.more_than_listed";
  const bool anew = after.error().code == "call.called_anew";
  const LinkNote why = more   ? LinkNote::why_more
                       : anew ? LinkNote::called_anew
                              : LinkNote::not_kept;
  co_return page(link_page(now, why, *given), status >= 500 ? status : 409);
}

void LinkSite::add_routes(http::Router& router) {
  http::RouteInfo look{.access = Access::link, .summary = "The page of a signed link"};
  look.answer_type = "text/html";
  http::RouteInfo send = look;
  send.summary = "Answer by a signed link";
  send.body = R"({"type":"object","properties":{"a":{"enum":["received","cannot","done"]},
                "n":{"type":"string"},"more":{"type":"string","maxLength":500},
                "why":{"type":"string","maxLength":500}}})";
  send.body_type = "application/x-www-form-urlencoded";
  send.body_max = body_max;
  router.get("/l/{token}", std::move(look),
             [this](Request request) { return open(std::move(request)); });
  router.post("/l/{token}", std::move(send),
              [this](Request request) { return answer(std::move(request)); });
  router.fallback([this](Request) -> asio::awaitable<Response> {
    co_return page(unknown_link_page(parts_.place), 404);
  });
}

}  // namespace tocsin::server
