#pragma once
// The commands that run or furnish a node: serve, init, user, import, play.

#include <istream>
#include <ostream>
#include <span>
#include <string_view>

namespace tocsin::cli {

using Args = std::span<const std::string_view>;

/// serve --data DIR [--config FILE]
int run_serve(Args args, std::istream& in, std::ostream& out, std::ostream& err);
/// init --data DIR: makes folder, log and keys; prints the set-up token and break-glass codes'
/// place
int run_init(Args args, std::istream& in, std::ostream& out, std::ostream& err);
/// user add|password|codes|ingest-key --data DIR --login NAME …; the password is read from stdin
int run_user(Args args, std::istream& in, std::ostream& out, std::ostream& err);
/// import KIND FILE --data DIR [--dry-run] [--crs CRS] [--edition E] [--under CODE]
int run_import(Args args, std::istream& in, std::ostream& out, std::ostream& err);
/// play FILE --hj212 HOST:PORT --push URL --key KEY [--speed N]
int run_play(Args args, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace tocsin::cli
