#include "adapter/cap/check.h"

#include <gtest/gtest.h>

namespace tocsin::cap {
namespace {

std::string alert(std::string_view version, std::string_view head, std::string_view info = "") {
  return "<alert xmlns=\"" + std::string(version) + "\">" + std::string(head) + std::string(info) +
         "</alert>";
}

constexpr std::string_view v1_0 = "http://www.incident.com/cap/1.0";
constexpr std::string_view v1_1 = "urn:oasis:names:tc:emergency:cap:1.1";
constexpr std::string_view v1_2 = "urn:oasis:names:tc:emergency:cap:1.2";

std::string head(std::string_view type = "Alert", std::string_view after_scope = "",
                 std::string_view scope = "Public",
                 std::string_view sent = "2026-11-22T10:00:03+08:00") {
  return "<identifier>i1</identifier><sender>s@x</sender><sent>" + std::string(sent) +
         "</sent><status>Actual</status><msgType>" + std::string(type) + "</msgType><scope>" +
         std::string(scope) + "</scope>" + std::string(after_scope);
}

std::string info(std::string_view area) {
  return "<info><category>Met</category><event>e</event><urgency>Unknown</urgency>"
         "<severity>Unknown</severity><certainty>Unknown</certainty><area><areaDesc>a</areaDesc>" +
         std::string(area) + "</area></info>";
}

/// "" when valid, else "code path" of the first error.
std::string first(const std::string& bytes) {
  const Verdict verdict = check(bytes);
  return verdict.valid() ? "" : verdict.errors[0].code + " " + verdict.errors[0].path;
}

TEST(CapCheck, TheLeastMessageOfEachVersion) {
  EXPECT_EQ(first(alert(v1_2, head())), "");
  EXPECT_EQ(first(alert(v1_1, head())), "");
  EXPECT_EQ(first(alert(v1_0, head())), "");
  EXPECT_EQ(check(alert(v1_1, head())).format, "CAP 1.1");
  EXPECT_EQ(first(alert("urn:oasis:names:tc:emergency:cap:1.3", head())), "cap.namespace alert");
  EXPECT_EQ(first("<alert>" + head() + "</alert>"), "cap.namespace alert");
}

TEST(CapCheck, TheVersionsDifferWhereTheStandardsDo) {
  const auto certain = [](std::string_view word) {
    return "<info><category>Met</category><event>e</event><urgency>Unknown</urgency>"
           "<severity>Unknown</severity><certainty>" +
           std::string(word) + "</certainty></info>";
  };
  EXPECT_EQ(first(alert(v1_0, head(), certain("Very Likely"))), "");
  EXPECT_EQ(first(alert(v1_1, head(), certain("Very Likely"))),
            "cap.not_allowed alert/info[1]/certainty[1]");
  EXPECT_EQ(first(alert(v1_0, head(), certain("Observed"))),
            "cap.not_allowed alert/info[1]/certainty[1]");
  const std::string bare_code = info("<geocode>FIPS6=032013</geocode>");
  EXPECT_EQ(first(alert(v1_0, head(), bare_code)), "");
  EXPECT_EQ(first(alert(v1_2, head(), bare_code)),
            "cap.stray_text alert/info[1]/area[1]/geocode[1]");
}

TEST(CapCheck, TimesCarryANumericOffset) {
  const auto sent = [](std::string_view version, std::string_view time) {
    return first(alert(version, head("Alert", "", "Public", time)));
  };
  EXPECT_EQ(sent(v1_2, "2026-11-22T10:00:03-00:00"), "");
  EXPECT_EQ(sent(v1_2, "2026-11-22T10:00:03Z"), "cap.time alert/sent[1]");
  EXPECT_EQ(sent(v1_2, "2026-11-22T10:00:03"), "cap.time alert/sent[1]");
  EXPECT_EQ(sent(v1_1, "2026-11-22T10:00:03Z"), "cap.time_zone alert/sent");
  EXPECT_EQ(sent(v1_1, "2026-11-22T10:00:03"), "cap.time_zone alert/sent");
  EXPECT_EQ(sent(v1_1, "2026-11-22T10:00:03.25+08:00"), "");
  EXPECT_EQ(sent(v1_0, "2026-11-22T10:00:03Z"), "");
  EXPECT_EQ(
      check(alert(v1_0, head("Alert", "", "Public", "2026-11-22T10:00:03Z"))).warnings[0].code,
      "cap.time_zone");
}

TEST(CapCheck, UpdateAndCancelNameWhatTheyReferTo) {
  const std::string good = "<references>s@x,i0,2026-11-22T09:00:00+08:00</references>";
  for (const char* type : {"Update", "Cancel", "Ack", "Error"}) {
    EXPECT_EQ(first(alert(v1_2, head(type))), "cap.needs_references alert/references") << type;
    EXPECT_EQ(first(alert(v1_2, head(type, "<references/>"))),
              "cap.needs_references alert/references");
    EXPECT_EQ(first(alert(v1_2, head(type, good))), "");
  }
  EXPECT_EQ(first(alert(v1_2, head("Alert", "<references/>"))), "");
  for (const char* bad : {"i0", "s@x,i0", "s@x,i0,yesterday", ",i0,2026-11-22T09:00:00+08:00",
                          "s@x,,2026-11-22T09:00:00+08:00"})
    EXPECT_EQ(
        first(alert(v1_2, head("Update", "<references>" + std::string(bad) + "</references>"))),
        "cap.references alert/references")
        << bad;
}

TEST(CapCheck, ALimitedScopeSaysForWhom) {
  EXPECT_EQ(first(alert(v1_2, head("Alert", "", "Restricted"))),
            "cap.needs_restriction alert/restriction");
  EXPECT_EQ(first(alert(v1_2, head("Alert", "<restriction>r</restriction>", "Restricted"))), "");
  EXPECT_EQ(first(alert(v1_2, head("Alert", "<addresses/>", "Private"))),
            "cap.needs_addresses alert/addresses");
  EXPECT_EQ(first(alert(v1_2, head("Alert", "<addresses>a@x</addresses>", "Private"))), "");
}

TEST(CapCheck, IdentifierAndSenderAreOneWord) {
  const auto with = [](std::string_view identifier, std::string_view version) {
    std::string text = head();
    text.replace(text.find("i1"), 2, identifier);
    return first(alert(version, text));
  };
  EXPECT_EQ(with("a b", v1_2), "cap.bad_text alert/identifier");
  EXPECT_EQ(with("a,b", v1_2), "cap.bad_text alert/identifier");
  EXPECT_EQ(with("a&amp;b", v1_2), "cap.bad_text alert/identifier");
  EXPECT_EQ(with("a&lt;b", v1_0), "cap.bad_text alert/identifier");
  EXPECT_EQ(with("a,b", v1_0), "");
  EXPECT_EQ(with("", v1_2), "cap.empty alert/identifier");
  EXPECT_EQ(with(" a ", v1_2), "");
}

TEST(CapCheck, PolygonsAndCircles) {
  const auto area = [](const std::string& shape) {
    return first(alert(v1_2, head(), info(shape)));
  };
  const auto polygon = [&](const std::string& pairs) {
    return area("<polygon>" + pairs + "</polygon>");
  };
  const std::string bad = "cap.polygon alert/info[1]/area[1]/polygon[1]";
  EXPECT_EQ(polygon("1,1 1,2 2,2 1,1"), "");
  EXPECT_EQ(polygon("\n 1,1\n +1.0,2 2,2\n 1.0,1 \n"), "");
  EXPECT_EQ(polygon("1,1 1,2 1,1"), bad);
  EXPECT_EQ(polygon("1,1 1,2 2,2 3,3"), bad);
  EXPECT_EQ(polygon("1,1 1,2, 2,2 1,1"), bad);
  EXPECT_EQ(polygon("91,1 1,2 2,2 91,1"), bad);
  EXPECT_EQ(polygon("1,181 1,2 2,2 1,181"), bad);
  EXPECT_EQ(polygon("1 1 1 2 2 2 1 1"), bad);
  EXPECT_EQ(polygon("nan,1 1,2 2,2 nan,1"), bad);
  const std::string bad_circle = "cap.circle alert/info[1]/area[1]/circle[1]";
  EXPECT_EQ(area("<circle>1,1 0</circle>"), "");
  EXPECT_EQ(area("<circle>1,1</circle>"), bad_circle);
  EXPECT_EQ(area("<circle>1,1 -2</circle>"), bad_circle);
  EXPECT_EQ(area("<circle>1,1,2</circle>"), bad_circle);
  EXPECT_EQ(area("<ceiling>9</ceiling>"), "cap.ceiling alert/info[1]/area[1]/ceiling");
  EXPECT_EQ(area("<altitude>9</altitude>"), "");
}

TEST(CapCheck, SignaturesStandLastAndAreCounted) {
  const std::string signature =
      "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature>";
  for (const std::string_view version : {v1_0, v1_1, v1_2}) {
    const Verdict verdict = check(alert(version, head(), signature));
    EXPECT_TRUE(verdict.valid());
    EXPECT_EQ(verdict.signatures, 1);
  }
  EXPECT_EQ(first(alert(v1_2, signature + head())), "cap.signature_place alert/identifier");
}

TEST(CapCheck, MessagesInFeedsAndEnvelopesAreFound) {
  const std::string good = alert(v1_2, head()), bad = alert(v1_2, head("Update"));
  const auto feed = [](const std::string& content) {
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>t</title>"
           "<updated>2026-11-22T10:00:03Z</updated><entry><id>e</id><title>t</title>"
           "<updated>2026-11-22T10:00:03Z</updated><content type=\"text/xml\">" +
           content + "</content></entry></feed>";
  };
  EXPECT_EQ(first(feed(good)), "");
  EXPECT_EQ(check(feed(good)).alerts, 1);
  EXPECT_EQ(check(feed(good)).format, "Atom");
  EXPECT_EQ(first(feed(bad)), "cap.needs_references feed/entry[1]/content[1]/alert[1]/references");
  EXPECT_EQ(first(feed("<alert xmlns=\"urn:x\"/>")),
            "cap.namespace feed/entry[1]/content[1]/alert[1]");
  EXPECT_EQ(first("<alerts xmlns=\"" + std::string(v1_2) + "\">" + good + bad + "</alerts>"),
            "cap.needs_references alerts/alert[2]/references");
  EXPECT_EQ(first("<soap>" + good + "</soap>"), "cap.unknown_root soap");
}

TEST(CapCheck, FeedsThemselvesAreHeldToTheLeast) {
  EXPECT_EQ(first("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>t</title></feed>"),
            "cap.feed feed/updated");
  EXPECT_EQ(first("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>t</title>"
                  "<updated>2026-11-22T10:00:03Z</updated><bogus/></feed>"),
            "cap.feed feed/bogus");
  EXPECT_EQ(first("<rss version=\"2.0\"><channel><title>t</title><link>l</link>"
                  "<description>d</description><item><title>i</title></item></channel></rss>"),
            "");
  EXPECT_EQ(first("<rss version=\"2.0\"><channel><title>t</title></channel></rss>"),
            "cap.feed rss/channel/link");
  EXPECT_EQ(first("<EDXLDistribution xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\"/>"),
            "cap.feed EDXLDistribution/distributionID");
}

TEST(CapCheck, HostileXmlIsRefusedBeforeItCosts) {
  EXPECT_EQ(first("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alert>&x;</alert>")
                .substr(0, 11),
            "cap.doctype");
  std::string laughs = "<!DOCTYPE a [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i)
    laughs += "<!ENTITY a" + std::to_string(i) + " \"&a" + std::to_string(i - 1) + ";&a" +
              std::to_string(i - 1) + ";\">";
  EXPECT_EQ(check(laughs + "]><a>&a29;</a>").errors[0].code, "cap.doctype");
  EXPECT_EQ(check("<a>&nbsp;</a>").errors[0].code, "cap.xml");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_EQ(check(deep).errors[0].code, "cap.too_deep");
  std::string wide = "<a>";
  for (int i = 0; i < 500'000; ++i) wide += "<b/>";
  EXPECT_EQ(check(wide + "</a>").errors[0].code, "cap.too_many");
  EXPECT_EQ(check(std::string(xml_bytes_max + 1, ' ')).errors[0].code, "cap.too_large");
  EXPECT_EQ(check("").errors[0].code, "cap.xml");
  EXPECT_EQ(check("<a").errors[0].code, "cap.xml");
  EXPECT_EQ(check("<a/><b/>").errors[0].code, "cap.xml");
  EXPECT_EQ(check(std::string("<a>\0</a>", 8)).errors[0].code, "cap.xml");
}

TEST(CapCheck, ByteOrderMarksAndOtherEncodingsAreRead) {
  EXPECT_EQ(first("\xEF\xBB\xBF" + alert(v1_2, head())), "");
  EXPECT_EQ(first("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" +
                  alert(v1_2, head("Alert", "<note>caf\xE9</note>"))),
            "");
  EXPECT_EQ(check(alert(v1_2, head("Alert", "<note>caf\xE9</note>"))).errors[0].code, "cap.xml");
  const std::string halves = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + alert(v1_2, head());
  EXPECT_EQ(check(halves).errors[0].code, "cap.xml") << "says UTF-16 and is not";
}

TEST(CapCheck, FindingsAreLimited) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "<bogus/>";
  const Verdict verdict = check(alert(v1_2, head(), many));
  EXPECT_EQ(verdict.errors.size(), 201u);
  EXPECT_EQ(verdict.errors.back().code, "cap.more");
}

TEST(CapCheck, ClipNeverCutsACharacter) {
  EXPECT_EQ(clip("水位站", 4), "水");
  EXPECT_EQ(clip("水位站", 6), "水位");
  EXPECT_EQ(clip("abc", 5), "abc");
}

}  // namespace
}  // namespace tocsin::cap
