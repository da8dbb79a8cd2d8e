#include "adapter/hj212/encode.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin::hj212 {
namespace {

int flag_value(Version version, bool split, bool wants_ack) {
  const int bits = version == Version::unknown ? 1 : static_cast<int>(version);
  return (bits << 2) | (split ? 2 : 0) | (wants_ack ? 1 : 0);
}

/// What an answer to `to` carries in CP; 2005 names the packet it answers there.
std::string answer_cp(const Head& to, int cn, std::string_view cp, bool old) {
  if (!old) return std::string(cp);
  std::string out = fmt::format("QN={}", to.qn);
  if (cn == 9014) out += fmt::format(";CN={}", to.cn);
  if (!cp.empty()) out.append(";").append(cp);
  return out;
}

std::string factor_text(const UploadFactor& factor) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!out.empty()) out += ',';
    out.append(factor.code).append("-").append(name).append("=").append(value);
  };
  if (!factor.sample_time.empty()) add("SampleTime", factor.sample_time);
  for (const auto& [stat, value] : factor.values) add(name_of(stat), value);
  if (!factor.flag.empty()) add("Flag", factor.flag);
  return out;
}

/// CP bodies of the parts; each begins with the same DataTime.
Result<std::vector<std::string>> bodies(const Upload& upload, std::size_t cp_limit) {
  const std::string start = "DataTime=" + compact_beijing(upload.data_time);
  std::vector<std::string> out{start};
  for (const UploadFactor& factor : upload.factors) {
    const std::string text = factor_text(factor);
    if (start.size() + 1 + text.size() > cp_limit)
      return fail("hj212.size", factor.code, "one factor is longer than a packet may be");
    if (out.back().size() + 1 + text.size() > cp_limit) out.push_back(start);
    out.back().append(";").append(text);
  }
  if (out.size() > 9999) return fail("hj212.size", "PNUM", "more than 9999 parts");
  return out;
}

struct Part {
  std::size_t count = 1, number = 1;
  bool split() const { return count > 1; }
};

/// Head of one part, up to and with the ";" before CP.
std::string head_of(const Upload& upload, const Part& part, std::string_view qn) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(name).append("=").append(value).append(";");
  };
  if (!qn.empty()) add("QN", qn);
  add("ST", upload.st);
  add("CN", std::to_string(upload.cn));
  add("PW", upload.pw);
  add("MN", upload.mn);
  if (upload.version)
    add("Flag", std::to_string(flag_value(*upload.version, part.split(), upload.wants_ack)));
  if (part.split()) {
    add("PNUM", std::to_string(part.count));
    add("PNO", std::to_string(part.number));
  }
  if (upload.resend) add("RF", "1");
  return out;
}

Result<std::string> part_frame(const std::string& head, const std::string& body,
                               const std::optional<Sm4Key>& key) {
  const std::string plain = head + "CP=&&" + body + "&&";
  if (!key) return enclose(plain);
  const auto cipher = encrypt_cp(body, *key);
  if (!cipher) return std::unexpected(cipher.error());
  return fmt::format("##{:04}{}CP=&&{}&&{:04X}\r\n", plain.size(), head, *cipher, crc16(plain));
}

}  // namespace

std::string enclose(std::string_view segment, CrcVariant crc) {
  return fmt::format("##{:04}{}{:04X}\r\n", segment.size(), segment, crc_for(segment, crc));
}

std::string answer(const Head& to, int cn, std::string_view cp, CrcVariant crc) {
  const Version version = to.flag ? to.flag->version() : Version::v2017;
  const bool old = version == Version::v2005;
  std::string segment;
  if (!old) segment = fmt::format("QN={};", to.qn);
  segment += fmt::format("ST=91;CN={};PW={};MN={};Flag={};CP=&&{}&&", cn, to.pw, to.mn,
                         flag_value(version, false, false), answer_cp(to, cn, cp, old));
  return enclose(segment, crc);
}

std::string encode(const Request& request, CrcVariant crc) {
  return enclose(fmt::format("QN={};ST={};CN={};PW={};MN={};Flag={};CP=&&{}&&", qn_of(request.now),
                             request.st, request.cn, request.pw, request.mn,
                             flag_value(request.version, false, request.wants_ack), request.cp),
                 crc);
}

std::string qn_of(Instant t) {
  return fmt::format("{}{:03}", compact_beijing(t), ((ms_of(t) % 1000) + 1000) % 1000);
}

Result<std::vector<std::string>> encode(const Upload& upload, const std::optional<Sm4Key>& key,
                                        std::size_t cp_limit) {
  const std::size_t furniture = head_of(upload, {9999, 9999}, upload.qn).size() + 7;  // CP=&&&&
  if (furniture > standard_segment) return fail("hj212.size", "MN", "the head fills the packet");
  const auto texts = bodies(upload, std::min(cp_limit, standard_segment - furniture));
  if (!texts) return std::unexpected(texts.error());
  const auto first = device_time(upload.qn);
  if (texts->size() > 1 && (!first || upload.qn.size() != 17))
    return fail("hj212.qn", "QN", "parts need a QN of 17 digits each");
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const std::string qn =
        i == 0 ? upload.qn : qn_of(*first + Duration(static_cast<std::int64_t>(i)));
    const std::string head = head_of(upload, {texts->size(), i + 1}, qn);
    auto frame = part_frame(head, (*texts)[i], key);
    if (!frame) return std::unexpected(frame.error());
    frames.push_back(std::move(*frame));
  }
  return frames;
}

}  // namespace tocsin::hj212
