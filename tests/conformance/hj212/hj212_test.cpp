// The standard's own frames, frames built from the written rules, and, where the collection of
// field frames lies beside the project, every frame and stream of it.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "adapter/hj212/encode.h"
#include "adapter/hj212/framer.h"
#include "adapter/hj212/report.h"
#include "base/encode.h"

namespace tocsin::hj212 {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::vector<json::object> json_lines(const fs::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  std::vector<json::object> out;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) out.push_back(json::parse(line).as_object());
  return out;
}

/// Everything in `want` is in `got`: numbers to 1e-9, lists of equal length, objects by key.
bool covers(const json::value& want, const json::value& got) {
  if (const auto* object = want.if_object()) {
    if (!got.is_object()) return false;
    for (const auto& [key, value] : *object) {
      const auto* mine = got.as_object().if_contains(key);
      if (!covers(value, mine != nullptr ? *mine : json::value(nullptr))) return false;
    }
    return true;
  }
  if (const auto* list = want.if_array()) {
    if (!got.is_array() || got.as_array().size() != list->size()) return false;
    for (std::size_t i = 0; i < list->size(); ++i)
      if (!covers((*list)[i], got.as_array()[i])) return false;
    return true;
  }
  if (want.is_number() && got.is_number()) {
    const double a = want.to_number<double>(), b = got.to_number<double>();
    return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(a));
  }
  return want == got;
}

std::set<std::string> names(const json::value& list) {
  std::set<std::string> out;
  for (const auto& name : list.as_array()) out.insert(std::string(name.as_string()));
  return out;
}

json::object decoded(std::string_view raw, std::string_view key_hex = {}) {
  std::optional<Sm4Key> key;
  if (!key_hex.empty()) key = *parse_key(key_hex);
  return json::parse(report(raw, key).json).as_object();
}

void expect_decodes(const json::object& line) {
  const json::object& want = line.at("expect").as_object();
  const auto* key = want.if_contains("key_hex");
  const json::object got =
      decoded(line.at("raw").as_string(), key != nullptr ? std::string_view(key->as_string()) : "");
  for (const char* part : {"accept", "head", "flag", "dir", "ack", "cp", "obs"})
    EXPECT_TRUE(covers(want.at(part), got.at(part)))
        << line.at("id") << " " << part << "\nwant " << want.at(part) << "\ngot  " << got.at(part);
  EXPECT_EQ(want.at("len").at("ok"), got.at("len").at("ok")) << line.at("id");
  EXPECT_EQ(want.at("crc").at("ok"), got.at("crc").at("ok")) << line.at("id");
  EXPECT_EQ(want.at("crc").at("variant"), got.at("crc").at("variant")) << line.at("id");
  EXPECT_EQ(names(want.at("deviations")), names(got.at("deviations"))) << line.at("id");
}

const fs::path here = fs::path(TOCSIN_SOURCE_DIR) / "tests/conformance/hj212";

fs::path shared(std::string_view file) {
  const char* set = std::getenv("TOCSIN_SHARED");
  const fs::path root = set != nullptr ? fs::path(set) : fs::path(TOCSIN_SOURCE_DIR) / "../shared";
  return root / "data/hj212" / file;
}

TEST(Hj212Conformance, DecodesTheStandardsOwnFrames) {
  const auto lines = json_lines(here / "standard.jsonl");
  ASSERT_EQ(lines.size(), 21u);
  for (const auto& line : lines) expect_decodes(line);
}

TEST(Hj212Conformance, DecodesEveryCollectedFrame) {
  if (!fs::exists(shared("frames.jsonl"))) GTEST_SKIP() << "no ../shared/data/hj212 here";
  for (const auto& line : json_lines(shared("frames.jsonl"))) expect_decodes(line);
}

