// tocsin play: recorded readings through the real front doors, at their own pace or faster. Lines
// are JSON (docs/formats/replay.md): {"after_s", "station", "mn"?, "st"?, "cn"?, "values",
// "flag"?}. Those with an MN go as HJ 212 frames over TCP, the others as batches of POST
// /api/v1/readings.

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <fstream>
#include <map>
#include <thread>

#include "adapter/clock/clock.h"
#include "adapter/hj212/encode.h"
#include "adapter/hj212/values.h"
#include "adapter/import/csv.h"
#include "cli/file.h"
#include "cli/house.h"
#include "cli/options.h"
#include "cli/serve.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

constexpr std::size_t points_size_max = 10'000'000;

namespace asio = boost::asio;
namespace bj = boost::json;
using asio::ip::tcp;

struct Line {
  double after_s = 0;
  std::string station, mn, st;
  int cn = 2011;
  std::vector<std::pair<std::string, double>> values;  // "w01018-Rtd"
  std::map<std::string, std::string> flags;            // by code
};

Result<Line> read_row(std::string_view text) {
  const auto value = json::parse(text);
  if (!value) return std::unexpected(value.error());
  json::Fields in(*value, "play.bad_line");
  Line line;
  line.after_s = in.number("after_s");
  line.station = in.text("station", 100);
  line.mn = in.text_or("mn", "", 40);
  line.st = in.text_or("st", "32", 4);
  const std::string cn = in.text_or("cn", "2011", 4);
  if (std::from_chars(cn.data(), cn.data() + cn.size(), line.cn).ptr != cn.data() + cn.size())
    in.refuse("cn", "four digits are wanted");
  const json::Value* values = in.any("values");
  if (values == nullptr || !values->is_object()) in.refuse("values", "an object is wanted");
  if (!in.ok()) return std::unexpected(in.error());
  for (const auto& [key, number] : values->as_object()) {
    if (!number.is_number()) return fail("play.bad_line", "values." + std::string(key));
    line.values.emplace_back(key, number.to_number<double>());
  }
  const json::Value* flags = in.any("flag");
  if (flags == nullptr) return line;
  if (!flags->is_object()) return fail("play.bad_line", "flag");
  for (const auto& [key, flag] : flags->as_object()) {
    if (!flag.is_string()) return fail("play.bad_line", "flag." + std::string(key));
    line.flags[std::string(key)] = std::string(flag.as_string());
  }
  return line;
}

std::pair<std::string, std::string> split_key(const std::string& key) {
  const std::size_t dash = key.rfind('-');
  return {key.substr(0, dash), dash == std::string::npos ? "Rtd" : key.substr(dash + 1)};
}

/// One TCP connection, opened again when it was lost.
class Wire {
 public:
  explicit Wire(std::string at) : at_(std::move(at)) {}

  Result<void> send(const std::string& bytes) {
    boost::system::error_code problem;
    for (int tries = 0; tries < 2; ++tries) {
      if (!socket_.is_open()) problem = connect();
      if (problem) break;
      asio::write(socket_, asio::buffer(bytes), problem);
      if (!problem) return {};
      close();
    }
    return not_sent(problem.message());
  }
  /// Reads an HTTP response with Content-Length; its status, 0 when the connection was lost.
  int answer(std::string& body) {
    boost::system::error_code problem;
    asio::streambuf buffer;
    const std::size_t head = asio::read_until(socket_, buffer, "\r\n\r\n", problem);
    if (problem) return close(), 0;
    std::string text(asio::buffers_begin(buffer.data()), asio::buffers_end(buffer.data()));
    const std::size_t at = text.find("ontent-Length: ");
    const std::size_t want = at == std::string::npos ? 0 : std::stoul(text.substr(at + 15, 12));
    if (text.size() < head + want)
      asio::read(socket_, buffer, asio::transfer_exactly(head + want - text.size()), problem);
    text.assign(asio::buffers_begin(buffer.data()), asio::buffers_end(buffer.data()));
    body = text.substr(head, want);
    return text.size() > 12 ? std::atoi(text.c_str() + 9) : 0;
  }
  std::unexpected<Error> not_sent(std::string why) const {
    return fail("play.not_sent", at_, std::move(why));
  }
  /// Throws away what the other side said (answers to frames).
  void drain() {
    boost::system::error_code problem;
    while (socket_.is_open() && socket_.available(problem) > 0 && !problem) {
      char waste[4096];
      socket_.read_some(asio::buffer(waste), problem);
    }
  }

