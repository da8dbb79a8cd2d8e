#include "adapter/hj212/intake.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "adapter/hj212/encode.h"
#include "adapter/hj212/json_text.h"
#include "adapter/hj212/judge.h"

namespace tocsin::hj212 {
namespace {

constexpr std::size_t example_max = 1024;
constexpr std::size_t factors_max = 256;
constexpr std::size_t echo_max = 64;  ///< longer a QN or PW is not repeated in an answer

void take_reply(Case& c) {
  Reply reply{.qn = std::string(c.head().qn), .cn = c.out.cn, .result = {}};
  if (reply.qn.empty()) reply.qn = std::string(cp_field(c.cp, "QN").value_or(""));
  const auto text = cp_field(c.cp, c.out.cn == 9011 ? "QnRtn" : "ExeRtn");
  int result = 0;
  if (text && !text->empty() &&
      std::from_chars(text->data(), text->data() + text->size(), result).ptr ==
          text->data() + text->size())
    reply.result = result;
  c.out.reply = std::move(reply);
}

void write_answer(Case& c) {
  const auto ack = acknowledgement(c.head(), Direction::up);
  const bool sane = c.head().qn.size() <= echo_max && c.head().pw.size() <= echo_max;
  if (!ack || c.head().qn.empty() || !sane) return;
  c.out.answer = answer(c.head(), ack->cn, {}, *c.crc);
}

/// 1013 asks for the time: behind the notice's answer the host sets it. Nobody else's clock is
/// touched.
void set_clock(Case& c) {
  const auto factor = cp_field(c.cp, "PolId");
  std::string cp;
  if (factor && factor->size() <= echo_max) cp = "PolId=" + std::string(*factor) + ";";
  const bool utc = c.profile().dialect.utc;
  cp += "SystemTime=" + compact_beijing(c.now - (utc ? beijing_offset : Duration(0)));
  const Request request{.now = c.now,
                        .st = c.head().st,
                        .pw = c.head().pw.substr(0, echo_max),
                        .mn = c.head().mn,
                        .cn = 1012,
                        .version = c.head().flag ? c.head().flag->version() : Version::v2017,
                        .cp = cp};
  c.out.send.push_back(encode(request, *c.crc));
}

Verdict take_upload(Case& c) {
  compare_clocks(c);
  const std::string& id = c.station().id;
  const PacketMark mark = mark_of(c.head().qn, c.head().cn, c.head().pno, c.cp);
  c.out.duplicate = c.memory.knows(id, mark);
  if (!c.out.duplicate) {
    if (c.out.cn / 1000 == 2)
      if (const Verdict no = take_values(c)) return no;
    c.out.packet = mark;
  }
  write_answer(c);
  if (c.out.cn == 1013) set_clock(c);
  return std::nullopt;
}

Verdict judge(Case& c) {
  if (const Verdict no = open(c)) return no;
  tally(c);
  if (const Verdict no = check_form(c)) return no;
  switch (direction_of(c.head(), c.cp)) {
    case Direction::reply:
      take_reply(c);
      return std::nullopt;
    case Direction::down:
      return Aside::wrong_direction;
    case Direction::up:
      return take_upload(c);
  }
  return std::nullopt;
}

SetAside set_aside(Aside reason, std::string_view mn, std::string_view frame) {
  SetAside out{.reason = reason, .mn = {}, .example = masked(frame), .factors = {}};
  for (const char c : mn.substr(0, 64))
    if (c > 0x20 && c < 0x7F) out.mn += c;
  return out;
}

/// Names what was skipped, that of one reason or all of it.
void name_factors(SetAside& out, const std::vector<Skipped>& skipped, std::optional<Aside> why) {
  for (const Skipped& one : skipped) {
    if (why && one.why != *why) continue;
    const std::string name = as_utf8(one.stat.empty() ? one.code : one.code + "-" + one.stat);
    if (out.factors.size() + name.size() + 6 > factors_max) {
      out.factors += out.factors.empty() ? "…" : ", …";
      return;
    }
    out.factors += (out.factors.empty() ? "" : ", ") + name;
  }
}

/// What of a frame that was taken was not. The least and greatest that come beside an average are
/// nothing amiss where the average is what is registered.
void tell_left_out(Taken& out, std::string_view mn, std::string_view frame) {
  std::erase_if(out.skipped, &Skipped::beside);
  for (const Aside why :
       {Aside::no_point, Aside::no_value, Aside::bad_flag, Aside::bad_attribute}) {
    if (std::ranges::find(out.skipped, why, &Skipped::why) == out.skipped.end()) continue;
    out.left_out.push_back(set_aside(why, mn, frame));
    name_factors(out.left_out.back(), out.skipped, why);
  }
}

}  // namespace

std::string_view code_of(Aside reason) {
  switch (reason) {
    case Aside::bad_frame:
      return "hj212.bad_frame";
    case Aside::unknown_station:
      return "hj212.unknown_station";
    case Aside::bad_crc:
      return "hj212.bad_crc";
    case Aside::bad_length:
      return "hj212.bad_length";
    case Aside::open_cp:
      return "hj212.open_cp";
    case Aside::no_key:
      return "hj212.no_key";
    case Aside::bad_cipher:
      return "hj212.bad_cipher";
    case Aside::wrong_password:
      return "hj212.wrong_password";
    case Aside::wrong_direction:
      return "hj212.wrong_direction";
    case Aside::bad_time:
      return "hj212.bad_time";
    case Aside::time_ahead:
      return "hj212.time_ahead";
    case Aside::time_too_old:
      return "hj212.time_too_old";
    case Aside::no_point:
      return "hj212.no_point";
    case Aside::no_value:
      return "hj212.no_value";
    case Aside::bad_flag:
      return "hj212.bad_flag";
    case Aside::bad_attribute:
      return "hj212.bad_attribute";
  }
  return {};
}

void Taken::clear() {
  readings.clear();
  skipped.clear();
  left_out.clear();
  send.clear();
  suggestions.clear();
  answer.clear();
  aside.reset();
  station.reset();
  packet.reset();
  reply.reset();
  clock_off.reset();
  cn = -1;
  duplicate = false;
}

bool Intake::next(const Registry& registry, Memory& memory, Instant now, Taken& out) {
  const auto bytes = framer_.next();
  if (!bytes) return false;
  out.clear();
  Case c{.settings = settings_,
         .registry = registry,
         .memory = memory,
         .values = values_,
         .now = now,
         .out = out,
         .envelope = {},
         .segment = {},
         .plain = {},
         .whole = {},
         .cp = {},
         .crc = {}};
  auto envelope = framer_.envelope();
  Verdict verdict = Aside::bad_frame;
  if (envelope) {
    c.envelope = *envelope;
    verdict = judge(c);
  }
  if (!verdict) {
    tell_left_out(out, c.head().mn, *bytes);
    return true;
  }
  out.readings.clear();
  out.packet.reset();
  out.aside = set_aside(*verdict, c.head().mn, *bytes);
  name_factors(*out.aside, out.skipped, std::nullopt);
  return true;
}

std::string masked(std::string_view frame) {
  std::string out;
  std::size_t cut = std::min(frame.size(), example_max);
  while (cut < frame.size() && cut > 0 && (frame[cut] & 0xC0) == 0x80) --cut;  // a whole character
  frame = frame.substr(0, cut);
  while (!frame.empty()) {
    std::size_t at = frame.size();
    for (const std::string_view secret : {"PW=", "NewSK="})  // NewPW= ends in PW= too
      at = std::min(at, frame.find(secret));
    if (at >= frame.size()) break;
    const std::size_t value = frame.find('=', at) + 1;
    out.append(frame.substr(0, value)).append("***");
    frame.remove_prefix(std::min(frame.find_first_of(";,&", value), frame.size()));
  }
  out.append(frame);
  return as_utf8(out);
}

}  // namespace tocsin::hj212