TEST(Hj212Conformance, FindsEveryFrameOfTheCollectedStreams) {
  if (!fs::exists(shared("streams.jsonl"))) GTEST_SKIP() << "no ../shared/data/hj212 here";
  std::map<std::string, json::value> heads;
  for (const auto& line : json_lines(shared("frames.jsonl")))
    heads[std::string(line.at("id").as_string())] = line.at("expect").at("head");
  for (const auto& stream : json_lines(shared("streams.jsonl"))) {
    Framer framer(true);
    std::vector<json::object> accepted;
    const auto drain = [&] {
      while (const auto frame = framer.next())
        if (auto got = decoded(*frame); got.at("accept").as_bool()) accepted.push_back(got);
    };
    for (const auto& chunk : stream.at("chunks_hex").as_array()) {
      framer.feed(as_text(*from_hex(chunk.as_string())));
      drain();
    }
    framer.finish();
    drain();
    const auto& ids = stream.at("expect_ids").as_array();
    ASSERT_EQ(accepted.size(), ids.size()) << stream.at("name");
    for (std::size_t i = 0; i < ids.size(); ++i)
      EXPECT_TRUE(covers(heads.at(std::string(ids[i].as_string())), accepted[i].at("head")));
  }
}

/// A frame built from a segment, sent with `length` in place of the right one when given.
std::string built(std::string_view segment, CrcVariant crc = CrcVariant::standard,
                  std::string_view length = {}) {
  std::string frame = enclose(segment, crc);
  if (!length.empty()) frame.replace(2, 4, length);
  return frame;
}

const std::string head =
    "QN=20240801120001000;ST=32;CN=2011;PW=123456;"
    "MN=010000A8900016F000169DC0;Flag=5;";
const std::string good = head + "CP=&&DataTime=20240801120000;w01018-Rtd=1.5,w01018-Flag=N&&";

using Names = std::set<std::string>;
Names deviations_of(const std::string& frame) { return names(decoded(frame).at("deviations")); }

TEST(Hj212Conformance, NamesTheDeviationsOfTheEnvelope) {
  EXPECT_EQ(deviations_of(built(good)), Names{});
  EXPECT_EQ(deviations_of(built(good, CrcVariant::modbus_hi_first)), Names{"crc-modbus-hi-first"});
  EXPECT_EQ(deviations_of(built(good, CrcVariant::standard_lo_first)), Names{"crc-hj212-lo-first"});
  EXPECT_EQ(deviations_of(built(good, CrcVariant::standard, "0999")), Names{"len-mismatch"});
  EXPECT_EQ(deviations_of(built(good, CrcVariant::standard, "")), Names{});
  const std::string n = std::to_string(good.size());
  EXPECT_EQ(deviations_of(built(good, CrcVariant::standard, n)), Names{"len-3-digits"});
  std::string bare = built(good);
  bare.resize(bare.size() - 2);
  EXPECT_EQ(deviations_of(bare), Names{"no-crlf"});
  EXPECT_EQ(deviations_of(bare + "\n"), Names{"no-crlf"});
  EXPECT_EQ(deviations_of(bare.substr(0, bare.size() - 4)), (Names{"no-crlf", "no-crc"}));
  EXPECT_EQ(deviations_of("xx" + built(good)), Names{"bytes-around-frame"});
}

TEST(Hj212Conformance, ALowerCaseCrcIsRightAndSaidSo) {
  std::string frame = built(head + "CP=&&w01018-Rtd=2&&");
  const std::size_t at = frame.size() - 6;
  for (int i = 0; frame.substr(at, 4).find_first_of("ABCDEF") == std::string::npos; ++i)
    frame = built(head + "CP=&&w01018-Rtd=2" + std::to_string(i % 10) + "&&");
  for (std::size_t i = frame.size() - 6; i < frame.size() - 2; ++i)
    frame[i] = static_cast<char>(std::tolower(frame[i]));
  EXPECT_TRUE(decoded(frame).at("accept").as_bool());
  EXPECT_EQ(deviations_of(frame), Names{"crc-lower-case"});
}