 private:
  boost::system::error_code connect() {
    const std::size_t colon = at_.rfind(':');
    boost::system::error_code problem;
    const auto found =
        tcp::resolver(io_).resolve(at_.substr(0, colon), at_.substr(colon + 1), problem);
    if (!problem) asio::connect(socket_, found, problem);
    if (problem) close();
    return problem;
  }
  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  std::string at_;
  asio::io_context io_;
  tcp::socket socket_{io_};
};

struct Player {
  Wire hj212, push;
  std::string host, key;
  std::map<std::string, std::string> points;  // "station|code|stat" -> id
  SystemClock clock;
  std::uint64_t sent = 0, failed = 0;

  /// Tells the first failure on `err`: the others are as a rule its like.
  void play(const Line& line, std::ostream& err) {
    const auto done = line.mn.empty() ? post(line) : frame(line);
    if (!done && failed == 0) err << "play: " << line_of(done.error()) << std::endl;
    ++(done ? sent : failed);
  }

  Result<void> frame(const Line& line) {
    hj212::Upload upload;
    upload.qn = hj212::qn_of(clock.now());
    upload.st = line.st;
    upload.mn = line.mn;
    upload.cn = line.cn;
    upload.data_time = clock.now();
    std::map<std::string, hj212::UploadFactor> factors;
    for (const auto& [name, value] : line.values) {
      const auto [code, stat] = split_key(name);
      hj212::UploadFactor& factor = factors[code];
      factor.code = code;
      factor.values.emplace_back(hj212::stat_of(stat).value_or(hj212::Stat::rtd),
                                 fmt::format("{}", value));
      if (const auto flag = line.flags.find(code); flag != line.flags.end())
        factor.flag = flag->second;
    }
    for (auto& [code, factor] : factors) upload.factors.push_back(std::move(factor));
    const auto frames = hj212::encode(upload);
    if (!frames) return std::unexpected(frames.error());
    Result<void> all;
    for (const std::string& one : *frames)
      if (auto done = hj212.send(one); !done) all = std::move(done);
    hj212.drain();
    return all;
  }

