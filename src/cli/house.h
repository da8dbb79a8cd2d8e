#pragma once
// Opening a data folder without a server: what `init`, `user` and `import` work on. The folder is
// locked, so a running server is told of, never written beside.

#include <memory>
#include <ostream>
#include <string>

#include "adapter/clock/clock.h"
#include "adapter/clock/dice.h"
#include "adapter/keyring_file/file_keyring.h"
#include "adapter/sqlite/sqlite_store.h"
#include "node/node.h"
#include "server/config.h"

namespace tocsin::cli {

struct House {
  SystemClock clock;
  SystemDice dice;
  server::Config config;
  std::unique_ptr<sqlite::SqliteStore> store;
  std::unique_ptr<keyring_file::FileKeyring> keyring;
  std::unique_ptr<node::Node> node;

  /// Submits and makes it durable. Error: the refusal's code, or the store's.
  Result<node::Receipt> submit(node::Command command);
};

/// `config_file` may be empty: DIR/config.toml when there is one, else the defaults. Tells what is
/// wrong on `err` and gives nullptr.
std::unique_ptr<House> open_house(const std::string& folder, const std::string& config_file,
                                  std::ostream& err);

/// The same for the configuration alone.
std::optional<server::Config> read_config(const std::string& folder, const std::string& config_file,
                                          std::ostream& err);

/// One line a person understands, in both languages, then what a program asks about:
/// "密钥文件损坏。The file of keys is damaged. [key.file_bad, byte 12: not JSON]".
std::string line_of(const Error& error);

}  // namespace tocsin::cli