TEST(Hj212Conformance, NamesTheDeviationsOfTheHead) {
  const auto with = [](std::string_view text) {
    return deviations_of(built(std::string(text) + "CP=&&DataTime=20240801120000&&"));
  };
  EXPECT_EQ(
      with("QN=20240801120001000;ST=32;CN=2011;PW=123456;;,MN=010000A8900016F000169DC0;FLAG=5;"),
      (Names{"comma-in-head", "empty-item-in-head", "name-case:FLAG"}));
  EXPECT_EQ(with("QN=1;ST=032;CN=211;PW=;MN=X;Flag=7;PNO=01;PNUM=1;"),
            (Names{"qn-not-17-digits", "st-not-2-chars", "cn-not-4-digits", "pw-empty",
                   "mn-not-epc96", "pno-leading-zeros"}));
  EXPECT_EQ(with("Flag=20;PNUM=2;X=1"),
            (Names{"no-qn", "no-st", "no-cn", "no-pw", "no-mn", "flag-version-unknown", "pnum-no-D",
                   "pnum-pno-not-both", "head:X", "no-semicolon-before-cp"}));
}

TEST(Hj212Conformance, NamesTheDeviationsOfTheBody) {
  const auto with = [](std::string_view cp) {
    return deviations_of(built(head + std::string(cp)));
  };
  EXPECT_EQ(with("CP=&&DataTime=20240801120000000;w01018-Rtd=1,;**&&"),
            (Names{"datatime-17-digits", "comma-semicolon", "asterisks", "no-equals-sign"}));
  EXPECT_EQ(with("CP=&&DataTime=20240231120000;011-Rtd=x,011-Flag=n,PM25-td=1;&&"),
            (Names{"datatime-impossible", "code-2005", "value-not-a-number", "dataflag:n",
                   "attr:td", "many-codes-in-group", "trailing-semicolon"}));
  EXPECT_EQ(with("CP=&&DataTime=20240801120000;PM25-Rtd=1"),
            (Names{"cp-no-close", "code-nonstandard"}));
  EXPECT_EQ(with("CP=DataTime=20240801120000"), (Names{"cp-no-open"}));
  EXPECT_EQ(with("CP=&&DataTime=20240801120000;i11001-Info=//a b//&&"), Names{});
  EXPECT_EQ(with("CP=&&DataTime=20240801120000;i11001-Info=//\xC7\xE5\xCF\xB4//&&"),
            Names{"text-not-utf8"});
}

TEST(Hj212Conformance, GbTextIsShownAsUtf8) {
  const auto got = decoded(built(head + "CP=&&i11001-Info=//\xC7\xE5\xCF\xB4//&&"));
  EXPECT_EQ(got.at("cp").at("groups").at(0).at("i11001").at("Info"), "//清洗//");
}

TEST(Hj212Conformance, CipherTextIsReadWithTheKeyAndWithoutItSaidSo) {
  const std::string hex = "30303030303030303030303030303030";
  Upload upload{.qn = "20240801120001000", .mn = "010000A8900016F000169DC0", .data_time = {}};
  upload.version = Version::v2025;
  upload.factors = {{.code = "a01011", .values = {{Stat::rtd, "1.35"}}}};
  const std::string frame = encode(upload, *parse_key(hex))->front();
  const auto open = decoded(frame, hex), shut = decoded(frame);
  const auto wrong = decoded(frame, "00000000000000000000000000000000");
  EXPECT_TRUE(open.at("accept").as_bool());
  EXPECT_EQ(open.at("obs").as_array().size(), 1u);
  EXPECT_EQ(open.at("crc").at("variant"), "hj212-over-plaintext");
  EXPECT_EQ(names(open.at("deviations")),
            (Names{"sm4-encrypted", "declared-length-is-plaintext-length"}));
  EXPECT_EQ(shut.at("code"), "hj212.key");
  EXPECT_TRUE(shut.at("obs").as_array().empty());
  EXPECT_EQ(wrong.at("code"), "hj212.crc");
  EXPECT_TRUE(wrong.at("cp").at("plaintext").is_null());
}

