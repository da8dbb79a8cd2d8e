#include "adapter/hj212/judge.h"

#include "base/time.h"

namespace tocsin::hj212 {
namespace {

constexpr Duration utc_slack = std::chrono::minutes(5);

std::string signed_text(int value) { return (value > 0 ? "+" : "") + std::to_string(value); }

}  // namespace

void tell(Case& c, std::string_view aspect, std::string_view what) {
  auto suggestion = c.memory.departs(c.station().id, aspect, what, c.now);
  if (suggestion) c.out.suggestions.push_back(std::move(*suggestion));
}

Verdict open(Case& c) {
  c.segment = parse_segment(c.envelope.segment);
  c.cp = c.segment.cp;
  c.size = c.envelope.segment.size();
  c.crc = c.envelope.crc;
  c.out.cn = c.head().command();
  c.out.station = c.registry.find(c.head().mn, c.head().st);
  if (!c.out.station) return Aside::unknown_station;
  if (!c.segment.encrypted()) return std::nullopt;
  if (!c.profile().settings.key) return Aside::no_key;
  auto plain = decrypt_cp(c.segment.cp, *c.profile().settings.key);
  if (!plain) return Aside::bad_cipher;
  c.plain = std::move(*plain);
  c.whole = plain_segment(c.segment, c.plain);
  c.cp = c.plain;
  c.size = c.whole.size();
  const auto sent = parse_crc(c.envelope.crc_text);
  c.crc = sent ? match_crc(c.whole, *sent) : std::nullopt;
  return c.crc ? std::nullopt : Verdict(Aside::bad_cipher);
}

/// A frame whose CRC nothing explains says nothing else.
void tally(Case& c) {
  const Dialect& dialect = c.profile().dialect;
  const bool usual_crc = !c.crc || c.crc == CrcVariant::standard || c.crc == dialect.crc;
  tell(c, "crc", usual_crc ? "" : "crc:" + std::string(name_of(*c.crc)));
  if (!c.crc) return;
  const int off = c.length_off();
  const bool usual_length = c.envelope.declared < 0 || off == 0 || off == dialect.length_off;
  tell(c, "len", usual_length ? "" : "len:" + signed_text(off));
  const bool usual_cp = c.segment.closed || dialect.open_cp || !c.segment.opened;
  tell(c, "cp", usual_cp ? "" : "cp:open");
}

Verdict check_form(const Case& c) {
  const Dialect& dialect = c.profile().dialect;
  const auto& password = c.profile().settings.password;
  if (!c.crc || (c.crc != CrcVariant::standard && c.crc != dialect.crc)) return Aside::bad_crc;
  if (c.envelope.declared < 0) return Aside::bad_length;
  if (c.length_off() != 0 && c.length_off() != dialect.length_off) return Aside::bad_length;
  if (!c.segment.opened || (!c.segment.closed && !dialect.open_cp)) return Aside::open_cp;
  if (password && *password != c.head().pw) return Aside::wrong_password;
  return std::nullopt;
}

void compare_clocks(Case& c) {
  if (c.head().qn.size() != 17 || c.head().rf == "1" || cp_field(c.cp, "RF") == "1") return;
  const auto qn = device_time(c.head().qn);
  if (!qn) return;
  const bool utc = c.profile().dialect.utc;
  const Duration off = *qn - c.now + (utc ? beijing_offset : Duration(0));
  c.out.clock_off = off;
  const Duration from_utc = off + beijing_offset;
  const bool looks_utc = !utc && from_utc > -utc_slack && from_utc < utc_slack;
  tell(c, "time", looks_utc ? "time:utc" : "");
}

}  // namespace tocsin::hj212
