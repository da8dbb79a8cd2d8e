// The same frames as county_load's, published to an MQTT broker in one of three forms: `packed`,
// one message a frame, {"s":station,"t":seconds,"v":[five values]}; `hj212`, one message a frame,
// the text a station sends; `single`, one message a reading.
//   mqtt_load PORT STATIONS FRAMES QOS FORM
// As fast as the broker takes them; with QoS 1 at most 4,000 without its PUBACK. Prints one JSON
// line: frames, and seconds until the last was sent.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/station_frames.h"
#include "bench/station_text.h"

using namespace tocsin;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t unacknowledged_max = 4000;

bool send_all(int socket, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t n = ::send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

/// A connection that has been accepted by the broker (MQTT 3.1.1), or -1.
int connected(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return -1;
  const std::string hello("\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04load", 18);
  char answer[4] = {};
  if (!send_all(socket, hello) || ::recv(socket, answer, 4, MSG_WAITALL) != 4 || answer[3] != 0)
    return -1;
  return socket;
}

/// A PUBLISH packet; its rest is shorter than 16 kB.
std::string packet_of(const std::string& topic, const std::string& text, int qos,
                      std::uint64_t id) {
  const std::size_t rest = 2 + topic.size() + (qos > 0 ? 2 : 0) + text.size();
  std::string out(1, static_cast<char>(0x30 | qos << 1));
  if (rest > 127) out += static_cast<char>(rest % 128 | 128);
  out += static_cast<char>(rest > 127 ? rest / 128 : rest);
  out += '\0';
  out += static_cast<char>(topic.size());
  out += topic;
  if (qos > 0) {
    const std::uint64_t number = id % 65535 + 1;
    out += static_cast<char>(number >> 8);
    out += static_cast<char>(number & 0xff);
  }
  return out + text;
}

/// The packets of one frame; `sent` counts packets.
std::string packets_of(const bench::Frame& frame, std::string_view form, int qos,
                       std::uint64_t& sent) {
  const std::string topic = fmt::format("frames/{}", frame.station);
  if (form == "packed") return packet_of(topic, bench::packed_text(frame), qos, sent++);
  if (form == "hj212") return packet_of(topic, bench::hj212_text(frame, frame.time), qos, sent++);
  std::string out;
  for (std::size_t k = 0; k < bench::values_a_frame; ++k)
    out += packet_of(fmt::format("{}/{}", topic, k), bench::single_text(frame, k), qos, sent++);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return std::fputs("mqtt_load PORT STATIONS FRAMES QOS FORM\n", stderr), 2;
  const int stations = std::atoi(argv[2]), qos = std::atoi(argv[4]);
  const std::uint64_t total = std::strtoull(argv[3], nullptr, 10);
  const int socket = connected(std::atoi(argv[1]));
  if (socket < 0) return std::fputs("mqtt_load: the broker does not answer\n", stderr), 1;
  bench::StationFrames frames(stations, total / static_cast<std::uint64_t>(stations), 0,
                              instant_ms(1'780'000'000'000));
  const auto begin = Steady::now();
  const std::string_view form = argv[5];
  std::uint64_t done = 0, sent = 0, acknowledged_bytes = 0;
  std::string out;
  while (done < total) {
    const bench::Frame frame = frames.next();
    for (int i = 0; i <= (frame.twice ? 1 : 0); ++i, ++done)
      out += packets_of(frame, form, qos, sent);
    if (out.size() < 16384 && done < total) continue;
    if (!send_all(socket, out)) return std::perror("mqtt_load"), 1;
    out.clear();
    char buffer[65536];
    while (qos > 0 && sent - acknowledged_bytes / 4 > unacknowledged_max) {
      const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);  // PUBACKs, four bytes each
      if (n <= 0) return std::perror("mqtt_load"), 1;
      acknowledged_bytes += static_cast<std::uint64_t>(n);
    }
  }
  while (qos > 0 && acknowledged_bytes / 4 < sent) {
    char buffer[65536];
    const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);
    if (n <= 0) return std::perror("mqtt_load"), 1;
    acknowledged_bytes += static_cast<std::uint64_t>(n);
  }
  const double took = std::chrono::duration<double>(Steady::now() - begin).count();
  (void)send_all(socket, std::string("\xe0\x00", 2));
  ::close(socket);
  fmt::print("{{\"frames\":{},\"sent_s\":{:.2f}}}\n", done, took);
}
