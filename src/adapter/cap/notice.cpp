// From a warning of ours to the two <info> blocks of a message.

#include <array>
#include <utility>

#include "adapter/cap/message.h"

namespace tocsin::cap {
namespace {

/// GB/T 35561 prefix to CAP category; the longest that fits counts.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> categories{{
    {"11A", "Met"},     {"11B", "Met"},       {"11C", "Geo"},    {"11D", "Geo"},
    {"11E", "Met"},     {"11F", "Env"},       {"11G", "Fire"},   {"11", "Other"},
    {"12A", "Safety"},  {"12B", "Safety"},    {"12C", "Safety"}, {"12D", "CBRNE"},
    {"12G", "Fire"},    {"12H", "Transport"}, {"12Q", "Env"},    {"12R", "Env"},
    {"12T", "CBRNE"},   {"12", "Safety"},     {"13", "Health"},  {"14", "Security"},
    {"15", "Security"},
}};

constexpr std::array<Text (*)(), 4> colours{
    [] { return Text{"红色", "red"}; },
    [] { return Text{"橙色", "orange"}; },
    [] { return Text{"黄色", "yellow"}; },
    [] { return Text{"蓝色", "blue"}; },
};

/// What is to be done, as far as the standard's words go: prepare, and from orange on carry out
/// what is planned. A cancelled warning is an all clear.
std::vector<std::string> responses(const Notice& n) {
  if (n.msg_type == MsgType::cancel) return {"AllClear"};
  if (n.level == Level::red || n.level == Level::orange) return {"Execute", "Monitor"};
  return {"Prepare", "Monitor"};
}

std::string_view urgency(const Notice& n) {
  if (n.msg_type == MsgType::cancel) return "Past";
  if (n.onset <= n.sent) return "Immediate";
  return n.onset - n.sent <= std::chrono::hours(1) ? "Expected" : "Future";
}

std::vector<Area> areas(const Notice& n, bool chinese) {
  std::vector<Area> all;
  for (const Place& place : n.places)
    all.push_back({.desc = chinese || place.name.en.empty() ? place.name.zh : place.name.en,
                   .polygons = place.polygons,
                   .circles = place.circles,
                   .geocodes = {{place.edition.empty() ? "GB/T 2260" : "GB/T 2260:" + place.edition,
                                 place.code}}});
  return all;
}

Info info_of(const Notice& n, bool chinese) {
  const auto pick = [&](const Text& text) { return chinese ? text.zh : text.en; };
  const Text colour = colours[static_cast<std::size_t>(n.level) - 1]();
  return {.language = chinese ? "zh-CN" : "en",
          .categories = {std::string(category_of(n.hazard))},
          .event = pick(n.event),
          .response_types = responses(n),
          .urgency = std::string(urgency(n)),
          .severity = std::string(severity_of(n.level)),
          .certainty = n.observed ? "Observed" : "Likely",
          .event_codes = {{"GB/T 35561", n.hazard}},
          .effective = n.sent,
          .onset = n.onset,
          .expires = n.expires,
          .sender_name = pick(n.sender_name),
          .headline = pick(n.headline),
          .description = pick(n.description),
          .instruction = pick(n.instruction),
          .web = n.web,
          .parameters = {{"level", pick(colour)},
                         {"levelCode", std::to_string(static_cast<int>(n.level))}},
          .areas = areas(n, chinese)};
}

}  // namespace

std::string_view category_of(std::string_view hazard) {
  std::string_view best = "Other";
  std::size_t length = 0;
  for (const auto& [prefix, category] : categories)
    if (hazard.starts_with(prefix) && prefix.size() > length) {
      best = category;
      length = prefix.size();
    }
  return best;
}

std::string_view severity_of(Level level) {
  switch (level) {
    case Level::red:
      return "Extreme";
    case Level::orange:
      return "Severe";
    case Level::yellow:
      return "Moderate";
    case Level::blue:
      return "Minor";
  }
  std::unreachable();
}

Message bilingual(const Notice& n) {
  Message m{.identifier = n.identifier,
            .sender = n.sender,
            .sent = n.sent,
            .status = n.status,
            .msg_type = n.msg_type,
            .scope = n.scope,
            .restriction = n.restriction,
            .note = n.note,
            .references = n.references,
            .incidents = n.incidents,
            .infos = {info_of(n, true)}};
  if (!n.headline.en.empty() && !n.event.en.empty()) m.infos.push_back(info_of(n, false));
  return m;
}

}  // namespace tocsin::cap
