// Load for a running county: HJ 212 frames of many stations, every frame wanting its answer, which
// a node gives only once the readings are durable.
//   county_load PORT STATIONS FRAMES_PER_S SECONDS [CROSSINGS]
// FRAMES_PER_S 0: as many as are answered, at most 10,000 frames unanswered at a time. CROSSINGS
// stations go over their limit once. Prints one JSON line: frames, answered, the seconds until the
// last was sent and until the last was answered, how many frames the sender was behind at worst,
// and for each crossing "station":ms when its frame was handed to the socket.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "adapter/hj212/encode.h"
#include "bench/station_frames.h"
#include "bench/station_text.h"

using namespace tocsin;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int stations_per_connection = 20;
constexpr std::uint64_t unanswered_max = 10'000;
constexpr std::uint64_t fastest = 100'000;  // frames/s that are prepared for when no rate is asked

double wall_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

struct Connection {
  int socket = -1;
  std::string out;
  std::uint64_t answered = 0;
  char last = 0;

  bool open(int port) {
    socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }
  void push() {
    while (!out.empty()) {
      const ssize_t n = ::send(socket, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n <= 0) return;
      out.erase(0, static_cast<std::size_t>(n));
    }
  }
  /// Counts frames by their "##".
  void pull() {
    char buffer[65536];
    for (ssize_t n; (n = ::recv(socket, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;)
      for (ssize_t i = 0; i < n; ++i) {
        const bool pair = buffer[i] == '#' && last == '#';
        answered += pair ? 1 : 0;
        last = pair ? '\0' : buffer[i];
      }
  }
};

Instant wall() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

struct Asked {
  int port = 0, stations = 0;
  std::uint64_t rate = 0, seconds = 0;
  int crossings = 0;
};

class Load {
 public:
  explicit Load(const Asked& asked)
      : asked_(asked),
        total_((asked.rate > 0 ? asked.rate : fastest) * asked.seconds),
        frames_(asked.stations, total_ / static_cast<std::uint64_t>(asked.stations),
                asked.crossings, wall()),
        qn_(static_cast<std::size_t>(asked.stations)) {
    const int needed = (asked.stations + stations_per_connection - 1) / stations_per_connection;
    connections_.resize(static_cast<std::size_t>(needed));
  }

  bool run() {
    for (Connection& c : connections_)
      if (!c.open(asked_.port)) return std::perror("county_load"), false;
    begin_ = Steady::now();
    while (taken_ < total_ && seconds() < static_cast<double>(asked_.seconds) * 3) {
      const std::uint64_t due = due_now();
      behind_max_ = std::max(behind_max_, due - taken_);
      while (taken_ < due) send_next();
      for (Connection& c : connections_) c.push(), c.pull();
      if (asked_.rate == 0 && seconds() >= static_cast<double>(asked_.seconds)) break;
      ::poll(nullptr, 0, 1);
    }
    const double sent_after = seconds();
    while (answered() < sent_ && seconds() < sent_after + 10) {
      for (Connection& c : connections_) c.push(), c.pull();
      ::poll(nullptr, 0, 2);
    }
    tell(sent_after);
    return answered() == sent_;
  }

 private:
  double seconds() const { return std::chrono::duration<double>(Steady::now() - begin_).count(); }
  std::uint64_t answered() const {
    std::uint64_t sum = 0;
    for (const Connection& c : connections_) sum += c.answered;
    return sum;
  }
  /// How many frames should have been taken by now.
  std::uint64_t due_now() const {
    if (asked_.rate > 0)
      return std::min(total_,
                      static_cast<std::uint64_t>(seconds() * static_cast<double>(asked_.rate)));
    const std::uint64_t open = sent_ - answered();
    return std::min(total_, taken_ + (open < unanswered_max ? unanswered_max - open : 0));
  }
  void send_next() {
    const bench::Frame frame = frames_.next();
    Connection& c = connections_[static_cast<std::size_t>(frame.station / stations_per_connection)];
    Instant& qn = qn_[static_cast<std::size_t>(frame.station)];
    qn = std::max(wall(), qn + Duration(1));  // a station never uses one twice
    const std::string text = bench::hj212_text(frame, qn);
    c.out += text;
    ++taken_, ++sent_;
    if (frame.twice) c.out += text, ++sent_;
    if (frame.crosses) c.push(), crossed_[frame.station] = wall_ms();
  }
  void tell(double sent_after) const {
    std::string at;
    for (const auto& [station, ms] : crossed_)
      at += fmt::format("{}\"b{:04d}\":{:.1f}", at.empty() ? "" : ",", station, ms);
    fmt::print(
        "{{\"frames\":{},\"answered\":{},\"sent_s\":{:.2f},\"answered_s\":{:.2f},"
        "\"behind_max\":{},\"crossed\":{{{}}}}}\n",
        sent_, answered(), sent_after, seconds(), behind_max_, at);
  }

  Asked asked_;
  std::uint64_t total_, taken_ = 0, sent_ = 0, behind_max_ = 0;
  bench::StationFrames frames_;
  std::vector<Instant> qn_;
  std::vector<Connection> connections_;
  std::map<int, double> crossed_;
  Steady::time_point begin_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("county_load PORT STATIONS FRAMES_PER_S SECONDS [CROSSINGS]\n", stderr);
    return 2;
  }
  Asked asked;
  asked.port = std::atoi(argv[1]);
  asked.stations = std::atoi(argv[2]);
  asked.rate = std::strtoull(argv[3], nullptr, 10);
  asked.seconds = std::strtoull(argv[4], nullptr, 10);
  asked.crossings = argc > 5 ? std::atoi(argv[5]) : 0;
  return Load(asked).run() ? 0 : 1;
}
