// Messages signed by another implementation (xmlsec1 1.2.37) hold; changed anywhere, they do not.
// The certificates are for these tests only; their keys were thrown away.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "adapter/cap/check.h"
#include "adapter/cap/signature.h"

namespace tocsin::cap {
namespace {

std::string read(const std::string& name) {
  std::ifstream file(std::string(TOCSIN_SOURCE_DIR) + "/tests/conformance/cap/signed/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

using All = std::vector<Signature>;

const char* const by_rsa[] = {"rsa-sha256-exclusive.xml", "rsa-sha1-inclusive.xml",
                              "rsa-sha512-inclusive.xml"};

TEST(CapSignature, WhatAnotherImplementationSignedHolds) {
  for (const char* name : by_rsa)
    EXPECT_EQ(check_signatures(read(name), read("rsa.pem")), All{Signature::holds}) << name;
  EXPECT_EQ(check_signatures(read("ecdsa-sha256.xml"), read("ec.pem")), All{Signature::holds});
  EXPECT_TRUE(check(read("rsa-sha256-exclusive.xml")).valid());
}

TEST(CapSignature, ASecondSignatureDoesNotBreakTheFirst) {
  EXPECT_EQ(check_signatures(read("two.xml"), read("rsa.pem")),
            (All{Signature::holds, Signature::broken}));
  EXPECT_EQ(check_signatures(read("two.xml"), read("ec.pem")),
            (All{Signature::broken, Signature::holds}));
}

TEST(CapSignature, AnotherKeyDoesNotFit) {
  EXPECT_EQ(check_signatures(read(by_rsa[0]), read("ec.pem")), All{Signature::broken});
  EXPECT_EQ(check_signatures(read("ecdsa-sha256.xml"), read("rsa.pem")), All{Signature::broken});
}

TEST(CapSignature, AnyChangedCharacterOfTheMessageBreaksIt) {
  const std::string good = read(by_rsa[0]);
  const std::size_t from = good.find("<identifier>"), to = good.find("<Signature");
  int tried = 0;
  for (std::size_t i = from; i < to; ++i) {
    if (good[i] < 'a' || good[i] > 'y') continue;
    std::string bent = good;
    ++bent[i];
    const auto found = check_signatures(bent, read("rsa.pem"));
    if (!found) continue;  // no longer XML
    ++tried;
    EXPECT_NE(*found, All{Signature::holds}) << i;
  }
  EXPECT_GT(tried, 50);
}

TEST(CapSignature, AnyChangedCharacterOfWhatIsSignedOrOfTheValueBreaksIt) {
  const std::string good = read(by_rsa[0]);
  for (const char* part : {"<SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rs",
                           "<DigestValue>", "<SignatureValue>"}) {
    std::string bent = good;
    char& c = bent[good.find(part) + std::string_view(part).size()];
    c = c == 'A' ? 'B' : 'A';
    EXPECT_NE(check_signatures(bent, read("rsa.pem")), All{Signature::holds}) << part;
  }
}

TEST(CapSignature, WhatWeDoNotCheckIsSaidToBeUnsupported) {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string bent = read(by_rsa[0]);
    bent.replace(bent.find(from), from.size(), to);
    return check_signatures(bent, read("rsa.pem"));
  };
  EXPECT_EQ(with("URI=\"\"", "URI=\"#a\""), All{Signature::unsupported});
  EXPECT_EQ(with("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5"), All{Signature::unsupported});
  EXPECT_EQ(with("#enveloped-signature", "#base64"), All{Signature::unsupported});
}

TEST(CapSignature, UnsignedMessagesAndBadCertificates) {
  EXPECT_EQ(check_signatures("<alert/>", read("rsa.pem")), All{});
  EXPECT_EQ(check_signatures("<alert/>", "no certificate").error().code, "cap.certificate");
  EXPECT_EQ(check_signatures("<alert", read("rsa.pem")).error().code, "cap.xml");
}

}  // namespace
}  // namespace tocsin::cap
