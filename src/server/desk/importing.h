#pragma once
// An import from bytes to what the node is told: read, checked against what stands, and, when
// whole, one command. The same for the operator's page and for `tocsin import`.

#include <optional>
#include <string>
#include <variant>

#include <boost/json/object.hpp>

#include "adapter/import/import.h"
#include "node/node.h"

namespace tocsin::server {

struct ImportAsked {
  std::string kind, file, edition, under;
  std::optional<Crs> crs;
  std::string bytes;
};

struct ImportRead {
  boost::json::object told;              ///< what the person is shown
  bool whole = false;                    ///< no problem: it can be adopted
  std::optional<node::Command> command;  ///< then this adopts it
};

/// Error "import.unknown_kind".
Result<ImportRead> read_import(const ImportAsked& asked, const node::Node& node);

/// All kinds, in the order in which an empty county is filled; rules come last.
std::vector<std::string> import_kinds();

}  // namespace tocsin::server
