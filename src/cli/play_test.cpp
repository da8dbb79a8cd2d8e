#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "cli/serve.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;
using asio::ip::tcp;

struct Outcome {
  int status;
  std::string out, err;
};

Outcome play(const std::vector<std::string>& words) {
  const std::vector<std::string_view> args(words.begin(), words.end());
  std::istringstream in;
  std::ostringstream out, err;
  const int status = run_play(args, in, out, err);
  return {status, out.str(), err.str()};
}

/// A port of this machine that says its piece and hears one connection to its end.
class Ear {
 public:
  explicit Ear(std::string says = {}) : says_(std::move(says)), hearing_([this] { hear(); }) {}
  std::string address() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  std::string heard() {
    hearing_.join();
    return text_;
  }

 private:
  void hear() {
    tcp::socket socket(io_);
    acceptor_.accept(socket);
    boost::system::error_code end;
    asio::write(socket, asio::buffer(says_), end);
    asio::read(socket, asio::dynamic_buffer(text_), end);
  }

  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::string says_, text_;
  std::thread hearing_;
};

/// A port nobody listens on: bound, so nobody else gets it, and never opened.
class Deaf {
 public:
  std::string address() const {
    return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port());
  }

 private:
  asio::io_context io_;
  tcp::socket socket_{io_, {asio::ip::address_v4::loopback(), 0}};
};

class PlayTest : public testing::Test {
 protected:
  PlayTest() { fs::create_directories(folder_); }
  ~PlayTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("tocsin-play-" + std::to_string(::getpid()));
};

TEST_F(PlayTest, SendsALineWithAnMnAsAFrame) {
  const std::string file =
      write("a.jsonl", R"({"after_s":0,"station":"s","mn":"M1","values":)"
                       R"({"w21003-Rtd":1.5,"w01001-Rtd":7},"flag":{"w21003":"C"}})"
                       "\n\n");
  Ear ear;
  const Outcome r = play({file, "--hj212", ear.address()});
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_EQ(r.out, "played 1, failed 0\n");
  const std::string heard = ear.heard();
  EXPECT_TRUE(heard.starts_with("##")) << heard;
  EXPECT_NE(heard.find("w21003-Rtd=1.5,w21003-Flag=C"), std::string::npos) << heard;
  EXPECT_NE(heard.find("w01001-Rtd=7"), std::string::npos) << heard;
}

TEST_F(PlayTest, SaysOnceWhereNothingListens) {
  const std::string framed = R"({"after_s":0,"station":"s","mn":"M1","values":{"a-Rtd":1}})";
  const std::string pushed = R"({"after_s":0,"station":"s","values":{"a-Rtd":1}})";
  const std::string points = write("points.csv", "point,station,code,stat\ns.a,s,a,Rtd\n");
  const Deaf devices, desk;
  for (const auto& [line, at] : {std::pair{framed, devices.address()}, {pushed, desk.address()}}) {
    const Outcome r = play({write("a.jsonl", line + "\n" + line + "\n"), "--hj212",
                            devices.address(), "--push", desk.address(), "--points", points});
    EXPECT_EQ(r.status, 1);
    EXPECT_EQ(r.out, "played 0, failed 2\n");
    EXPECT_NE(r.err.find("[play.not_sent, " + at + ": Connection refused]"), std::string::npos)
        << r.err;
    EXPECT_EQ(std::ranges::count(r.err, '\n'), 1) << r.err;
  }
}

TEST_F(PlayTest, SaysWhatTheDeskAnswered) {
  const std::string points = write("points.csv", "point,station,code,stat\ns.a,s,a,Rtd\n");
  const std::string file = write("a.jsonl", R"({"after_s":0,"station":"s","values":{"a-Rtd":1}})");
  Ear desk("HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n{\"no\": 1}");
  const Outcome r = play({file, "--push", desk.address(), "--points", points});
  desk.heard();
  EXPECT_EQ(r.status, 1);
  EXPECT_NE(r.err.find(": HTTP 401 {\"no\": 1}]"), std::string::npos) << r.err;
}

TEST_F(PlayTest, RefusesALineThatIsSomethingElseBeforeAnythingIsSent) {
  const std::string good = R"({"after_s":0,"station":"s","mn":"M1","values":{"a-Rtd":1}})";
  for (const auto& [line, field] : std::vector<std::pair<std::string, std::string>>{
           {R"({"after_s":0,"station":"s","values":{"a-Rtd":"1"}})", "line 2, values.a-Rtd"},
           {R"({"after_s":0,"station":"s","values":[1]})", "line 2, values"},
           {R"({"after_s":0,"station":"s","values":{},"flag":{"a":1}})", "line 2, flag.a"},
           {R"({"after_s":0,"station":"s","values":{},"cn":"20x1"})", "line 2, cn"},
           {R"({"station":"s","values":{}})", "line 2, after_s"}}) {
    const Outcome r = play({write("a.jsonl", good + "\n" + line + "\n"), "--hj212", "127.0.0.1:1"});
    EXPECT_EQ(r.status, 1);
    EXPECT_NE(r.err.find("[play.bad_line, " + field), std::string::npos) << r.err;
    EXPECT_EQ(r.out, "");
  }
}

TEST_F(PlayTest, RefusesAReadingWhosePointNobodyKnows) {
  const std::string points = write("points.csv", "point,station,code,stat\ns.a,s,a,Rtd\n");
  const std::string file =
      write("a.jsonl", R"({"after_s":0,"station":"s","values":{"a-Rtd":1,"b-Rtd":2}})");
  const Outcome r = play({file, "--points", points});
  EXPECT_EQ(r.status, 1);
  EXPECT_NE(r.err.find("[play.unknown_point, --points: s|b|Rtd]"), std::string::npos) << r.err;
}

TEST_F(PlayTest, EveryReplayOfTheSampleFits) {
  const fs::path sample = fs::path(TOCSIN_SOURCE_DIR) / "sample" / "qingyuan";
  const Deaf nobody;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(sample / "replay")) {
    if (entry.path().extension() != ".jsonl") continue;
    ++files;
    std::ifstream in(entry.path());
    std::size_t lines = 0;
    for (std::string line; std::getline(in, line);) ++lines;
    const Outcome r =
        play({entry.path().string(), "--speed", "1e9", "--hj212", nobody.address(), "--push",
              nobody.address(), "--points", (sample / "points.csv").string()});
    EXPECT_NE(r.err.find("[play.not_sent, "), std::string::npos) << entry.path() << r.err;
    EXPECT_EQ(r.out, "played 0, failed " + std::to_string(lines) + "\n") << entry.path();
    EXPECT_EQ(r.status, 1);
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace tocsin::cli
