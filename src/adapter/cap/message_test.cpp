#include "adapter/cap/message.h"

#include <gtest/gtest.h>

#include "adapter/cap/feed.h"
#include "adapter/cap/xml_tree.h"

namespace tocsin::cap {
namespace {

const Instant sent = instant_ms(1795312803000);  // 2026-11-22T06:00:03Z + some

Notice notice() {
  Notice n{.identifier = *identifier("331126", "416", "000", "00", sent),
           .sender = "tocsin@county.example",
           .sent = sent,
           .status = Status::exercise,
           .restriction = "只发责任人",
           .hazard = "11A51",
           .level = Level::orange,
           .onset = sent,
           .expires = sent + std::chrono::hours(6),
           .headline = {"会溪水位超警戒 <2.50 m>", "Huixi stage & more"}};
  n.event = {"山洪", "Flash flood"};
  n.places = {{.code = "331126001", .edition = "2022", .name = {"松源街道", "Songyuan"}}};
  return n;
}

const XmlElement* find(const XmlElement& e, std::string_view name) {
  for (const XmlElement& child : e.children)
    if (child.name == name) return &child;
  return nullptr;
}

TEST(CapMessage, IdentifierFollowsTheNationalForm) {
  EXPECT_EQ(*identifier("331126", "416", "000", "00", *parse_iso("2026-11-22T02:00:03Z")),
            "33112641600000_20261122100003");
  EXPECT_EQ(*identifier("331126", "416", "000", "00", *parse_iso("2026-11-22T02:00:03Z"), 2),
            "33112641600000_20261122100003_2");
  EXPECT_EQ(identifier("33112", "416", "000", "00", sent).error().field, "division");
  EXPECT_EQ(identifier("331126", "4a6", "000", "00", sent).error().field, "trade");
  EXPECT_EQ(identifier("331126", "416", "00", "00", sent).error().field, "unit");
  EXPECT_EQ(identifier("331126", "416", "000", "0", sent).error().field, "extension");
  EXPECT_EQ(identifier("331126", "416", "000", "00", sent, -1).error().code, "cap.bad_identifier");
}

TEST(CapMessage, ANoticeSpeaksBothLanguagesChineseFirst) {
  const auto xml = write(bilingual(notice()));
  ASSERT_TRUE(xml);
  const auto root = parse_xml(*xml);
  ASSERT_TRUE(root);
  EXPECT_EQ(find(*root, "sent")->text, iso_beijing(sent));
  EXPECT_EQ(find(*root, "status")->text, "Exercise");
  EXPECT_EQ(find(*root, "scope")->text, "Restricted");
  std::vector<const XmlElement*> infos;
  for (const XmlElement& e : root->children)
    if (e.name == "info") infos.push_back(&e);
  ASSERT_EQ(infos.size(), 2u);
  EXPECT_EQ(find(*infos[0], "language")->text, "zh-CN");
  EXPECT_EQ(find(*infos[0], "headline")->text, "会溪水位超警戒 <2.50 m>");
  EXPECT_EQ(find(*infos[1], "language")->text, "en");
  EXPECT_EQ(find(*infos[1], "headline")->text, "Huixi stage & more");
  EXPECT_EQ(find(*infos[0], "severity")->text, "Severe");
  EXPECT_EQ(find(*infos[0], "category")->text, "Met");
  EXPECT_EQ(find(*infos[0], "certainty")->text, "Observed");
  EXPECT_EQ(find(*find(*infos[0], "eventCode"), "value")->text, "11A51");
  EXPECT_EQ(find(*find(*infos[0], "parameter"), "value")->text, "橙色");
  EXPECT_EQ(find(*find(*infos[1], "parameter"), "value")->text, "orange");
  const XmlElement& area = *find(*infos[1], "area");
  EXPECT_EQ(find(area, "areaDesc")->text, "Songyuan");
  EXPECT_EQ(find(*find(area, "geocode"), "valueName")->text, "GB/T 2260:2022");
}

TEST(CapMessage, WithoutEnglishWordsThereIsOneTelling) {
  Notice n = notice();
  n.headline.en.clear();
  EXPECT_EQ(bilingual(n).infos.size(), 1u);
}

TEST(CapMessage, ACancelIsAnAllClearAndNamesWhatItCancels) {
  Notice n = notice();
  n.msg_type = MsgType::cancel;
  EXPECT_EQ(write(bilingual(n)).error().field, "references");
  n.references = {{"tocsin@county.example", "33112641600000_20261122095003", sent}};
  n.note = "水位回落";
  const auto root = parse_xml(*write(bilingual(n)));
  EXPECT_EQ(find(*root, "references")->text,
            "tocsin@county.example,33112641600000_20261122095003," + iso_beijing(sent));
  EXPECT_EQ(find(*find(*root, "info"), "responseType")->text, "AllClear");
  EXPECT_EQ(find(*find(*root, "info"), "urgency")->text, "Past");
}

TEST(CapMessage, WhatTheStandardForbidsIsNotWritten) {
  const auto refused = [](auto change) {
    Notice n = notice();
    change(n);
    const auto xml = write(bilingual(n));
    return xml ? "none" : xml.error().code + " " + xml.error().field;
  };
  EXPECT_EQ(refused([](Notice& n) { n.identifier = "a b"; }), "cap.bad_text identifier");
  EXPECT_EQ(refused([](Notice& n) { n.sender = "a,b"; }), "cap.bad_text sender");
  EXPECT_EQ(refused([](Notice& n) { n.sender.clear(); }), "cap.missing sender");
  EXPECT_EQ(refused([](Notice& n) { n.restriction.clear(); }), "cap.missing restriction");
  EXPECT_EQ(refused([](Notice& n) { n.scope = Scope::privat; }), "cap.missing addresses");
  EXPECT_EQ(refused([](Notice& n) { n.event.zh.clear(); }), "cap.missing event");
  EXPECT_EQ(refused([](Notice& n) { n.headline.zh = "a\x01"; }), "cap.bad_text ");
  EXPECT_EQ(refused([](Notice& n) { n.headline.zh = "\xff"; }), "cap.bad_text ");
  EXPECT_EQ(refused([](Notice& n) { n.places[0].name.zh.clear(); }), "cap.missing areaDesc");
  EXPECT_EQ(refused([](Notice& n) { n.places[0].polygons = {{{1, 1}, {1, 2}, {2, 2}, {3, 3}}}; }),
            "cap.bad_area polygon");
  EXPECT_EQ(refused([](Notice& n) { n.places[0].polygons = {{{1, 1}, {1, 2}, {1, 1}}}; }),
            "cap.bad_area polygon");
  EXPECT_EQ(refused([](Notice& n) { n.places[0].circles = {{{200, 1}, 1}}; }),
            "cap.bad_area circle");
}

TEST(CapMessage, LatitudeComesFirst) {
  Notice n = notice();
  n.places[0].circles = {{{119.0529, 27.6364}, 2.5}};
  EXPECT_NE(write(bilingual(n))->find("<circle>27.636400,119.052900 2.500</circle>"),
            std::string::npos);
}

TEST(CapMessage, CategoriesFollowTheHazardCode) {
  EXPECT_EQ(category_of("11B03"), "Met");
  EXPECT_EQ(category_of("11D01"), "Geo");
  EXPECT_EQ(category_of("11G00"), "Fire");
  EXPECT_EQ(category_of("12D02"), "CBRNE");
  EXPECT_EQ(category_of("12Q01"), "Env");
  EXPECT_EQ(category_of("13A00"), "Health");
  EXPECT_EQ(category_of("12Z99"), "Safety");
  EXPECT_EQ(category_of("99X00"), "Other");
  EXPECT_EQ(category_of(""), "Other");
}

Feed feed() {
  Feed f{.id = "urn:tocsin:county",
         .title = "预警",
         .author = "县应急值班室",
         .self_href = "https://county.example/public/feed.atom",
         .updated = sent,
         .entries = {}};
  f.entries.push_back({.id = "urn:tocsin:33112641600000_20261122100003",
                       .title = "会溪水位超警戒",
                       .summary = "",
                       .published = sent,
                       .updated = sent,
                       .href = "https://county.example/public/cap/1.xml?a=1&b=2",
                       .category = "11A01"});
  return f;
}

TEST(AtomFeed, IsAFeedThatOurOwnCheckAccepts) {
  const auto xml = write_atom(feed());
  ASSERT_TRUE(xml);
  const auto root = parse_xml(*xml);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->space, "http://www.w3.org/2005/Atom");
  const XmlElement& entry = *find(*root, "entry");
  ASSERT_NE(find(entry, "link"), nullptr);
  EXPECT_EQ(find(entry, "link")->attributes[2].value,
            "https://county.example/public/cap/1.xml?a=1&b=2");
  Feed broken = feed();
  broken.entries[0].href = "x\ny";
  EXPECT_EQ(write_atom(broken).error().field, "entry/link");
  broken.entries[0].href.clear();
  EXPECT_EQ(write_atom(broken).error().code, "cap.missing");
}

}  // namespace
}  // namespace tocsin::cap