  Result<void> post(const Line& line) {
    bj::array rows;
    for (const auto& [name, value] : line.values) {
      const auto [code, stat] = split_key(name);
      bj::object row{{"point", points.at(line.station + "|" + code + "|" + stat)},
                     {"at", iso_utc(clock.now())},
                     {"value", value}};
      if (const auto flag = line.flags.find(code); flag != line.flags.end())
        row["flag"] = flag->second;
      rows.push_back(std::move(row));
    }
    const std::string body = bj::serialize(bj::object{{"readings", std::move(rows)}});
    const std::string request = fmt::format(
        "POST /api/v1/readings HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        host, key, body.size(), body);
    if (auto done = push.send(request); !done) return done;
    std::string said;
    const int status = push.answer(said);
    if (status == 0) return push.not_sent("no answer");
    const auto told = json::parse(said);
    const bj::object* answer = told ? told->if_object() : nullptr;
    const json::Value* refused = answer == nullptr ? nullptr : answer->if_contains("refused");
    if (status == 200 && refused != nullptr && refused->is_array() && refused->as_array().empty())
      return {};
    return push.not_sent(fmt::format("HTTP {} {}", status, said.substr(0, 500)));
  }
};

/// What a line pushes must be a point of the register; nothing is left out unsaid.
Result<void> check_points(const std::vector<Line>& lines, const Player& player) {
  for (const Line& line : lines)
    for (const auto& [name, value] : line.values) {
      const auto [code, stat] = split_key(name);
      const std::string key = line.station + "|" + code + "|" + stat;
      if (line.mn.empty() && !player.points.contains(key))
        return fail("play.unknown_point", "--points", key);
    }
  return {};
}

Result<std::map<std::string, std::string>> read_points(const std::string& path) {
  const auto text = read_whole(path, points_size_max, "play.no_file");
  if (!text) return std::unexpected(text.error());
  const auto records = importing::parse_csv(*text);
  if (!records || records->empty()) return fail("play.bad_points", path);
  std::map<std::string, std::size_t> column;
  for (std::size_t i = 0; i < records->front().fields.size(); ++i)
    column[records->front().fields[i]] = i;
  for (const char* name : {"point", "station", "code", "stat"})
    if (!column.contains(name)) return fail("play.bad_points", name);
  std::map<std::string, std::string> out;
  for (std::size_t i = 1; i < records->size(); ++i) {
    const auto& f = (*records)[i].fields;
    if (f.size() < records->front().fields.size()) continue;
    out[f[column["station"]] + "|" + f[column["code"]] + "|" + f[column["stat"]]] =
        f[column["point"]];
  }
  return out;
}

Result<std::vector<Line>> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail("play.no_file", path);
  std::vector<Line> out;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    if (text.empty()) continue;
    auto line = read_row(text);
    if (!line)
      return fail(line.error().code, fmt::format("line {}, {}", number, line.error().field),
                  line.error().detail);
    out.push_back(std::move(*line));
  }
  if (file.bad()) return fail("play.no_file", path, "it cannot be read");
  return out;
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

int run_play(Args args, std::istream&, std::ostream& out, std::ostream& err) {
  constexpr std::string_view help =
      "tocsin: play FILE [--speed N] [--hj212 HOST:PORT] [--push HOST:PORT --key-file FILE "
      "--points FILE] [--loop SECONDS]\n";
  if (args.empty() || args.front().starts_with("--")) return err << help, 2;
  const auto options =
      Options::read(args.subspan(1),
                    {"--speed", "--hj212", "--push", "--key-file", "--points", "--loop"}, {}, err);
  if (!options) return 2;
  const double speed = std::atof(options->get("--speed", "1").c_str());
  const double loop_s = std::atof(options->get("--loop", "0").c_str());
  if (!(speed > 0) || !(loop_s >= 0)) return err << help, 2;
  const auto lines = read_lines(std::string(args.front()));
  if (!lines) return err << "tocsin: " << line_of(lines.error()) << "\n", 1;
  Player player{Wire(options->get("--hj212", "127.0.0.1:8602")),
                Wire(options->get("--push", "127.0.0.1:8600")),
                options->get("--push", "127.0.0.1:8600"),
                first_line(options->get("--key-file")),
                {},
                {}};
  if (const std::string file = options->get("--points"); !file.empty()) {
    auto points = read_points(file);
    if (!points) return err << "tocsin: " << line_of(points.error()) << "\n", 1;
    player.points = std::move(*points);
  }
  if (const auto known = check_points(*lines, player); !known)
    return err << "tocsin: " << line_of(known.error()) << "\n", 1;
  const auto begin = std::chrono::steady_clock::now();
  double round_s = 0;
  std::uint64_t told = 0;
  do {
    for (const Line& line : *lines) {
      const std::chrono::duration<double> due((round_s + line.after_s) / speed);
      std::this_thread::sleep_until(begin +
                                    std::chrono::duration_cast<std::chrono::nanoseconds>(due));
      player.play(line, err);
      if (player.sent / 200 == told) continue;
      told = player.sent / 200;
      out << "played " << player.sent << " of " << lines->size() << " a round, at "
          << static_cast<int>(round_s + line.after_s) << " s, failed " << player.failed
          << std::endl;
    }
    round_s += loop_s;
  } while (loop_s > 0);
  out << "played " << player.sent << ", failed " << player.failed << std::endl;
  return player.failed == 0 ? 0 : 1;
}

}  // namespace tocsin::cli
