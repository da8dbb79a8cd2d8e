#include "cli/house.h"

#include <filesystem>

#include "base/code_text.h"
#include "cli/file.h"
#include "server/app.h"

namespace tocsin::cli {

namespace fs = std::filesystem;

std::string line_of(const Error& error) {
  const CodeText text = text_for(error.code);
  std::string out;
  if (text.en != error.code) out = std::string(text.zh) + "。" + std::string(text.en) + ". ";
  out += "[" + error.code;
  if (!error.field.empty()) out += ", " + printable(error.field);
  if (!error.detail.empty()) out += ": " + printable(error.detail);
  return out + "]";
}

std::optional<server::Config> read_config(const std::string& folder, const std::string& config_file,
                                          std::ostream& err) {
  const fs::path file =
      config_file.empty() ? fs::path(folder) / "config.toml" : fs::path(config_file);
  std::error_code ignored;
  if (config_file.empty() && !fs::exists(file, ignored)) return server::Config{};
  auto config = server::load_config(file);
  if (config) return std::move(*config);
  for (const Error& error : config.error())
    err << "tocsin: " << file.string() << ": " << line_of(error) << "\n";
  return std::nullopt;
}

std::unique_ptr<House> open_house(const std::string& folder, const std::string& config_file,
                                  std::ostream& err) {
  const auto tell = [&](const Error& error) {
    err << "tocsin: " << line_of(error) << "\n";
    return nullptr;
  };
  auto config = read_config(folder, config_file, err);
  if (!config) return nullptr;
  std::error_code problem;
  fs::create_directories(folder, problem);
  auto house = std::make_unique<House>();
  house->config = std::move(*config);
  auto store = sqlite::SqliteStore::open(folder);
  if (!store) return tell(store.error());
  house->store = std::move(*store);
  auto keyring = keyring_file::FileKeyring::open((fs::path(folder) / "keyring/keys.json").string(),
                                                 house->dice);
  if (!keyring) return tell(keyring.error());
  house->keyring = std::move(*keyring);
  house->node =
      std::make_unique<node::Node>(server::setup_of(house->config), *house->store, *house->keyring,
                                   house->dice, house->keyring->signing_key());
  if (auto loaded = house->node->load(house->clock.now(), {}); !loaded) return tell(loaded.error());
  if (auto kept = house->node->flush(); !kept) return tell(kept.error());
  return house;
}

Result<node::Receipt> House::submit(node::Command command) {
  const auto receipt = node->submit({"account/cli", "", std::move(command)}, clock.now());
  if (!receipt) return fail(receipt.error().code, receipt.error().field);
  node->seal();
  if (auto kept = node->flush(); !kept) return std::unexpected(kept.error());
  return *receipt;
}

}  // namespace tocsin::cli
