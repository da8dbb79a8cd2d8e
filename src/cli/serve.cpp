#include "cli/serve.h"

#include <filesystem>

#include <boost/json/serialize.hpp>

#include "cli/damage.h"
#include "cli/file.h"
#include "cli/house.h"
#include "cli/options.h"
#include "server/access/hasher.h"
#include "server/access/secrets.h"
#include "server/app.h"
#include "server/desk/importing.h"
#include "server/keys.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t import_size_max = 64u << 20;  // each kind has a limit of its own below it

int failed(std::ostream& err, const Error& error) {
  err << "tocsin: " << line_of(error) << "\n";
  return 1;
}

/// The files of the web desk: where the configuration says, else beside the program or in the
/// source tree it was built from.
fs::path web_folder_of(const server::Config& config) {
  if (!config.web_folder.empty()) return config.web_folder;
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
  for (const fs::path& at : {program / "web", program / "../web/dist", program / "../../web/dist",
                             program / "../share/tocsin/web"})
    if (fs::exists(at / "index.html", problem)) return fs::weakly_canonical(at);
  return {};
}

}  // namespace

int run_serve(Args args, std::istream&, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data", "--config"}, {}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  const std::string folder = options->get("--data");
  auto config = read_config(folder, options->get("--config"), err);
  if (!config) return 1;
  config->web_folder = web_folder_of(*config);
  server::AppOptions app_options{
      folder, std::move(*config), [&out](const std::string& line) { out << line << std::endl; },
      [&err](const std::string& line) { err << "tocsin: " << line << std::endl; }};
  auto app = server::App::open(std::move(app_options));
  if (!app) return tell_why_not_started(folder, app.error(), err);
  (*app)->run();
  return 0;
}

int run_init(Args args, std::istream&, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data", "--config"}, {}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  const std::string folder = options->get("--data");
  const auto house = open_house(folder, options->get("--config"), err);
  if (!house) return 1;
  const auto token =
      server::setup_token_of((fs::path(folder) / "keyring/setup.token").string(), house->dice);
  if (!token) return failed(err, token.error());
  out << "node " << house->node->setup().name << ", log key "
      << to_base64url(house->keyring->signing_key().pub) << "\n"
      << "set-up token (once, for the first operator): " << *token << "\n"
      << "keyring: " << (fs::path(folder) / "keyring").string()
      << " (keep a copy apart from the backups)\n";
  return 0;
}

