#include "adapter/hj212/profile.h"

#include <charconv>

#include "adapter/hj212/factors.h"
#include "adapter/hj212/units.h"

namespace tocsin::hj212 {
namespace {

std::optional<int> signed_number(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  int value = 0;
  const std::string_view digits = text.substr(1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value <= 0 || value > 9999)
    return std::nullopt;
  return text[0] == '-' ? -value : value;
}

/// What stands behind `kind` and a colon; nullopt when the word is of another kind.
std::optional<std::string_view> behind(std::string_view word, std::string_view kind) {
  if (!word.starts_with(kind) || word.substr(kind.size()).substr(0, 1) != ":") return std::nullopt;
  return word.substr(kind.size() + 1);
}

}  // namespace

Result<void> Dialect::approve(std::string_view word) {
  const auto refuse = [&] { return fail("hj212.dialect", "what", std::string(word)); };
  if (word == "cp:open") {
    open_cp = true;
    return {};
  }
  if (word == "time:utc") {
    utc = true;
    return {};
  }
  if (const auto name = behind(word, "crc")) {
    const auto variant = crc_variant_of(*name);
    if (!variant) return refuse();
    crc = *variant;
    return {};
  }
  if (const auto off = behind(word, "len")) {
    const auto value = signed_number(*off);
    if (!value) return refuse();
    length_off = *value;
    return {};
  }
  if (const auto rest = behind(word, "unit")) {
    const std::size_t colon = rest->find(':');
    if (colon == 0 || colon == rest->npos || !known_unit(rest->substr(colon + 1))) return refuse();
    units.emplace_back(rest->substr(0, colon), rest->substr(colon + 1));
    return {};
  }
  return refuse();
}

Registry Registry::make(std::shared_ptr<const observation::Stations> stations,
                        std::span<const std::pair<std::string, std::string>> approved,
                        std::span<const StationSettings> settings) {
  Registry out;
  out.stations_ = std::move(stations);
  out.profiles_.resize(out.stations_->stations().size());
  for (const StationSettings& one : settings) {
    const auto station = out.stations_->station(one.station);
    if (station)
      out.profiles_[*station].settings = one;
    else
      out.unknown_.push_back(one.station);
  }
  for (const auto& [id, word] : approved) {
    const auto station = out.stations_->station(id);
    if (!station || !out.profiles_[*station].dialect.approve(word))
      out.unknown_.push_back(id + " " + word);
  }
  return out;
}

std::optional<Registry::PointIndex> Registry::point(StationIndex station, std::string_view code,
                                                    std::string_view stat) const {
  if (const auto exact = stations_->point_of(station, code, stat)) return exact;
  const std::string_view standard = standard_code(code);
  if (standard.empty() || standard == code) return std::nullopt;
  return stations_->point_of(station, standard, stat);
}

}  // namespace tocsin::hj212
