#pragma once
// The routes of docs/formats/http.md, "Session".

#include <boost/json/object.hpp>
#include <functional>

#include "adapter/http/router.h"
#include "server/access/door.h"

namespace tocsin::server {

/// What the desk is told beside the session itself.
struct NodeFacts {
  std::string name;
  std::function<std::string()> county;  ///< known once its divisions are imported
  std::string sender;                   ///< 发布单位: what goes out under a warning
  bool exercise = false;
};

void add_session_routes(http::Router& router, Door& door, Sessions& sessions, NodeFacts facts);

}  // namespace tocsin::server
