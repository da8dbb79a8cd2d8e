#include "log/event.h"

#include <algorithm>
#include <charconv>

namespace tocsin::log {
namespace {

/// Walks over the bytes of a record, expecting exactly what docs/formats/log.md prescribes.
class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : bytes_(bytes) {}

  bool literal(std::string_view text) {
    if (!bytes_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  /// Text up to the closing quote, of the header alphabet (a blank allowed in `term`).
  bool quoted(std::string_view& out, bool may_be_empty = false) {
    const std::size_t end = bytes_.find('"', at_);
    if (end == std::string_view::npos) return false;
    out = bytes_.substr(at_, end - at_);
    if (out.empty() ? !may_be_empty : !std::ranges::all_of(out, alphabet)) return false;
    at_ = end + 1;
    return out.size() <= 200;
  }

  template <class Number>
  bool number(Number& out) {
    const char* begin = bytes_.data() + at_;
    const auto [end, problem] = std::from_chars(begin, bytes_.data() + bytes_.size(), out);
    const bool padded = end - begin > 1 && *begin == '0';
    if (problem != std::errc() || padded) return false;
    at_ += static_cast<std::size_t>(end - begin);
    return true;
  }

  std::string_view rest() const { return bytes_.substr(at_); }
  std::size_t at() const { return at_; }

  static bool alphabet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == ':' || c == '/' || c == '@' || c == '#' || c == '+' || c == '-' ||
           c == ' ';
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

bool scan(Scanner& in, Header& h) {
  std::string_view prev, at;
  if (!in.literal(R"({"log":")") || !in.quoted(h.log)) return false;
  if (!in.literal(R"(,"seq":)") || !in.number(h.seq) || h.seq == 0) return false;
  if (!in.literal(R"(,"prev":")") || !in.quoted(prev)) return false;
  const auto hash = parse_hash(prev);
  if (!hash) return false;
  h.prev = *hash;
  if (!in.literal(R"(,"at":")") || !in.quoted(at)) return false;
  const auto instant = parse_iso(at);
  if (!instant || at.size() != 24 || at.back() != 'Z') return false;
  h.at.at = *instant;
  if (in.literal(R"(,"c":)") && (!in.number(h.at.count) || h.at.count == 0)) return false;
  if (!in.literal(R"(,"entity":")") || !in.quoted(h.entity)) return false;
  if (!in.literal(R"(,"term":")") || !in.quoted(h.term)) return false;
  if (!in.literal(R"(,"type":")") || !in.quoted(h.type)) return false;
  if (!in.literal(R"(,"v":)") || !in.number(h.version) || h.version < 1) return false;
  if (!in.literal(R"(,"by":")") || !in.quoted(h.by)) return false;
  if (in.literal(R"(,"cmd":")") && !in.quoted(h.command)) return false;
  if (!in.literal(R"(,"body":)")) return false;
  const std::string_view rest = in.rest();
  if (rest.size() < 3 || rest.front() != '{' || !rest.ends_with("}}")) return false;
  h.body = rest.substr(0, rest.size() - 1);
  return true;
}

}  // namespace

bool header_text(std::string_view text) {
  return !text.empty() && text.size() <= 200 &&
         std::ranges::all_of(text, [](char c) { return c != ' ' && Scanner::alphabet(c); });
}

std::string text_of(const LogId& id) {
  return id.node + "/" + std::to_string(id.epoch) + "/" + id.lane;
}

Result<LogId> parse_log_id(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == text.npos ? text.npos : text.find('/', first + 1);
  if (second == text.npos || first == 0 || second + 1 >= text.size() || !header_text(text))
    return fail("log.bad_id", "", std::string(text.substr(0, 80)));
  LogId out{std::string(text.substr(0, first)), 0, std::string(text.substr(second + 1))};
  const std::string_view epoch = text.substr(first + 1, second - first - 1);
  const auto [end, problem] = std::from_chars(epoch.data(), epoch.data() + epoch.size(), out.epoch);
  if (problem != std::errc() || end != epoch.data() + epoch.size() || out.epoch == 0)
    return fail("log.bad_id", "epoch", std::string(text.substr(0, 80)));
  return out;
}

std::string text_of(const Position& position) {
  return text_of(position.log) + "#" + std::to_string(position.seq);
}

Result<Position> parse_position(std::string_view text) {
  const std::size_t mark = text.rfind('#');
  if (mark == text.npos) return fail("log.bad_position", "", std::string(text.substr(0, 80)));
  auto log = parse_log_id(text.substr(0, mark));
  if (!log) return std::unexpected(log.error());
  Position out{std::move(*log), 0};
  const char* last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data() + mark + 1, last, out.seq);
  if (problem != std::errc() || end != last || out.seq == 0)
    return fail("log.bad_position", "seq", std::string(text.substr(0, 80)));
  return out;
}

Result<Term> parse_term(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const std::string_view digits = text.substr(0, blank);
  Term out;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (problem != std::errc() || end != digits.data() + digits.size() || out.number == 0)
    return fail("event.bad_term", "", std::string(text.substr(0, 80)));
  if ((out.number == 1) != (blank == text.npos))
    return fail("event.bad_term", "", std::string(text.substr(0, 80)));
  if (blank == text.npos) return out;
  auto claim = parse_position(text.substr(blank + 1));
  if (!claim) return fail("event.bad_term", "claim", claim.error().detail);
  out.claim = std::move(*claim);
  return out;
}

std::string text_of(const Term& term) {
  std::string out = std::to_string(term.number);
  return term.claim ? out + " " + text_of(*term.claim) : out;
}

Result<Header> parse_header(std::string_view bytes) {
  if (bytes.size() > record_size_max)
    return fail("event.too_large", "byte " + std::to_string(record_size_max));
  Scanner in(bytes);
  Header out;
  if (!scan(in, out)) return fail("event.bad_header", "byte " + std::to_string(in.at()));
  return out;
}

Record make_record(std::string_view log, std::uint64_t seq, const Hash& prev, const Stamp& at,
                   const Draft& draft) {
  TOCSIN_CHECK(header_text(draft.entity) && header_text(draft.type) && header_text(draft.by));
  TOCSIN_CHECK(draft.command.empty() || header_text(draft.command));
  std::string out;
  out.reserve(260 + draft.body.size());
  out.append(R"({"log":")").append(log).append(R"(","seq":)").append(std::to_string(seq));
  out.append(R"(,"prev":")").append(text_of(prev)).append(R"(","at":")").append(iso_utc(at.at));
  out.append("\"");
  if (at.count > 0) out.append(R"(,"c":)").append(std::to_string(at.count));
  out.append(R"(,"entity":")").append(draft.entity);
  out.append(R"(","term":")").append(text_of(draft.term));
  out.append(R"(","type":")").append(draft.type).append(R"(","v":)");
  out.append(std::to_string(draft.version)).append(R"(,"by":")").append(draft.by).append("\"");
  if (!draft.command.empty()) out.append(R"(,"cmd":")").append(draft.command).append("\"");
  out.append(R"(,"body":)").append(draft.body).append("}");
  Record record{std::move(out), {}};
  record.hash = sha256(record.bytes);
  return record;
}

}  // namespace tocsin::log
