#pragma once
// What is to be done about each frame a station sends: readings to keep, the answer to give once
// they are kept, or the reason why it is set aside. Pure: no socket, no clock, no store.
//
// How a listener uses it, per connection:
//   intake.feed(bytes);
//   while (intake.next(registry, memory, now, taken)) {
//     hand taken.readings to the store; set-asides, suggestions and notices to the board;
//     when the readings are durable: if (taken.packet) memory.remember(station id, *taken.packet);
//                                    write taken.answer, then taken.send;
//   }
// A batch over many frames and connections may be stored in one go; the answers follow it. When the
// store refuses, nothing is remembered or answered, and the station sends again.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/hj212/command.h"
#include "adapter/hj212/framer.h"
#include "adapter/hj212/memory.h"
#include "adapter/hj212/profile.h"
#include "adapter/hj212/values.h"
#include "domain/observation/reading.h"

namespace tocsin::hj212 {

/// Why a frame was not taken. It got no answer; its station will send it again or give up.
enum class Aside : std::uint8_t {
  bad_frame,        ///< over 8192 bytes, or no segment in it
  unknown_station,  ///< MN (with ST) is in no register
  bad_crc,          ///< by the standard and by the station's approved dialect
  bad_length,       ///< the same of the length
  open_cp,          ///< CP missing or not closed
  no_key,           ///< encrypted, and the station has no key
  bad_cipher,       ///< encrypted, and the key does not open it
  wrong_password,   ///< PW is not the station's
  wrong_direction,  ///< what only the host sends
  bad_time,         ///< no DataTime, or none that is a calendar instant
  time_ahead,       ///< more than a day ahead of us
  time_too_old,     ///< older than readings are kept
  no_point,         ///< none of its values belongs to a point that is set up
  no_value,         ///< no number, or nothing of several kinds could be used
  bad_flag,         ///< a data flag (数据标记) the standard does not know
  bad_attribute,    ///< a factor with an attribute the standard does not know, or without one
};
/// "hj212.unknown_station", …: the code in docs/codes.md and on the board.
std::string_view code_of(Aside reason);

struct SetAside {
  Aside reason = Aside::bad_frame;
  std::string mn;       ///< as sent, at most 64 bytes of printable text; "" when there was none
  std::string example;  ///< the frame with secrets masked, at most 1024 bytes, UTF-8
  std::string factors;  ///< what of it the reason is about, "w01018-Rtd, w21003-Rtd", at most 256
                        ///< bytes, UTF-8; "": the whole frame
};

/// One value of a frame that belongs to a point. `time`: of an instant the instant; of a period its
/// *end*, the moment from which the value was true (HJ 212 sends the start; SL 651 the end).
struct Measurement {
  Registry::PointIndex point = 0;
  Instant time;
  Duration period{0};  ///< 0 for an instant
  double value = observation::no_value;
  observation::Flag flag = observation::Flag::none;
};

/// A value that was not kept, and why: nothing is dropped in silence.
struct Skipped {
  std::string code, stat;  ///< as sent
  Aside why = Aside::no_point;
  /// Of no_point: the station has a point for another statistic of the factor.
  bool beside = false;
};

/// A reply of the station to something we asked: QnRtn (9011), ExeRtn (9012), or none (9013, 9014).
struct Reply {
  std::string qn;
  int cn = 0;
  std::optional<int> result;
};

/// What came of one frame. Either `aside` is set, or the frame was taken; then `left_out` says what
/// of it was not.
struct Taken {
  std::optional<SetAside> aside;
  std::optional<Registry::StationIndex> station;
  int cn = -1;
  bool duplicate = false;  ///< kept before: answered again, readings empty
  std::vector<Measurement> readings;
  std::vector<Skipped> skipped;
  std::vector<SetAside> left_out;    ///< of a frame that was taken: `skipped`, one per reason
  std::optional<PacketMark> packet;  ///< remember it once the readings are durable
  std::string answer;                ///< to send once the readings are durable; empty: none
  std::vector<std::string> send;     ///< commands to send after the answer (1012 after 1013)
  std::optional<Reply> reply;
  std::optional<Duration> clock_off;  ///< the station's clock minus ours, by QN, of fresh frames
  std::vector<DialectSuggestion> suggestions;

  void clear();
};

struct IntakeSettings {
  Duration ahead_max = std::chrono::hours(24);
  Duration retention = std::chrono::hours(24 * 366 * 5);
  std::size_t values_max = 512;  ///< of one frame; the standard's 950 bytes hold some 60
};

/// One connection.
class Intake {
 public:
  explicit Intake(IntakeSettings settings = {}) : settings_(settings) {}

  void feed(std::string_view bytes) { framer_.feed(bytes); }
  /// Nothing came for a while, or the connection ended: what is held is decided as it is. Call
  /// `next` afterwards. More bytes may follow.
  void flush() { framer_.finish(); }

  /// What came of the next frame; false when more bytes are needed. `out` is overwritten.
  bool next(const Registry& registry, Memory& memory, Instant now, Taken& out);

  std::uint64_t noise_bytes() const { return framer_.noise_bytes(); }
  std::size_t pending() const { return framer_.pending(); }

 private:
  IntakeSettings settings_;
  Framer framer_;
  ValueReader values_;
};

/// A frame for people to look at: PW, NewPW and NewSK masked, at most 1024 bytes, UTF-8.
std::string masked(std::string_view frame);

}  // namespace tocsin::hj212
