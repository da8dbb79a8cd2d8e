#include "adapter/hj212/deviations.h"

#include <algorithm>
#include <string>

#include "adapter/hj212/command.h"
#include "adapter/hj212/factors.h"
#include "adapter/hj212/values.h"
#include "base/encode.h"

namespace tocsin::hj212 {
namespace {

class Collector {
 public:
  void note(bool departs, std::string_view name) {
    if (departs && std::ranges::find(list_, name) == list_.end()) list_.emplace_back(name);
  }
  Deviations take() { return std::move(list_); }

 private:
  Deviations list_;
};

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto l = static_cast<char>(c | 0x20);
    return (c >= '0' && c <= '9') || (l >= 'a' && l <= 'f');
  });
}

void of_envelope(const Seen& f, Collector& out) {
  const Envelope& e = f.envelope;
  const std::size_t n = e.digits.size();
  out.note(e.noise > 0, "bytes-around-frame");
  out.note(!e.closed_by_crlf, "no-crlf");
  out.note(n == 0, "no-len");
  out.note(n > 0 && n != 4, "len-" + std::to_string(n) + "-digits");
  out.note(f.plain_size > standard_segment, "len>1024");
  const bool plain_length = f.segment.encrypted() && e.declared >= 0 && !e.length_right() &&
                            (!f.crc_known || static_cast<std::size_t>(e.declared) == f.plain_size);
  out.note(f.segment.encrypted(), "sm4-encrypted");
  out.note(plain_length, "declared-length-is-plaintext-length");
  out.note(n > 0 && !e.length_right() && !plain_length, "len-mismatch");
  if (!f.crc_known) return;
  if (e.crc_text.empty()) return out.note(true, "no-crc");
  if (!f.crc) return out.note(true, "crc-bad");
  if (*f.crc != CrcVariant::standard) return out.note(true, "crc-" + std::string(name_of(*f.crc)));
  out.note(std::ranges::any_of(e.crc_text, [](char c) { return c >= 'a' && c <= 'f'; }),
           "crc-lower-case");
}

void of_names(const Segment& s, Collector& out) {
  static constexpr std::string_view names[] = {"QN",   "ST",   "CN",  "PW", "MN",
                                               "Flag", "PNUM", "PNO", "RF"};
  std::vector<std::string_view> seen;
  for_each_head_item(s.head_text, [&](std::string_view name, std::string_view) {
    const auto known = std::ranges::find_if(
        names, [&](std::string_view canonical) { return same_name(canonical, name); });
    if (known == std::end(names)) return out.note(true, "head:" + std::string(name));
    out.note(*known != name, "name-case:" + std::string(name));
    out.note(std::ranges::find(seen, *known) != seen.end(), "twice:" + std::string(*known));
    seen.push_back(*known);
  });
  const std::string_view head = s.head_text, cp = s.cp_mark.substr(0, 2);
  out.note(s.has_cp && cp != "CP", "name-case:" + std::string(cp));
  out.note(head.find(',') != std::string_view::npos, "comma-in-head");
  out.note(head.find(' ') != head.npos || s.cp_mark.find_first_of(" \t") != head.npos,
           "spaces-in-head");
  out.note(head.find(";;") != std::string_view::npos, "empty-item-in-head");
  out.note(s.has_cp && !head.empty() && !trim(head).ends_with(';'), "no-semicolon-before-cp");
}

void of_head(const Segment& s, Direction direction, Collector& out) {
  const Head& h = s.head;
  out.note(h.qn.empty(), "no-qn");
  out.note(!h.qn.empty() && (h.qn.size() != 17 || !all_digits(h.qn)), "qn-not-17-digits");
  out.note(h.st.empty(), "no-st");
  out.note(!h.st.empty() && h.st.size() != 2, "st-not-2-chars");
  out.note(h.cn.empty(), "no-cn");
  out.note(!h.cn.empty() && h.command() < 0, "cn-not-4-digits");
  out.note(!h.has_pw, "no-pw");
  out.note(h.has_pw && h.pw.empty(), "pw-empty");
  out.note(h.mn.empty(), "no-mn");
  out.note(!h.mn.empty() && (h.mn.size() != 24 || !is_hex(h.mn)), "mn-not-epc96");
  out.note(h.flag_text.empty(), "no-flag");
  out.note(!h.flag_text.empty() && !h.flag, "flag-not-a-number");
  out.note(h.flag && h.flag->version() == Version::unknown, "flag-version-unknown");
  const bool parts = !h.pnum.empty() || !h.pno.empty();
  out.note(h.flag && h.flag->split() && !parts, "D-set-no-pnum");
  out.note(parts && !(h.flag && h.flag->split()), "pnum-no-D");
  out.note(h.pnum.empty() != h.pno.empty(), "pnum-pno-not-both");
  out.note((h.pnum.size() > 1 && h.pnum[0] == '0') || (h.pno.size() > 1 && h.pno[0] == '0'),
           "pno-leading-zeros");
  out.note(direction == Direction::reply && h.flag && h.flag->wants_ack(), "ack-asks-for-ack");
}

