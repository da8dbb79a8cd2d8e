// Clients that ask one thing after another over HTTP, each on a connection of its own.
//   http_load PORT CLIENTS SECONDS METHOD HEADERS PATHS [BODY]
// HEADERS and PATHS are files, a line each; a client takes the paths in turn, a POST gets a fresh
// Command-Id. Prints one JSON line: requests answered with 2xx, others, requests/s, milliseconds
// from handing over the request to the whole answer (median, p99, most).

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using Steady = std::chrono::steady_clock;

namespace {

std::vector<std::string> lines_of(const char* path) {
  std::ifstream in(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) out.push_back(line);
  return out;
}

struct Asked {
  int port = 0, clients = 0;
  double seconds = 0;
  std::string method, headers, body;
  std::vector<std::string> paths;
};

/// One answer's length, once its head is whole; 0 until then.
std::size_t whole_length(const std::string& in) {
  const std::size_t end = in.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  std::string head = in.substr(0, end);
  std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = head.find("content-length:");
  return end + 4 + (at == std::string::npos ? 0 : std::strtoull(&head[at + 15], nullptr, 10));
}

class Client {
 public:
  bool open(const Asked& asked) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(asked.port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }
  int socket() const { return socket_; }

  /// `id` makes the Command-Id unlike every other.
  bool ask(const Asked& asked, std::uint64_t run, std::uint64_t id) {
    std::string out = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}", asked.method,
                                  asked.paths[id % asked.paths.size()], asked.port, asked.headers);
    if (asked.method != "GET")
      out += fmt::format(
          "Command-Id: {:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}\r\n"
          "Content-Type: application/json\r\nContent-Length: {}\r\n",
          run >> 32, run >> 16 & 0xffff, run >> 4 & 0xfff, run & 0xfff, id, asked.body.size());
    out += "\r\n" + asked.body;
    asked_at_ = Steady::now();
    in_.clear();
    return ::send(socket_, out.data(), out.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(out.size());
  }
  /// Status of the answer once it is whole, 0 until then, -1 when the connection is gone.
  int hear() {
    char buffer[65536];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) return -1;
    in_.append(buffer, static_cast<std::size_t>(n));
    const std::size_t length = whole_length(in_);
    if (length == 0 || in_.size() < length) return 0;
    return std::atoi(in_.c_str() + 9);
  }
  double waited_ms() const {
    return std::chrono::duration<double, std::milli>(Steady::now() - asked_at_).count();
  }

 private:
  int socket_ = -1;
  std::string in_;
  Steady::time_point asked_at_;
};

int run(const Asked& asked) {
  std::vector<Client> clients(static_cast<std::size_t>(asked.clients));
  std::vector<pollfd> waiting;
  const auto run =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  std::uint64_t id = 0, others = 0;
  for (Client& c : clients) {
    if (!c.open(asked) || !c.ask(asked, run, id++)) return std::perror("http_load"), 1;
    waiting.push_back({c.socket(), POLLIN, 0});
  }
  std::vector<double> waits;
  const auto begin = Steady::now();
  const auto end = begin + std::chrono::duration<double>(asked.seconds);
  while (Steady::now() < end) {
    ::poll(waiting.data(), waiting.size(), 100);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if ((waiting[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      const int status = clients[i].hear();
      if (status == 0) continue;
      if (status < 0) return std::fputs("http_load: a connection was closed\n", stderr), 1;
      const bool good = status / 100 == 2;
      good ? waits.push_back(clients[i].waited_ms()) : void(++others);
      if (!clients[i].ask(asked, run, id++)) return std::perror("http_load"), 1;
    }
  }
  const double took = std::chrono::duration<double>(Steady::now() - begin).count();
  if (waits.empty()) return std::fputs("http_load: not one good answer\n", stderr), 1;
  std::ranges::sort(waits);
  fmt::print(
      "{{\"clients\":{},\"answered\":{},\"others\":{},\"per_s\":{:.0f},\"p50_ms\":{:.3f},"
      "\"p99_ms\":{:.3f},\"max_ms\":{:.3f}}}\n",
      asked.clients, waits.size(), others, static_cast<double>(waits.size()) / took,
      waits[waits.size() / 2], waits[waits.size() * 99 / 100], waits.back());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fputs("http_load PORT CLIENTS SECONDS METHOD HEADERS PATHS [BODY]\n", stderr);
    return 2;
  }
  Asked asked;
  asked.port = std::atoi(argv[1]);
  asked.clients = std::atoi(argv[2]);
  asked.seconds = std::atof(argv[3]);
  asked.method = argv[4];
  for (const std::string& line : lines_of(argv[5])) asked.headers += line + "\r\n";
  asked.paths = lines_of(argv[6]);
  asked.body = argc > 7 ? argv[7] : "";
  if (asked.paths.empty()) return std::fputs("http_load: no paths\n", stderr), 2;
  return run(asked);
}
