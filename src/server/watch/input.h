#pragma once
// What the watch needs to know of the node: registers, rules, episodes told, dialects approved,
// files named. Gathered on the node's thread, used on the watch's.

#include <memory>
#include <string>
#include <vector>

#include "adapter/reading_store/reading_store.h"
#include "domain/rulebook/rulebook.h"
#include "engine/rule/episode.h"
#include "node/node.h"

namespace tocsin::server {

struct WatchInput {
  std::shared_ptr<const observation::Stations> stations;
  std::shared_ptr<const rulebook::Rulebook> book;
  std::string book_problem;  ///< code, when the rules in force cannot be read
  std::vector<rule::Episode> episodes;
  std::vector<std::pair<std::string, std::string>> dialects;
  std::vector<observation::SealedFile> named;
  std::vector<reading_store::Pin> pins;
  std::vector<std::string> areas;  ///< of stations->stations()[i]: codes of the edition in use
  std::map<std::string, std::string> area_names;  ///< of these, for the board
};

WatchInput gather(const node::Node& node, Instant now);

}  // namespace tocsin::server
