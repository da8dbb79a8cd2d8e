// tocsin: one program, one command a line below. Exit status: 0 done, 1 input or check failed,
// 2 wrong use.

#include <algorithm>
#include <exception>
#include <iostream>
#include <span>
#include <string_view>
#include <vector>

#include "cli/backup.h"
#include "cli/cap.h"
#include "cli/decode.h"
#include "cli/serve.h"
#include "cli/verify.h"

namespace {

using Arguments = std::span<const std::string_view>;

struct Command {
  std::string_view name;
  int (*run)(Arguments);
  std::string_view help;
};

int decode(Arguments args) { return tocsin::cli::run_decode(args, std::cin, std::cout, std::cerr); }

int cap(Arguments args) { return tocsin::cli::run_cap(args, std::cin, std::cout, std::cerr); }
int verify(Arguments args) { return tocsin::cli::run_verify(args, std::cout, std::cerr); }
int anchor(Arguments args) { return tocsin::cli::run_anchor(args, std::cout, std::cerr); }
int backup(Arguments args) { return tocsin::cli::run_backup(args, std::cout, std::cerr); }
int export_log(Arguments args) { return tocsin::cli::run_export(args, std::cout, std::cerr); }

/// Adapts a command of cli/serve.h to the table.
template <int (*run)(Arguments, std::istream&, std::ostream&, std::ostream&)>
int with_streams(Arguments args) {
  return run(args, std::cin, std::cout, std::cerr);
}

namespace cli = tocsin::cli;

constexpr Command commands[] = {
    {"serve", with_streams<cli::run_serve>, "--data DIR [--config FILE]: run this node"},
    {"init", with_streams<cli::run_init>, "--data DIR: make a node's folder, log and keys"},
    {"user", with_streams<cli::run_user>, "add|password|codes|ingest-key --data DIR --login NAME"},
    {"import", with_streams<cli::run_import>,
     "KIND FILE --data DIR [--dry-run]: take in a register"},
    {"play", with_streams<cli::run_play>,
     "FILE [--speed N]: recorded readings through the front doors"},
    {"cap", cap, "check [--cert PEM] FILE...: is it a valid CAP message or feed?"},
    {"verify", verify, "--data DIR [--anchor FILE]: does the log still say what it said"},
    {"anchor", anchor, "--data DIR: the head of each log, to print or mail"},
    {"backup", backup, "--data DIR --to FOLDER [--test]: log and readings, while the node runs"},
    {"restore", with_streams<cli::run_restore>,
     "--from FOLDER --data NEWDIR [--keyring FILE]: everything outbound held"},
    {"export", export_log, "--data DIR [--log L]: records and seals as JSON Lines"},
    {"keyring", with_streams<cli::run_keyring>,
     "export|import --data DIR --to|--from FILE: keys under a passphrase"},
    {"decode", decode, "hj212 [--stream] [--key HEX]: device frames in, facts out"},
};

int usage(std::ostream& out, int status) {
  out << "usage: tocsin COMMAND [OPTION...]\n\n";
  for (const Command& command : commands)
    out << "  " << command.name << "  " << command.help << "\n";
  out << "\ntocsin --version prints the version.\n";
  return status;
}

/// What nothing below foresaw ends in one line too.
int run(const Command& command, Arguments args) {
  try {
    return command.run(args);
  } catch (const std::exception& failure) {
    std::cerr << "tocsin: " << command.name << " failed: " << failure.what() << "\n";
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::vector<std::string_view> args(argv + 1, argv + argc);
  if (args.empty()) return usage(std::cerr, 2);
  if (args[0] == "--help" || args[0] == "help") return usage(std::cout, 0);
  if (args[0] == "--version") {
    std::cout << "tocsin " << TOCSIN_VERSION << "\n";
    return 0;
  }
  for (const Command& command : commands) {
    if (command.name != args[0]) continue;
    const Arguments rest = Arguments(args).subspan(1);
    if (std::ranges::find(rest, "--help") == rest.end()) return run(command, rest);
    std::cout << "usage: tocsin " << command.name << " " << command.help << "\n";
    return 0;
  }
  std::cerr << "tocsin: no command named " << args[0] << "\n";
  return usage(std::cerr, 2);
}
