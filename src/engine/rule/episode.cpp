#include "engine/rule/episode.h"

#include <array>
#include <utility>

namespace tocsin::rule {
namespace {

constexpr std::array<std::pair<Silence, std::string_view>, 6> silence_names{{
    {Silence::none, "none"},
    {Silence::never_heard, "never_heard"},
    {Silence::no_arrival, "no_arrival"},
    {Silence::only_old, "only_old"},
    {Silence::bad_clock, "bad_clock"},
    {Silence::no_value, "no_value"},
}};

}  // namespace

Text words(Silence why) {
  switch (why) {
    case Silence::none:
      return {};
    case Silence::never_heard:
      return {"登记后从未收到数据", "Registered, and never heard"};
    case Silence::no_arrival:
      return {"没有数据到达", "Nothing arrives any more"};
    case Silence::only_old:
      return {"只有旧时刻的数据到达", "Only data of an earlier time arrive"};
    case Silence::bad_clock:
      return {"数据时刻不可信，站钟有误",
              "The times of its data are impossible: its clock is wrong"};
    case Silence::no_value:
      return {"仪器故障或通讯异常，没有可用的值",
              "Sensor fault: data arrive without a usable value"};
  }
  std::unreachable();
}

std::string_view name_of(Silence why) {
  return silence_names[static_cast<std::size_t>(why)].second;
}

std::optional<Silence> parse_silence(std::string_view name) {
  for (const auto& [why, text] : silence_names)
    if (text == name) return why;
  return std::nullopt;
}

std::string episode_id(std::string_view rule, std::string_view subject, Instant instant) {
  std::string id(rule);
  id += ':';
  id += subject;
  id += ':';
  id += std::to_string(ms_of(instant));
  return id;
}

}  // namespace tocsin::rule