/// Blanks outside //texts//.
bool has_blanks(std::string_view cp) {
  while (!cp.empty()) {
    const std::size_t quote = cp.find("=//");
    const std::size_t end = quote == std::string_view::npos ? quote : cp.find("//", quote + 3);
    if (cp.substr(0, quote).find_first_of(" \t") != std::string_view::npos) return true;
    if (end == std::string_view::npos)
      return quote != std::string_view::npos &&
             cp.substr(quote).find_first_of(" \t") != std::string_view::npos;
    cp.remove_prefix(end + 2);
  }
  return false;
}

void of_cp_shape(const Segment& s, std::string_view cp, Collector& out) {
  out.note(!s.has_cp, "no-cp");
  out.note(s.has_cp && !s.opened, "cp-no-open");
  out.note(s.has_cp && s.opened && !s.closed, "cp-no-close");
  out.note(s.extra_ampersand, "cp-extra-ampersand");
  out.note(s.text_behind_cp, "text-behind-cp");
  out.note(has_blanks(cp), "spaces-in-cp");
  const std::string_view body = trim(cp);
  out.note(body.ends_with(';'), "trailing-semicolon");
  out.note(body.ends_with(','), "trailing-comma");
  out.note(body.find(",;") != std::string_view::npos, "comma-semicolon");
  out.note(body.find("**") != std::string_view::npos, "asterisks");
  out.note(!valid_utf8(cp), "text-not-utf8");
}

void of_field(const Item& item, Collector& out) {
  out.note(item.code == "QN", "qn-in-cp");
  out.note(item.code == "Flag", "flag-detached");
  if (item.code != "DataTime" || item.value.size() == 14) {
    out.note(item.code == "DataTime" && !device_time(item.value), "datatime-impossible");
    return;
  }
  const bool longer = item.value.size() == 17 && all_digits(item.value);
  out.note(true, longer ? "datatime-17-digits" : "datatime-not-14-digits");
}

void of_items(std::string_view cp, Collector& out) {
  static constexpr std::string_view data_flags = "NFMSDCTB";
  ItemReader reader(cp);
  Item item;
  std::size_t group = 0;
  std::string_view code_of_group;
  while (reader.next(item)) {
    if (item.group != group) code_of_group = {};
    group = item.group;
    out.note(!item.has_equals, "no-equals-sign");
    if (!item.has_equals) continue;
    if (item.attribute.empty()) {
      of_field(item, out);
      continue;
    }
    out.note(!code_of_group.empty() && code_of_group != item.code, "many-codes-in-group");
    code_of_group = item.code;
    out.note(!known_attribute(item.attribute), "attr:" + std::string(item.attribute));
    const bool flag = item.attribute == "Flag";
    const bool known = item.value.size() == 1 && data_flags.find(item.value) != data_flags.npos;
    out.note(flag && !known, "dataflag:" + std::string(item.value));
  }
  out.note(reader.empty_items() > 0, "empty-item");
  out.note(reader.empty_groups() > 0, "empty-group");
}

bool is_device_code(std::string_view code) {  // SB1: a device, by number
  return code.starts_with("SB") && all_digits(code.substr(2));
}

void of_values(std::string_view cp, Collector& out) {
  ValueReader reader;
  for (const Value& value : reader.read(cp)) {
    out.note(!value.number, "value-not-a-number");
    if (is_device_code(value.code) || find_factor(value.code) != nullptr) continue;
    const bool old = find_factor_2005(value.code) != nullptr;
    out.note(true, old ? "code-2005" : "code-nonstandard");
  }
}

}  // namespace

Deviations deviations(const Seen& frame) {
  Collector out;
  const Direction direction = direction_of(frame.segment.head, frame.cp);
  of_envelope(frame, out);
  of_names(frame.segment, out);
  of_head(frame.segment, direction, out);
  of_cp_shape(frame.segment, frame.cp, out);
  of_items(frame.cp, out);
  of_values(frame.cp, out);
  return out.take();
}

}  // namespace tocsin::hj212
