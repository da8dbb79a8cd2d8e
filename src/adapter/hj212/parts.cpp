#include "adapter/hj212/parts.h"

#include <algorithm>
#include <charconv>

#include "adapter/hj212/command.h"

namespace tocsin::hj212 {
namespace {

int number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

/// Joins the parts; the DataTime that each repeats is kept from the first only.
std::string join(const std::vector<std::optional<std::string>>& parts, std::string_view time) {
  const std::string repeated = "DataTime=" + std::string(time);
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string_view part = *parts[i];
    if (i > 0 && !time.empty() && part.starts_with(repeated)) {
      part.remove_prefix(repeated.size());
      if (!part.empty()) part.remove_prefix(1);
    }
    while (part.ends_with(';')) part.remove_suffix(1);
    if (!out.empty() && !part.empty()) out += ';';
    out += part;
  }
  return out;
}

}  // namespace

Result<std::optional<std::string>> PartAssembler::add(const Head& head, std::string_view cp,
                                                      Instant now) {
  const int count = number(head.pnum), at = number(head.pno);
  if (count < 1 || at < 1 || at > count || count > max_parts)
    return fail("hj212.parts", "PNO", "PNUM and PNO do not say which part this is");
  make_room(now);
  const std::string_view time = cp_field(cp, "DataTime").value_or("");
  const Key key{std::string(head.mn), std::string(head.cn), std::string(time)};
  const auto size = static_cast<std::size_t>(count);
  Message& message =
      open_.try_emplace(key, Message{std::vector<std::optional<std::string>>(size), size, now})
          .first->second;
  if (message.parts.size() != size)
    return fail("hj212.parts", "PNUM", "the number of parts changed in the middle");
  auto& part = message.parts[static_cast<std::size_t>(at - 1)];
  if (!part) --message.missing;
  part = std::string(cp);
  if (message.missing > 0) return std::optional<std::string>();
  std::optional<std::string> whole = join(message.parts, time);
  open_.erase(key);
  return whole;
}

void PartAssembler::make_room(Instant now) {
  std::erase_if(open_, [&](const auto& entry) { return now - entry.second.first > patience; });
  if (open_.size() < max_messages) return;
  const auto oldest =
      std::ranges::min_element(open_, {}, [](const auto& entry) { return entry.second.first; });
  open_.erase(oldest);
}

}  // namespace tocsin::hj212
