#include "log/anchor.h"

#include <charconv>

namespace tocsin::log {
namespace {

constexpr std::string_view title = "tocsin anchor 1";
constexpr std::size_t sum_size = 12;

std::string sum_of(std::string_view lines) { return text_of(sha256(lines)).substr(0, sum_size); }

/// Takes the text up to the next blank off the front.
std::string_view word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view out = line.substr(0, end);
  line.remove_prefix(end);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return out;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// One line of the anchor; false when it is none.
bool take(std::string_view line, Anchor& out) {
  const std::string_view log = word(line), seq = word(line), hash = word(line);
  Anchored one{std::string(log), {}};
  const char* end = seq.data() + seq.size();
  const auto [stop, problem] = std::from_chars(seq.data(), end, one.head.seq);
  const auto parsed = parse_hash(hash);
  if (!parse_log_id(log) || problem != std::errc() || stop != end || one.head.seq == 0 || !parsed)
    return false;
  one.head.hash = *parsed;
  out.logs.push_back(std::move(one));
  return line.empty();
}

}  // namespace

std::string print(const Anchor& anchor) {
  std::string out = std::string(title) + "\nmade " + iso_utc(anchor.made) + "\n";
  for (const auto& [log, head] : anchor.logs)
    out += log + " " + std::to_string(head.seq) + " " + text_of(head.hash) + "\n";
  return out + "sum " + sum_of(out) + "\n";
}

Result<Anchor> parse_anchor(std::string_view text) {
  Anchor out;
  std::size_t number = 0, lines = 0;
  bool ended = false;
  const auto bad = [&](const char* why) {
    return fail("anchor.bad", "line " + std::to_string(number), why);
  };
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (ended) return bad("text behind the sum");
    ++lines;
    if (lines == 1) {
      if (line != title) return bad("the first line must be: tocsin anchor 1");
    } else if (lines == 2) {
      const auto made = word(line) == "made" ? parse_iso(line) : fail("time.bad");
      if (!made) return bad("made and an instant are wanted");
      out.made = *made;
    } else if (line.starts_with("sum ")) {
      word(line);
      const std::string whole = print(out);
      if (line != std::string_view(whole).substr(whole.size() - sum_size - 1, sum_size))
        return fail("anchor.mistyped", "line " + std::to_string(number),
                    "the sum does not fit the lines above");
      ended = true;
    } else if (!take(line, out)) {
      return bad("log, number and hash are wanted");
    }
  }
  if (!ended) return bad("the last line, with the sum, is missing");
  return out;
}

}  // namespace tocsin::log
