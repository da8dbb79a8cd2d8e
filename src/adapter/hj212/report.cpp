#include "adapter/hj212/report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "adapter/hj212/command.h"
#include "adapter/hj212/deviations.h"
#include "adapter/hj212/envelope.h"
#include "adapter/hj212/factors.h"
#include "adapter/hj212/frame.h"
#include "adapter/hj212/framer.h"
#include "adapter/hj212/json_text.h"
#include "adapter/hj212/values.h"

namespace tocsin::hj212 {
namespace {

/// A frame with everything that was found out about it.
struct Account {
  Envelope envelope;
  Segment segment;
  std::string plain;         ///< decrypted CP body
  std::string whole;         ///< the plain segment of an encrypted frame
  std::string_view cp;       ///< plain CP body; "" when it could not be decrypted
  std::string_view covered;  ///< what the CRC is over
  std::optional<CrcVariant> crc;
  bool readable = true;  ///< false: encrypted, and no (right) key
  std::string code;      ///< why the frame is not accepted
};

void decrypt(Account& a, const std::optional<Sm4Key>& key) {
  a.readable = false;
  a.cp = {};
  a.crc.reset();
  if (!key) {
    a.code = "hj212.key";
    return;
  }
  auto plain = decrypt_cp(a.segment.cp, *key);
  if (!plain) {
    a.code = plain.error().code;
    return;
  }
  a.plain = std::move(*plain);
  a.whole = plain_segment(a.segment, a.plain);
  a.covered = a.whole;
  if (const auto sent = parse_crc(a.envelope.crc_text)) a.crc = match_crc(a.covered, *sent);
  a.readable = a.crc.has_value();
  if (a.readable) a.cp = a.plain;
}

void fill(Account& a, const std::optional<Sm4Key>& key) {
  a.segment = parse_segment(a.envelope.segment);
  a.cp = a.segment.cp;
  a.covered = a.envelope.segment;
  a.crc = a.envelope.crc;
  if (a.segment.encrypted()) decrypt(a, key);
  if (a.crc != CrcVariant::standard && a.code.empty()) a.code = "hj212.crc";
}

std::string hex4(std::uint16_t value) {
  constexpr char digits[] = "0123456789ABCDEF";
  return {digits[value >> 12], digits[(value >> 8) & 15], digits[(value >> 4) & 15],
          digits[value & 15]};
}

void write_length(JsonText& out, const Account& a) {
  out.key("len").open('{').key("declared");
  if (a.envelope.declared >= 0)
    out.number(a.envelope.declared);
  else
    out.null();
  out.key("actual").number(static_cast<double>(a.envelope.segment.size()));
  out.key("ok").boolean(a.envelope.length_right()).close('}');
}

void write_crc(JsonText& out, const Account& a) {
  const bool encrypted = a.segment.encrypted();
  const bool computable = !encrypted || !a.whole.empty();
  out.key("crc").open('{').key("field").text(a.envelope.crc_text);
  out.key(encrypted ? "calc_over_plaintext" : "calc");
  if (computable)
    out.text(hex4(crc16(a.covered)));
  else
    out.null();
  out.key("ok").boolean(a.crc == CrcVariant::standard).key("variant");
  if (a.crc)
    out.text(std::string(name_of(*a.crc)) + (encrypted ? "-over-plaintext" : ""));
  else
    out.null();
  out.close('}');
}

/// Head fields under the names they were sent with; one that departs only in case is given under
/// the standard's name too. Of a name sent twice the last stands.
void write_head(JsonText& out, const Segment& segment) {
  static constexpr std::string_view names[] = {"QN",   "ST",   "CN",  "PW", "MN",
                                               "Flag", "PNUM", "PNO", "RF"};
  std::vector<std::pair<std::string_view, std::string_view>> items;
  const auto put = [&](std::string_view name, std::string_view value) {
    const auto found = std::ranges::find(items, name, &decltype(items)::value_type::first);
    if (found != items.end())
      found->second = value;
    else
      items.emplace_back(name, value);
  };
  for_each_head_item(segment.head_text, [&](std::string_view name, std::string_view value) {
    put(name, value);
    for (const std::string_view canonical : names)
      if (canonical != name && same_name(canonical, name)) put(canonical, value);
  });
  out.key("head").open('{');
  for (const auto& [name, value] : items) out.key(name).text(value);
  out.close('}');
}

void write_flag(JsonText& out, const Head& head) {
  out.key("flag");
  if (!head.flag) {
    out.null();
    return;
  }
  static constexpr std::string_view versions[] = {"2005", "2017", "2025"};
  const Version version = head.flag->version();
  out.open('{').key("value").number(head.flag->value).key("version");
  if (version == Version::unknown)
    out.null();
  else
    out.text(versions[static_cast<std::size_t>(version)]);
  out.key("D").boolean(head.flag->split()).key("A").boolean(head.flag->wants_ack()).close('}');
}

using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;
using Codes = std::vector<std::pair<std::string_view, Attributes>>;

/// The entry of `name`, made at the end when there is none.
template <class V>
V& entry(std::vector<std::pair<std::string_view, V>>& list, std::string_view name) {
  for (auto& [key, value] : list)
    if (key == name) return value;
  return list.emplace_back(name, V{}).second;
}

void write_group(JsonText& out, const Codes& codes) {
  if (codes.empty()) return;
  out.open('{');
  for (const auto& [code, attributes] : codes) {
    out.key(code).open('{');
    for (const auto& [name, value] : attributes) out.key(name).text(value);
    out.close('}');
  }
  out.close('}');
}

void write_cp(JsonText& out, const Account& a) {
  Attributes fields;
  std::vector<Codes> groups(1);
  ItemReader reader(a.segment.encrypted() ? std::string_view{} : a.cp);
  Item item;
  std::size_t group = 0;
  while (reader.next(item)) {
    if (item.group != group) groups.emplace_back();
    group = item.group;
    if (!item.has_equals) continue;
    if (item.attribute.empty())
      entry(fields, item.code) = item.value;
    else
      entry(entry(groups.back(), item.code), item.attribute) = item.value;
  }
  out.key("cp").open('{').key("fields").open('{');
  for (const auto& [name, value] : fields) out.key(name).text(value);
  out.close('}').key("groups").open('[');
  for (const Codes& codes : groups) write_group(out, codes);
  out.close(']');
  if (a.segment.encrypted()) {
    out.key("encrypted").boolean(true).key("plaintext");
    out.text_or_null(a.readable ? std::optional<std::string_view>(a.plain) : std::nullopt);
  }
  out.close('}');
}

void write_values(JsonText& out, std::string_view cp) {
  ValueReader reader;
  out.key("obs").open('[');
  for (const Value& value : reader.read(cp, max_segment)) {
    const std::string_view standard = standard_code(value.code);
    out.open('{').key("code").text(value.code).key("std");
    out.text_or_null(standard.empty() ? std::nullopt : std::optional(standard));
    out.key("stat").text(name_of(value.stat)).key("value");
    if (value.number)
      out.number(*value.number);
    else
      out.null();
    out.key("flag").text_or_null(value.flag);
    out.key("sample_time").text_or_null(value.sample_time).close('}');
  }
  out.close(']');
}

/// What DataTime means, or null without one.
void write_time(JsonText& out, const Account& a) {
  out.key("time");
  const auto text = cp_field(a.cp, "DataTime");
  if (!text) {
    out.null();
    return;
  }
  const TimeMeaning meaning = time_meaning(a.segment.head.command());
  const auto instant = device_time(*text);
  const bool period = meaning.kind == TimeKind::period_start;
  out.open('{').key("meaning").text(period ? "period_start" : "instant").key("period_s");
  if (meaning.period > Duration(0))
    out.number(std::chrono::duration<double>(meaning.period).count());
  else
    out.null();
  out.key("utc");
  if (instant)
    out.text(iso_utc(*instant));
  else
    out.null();
  out.close('}');
}

void write_answer(JsonText& out, const Account& a) {
  const auto cp = a.readable ? std::optional(a.cp) : std::nullopt;
  const Direction direction = direction_of(a.segment.head, cp);
  out.key("dir").text(name_of(direction)).key("ack");
  const auto ack = acknowledgement(a.segment.head, direction);
  if (!ack) {
    out.null();
    return;
  }
  out.open('{').key("by").text(ack->by_host ? "host" : "device");
  out.key("cn").text(std::to_string(ack->cn)).close('}');
}

void write_deviations(JsonText& out, const Account& a) {
  const bool encrypted = a.segment.encrypted();
  const Seen seen{.envelope = a.envelope,
                  .segment = a.segment,
                  .cp = a.cp,
                  .crc = a.crc,
                  .crc_known = !encrypted || !a.whole.empty(),
                  .plain_size = a.covered.size()};
  out.key("deviations").open('[');
  for (const std::string& name : deviations(seen)) out.text(name);
  out.close(']');
}

Account account(const Envelope& envelope, const std::optional<Sm4Key>& key) {
  Account a;
  a.envelope = envelope;
  fill(a, key);
  return a;
}

Report write(const Account& a) {
  const bool accept = a.crc == CrcVariant::standard;
  JsonText out;
  out.open('{').key("accept").boolean(accept);
  if (!accept) out.key("code").text(a.code);
  write_length(out, a);
  write_crc(out, a);
  write_head(out, a.segment);
  write_flag(out, a.segment.head);
  write_cp(out, a);
  write_values(out, a.cp);
  write_time(out, a);
  write_answer(out, a);
  write_deviations(out, a);
  out.close('}');
  return {out.take(), accept};
}

std::size_t not_blank(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !trim({&c, 1}).empty(); }));
}

