#pragma once
// 服务. Everything one county node runs, wired together: log and keys, node, boards, watch, front
// doors, mail. Reads top to bottom as the list of what there is.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/node.h"
#include "server/config.h"

namespace tocsin::server {

struct AppOptions {
  std::string folder;  ///< data folder
  Config config;
  std::function<void(const std::string&)> say;   ///< progress and addresses, for a terminal
  std::function<void(const std::string&)> warn;  ///< what is damaged and what to do, for stderr
};

/// What the node is told of its office by the configuration.
node::Setup setup_of(const Config& config);

class App {
 public:
  /// Opens the folder, folds the log, opens the front doors. Errors are those of the parts, the
  /// field saying which.
  static Result<std::unique_ptr<App>> open(AppOptions options);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Serves until SIGINT or SIGTERM, then ends cleanly.
  void run();

 private:
  App();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::server
