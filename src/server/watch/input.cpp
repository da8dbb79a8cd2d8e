#include "server/watch/input.h"

#include "adapter/rulebook/rulebook_file.h"
#include "server/watch/findings.h"

namespace tocsin::server {

WatchInput gather(const node::Node& node, Instant now) {
  WatchInput in;
  in.stations = std::make_shared<const observation::Stations>(node.books().stations);
  auto book = std::make_shared<rulebook::Rulebook>();
  if (const auto package = node.package_of("rules")) {
    auto read = rulebook_file::read(package->bytes);
    if (read) {
      *book = std::move(*read);
    } else {
      in.book_problem = rulebook_file::text_of(read.error().front());
    }
  }
  in.book = std::move(book);
  in.episodes = episodes_of(node, now - std::chrono::hours(24 * 30));
  in.dialects = node.office().dialects;
  in.named = node.office().sealed;
  for (const auto& [id, entry] : node.alarms().all()) {
    const alarm::Raised& r = entry.state.raised;
    if (r.quoted.empty()) continue;
    in.pins.push_back({r.point, r.quoted.front().at, r.quoted.back().at});
  }
  for (const observation::Station& station : in.stations->stations()) {
    in.areas.push_back(node.books().code_of(station.area));
    in.area_names[in.areas.back()] = node.books().area_name(in.areas.back());
  }
  return in;
}

}  // namespace tocsin::server
