// What we write is valid by the OASIS schema, and what we call a breach of the schema is one: both
// judges look at thousands of messages bent in one place.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "adapter/cap/check.h"
#include "adapter/cap/message.h"
#include "base/random.h"
#include "schema.h"

namespace tocsin::cap {
namespace {

using conformance::CapSchema;

/// Codes that only check_meaning() gives: beyond the schema.
bool beyond_schema(const Finding& f) {
  for (const std::string_view code :
       {"cap.empty", "cap.bad_text", "cap.needs_restriction", "cap.needs_addresses",
        "cap.needs_references", "cap.references", "cap.time_zone", "cap.polygon", "cap.circle",
        "cap.ceiling"})
    if (f.code == code) return true;
  return false;
}

bool schema_valid(const Verdict& verdict) {
  for (const Finding& f : verdict.errors)
    if (!beyond_schema(f)) return false;
  return true;
}

std::string full_message() {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>33112641600000_20261122100003</identifier>
  <sender>tocsin@county.example</sender>
  <sent>2026-11-22T10:00:03+08:00</sent>
  <status>Exercise</status>
  <msgType>Update</msgType>
  <source>gauge</source>
  <scope>Restricted</scope>
  <restriction>those responsible</restriction>
  <addresses>a b</addresses>
  <code>one</code>
  <code>two</code>
  <note>higher</note>
  <references>tocsin@county.example,33112641600000_20261122095003,2026-11-22T09:50:03+08:00</references>
  <incidents>i1</incidents>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <category>Geo</category>
    <event>山洪</event>
    <responseType>Execute</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <audience>village</audience>
    <eventCode><valueName>GB/T 35561</valueName><value>11A51</value></eventCode>
    <effective>2026-11-22T10:00:03+08:00</effective>
    <onset>2026-11-22T10:00:00+08:00</onset>
    <expires>2026-11-22T16:00:00+08:00</expires>
    <senderName>county</senderName>
    <headline>h</headline>
    <description>d</description>
    <instruction>i</instruction>
    <web>http://county.example/w</web>
    <contact>c</contact>
    <parameter><valueName>level</valueName><value>橙色</value></parameter>
    <resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>17</size><uri>http://county.example/m.png</uri><derefUri>AA==</derefUri><digest>00</digest></resource>
    <area>
      <areaDesc>会溪村</areaDesc>
      <polygon>27.6,119.0 27.7,119.0 27.7,119.1 27.6,119.0</polygon>
      <circle>27.6,119.0 2.5</circle>
      <geocode><valueName>GB/T 2260:2022</valueName><value>331126</value></geocode>
      <altitude>300</altitude>
      <ceiling>900.5</ceiling>
    </area>
  </info>
</alert>
)";
}

struct Piece {
  std::size_t from, to;
};

/// The elements of a text, outermost and innermost alike.
std::vector<Piece> elements(const std::string& text) {
  std::vector<Piece> all;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '<' || text[i + 1] == '?') continue;
    if (text[i + 1] != '/') {
      open.push_back(i);
    } else {
      all.push_back({open.back(), text.find('>', i) + 1});
      open.pop_back();
    }
  }
  return all;
}

TEST(CapSchema, TheWholeExampleIsValid) {
  const CapSchema schema;
  ASSERT_TRUE(schema.loaded());
  EXPECT_TRUE(schema.accepts(full_message()));
  const Verdict verdict = check(full_message());
  EXPECT_TRUE(verdict.valid()) << verdict.errors.front().code << verdict.errors.front().path;
  EXPECT_EQ(verdict.format, "CAP 1.2");
}

TEST(CapSchema, RemovingDoublingOrSwappingAnyElementIsJudgedAlike) {
  const CapSchema schema;
  const std::string text = full_message();
  const std::vector<Piece> pieces = elements(text);
  ASSERT_GT(pieces.size(), 50u);
  int refused = 0;
  const auto compare = [&](const std::string& bent) {
    const bool theirs = schema.accepts(bent);
    const Verdict verdict = check(bent);
    EXPECT_EQ(theirs, schema_valid(verdict))
        << (verdict.errors.empty() ? "" : verdict.errors.front().code) << "\n"
        << bent;
    refused += !theirs;
  };
  for (const Piece& p : pieces) {
    const std::string piece = text.substr(p.from, p.to - p.from);
    compare(text.substr(0, p.from) + text.substr(p.to));
    if (p.from > 60) compare(text.substr(0, p.to) + piece + text.substr(p.to));
    for (const Piece& q : pieces) {
      if (q.from < p.to || p.from < 60) continue;  // disjoint, later
      compare(text.substr(0, p.from) + text.substr(q.from, q.to - q.from) +
              text.substr(p.to, q.from - p.to) + piece + text.substr(q.to));
    }
  }
  EXPECT_GT(refused, 300);
}