TEST(Hj212Conformance, TheNameOfCpIsReadInAnyCase) {
  const std::string body = "=&&DataTime=20240801120000;w01018-Rtd=1.5&&";
  const std::map<std::string, Names> spellings = {{"cp", {"name-case:cp"}},
                                                  {"Cp", {"name-case:Cp"}},
                                                  {"CP ", {"spaces-in-head"}},
                                                  {"cP\t ", {"name-case:cP", "spaces-in-head"}}};
  for (const auto& [name, named] : spellings) {
    const auto got = decoded(built(head + name + body));
    EXPECT_EQ(got.at("obs").as_array().size(), 1u) << name;
    EXPECT_EQ(got.at("head").as_object().size(), 6u) << name;
    EXPECT_EQ(names(got.at("deviations")), named) << name;
  }
  EXPECT_EQ(deviations_of(built(head + "cp=DataTime=20240801120000")),
            (Names{"name-case:cp", "cp-no-open"}));
  // A value that looks like the name of CP is none.
  const auto got = decoded(built("MN=XCP=1;pw=acp=2;" + head + "CP" + body));
  EXPECT_EQ(got.at("obs").as_array().size(), 1u);
}

TEST(Hj212Conformance, AMarkOfOneOrThreeAmpersandsLeavesTheDataClean) {
  const std::string data = "DataTime=20240801120000;w01018-Rtd=1.5,w01018-Flag=N";
  const auto check = [&](const std::string& cp, const Names& named) {
    const auto got = decoded(built(head + "CP=" + cp));
    EXPECT_EQ(got.at("cp").at("fields").as_object().size(), 1u) << cp;
    EXPECT_FALSE(got.at("time").is_null()) << cp;
    EXPECT_EQ(got.at("obs").at(0).at("flag"), "N") << cp;
    EXPECT_EQ(names(got.at("deviations")), named) << cp;
  };
  check("&" + data + "&&", {"cp-no-open"});
  check("&&&" + data + "&&", {"cp-extra-ampersand"});
  check("&&" + data + "&", {"cp-no-close"});
  check("&&" + data + "&&&", {"cp-extra-ampersand"});
  check("&" + data + "&", {"cp-no-open"});
  EXPECT_EQ(deviations_of(built(head + "CP=&&&&")), Names{});
}

TEST(Hj212Conformance, CipherTextThatCannotBeReadIsAnUpload) {
  const std::string block =
      "{0x00,0x01,0x02,0x03,0x04,0x05,0x06,0x07,"
      "0x08,0x09,0x0A,0x0B,0x0C,0x0D,0x0E,0x0F}";
  const auto answer = [&](const std::string& cn, std::string_view key) {
    const auto got = decoded(
        built("QN=20240801120001000;ST=32;CN=" + cn + ";PW=1;MN=A;Flag=9;CP=&&" + block + "&&"),
        key);
    const json::value& ack = got.at("ack");
    return std::string(got.at("dir").as_string()) + " " +
           (ack.is_null() ? "" : std::string(ack.at("cn").as_string()));
  };
  for (const char* key : {"", "00000000000000000000000000000000"}) {
    for (const char* cn : {"2011", "2021", "2031", "2051", "2061", "3019", "3020", "2013"})
      EXPECT_EQ(answer(cn, key), "up 9014") << cn;
    EXPECT_EQ(answer("2072", key), "up 9013");
    EXPECT_EQ(answer("1072", key), "down 9011");
    EXPECT_EQ(answer("2012", key), "down 9013");
    EXPECT_EQ(answer("9012", key), "reply ");
  }
}

TEST(Hj212Conformance, WhatIsNoFrameGetsATypedError) {
  EXPECT_EQ(decoded("").at("code"), "hj212.header");
  EXPECT_EQ(decoded("hello").at("code"), "hj212.header");
  EXPECT_EQ(decoded("##0010" + std::string(max_segment + 10, 'x')).at("code"), "hj212.size");
}

}  // namespace
}  // namespace tocsin::hj212
