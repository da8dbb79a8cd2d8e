#pragma once
// The front door for HJ 212 over TCP. All connections live on one thread of their own, which owns
// what is remembered of stations; a frame is answered only once its readings are durable.

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "adapter/hj212/intake.h"
#include "server/watch/watch.h"

namespace tocsin::server {

struct Hj212Settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8602;                 ///< 0: any
  std::size_t connections_max = 4096;        ///< above it the one longest without a word is closed
  Duration idle = std::chrono::minutes(30);  ///< a silent connection is closed
  Duration at_work = std::chrono::minutes(5);  ///< a station heard so lately is not sent away
  Duration partial = std::chrono::seconds(5);  ///< half a frame is decided as it is after this
  std::vector<hj212::StationSettings> stations;
  hj212::IntakeSettings intake{};
};

/// What was set aside or seems to be a dialect, for the operator's board: one per station (or
/// stranger) and reason, however often it comes.
struct IngestNotice {
  std::string id, station, mn, reason, example;
  std::string factors;  ///< of the example what the reason is about; empty: all of it
  std::uint64_t count = 0;
  Instant first, last;
  std::string dialect;  ///< word of a suggestion, empty for frames set aside
  std::uint32_t seen = 0;
};

struct Hj212Stats {
  std::uint64_t connections = 0, accepted = 0, frames = 0, set_aside = 0, duplicates = 0,
                answers = 0, noise_bytes = 0;
};

class Hj212Listener {
 public:
  Hj212Listener(Watch& watch, const Clock& clock, Hj212Settings settings);
  ~Hj212Listener();

  /// Errors "hj212.address", "hj212.port_taken".
  Result<void> start();
  void stop();
  std::uint16_t port() const;
  Hj212Stats stats() const;
  /// Newest first; from any thread.
  std::vector<IngestNotice> notices() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::server
