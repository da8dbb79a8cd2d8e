#include "cli/cap.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "log/json.h"

namespace tocsin::cli {
namespace {

struct Outcome {
  int status;
  std::string out, err;
};

Outcome run(std::vector<std::string_view> args, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = run_cap(args, in, out, err);
  return {status, out.str(), err.str()};
}

TEST(CapCommand, SaysValidAndInvalidInOneLineEach) {
  const Outcome good =
      run({"check", "-"},
          "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>i</identifier>"
          "<sender>s</sender><sent>2026-11-22T10:00:03+08:00</sent><status>Test</status>"
          "<msgType>Alert</msgType><scope>Public</scope></alert>");
  EXPECT_EQ(good.status, 0);
  EXPECT_EQ(json::parse(good.out)->at("valid"), true);
  EXPECT_EQ(json::parse(good.out)->at("errors").as_array().size(), 0u);
  EXPECT_EQ(json::parse(good.out)->at("signature"), "none");

  const Outcome bad = run({"check", "-"}, "<alert/>");
  EXPECT_EQ(bad.status, 1);
  const auto line = json::parse(bad.out);
  EXPECT_EQ(line->at("valid"), false);
  EXPECT_EQ(line->at("errors").at(0).at("code"), "cap.namespace");
  EXPECT_EQ(line->at("errors").at(0).at("path"), "alert");
}

TEST(CapCommand, AFileThatIsNotThereIsNotValid) {
  const Outcome gone = run({"check", "/nonexistent/a.cap"});
  EXPECT_EQ(gone.status, 1);
  EXPECT_EQ(json::parse(gone.out)->at("errors").at(0).at("code"), "cap.unreadable");
  EXPECT_FALSE(gone.err.empty());
}

TEST(CapCommand, ACertificateDecidesAboutTheSignature) {
  const std::string folder = TOCSIN_SOURCE_DIR "/tests/conformance/cap/signed/";
  const std::string message = folder + "rsa-sha256-exclusive.xml", right = folder + "rsa.pem",
                    wrong = folder + "ec.pem";
  const auto word = [](const Outcome& o) { return json::parse(o.out)->at("signature"); };
  EXPECT_EQ(word(run({"check", message})), "unchecked");
  const Outcome held = run({"check", "--cert", right, message});
  EXPECT_EQ(word(held), "holds");
  EXPECT_EQ(held.status, 0);
  const Outcome broken = run({"check", "--cert", wrong, message});
  EXPECT_EQ(word(broken), "broken");
  EXPECT_EQ(broken.status, 1);
  EXPECT_EQ(json::parse(broken.out)->at("errors").at(0).at("code"), "cap.signature");
  EXPECT_EQ(run({"check", "--cert", message, message}).status, 2);
}

TEST(CapCommand, WrongUseIsSaid) {
  for (const auto& args : std::vector<std::vector<std::string_view>>{
           {}, {"check"}, {"chek", "a"}, {"check", "--fast"}}) {
    EXPECT_EQ(run(args).status, 2);
    EXPECT_FALSE(run(args).err.empty());
  }
}

}  // namespace
}  // namespace tocsin::cli