namespace {

std::string read_line(std::istream& in) {
  std::string line;
  std::getline(in, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  return line;
}

int add_user(House& house, const Options& options, std::istream& in, std::ostream& out,
             std::ostream& err) {
  const std::string login = options.get("--login"), password = read_line(in);
  if (const auto strong = server::check_password(password, login); !strong)
    return failed(err, strong.error());
  account::Created made;
  made.login = login;
  made.password_hash = server::hash_password(password);
  made.person = {options.get("--person")};
  made.operates = options.has("--operator");
  if (const std::string post = options.get("--post"); !post.empty()) {
    if (house.node->books().posts.find(post) == nullptr)
      return failed(err, Error{"account.unknown_post", "--post", post});
    made.posts.push_back({post});
  }
  const auto done = house.submit(node::ChangeAccount{login, made});
  if (!done) return failed(err, done.error());
  out << "account " << login << " made\n";
  return 0;
}

int new_password(House& house, const std::string& login, std::istream& in, std::ostream& out,
                 std::ostream& err) {
  const std::string password = read_line(in);
  if (const auto strong = server::check_password(password, login); !strong)
    return failed(err, strong.error());
  const auto done = house.submit(
      node::ChangeAccount{login, account::PasswordSet{server::hash_password(password)}});
  if (!done) return failed(err, done.error());
  out << "password of " << login << " changed\n";
  return 0;
}

int new_codes(House& house, const std::string& login, std::ostream& out, std::ostream& err) {
  account::CodesSet codes;
  std::string printed;
  for (int i = 0; i < 8; ++i) {
    const std::string code = server::make_printed_code(house.dice);
    printed += code + "\n";
    codes.hashes.push_back(server::printed_code_hash(code));
  }
  const auto done = house.submit(node::ChangeAccount{login, codes});
  if (!done) return failed(err, done.error());
  out << "break-glass codes of " << login << ", each good once; print and lock them away:\n"
      << printed;
  return 0;
}

int new_ingest_key(House& house, const Options& options, std::ostream& out, std::ostream& err) {
  const std::string key = server::make_token(house.dice), name = options.get("--login");
  const account::IngestKeySet set{name, server::token_hash(key), options.get("--area")};
  const auto done = house.submit(node::ChangeAccount{"ingest:" + name, set});
  if (!done) return failed(err, done.error());
  out << key << "\n";
  return 0;
}

}  // namespace

int run_user(Args args, std::istream& in, std::ostream& out, std::ostream& err) {
  constexpr std::string_view help =
      "tocsin: user add|password|codes|ingest-key --data DIR --login NAME [--person ID] [--post "
      "ID] "
      "[--operator] [--area CODE]; add and password read the password from stdin\n";
  if (args.empty()) return err << help, 2;
  const std::string_view what = args.front();
  const auto options = Options::read(
      args.subspan(1), {"--data", "--config", "--login", "--person", "--post", "--area"},
      {"--operator"}, err);
  if (!options || !options->need({"--data", "--login"}, err)) return 2;
  const bool known = what == "add" || what == "password" || what == "codes" || what == "ingest-key";
  if (!known) return err << help, 2;
  const auto house = open_house(options->get("--data"), options->get("--config"), err);
  if (!house) return 1;
  if (what == "add") return add_user(*house, *options, in, out, err);
  if (what == "password") return new_password(*house, options->get("--login"), in, out, err);
  if (what == "codes") return new_codes(*house, options->get("--login"), out, err);
  return new_ingest_key(*house, *options, out, err);
}

int run_import(Args args, std::istream&, std::ostream& out, std::ostream& err) {
  if (args.size() < 2 || args[0].starts_with("--") || args[1].starts_with("--")) {
    err << "tocsin: import KIND FILE --data DIR [--dry-run] [--crs CRS] [--edition E] "
           "[--under CODE]\n  kinds, in the order in which a county is filled:";
    for (const std::string& kind : server::import_kinds()) err << " " << kind;
    err << "\n";
    return 2;
  }
  const auto options = Options::read(
      args.subspan(2), {"--data", "--config", "--crs", "--edition", "--under"}, {"--dry-run"}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  server::ImportAsked asked;
  asked.kind = args[0];
  asked.file = fs::path(args[1]).filename().string();
  asked.edition = options->get("--edition");
  asked.under = options->get("--under");
  if (const std::string crs = options->get("--crs"); !crs.empty()) {
    const auto parsed = parse_crs(crs);
    if (!parsed) return failed(err, parsed.error());
    asked.crs = *parsed;
  }
  auto bytes = read_whole(std::string(args[1]), import_size_max, "import.no_file");
  if (!bytes) return failed(err, bytes.error());
  asked.bytes = std::move(*bytes);
  const auto house = open_house(options->get("--data"), options->get("--config"), err);
  if (!house) return 1;
  auto read = server::read_import(asked, *house->node);
  if (!read) return failed(err, read.error());
  out << boost::json::serialize(read->told) << "\n";
  if (!read->whole) {
    err << "tocsin: " << asked.file << " was not imported; nothing is changed\n";
    return 1;
  }
  if (options->has("--dry-run") || !read->command) return 0;
  const auto done = house->submit(std::move(*read->command));
  if (!done && done.error().code == "register.no_change") return 0;
  if (!done) return failed(err, done.error());
  return 0;
}

}  // namespace tocsin::cli
