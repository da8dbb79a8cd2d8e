#include <gtest/gtest.h>

#include "adapter/http/test_server.h"
#include "server/link/site.h"

namespace tocsin::server {
namespace {

using http::Method;
using http::Request;
using http::Response;

LinkClaims claims() {
  return {.call = "c-00112233445566778899",
          .rung = 1,
          .expires = instant_ms(1'800'000'000'000),
          .person_tag = person_tag("person-7")};
}

LinkView asked() {
  LinkView view;
  view.state = LinkState::asked;
  view.exercise = view.sample = true;
  view.level = 1;
  view.hazard = {"山洪", "flash flood"};
  view.place = "西溪村";
  view.person_name = "周若川";
  view.headline = {"请马上叫沟两边的人去村小学",
                   "Send the people beside the gully to the school now"};
  view.instruction = {"走上山的路，不走沟底。", ""};
  view.people = 96;
  view.to_move = 49;
  view.reading = {"西溪 3 小时雨量 86.5 毫米", ""};
  view.issued_at = parse_iso("2026-07-17T18:00:00Z").value();
  view.expires = parse_iso("2026-07-18T00:00:00Z").value();
  view.sender = "庆元县防汛抗旱指挥部";
  view.phone = "0578 000 0000";
  return view;
}

class OneCall final : public LinkDesk {
 public:
  asio::awaitable<LinkView> view(LinkClaims given) override {
    ++views;
    LinkView out = now;
    if (given.call != claims().call || given.person_tag != claims().person_tag) out = LinkView{};
    co_return out;
  }
  asio::awaitable<Result<LinkView>> answer(LinkClaims, LinkAnswer given) override {
    pressed = given.call;
    if (full) co_return fail("store.disk_full");
    if (anew) co_return fail("call.called_anew");
    if (given.moved.value_or(0) > now.people && given.words.empty())
      co_return fail("answer.more_than_listed", "moved", "96");
    answers.push_back(given);
    now.answer = given;
    now.answered_at = parse_iso("2026-07-17T18:03:20Z").value();
    co_return now;
  }
  LinkView now = asked();
  std::vector<LinkAnswer> answers;
  int views = 0;
  bool full = false, anew = false;
  std::string pressed;  // the call of the page answered
};

struct Site {
  ManualClock clock;
  OneCall desk;
  LinkKey key{{1, 2, 3}};
  std::vector<std::string> refused;
  LinkSite site{{.clock = clock,
                 .desk = desk,
                 .key = key,
                 .place = {"庆元县应急指挥中心", "0578 000 0001", true},
                 .refused = [this](std::string code, std::string source) -> asio::awaitable<void> {
                   refused.push_back(code + " " + source);
                   co_return;
                 }}};
  LinkGate gate;
  http::Router router{gate};
  std::string token = key.sign(claims());
  Site() { site.add_routes(router); }

