// Load for a running county: HJ 212 frames of many stations at a steady rate, every frame wanting
// its answer, which a node gives only once the readings are durable.
//   county_load PORT STATIONS FRAMES_PER_S SECONDS [CROSSINGS]
// 2 % of the frames are ten minutes late, 1 % are sent twice. CROSSINGS stations go over their
// limit once, spread over the run. Prints one JSON line: sent, answered, how far behind the sender
// was, and for each crossing "station":ms when its frame was handed to the socket.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "adapter/hj212/encode.h"

using namespace tocsin;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int stations_per_connection = 20;

Instant wall() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

struct Connection {
  int socket = -1;
  std::string out;
  std::uint64_t answered = 0;
  char last = 0;

  void open(int port) {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  void push() {
    while (!out.empty()) {
      const ssize_t n = ::send(socket, out.data(), out.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      out.erase(0, static_cast<std::size_t>(n));
    }
  }
  /// Counts frames by their "##".
  void pull() {
    char buffer[65536];
    for (ssize_t n; (n = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
      for (ssize_t i = 0; i < n; ++i) {
        const bool pair = buffer[i] == '#' && last == '#';
        answered += pair ? 1 : 0;
        last = pair ? '\0' : buffer[i];
      }
  }
};

std::string frame_of(int station, Instant at, double value) {
  hj212::Upload upload;
  upload.qn = hj212::qn_of(wall());
  upload.mn = fmt::format("BENCH{:019d}", station);
  upload.data_time = at;
  for (int i = 0; i < 5; ++i)
    upload.factors.push_back(
        {fmt::format("w0100{}", i + 1),
         {{hj212::Stat::rtd,
           fmt::format("{:.2f}", i == 0 ? value : 1.0 + i + (station + i) % 7 * 0.01)}}});
  return hj212::encode(upload)->front();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5)
    return std::fprintf(stderr, "county_load PORT STATIONS RATE SECONDS [CROSSINGS]\n"), 2;
  const int port = std::atoi(argv[1]), stations = std::atoi(argv[2]), rate = std::atoi(argv[3]);
  const int seconds = std::atoi(argv[4]), crossings = argc > 5 ? std::atoi(argv[5]) : 0;
  std::vector<Connection> connections(
      static_cast<std::size_t>((stations + stations_per_connection - 1) / stations_per_connection));
  for (Connection& c : connections) c.open(port);
  const auto begin = Steady::now();
  const std::uint64_t total =
      static_cast<std::uint64_t>(rate) * static_cast<std::uint64_t>(seconds);
  std::uint64_t sent = 0, frames = 0, behind_max = 0;
  std::map<int, std::int64_t> crossed;
  while (sent < total) {
    const auto elapsed = std::chrono::duration<double>(Steady::now() - begin).count();
    const auto due = std::min<std::uint64_t>(total, static_cast<std::uint64_t>(elapsed * rate));
    behind_max = std::max(behind_max, due - sent);
    for (; sent < due; ++sent) {
      const int station = static_cast<int>(sent % static_cast<std::uint64_t>(stations));
      const std::uint64_t round = sent / static_cast<std::uint64_t>(stations);
      const std::uint64_t rounds = total / static_cast<std::uint64_t>(stations);
      const bool crosses = station < crossings &&
                           round == rounds / 4 + static_cast<std::uint64_t>(station) * rounds / 2 /
                                                     static_cast<std::uint64_t>(crossings);
      const bool late = !crosses && sent % 50 == 7;
      const Instant now = wall();
      Connection& c = connections[static_cast<std::size_t>(station / stations_per_connection)];
      const std::string one =
          frame_of(station, late ? now - std::chrono::minutes(10) : now, crosses ? 9.5 : 1.5);
      c.out += one;
      ++frames;
      if (sent % 100 == 13) c.out += one, ++frames;
      if (crosses) c.push(), crossed[station] = ms_of(wall());
    }
    for (Connection& c : connections) c.push(), c.pull();
    ::poll(nullptr, 0, 1);
  }
  const double took = std::chrono::duration<double>(Steady::now() - begin).count();
  const auto end = Steady::now() + std::chrono::seconds(10);
  std::uint64_t answered = 0;
  while (Steady::now() < end) {
    answered = 0;
    for (Connection& c : connections) c.push(), c.pull(), answered += c.answered;
    if (answered >= frames) break;
    ::poll(nullptr, 0, 5);
  }
  const double drained = std::chrono::duration<double>(Steady::now() - begin).count();
  std::string at;
  for (const auto& [station, ms] : crossed)
    at += fmt::format("{}\"b{:04d}\":{}", at.empty() ? "" : ",", station, ms);
  fmt::print(
      "{{\"frames\":{},\"answered\":{},\"seconds\":{:.2f},\"drained_s\":{:.2f},\"behind_max\":{},"
      "\"crossed\":{{{}}}}}\n",
      frames, answered, took, drained, behind_max, at);
  return answered == frames ? 0 : 1;
}
