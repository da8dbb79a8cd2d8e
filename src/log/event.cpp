#include "log/event.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tocsin::log {
namespace {

/// All of the text is a number from 1 on, without zeros in front: a number has one text form only.
template <class Number>
bool whole_number(std::string_view text, Number& out) {
  const char* end = text.data() + text.size();
  if (text.empty()) return false;
  const auto [stop, problem] = std::from_chars(text.data(), end, out);
  return problem == std::errc() && stop == end && out >= 1 && text.front() != '0';
}

/// Walks over the bytes of a record, expecting exactly what docs/formats/log.md prescribes.
/// Header texts are made of these.
constexpr auto in_alphabet = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789._:/@#+-"))
    out[static_cast<std::uint8_t>(c)] = true;
  return out;
}();
bool alphabet(char c) { return in_alphabet[static_cast<std::uint8_t>(c)]; }
bool term_alphabet(char c) { return c == ' ' || alphabet(c); }

class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : bytes_(bytes) {}

  /// What must come. Stops at the first byte that is another.
  bool literal(std::string_view text) {
    const std::string_view rest = bytes_.substr(at_);
    const auto [end, differs] = std::ranges::mismatch(rest, text);
    at_ += static_cast<std::size_t>(end - rest.begin());
    return differs == text.end();
  }
  /// What may come.
  bool optional(std::string_view text) {
    return bytes_.substr(at_).starts_with(text) && literal(text);
  }

  /// 1-200 characters of the header alphabet up to the closing quote. Stops at the bad one.
  template <bool (*allowed)(char) = alphabet>
  bool quoted(std::string_view& out) {
    const std::string_view rest = bytes_.substr(at_);
    const std::size_t end =
        static_cast<std::size_t>(std::ranges::find_if_not(rest, allowed) - rest.begin());
    out = rest.substr(0, end);
    const bool fits = end > 0 && end <= 200 && end < rest.size() && rest[end] == '"';
    at_ += fits ? end + 1 : std::min<std::size_t>(end, 200);
    return fits;
  }

  /// A text that must also be `right`; otherwise stops at its beginning.
  template <bool (*allowed)(char) = alphabet, class Right>
  bool quoted(std::string_view& out, const Right& right) {
    const std::size_t start = at_;
    if (!quoted<allowed>(out)) return false;
    if (right(out)) return true;
    at_ = start;
    return false;
  }

  /// From 1 on, without zeros in front.
  template <class Number>
  bool number(Number& out) {
    const std::string_view rest = bytes_.substr(at_);
    const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (!whole_number(rest.substr(0, end), out)) return false;
    at_ += end;
    return true;
  }

  std::string_view rest() const { return bytes_.substr(at_); }
  std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

struct LogIdParts {
  std::string_view node, lane;
  std::uint32_t epoch = 0;
};

std::optional<LogIdParts> split_log_id(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == text.npos ? text.npos : text.find('/', first + 1);
  if (second == text.npos || first == 0 || second + 1 >= text.size() || !header_text(text))
    return std::nullopt;
  LogIdParts out{text.substr(0, first), text.substr(second + 1)};
  if (!whole_number(text.substr(first + 1, second - first - 1), out.epoch)) return std::nullopt;
  return out;
}

bool scan(Scanner& in, Header& h) {
  std::string_view prev, at;
  const auto is_log = [](std::string_view text) { return split_log_id(text).has_value(); };
  const auto is_hash = [&](std::string_view text) {
    const auto hash = parse_hash(text);
    if (hash) h.prev = *hash;
    return hash.has_value();
  };
  const auto is_instant = [&](std::string_view text) {
    const bool as_we_do = text.size() == 24 && text[10] == 'T' && text[19] == '.';
    const auto instant = as_we_do && text[23] == 'Z' ? parse_iso(text) : fail("time.bad");
    if (instant) h.at.at = *instant;
    return instant.has_value();
  };
  const auto is_term = [](std::string_view text) { return text == "1" || parse_term(text); };
  if (!in.literal(R"({"log":")") || !in.quoted(h.log, is_log)) return false;
  if (!in.literal(R"(,"seq":)") || !in.number(h.seq)) return false;
  if (!in.literal(R"(,"prev":")") || !in.quoted(prev, is_hash)) return false;
  if (!in.literal(R"(,"at":")") || !in.quoted(at, is_instant)) return false;
  if (in.optional(R"(,"c":)") && !in.number(h.at.count)) return false;
  if (!in.literal(R"(,"entity":")") || !in.quoted(h.entity)) return false;
  if (!in.literal(R"(,"term":")") || !in.quoted<term_alphabet>(h.term, is_term)) return false;
  if (!in.literal(R"(,"type":")") || !in.quoted(h.type)) return false;
  if (!in.literal(R"(,"v":)") || !in.number(h.version)) return false;
  if (!in.literal(R"(,"by":")") || !in.quoted(h.by)) return false;
  if (in.optional(R"(,"cmd":")") && !in.quoted(h.command)) return false;
  if (!in.literal(R"(,"body":)")) return false;
  const std::string_view rest = in.rest();
  if (rest.size() < 3 || rest.front() != '{' || !rest.ends_with("}}")) return false;
  h.body = rest.substr(0, rest.size() - 1);
  return true;
}

}  // namespace

bool header_text(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, alphabet);
}

std::string text_of(const LogId& id) {
  return id.node + "/" + std::to_string(id.epoch) + "/" + id.lane;
}

Result<LogId> parse_log_id(std::string_view text) {
  const auto parts = split_log_id(text);
  if (!parts) return fail("log.bad_id", "", std::string(text.substr(0, 80)));
  return LogId{std::string(parts->node), parts->epoch, std::string(parts->lane)};
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
  if (!whole_number(text.substr(mark + 1), out.seq))
    return fail("log.bad_position", "seq", std::string(text.substr(0, 80)));
  return out;
}

Result<Term> parse_term(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const std::string_view digits = text.substr(0, blank);
  Term out;
  if (!whole_number(digits, out.number))
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
