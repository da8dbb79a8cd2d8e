#pragma once
// What is known of a station before it says a word: how it may depart from the standard (each way
// approved by a person), its password, its key, and which of its values are wanted.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/hj212/cipher.h"
#include "adapter/hj212/crc.h"
#include "base/time.h"
#include "domain/observation/station.h"

namespace tocsin::hj212 {

/// 设备方言. The approved departures of one station. Words, as events and the board carry them:
///  "crc:modbus-hi-first" (any name of CrcVariant)   its CRC is made that way
///  "len:+6", "len:-2"     its length field is off by so many bytes
///  "cp:open"              it never closes CP with &&
///  "time:utc"             its times are UTC, not Beijing time
///  "unit:a01006:hPa"      it sends that factor in that unit, whatever the point's unit is
struct Dialect {
  CrcVariant crc = CrcVariant::standard;  ///< taken beside the standard's own
  int length_off = 0;                     ///< declared minus actual; 0 is always taken too
  bool open_cp = false;
  bool utc = false;
  std::vector<std::pair<std::string, std::string>> units;  ///< factor code, unit sent

  /// Adds one approved word. Error "hj212.dialect" when it is none of the above.
  Result<void> approve(std::string_view word);
};

/// Secrets and settings of a station that are not in the register of stations.
struct StationSettings {
  std::string station;                                ///< id
  std::optional<std::string> password;                ///< nullopt: PW is not looked at
  std::optional<Sm4Key> key;                          ///< 2025
  Duration minute_period = std::chrono::minutes(10);  ///< length of a 2051 period
};

struct StationProfile {
  Dialect dialect;
  StationSettings settings;
};

/// All stations with their profiles: a value that is replaced whole when the register, a dialect or
/// a setting changes. Indexes are those of `stations()`.
class Registry {
 public:
  using StationIndex = observation::Stations::StationIndex;
  using PointIndex = observation::Stations::PointIndex;

  Registry() = default;
  /// `approved`: (station id, word) as approved so far. Words this version does not know and
  /// stations that are gone are passed over; `unknown()` lists them.
  static Registry make(std::shared_ptr<const observation::Stations> stations,
                       std::span<const std::pair<std::string, std::string>> approved,
                       std::span<const StationSettings> settings);

  const observation::Stations& stations() const { return *stations_; }
  std::optional<StationIndex> find(std::string_view mn, std::string_view st) const {
    return stations_->by_mn(mn, st);
  }
  const StationProfile& profile(StationIndex station) const { return profiles_[station]; }
  const observation::Station& station(StationIndex station) const {
    return stations_->stations()[station];
  }
  /// The point of a value: by the code as sent, else by the 2017 code it stands for.
  std::optional<PointIndex> point(StationIndex station, std::string_view code,
                                  std::string_view stat) const;
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  std::shared_ptr<const observation::Stations> stations_ =
      std::make_shared<const observation::Stations>();
  std::vector<StationProfile> profiles_;
  std::vector<std::string> unknown_;
};

}  // namespace tocsin::hj212