bool holds_another_start(std::string_view line) {
  const std::size_t first = find_header(line);
  return first != line.npos && find_header(line.substr(first + 2)) != line.npos;
}

}  // namespace

Report report(std::string_view bytes, const std::optional<Sm4Key>& key) {
  const auto envelope = open_envelope(bytes);
  if (!envelope) return report_error(envelope.error().code, envelope.error().detail);
  return write(account(*envelope, key));
}

Report report_line(std::string_view line, const std::optional<Sm4Key>& key) {
  const auto whole = open_envelope(line);
  Report answer = report(line, key);
  if (answer.accept || (whole && whole->length_right())) return answer;
  bool found = !holds_another_start(line);
  Framer framer(true);
  framer.feed(line);
  framer.finish();
  while (const auto frame = framer.next()) {
    auto envelope = framer.envelope();
    if (!envelope) continue;
    envelope->noise += not_blank(line) - not_blank(*frame);
    Report of_frame = write(account(*envelope, key));
    if (of_frame.accept) return of_frame;
    if (!std::exchange(found, true)) answer = std::move(of_frame);
  }
  return answer;
}

Report report_error(std::string_view code, std::string_view detail) {
  JsonText out;
  out.open('{').key("accept").boolean(false).key("code").text(code);
  out.key("detail").text(detail).close('}');
  return {out.take(), false};
}

}  // namespace tocsin::hj212
