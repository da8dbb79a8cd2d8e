#pragma once
// Guessing is slowed down where it comes from, never where it aims: no count is kept by login
// alone, so nobody can lock the duty officer out of another room. A browser that has logged in
// before has a count of its own and does not share its neighbours' delay.

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapter/clock/clock.h"

namespace tocsin::server {

struct ThrottleSettings {
  int free_pair = 5;            // tries of one login from one address before delays begin
  int free_address = 20;        // of any login from one address
  int free_network = 100;       // from one /24 or /64
  int free_device = 8;          // from one known browser
  Duration delay_first{1'000};  // doubles with each further try
  Duration delay_max{15 * 60'000};
  Duration forget{60 * 60'000};  // a source quiet for so long begins anew
  std::size_t sources_max = 20'000;
};

/// The network a source is counted with: "192.0.2.0/24", "2001:db8:0:1::/64".
std::string network_of(std::string_view address);

/// Where a try comes from.
struct TrySource {
  std::string address;
  std::string login;
  std::string device;  // DeviceMarks::name_of, empty when unknown
  std::string way{};   // "" password, "glass" break-glass: counted apart, so that tries at the one
                       // never close the other
};

class Throttle {
 public:
  Throttle(const Clock& clock, ThrottleSettings settings) : clock_(clock), settings_(settings) {}

  /// Asks for one try. Zero: go on, and it counts as failed until `succeeded`. Else the time to
  /// wait; the try is not looked at and not counted.
  Duration take(const TrySource& source);
  /// Right password: the pair or device begins anew, the wider counts lose this one try.
  void succeeded(const TrySource& source);
  /// The try was not looked at after all (the server was busy).
  void give_back(const TrySource& source);

  std::size_t sources() const;

 private:
  struct Count {
    int tries = 0;
    Duration until{0}, last{0};
  };
  struct Rule {
    std::string key;
    int free;
  };
  std::vector<Rule> rules(const TrySource& source) const;
  void change(const TrySource& source, bool clear_narrow);
  void make_room(Duration now);

  const Clock& clock_;
  ThrottleSettings settings_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_;
};

}  // namespace tocsin::server