  Response get(const std::string& path, std::string source = "192.0.2.7",
               std::string languages = {}) {
    Request request;
    request.path = path;
    if (!languages.empty()) request.headers = {{"accept-language", std::move(languages)}};
    request.peer.address = std::move(source);
    return http::test::run(http::dispatch(router, std::move(request)));
  }
  Response post(const std::string& form, std::string with_token = {}) {
    Request request;
    request.method = Method::post;
    request.path = "/l/" + (with_token.empty() ? token : with_token);
    request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    request.body = form;
    request.peer.address = "192.0.2.7";
    return http::test::run(http::dispatch(router, std::move(request)));
  }
};

bool contains(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

}  // namespace

TEST(link_token, is_short_and_reads_back) {
  const LinkKey key({1, 2, 3});
  const std::string token = key.sign(claims());
  EXPECT_EQ(token.size(), link_token_size);
  EXPECT_EQ(key.verify(token).value(), claims());
  EXPECT_EQ(link_url("https://yj.example:8443/", token), "https://yj.example:8443/l/" + token);
}

TEST(link_token, every_changed_character_is_found) {
  const LinkKey key({1, 2, 3}), other({1, 2, 4});
  const std::string token = key.sign(claims());
  EXPECT_EQ(other.verify(token).error().code, "link.forged");
  for (std::size_t i = 0; i < token.size(); ++i)
    for (const char c : {'A', '_', 'z', '%'}) {
      std::string changed = token;
      if (changed[i] == c) continue;
      changed[i] = c;
      EXPECT_FALSE(key.verify(changed)) << i << c;
    }
  for (const std::string& bad : {std::string(), token + "A", token.substr(1), std::string(48, '=')})
    EXPECT_EQ(key.verify(bad).error().code, "link.malformed");
}

TEST(link_token, nobody_can_make_one_for_another_rung_person_or_day) {
  const LinkKey key({1, 2, 3});
  const std::string token = key.sign(claims());
  LinkClaims longer = claims();
  longer.expires += std::chrono::hours(24);
  // The body of one token with the signature of another.
  const std::string spliced = key.sign(longer).substr(0, 28) + token.substr(28);
  EXPECT_EQ(key.verify(spliced).error().code, "link.forged");
}

TEST(link_page, shows_what_is_asked_of_whom) {
  const std::string page = link_page(asked());
  for (const char* text :
       {"<b>演练</b>", "红色预警", "一级，最高。山洪，西溪村", "周若川，请马上叫沟两边的人去村小学",
        "96 人，还有 49 人没报转移。", "西溪 3 小时雨量 86.5 毫米",
        "2026 年 7 月 18 日（周六）02:00 发布，到 08:00。", "庆元县防汛抗旱指挥部",
        "value=\"received\"", "value=\"done\"", "value=\"cannot\"", "href=\"tel:05780000000\"",
        "只打开不算回复", "样例人员", "08:00 后失效", "class=\"l l1\""})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("回短信"), std::string::npos);  // no number takes text messages here
}

TEST(link_page, speaks_english_where_it_can) {
  LinkView view = asked();
  view.language = "en";
  view.expires = parse_iso("2026-07-18T17:00:00Z").value();
  const std::string page = link_page(view);
  for (const char* text :
       {"Red warning", "Level I, the gravest. Flash flood, 西溪村", "Received, I am on it",
        "周若川: Send the people beside the gully to the school now", "走上山的路，不走沟底。",
        "Issued 02:00 on Saturday 18 July 2026, until 01:00 on 19 July.",
        "96 people, 49 not reported moved yet.", "lang=\"en\""})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(page.find("收到"), std::string::npos);
}

TEST(link_page, asks_of_a_silent_station_what_is_seen_and_not_who_was_moved) {
  LinkView view = asked();
  view.silence = true;
  view.people = view.to_move = 0;
  const std::string page = link_page(view, LinkNote::none);
  EXPECT_NE(page.find("能派人到站上看看吗"), std::string::npos);
  EXPECT_EQ(page.find("已经转移"), std::string::npos);
  EXPECT_EQ(page.find("name=\"n\""), std::string::npos) << "no field for a number";
  view.language = "en";
  EXPECT_NE(link_page(view, LinkNote::none).find("Can somebody look at the station?"),
            std::string::npos);
  EXPECT_NE(link_page(asked(), LinkNote::none).find("name=\"n\""), std::string::npos);
}

TEST(link_page, of_a_lifted_warning_says_so_and_no_more_what_to_do) {
  LinkView view = asked();
  view.state = LinkState::closed;
  view.end = LinkEnd::lifted;
  view.end_reason = "水位回落";
  const std::string page = link_page(view);
  for (const char* words : {"class=\"l l0\"", "已解除", "水位回落。", "红色预警"})
    EXPECT_NE(page.find(words), std::string::npos) << words;
  for (const char* words : {"走上山的路", "人没报转移", "<button", "class=\"l l1\""})
    EXPECT_EQ(page.find(words), std::string::npos) << words;
}

TEST(link_page, asks_beside_the_number_why_there_are_more_and_keeps_the_number) {
  const std::string page = link_page(asked(), LinkNote::why_more, {"done", 500, {}});
  const std::size_t number = page.find("value=\"500\""), asks = page.find("在册的 96 人"),
                    why = page.find("name=\"more\""), report = page.find("value=\"done\"");
  ASSERT_NE(number, std::string::npos);
  EXPECT_LT(number, asks);
  EXPECT_LT(asks, why);
  EXPECT_LT(why, report);
  ASSERT_NE(report, std::string::npos);
  EXPECT_EQ(page.find("在册的 96 人", asks + 1), std::string::npos) << "said once";
  EXPECT_EQ(link_page(asked()).find("name=\"more\""), std::string::npos);
}

TEST(link_page, gives_back_each_reason_to_the_field_it_was_written_in) {
  EXPECT_NE(link_page(asked(), LinkNote::not_kept, {"done", 500, "<客人>"})
                .find("name=\"more\" maxlength=\"500\">&lt;客人&gt;</textarea>"),
            std::string::npos);
  EXPECT_NE(link_page(asked(), LinkNote::not_kept, {"cannot", {}, "路断"})
                .find("name=\"why\" maxlength=\"500\">路断</textarea>"),
            std::string::npos);
}

TEST(link_page, sentences_do_not_run_into_each_other) {
  LinkView view = asked();
  view.description = "上游泄洪";
  view.instruction = {"不走溪边路", ""};
  const std::string page = link_page(view);
  EXPECT_NE(page.find("<p>上游泄洪。</p>"), std::string::npos);
  EXPECT_NE(page.find("不走溪边路。96 人"), std::string::npos);
}

TEST(link_page, is_never_above_14_kb_and_escapes_everything) {
  LinkView view = asked();
  view.instruction.zh.clear();
  for (int i = 0; i < 1'000; ++i) view.instruction.zh += "字";
  view.answer = LinkAnswer{"cannot", std::nullopt, std::string()};
  for (int i = 0; i < 500; ++i) view.answer->words += "塌";
  view.headline.zh = view.person_name = view.place = view.hazard.zh = view.reading.zh =
      view.sender = "<script>alert('x')</script>\"&";
  view.phone = "\"><script>1";
  view.sms = "1069";
  const std::string page = link_page(view, LinkNote::number_needed);
  EXPECT_LE(page.size(), 14u * 1024);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("tel:\"", 0), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&#39;x&#39;)"), std::string::npos);
}

TEST(link_site, speaks_the_language_the_phone_asks_for) {
  Site site;
  const auto english = [&](const char* languages) {
    return contains(site.get("/l/" + site.token, "192.0.2.7", languages), "lang=\"en\"");
  };
  for (const char* asked : {"en", "en-GB,en;q=0.9", "fr-FR, EN-US;q=0.8"})
    EXPECT_TRUE(english(asked)) << asked;
  for (const char* asked : {"", "zh-CN,zh;q=0.9,en;q=0.8", "en, ZH;q=0.5", "fr", "eng", ",;,", "e"})
    EXPECT_FALSE(english(asked)) << asked;
}

TEST(link_site, opening_answers_nothing_and_the_last_answer_counts) {
  Site site;
  const Response page = site.get("/l/" + site.token);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(site.desk.answers.empty());
  EXPECT_NE(http::find(page.headers, "Content-Security-Policy").find("default-src 'none'"),
            std::string_view::npos);

  const Response received = site.post("a=received&n=&why=");
  EXPECT_EQ(received.status, 200);
  EXPECT_TRUE(contains(received, "已收到您的回复，02:03:20<b>收到，我去办</b>"));
  EXPECT_TRUE(contains(received, "value=\"done\""));  // and may be corrected
  const Response done = site.post("a=done&n=%EF%BC%94%EF%BC%99&why=");
  EXPECT_TRUE(contains(done, "已经转移 49 人"));
  const Response cannot = site.post("a=cannot&n=&why=%E5%A1%8C%E6%96%B9%0D%0A%3Cb%3E");
  EXPECT_TRUE(contains(cannot, "塌方<br>&lt;b&gt;"));
  ASSERT_EQ(site.desk.answers.size(), 3u);
  EXPECT_EQ(site.desk.answers[1].moved, 49);
  EXPECT_EQ(site.desk.answers[2].words, "塌方\n<b>");
}

TEST(link_site, more_than_listed_asks_who_they_are_and_takes_it_from_its_own_field) {
  Site site;
  const Response asks = site.post("a=done&n=500&why=");
  EXPECT_EQ(asks.status, 409);
  EXPECT_TRUE(contains(asks, "name=\"more\""));
  EXPECT_FALSE(contains(asks, "answer.more_than_listed"));
  EXPECT_EQ(site.post("a=done&n=500&more=%E5%AE%A2%E4%BA%BA&why=x").status, 200);
  EXPECT_EQ(site.post("a=done&n=501&why=old").status, 200);  // a page opened before this one
  EXPECT_EQ(site.post("a=cannot&n=500&more=y&why=z").status, 200);
  ASSERT_EQ(site.desk.answers.size(), 3u);
  EXPECT_EQ(site.desk.answers[0].words, "客人");
  EXPECT_EQ(site.desk.answers[1].words, "old");
  EXPECT_EQ(site.desk.answers[2].words, "z");
}

TEST(link_site, bad_answers_name_their_field_and_keep_nothing) {
  Site site;
  for (const char* bad :
       {"a=done&n=", "a=done&n=-1", "a=done&n=10000", "a=done&n=4x", "a=done&n=%EF%BC%9F"}) {
    const Response page = site.post(bad);
    EXPECT_EQ(page.status, 400) << bad;
    EXPECT_TRUE(contains(page, "请填已经转移的人数"));
  }
  std::string longest = "a=cannot&why=";
  for (int i = 0; i < 501; ++i) longest += "%E5%A1%8C";
  EXPECT_TRUE(contains(site.post(longest), "最多 500 个字"));
  EXPECT_TRUE(contains(site.post("a=maybe"), "link.kind"));
  EXPECT_TRUE(contains(site.post("a=%"), "form.bad"));
  EXPECT_EQ(site.post(std::string(13'000, 'a')).status, 413);
  EXPECT_TRUE(site.desk.answers.empty());
}

TEST(link_site, expired_and_closed_links_say_so_and_whom_to_ring) {
  Site site;
  site.desk.now.state = LinkState::expired;
  const Response expired = site.post("a=received");
  EXPECT_EQ(expired.status, 410);
  EXPECT_TRUE(contains(expired, "链接已过期"));
  EXPECT_TRUE(contains(expired, "tel:05780000000"));
  EXPECT_FALSE(contains(expired, "<form"));
  site.desk.now.state = LinkState::closed;
  EXPECT_TRUE(contains(site.get("/l/" + site.token), "已经结束"));
  EXPECT_TRUE(site.desk.answers.empty());
}

TEST(link_site, a_page_names_its_call_and_what_is_pressed_for_an_earlier_one_is_typed_once) {
  Site site;
  site.desk.now.call = "c-new";
  EXPECT_TRUE(contains(site.get("/l/" + site.token), "name=\"c\" value=\"c-new\""));
  site.desk.anew = true;
  const Response page = site.post("c=c-old&a=done&n=37");
  EXPECT_EQ(page.status, 409);
  EXPECT_TRUE(contains(page, "<b>没有</b>存下"));
  EXPECT_TRUE(contains(page, "value=\"37\""));
  EXPECT_TRUE(contains(page, "name=\"c\" value=\"c-new\""));
  EXPECT_EQ(site.desk.pressed, "c-old");
}

TEST(link_site, forged_links_are_refused_told_and_slowed) {
  Site site;
  LinkClaims other = claims();
  other.person_tag = person_tag("person-8");
  const Response stranger = site.get("/l/" + site.key.sign(other));
  EXPECT_EQ(stranger.status, 404);  // well signed, but nobody is asked by that name
  EXPECT_TRUE(contains(stranger, "没有这个链接"));

  std::string forged = site.token;
  forged[20] = forged[20] == 'A' ? 'B' : 'A';
  for (int i = 0; i < 30; ++i) EXPECT_EQ(site.get("/l/" + forged).status, 404);
  EXPECT_EQ(site.refused.front(), "link.forged 192.0.2.7");
  EXPECT_EQ(site.get("/l/" + forged).status, 429);
  EXPECT_EQ(site.get("/l/" + site.token).status, 200);  // a phone behind the same address
  EXPECT_EQ(site.post("a=received").status, 200);
  site.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(site.get("/l/" + forged).status, 404);
}

TEST(link_site, an_old_phone_answers_in_the_charset_of_its_menus) {
  Site site;
  EXPECT_EQ(site.post("a=cannot&n=&why=%C2%B7%B6%CF%C1%CB%26").status, 200);  // GBK: 路断了&
  EXPECT_EQ(site.post("a=cannot&n=&why=\xB6\xCF").status, 200);
  EXPECT_EQ(site.post("a=done&n=12&why=%FF%FE+x").status, 200);
  ASSERT_EQ(site.desk.answers.size(), 3u);
  EXPECT_EQ(site.desk.answers[0].words, "路断了&");
  EXPECT_EQ(site.desk.answers[1].words, "断");
  EXPECT_EQ(site.desk.answers[2].moved, 12);  // the answer counts although its words are lost
  EXPECT_EQ(site.desk.answers[2].words, "\xef\xbf\xbd x");
}

TEST(link_site, one_link_is_not_opened_a_hundred_times_a_minute) {
  Site site;
  int good = 0;
  for (int i = 0; i < 100; ++i) good += site.get("/l/" + site.token).status == 200;
  EXPECT_EQ(good, 30);
  EXPECT_EQ(site.desk.views, 30);
  EXPECT_EQ(site.post("a=received").status, 200);  // whoever looked so often, he can answer
}

TEST(link_site, a_full_disk_is_said_aloud) {
  Site site;
  site.desk.full = true;
  const Response page = site.post("a=received");
  EXPECT_EQ(page.status, 503);
  EXPECT_TRUE(contains(page, "这次回复没有存下。请打电话报回复"));
  EXPECT_FALSE(contains(page, "已收到您的回复"));
}

TEST(link_site, nothing_else_is_reachable_there) {
  Site site;
  EXPECT_EQ(site.get("/").status, 404);
  EXPECT_TRUE(contains(site.get("/"), "没有这个链接"));
  EXPECT_EQ(site.get("/api/v1/session").status, 404);
  EXPECT_EQ(site.get("/l/" + site.token + "/more").status, 404);
}

TEST(link_rate, memory_is_bounded) {
  ManualClock clock;
  RateLimit rate(clock, 2);
  for (int i = 0; i < 30'000; ++i) rate.take(std::to_string(i));
  EXPECT_LE(rate.keys(), RateLimit::keys_max);
}

}  // namespace tocsin::server
