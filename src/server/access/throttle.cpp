#include "server/access/throttle.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace tocsin::server {

std::string network_of(std::string_view address) {
  const std::string text(address);
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) == 1) {
    std::fill(six.s6_addr + 8, six.s6_addr + 16, std::uint8_t{0});
    std::array<char, INET6_ADDRSTRLEN> out{};
    inet_ntop(AF_INET6, &six, out.data(), out.size());
    return std::string(out.data()) + "/64";
  }
  const std::size_t dot = text.rfind('.');
  return dot == std::string::npos ? text : text.substr(0, dot) + ".0/24";
}

std::vector<Throttle::Rule> Throttle::rules(const TrySource& source) const {
  const std::string way = source.way.empty() ? "" : source.way + " ";
  if (!source.device.empty()) return {{way + "device " + source.device, settings_.free_device}};
  return {{way + "pair " + source.address + " " + source.login, settings_.free_pair},
          {way + "address " + source.address, settings_.free_address},
          {way + "network " + network_of(source.address), settings_.free_network}};
}

Duration Throttle::take(const TrySource& source) {
  const Duration now = clock_.steady();
  const std::lock_guard lock(mutex_);
  const std::vector<Rule> applied = rules(source);
  Duration wait{0};
  for (const Rule& rule : applied) {
    const auto found = counts_.find(rule.key);
    if (found == counts_.end()) continue;
    if (now - found->second.last > settings_.forget)
      counts_.erase(found);
    else
      wait = std::max(wait, found->second.until - now);
  }
  if (wait > Duration(0)) return wait;
  make_room(now);
  for (const Rule& rule : applied) {
    Count& count = counts_[rule.key];
    ++count.tries;
    count.last = now;
    const int over = count.tries - rule.free;
    if (over < 0) continue;
    const Duration delay = settings_.delay_first * (std::int64_t{1} << std::min(over, 20));
    count.until = now + std::min(delay, settings_.delay_max);
  }
  return Duration(0);
}

void Throttle::change(const TrySource& source, bool clear_narrow) {
  const std::lock_guard lock(mutex_);
  bool narrow = true;  // the pair or the device comes first
  for (const Rule& rule : rules(source)) {
    const auto found = counts_.find(rule.key);
    if (found != counts_.end()) {
      Count& count = found->second;
      count.tries = narrow && clear_narrow ? 0 : std::max(0, count.tries - 1);
      if (count.tries < rule.free) count.until = Duration(0);
      if (count.tries == 0) counts_.erase(found);
    }
    narrow = false;
  }
}

void Throttle::succeeded(const TrySource& source) { change(source, true); }
void Throttle::give_back(const TrySource& source) { change(source, false); }

void Throttle::make_room(Duration now) {
  if (counts_.size() < settings_.sources_max) return;
  std::erase_if(counts_,
                [&](const auto& item) { return now - item.second.last > settings_.forget; });
  if (counts_.size() < settings_.sources_max) return;
  std::vector<Duration> last;
  last.reserve(counts_.size());
  for (const auto& [key, count] : counts_) last.push_back(count.last);
  const auto tenth = last.begin() + static_cast<std::ptrdiff_t>(last.size() / 10);
  std::ranges::nth_element(last, tenth);
  std::erase_if(counts_, [&](const auto& item) { return item.second.last <= *tenth; });
}

std::size_t Throttle::sources() const {
  const std::lock_guard lock(mutex_);
  return counts_.size();
}

}  // namespace tocsin::server