TEST(CapSchema, OtherValuesAreJudgedAlike) {
  const CapSchema schema;
  const std::string text = full_message();
  const char* const values[] = {"",
                                " ",
                                "x",
                                "Actual",
                                " Actual ",
                                "Public",
                                "Alert",
                                "Met",
                                "Observed",
                                "Very Likely",
                                "AllClear",
                                "0",
                                "-1",
                                "+7",
                                "1.5",
                                "1e3",
                                ".5",
                                "5.",
                                ".",
                                "0x10",
                                "zh-CN",
                                " en ",
                                "e n",
                                "toolonglanguage",
                                "en-",
                                "i-klingon",
                                "2026-11-22T10:00:03+08:00",
                                "2026-11-22T10:00:03Z",
                                "2026-11-22T10:00:03",
                                "2026-11-22T10:00:03.5+08:00",
                                " 2026-11-22T10:00:03+08:00 ",
                                "2026-02-29T10:00:03+08:00",
                                "2024-02-29T10:00:03-00:00",
                                "2026-11-22T24:00:00+08:00",
                                "2026-11-22T24:00:01+08:00",
                                "2026-11-22T10:60:00+08:00",
                                "2026-11-22T10:00:60+08:00",
                                "2026-11-22T10:00:03+14:00",
                                "2026-11-22T10:00:03+14:01",
                                "2026-11-22T10:00:03+15:00",
                                "2026-11-22T10:00:03,08:00",
                                "0000-11-22T10:00:03+08:00",
                                "2026-13-01T10:00:03+08:00",
                                "12026-11-22T10:00:03+08:00",
                                "http://a b/c",
                                "http://[::1]/",
                                "http://a/%zz",
                                "://",
                                "a:b:c",
                                "%",
                                "中文",
                                "urn:x",
                                "mailto:a@b",
                                "http://a:b/"};
  for (const Piece& p : elements(text)) {
    const std::size_t from = text.find('>', p.from) + 1, to = text.rfind('<', p.to - 1);
    if (text.substr(from, to - from).find('<') != std::string::npos) continue;
    for (const char* value : values) {
      const std::string bent = text.substr(0, from) + value + text.substr(to);
      const Verdict verdict = check(bent);
      EXPECT_EQ(schema.accepts(bent), schema_valid(verdict))
          << text.substr(p.from, from - p.from) << value << " "
          << (verdict.errors.empty() ? "" : verdict.errors.front().code);
    }
  }
}

/// A notice drawn from a seed: texts with what XML has to escape, places with and without shapes.
Notice drawn_notice(std::uint64_t seed) {
  SeededDice dice(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(dice.next() % n); };
  const std::vector<std::string> words = {
      "水位", "a < b & c > d", "\"quoted\"", "]]>", "line\nline", "𠀀", "", "tab\there"};
  const auto text = [&] { return Text{words[below(8)], words[below(8)]}; };
  Notice n{.identifier = *identifier("331126", "416", "000", "00", instant_ms(1795312803000),
                                     static_cast<int>(below(3))),
           .sender = "tocsin@county.example",
           .sent = instant_ms(1795312803000),
           .status = static_cast<Status>(below(5)),
           .msg_type = static_cast<MsgType>(below(3)),
           .restriction = "those responsible",
           .hazard = below(2) ? "11B03" : "12D02",
           .level = static_cast<Level>(1 + below(4)),
           .observed = below(2) == 0,
           .onset = instant_ms(1795312803000 + below(10) * 600'000),
           .expires = instant_ms(1795312803000 + 6 * 3'600'000),
           .sender_name = text(),
           .headline = text(),
           .description = text(),
           .instruction = text()};
  n.event = {"暴雨", "Rainstorm"};
  if (n.msg_type != MsgType::alert)
    n.references.push_back({"tocsin@county.example", "33112641600000_20261122095003", n.sent});
  if (below(2)) n.incidents = {"one", "two words"};
  for (unsigned i = below(4); i > 0; --i) {
    Place place{.code = "331126001", .edition = "2022", .name = {"松源街道", words[below(8)]}};
    if (below(2)) place.polygons = {{{119, 27.6}, {119, 27.7}, {119.1, 27.7}, {119, 27.6}}};
    if (below(2)) place.circles = {{{119.05, 27.61}, 0.1 * below(100)}};
    n.places.push_back(place);
  }
  return n;
}

TEST(CapSchema, WhatWeWriteIsValidByTheSchemaAndByOurOwnCheck) {
  const CapSchema schema;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto xml = write(bilingual(drawn_notice(seed)));
    ASSERT_TRUE(xml) << seed << xml.error().code << xml.error().field;
    EXPECT_TRUE(schema.accepts(*xml)) << *xml;
    const Verdict verdict = check(*xml);
    EXPECT_TRUE(verdict.valid()) << verdict.errors.front().code << *xml;
  }
}

TEST(CapSchema, RealMessagesAreAccepted) {
  const char* const given = std::getenv("TOCSIN_SHARED");
  const std::filesystem::path shared = given != nullptr
                                           ? std::filesystem::path(given)
                                           : std::filesystem::path(TOCSIN_SOURCE_DIR) / "../shared";
  if (!std::filesystem::exists(shared / "data/cap")) GTEST_SKIP() << "no ../shared/data/cap here";
  const CapSchema schema;
  for (const char* name : {"taiwan.cap", "iceland_met_office.cap", "ph.cap"}) {
    std::ifstream file(shared / "data/cap" / name, std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    EXPECT_TRUE(schema.accepts(bytes.str())) << name;
    const Verdict verdict = check(bytes.str());
    EXPECT_TRUE(verdict.valid()) << name << verdict.errors.front().code
                                 << verdict.errors.front().path;
  }
  std::ifstream file(shared / "data/cap/cn-cma-flash-flood-excerpt.xml");
  std::stringstream excerpt;
  excerpt << file.rdbuf();
  EXPECT_FALSE(check(excerpt.str()).valid()) << "its mandatory elements are cut";
}

}  // namespace
}  // namespace tocsin::cap
