#include "cli/cap.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "adapter/cap/check.h"
#include "adapter/cap/signature.h"
#include "base/encode.h"
#include "cli/file.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

/// At most one byte more than is taken, so that what is too large is told so.
std::optional<std::string> read_all(std::istream& in) {
  std::string bytes;
  char piece[65536];
  while (bytes.size() <= cap::xml_bytes_max && (in.read(piece, sizeof piece) || in.gcount() > 0))
    bytes.append(piece, static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return std::nullopt;
  return bytes;
}

std::optional<std::string> read_file(std::string_view name, std::istream& in) {
  if (name == "-") return read_all(in);
  std::ifstream file{std::string(name), std::ios::binary};
  return file ? read_all(file) : std::nullopt;
}

json::Array array_of(const std::vector<cap::Finding>& findings) {
  json::Array all;
  for (const cap::Finding& f : findings)
    all.push_back(json::Object{{"code", f.code}, {"path", f.path}, {"text", f.text}});
  return all;
}

json::Object line_of(std::string_view name, const cap::Verdict& v, std::string_view signature) {
  return {
      {"file", name},          {"valid", v.valid()},           {"format", v.format},
      {"alerts", v.alerts},    {"errors", array_of(v.errors)}, {"warnings", array_of(v.warnings)},
      {"signature", signature}};
}

/// One word for all signatures of a message: one that holds vouches for all of it, whoever else
/// signed; without any that does, one that is broken is an error.
std::string_view signature_of(std::string_view bytes, const std::string& certificate,
                              cap::Verdict& verdict) {
  if (verdict.signatures == 0) return "none";
  if (certificate.empty() || !verdict.format.starts_with("CAP")) return "unchecked";
  const auto all = cap::check_signatures(bytes, certificate);
  if (!all) {
    verdict.errors.push_back({all.error().code, "", all.error().detail});
    return "unchecked";
  }
  for (const cap::Signature one : {cap::Signature::holds, cap::Signature::broken})
    if (std::ranges::find(*all, one) != all->end()) {
      if (one == cap::Signature::broken)
        verdict.errors.push_back({"cap.signature", "alert/Signature", "does not hold"});
      return name_of(one);
    }
  return "unsupported";
}

}  // namespace

int run_cap(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
            std::ostream& err) {
  const bool check = !args.empty() && args[0] == "check";
  std::string certificate;
  if (check) args = args.subspan(1);
  if (check && args.size() > 1 && args[0] == "--cert") {
    const auto pem = read_file(args[1], in);
    if (!pem || pem->empty() || !cap::check_signatures("<alert/>", *pem)) {
      err << "tocsin: no X.509 certificate in PEM: " << args[1] << "\n";
      return 2;
    }
    certificate = *pem;
    args = args.subspan(2);
  }
  if (!check || args.empty() || args[0].starts_with("--")) {
    err << "usage: tocsin cap check [--cert PEM] FILE...\n";
    return 2;
  }
  int status = 0;
  for (const std::string_view name : args) {
    const auto bytes = read_file(name, in);
    if (!bytes) err << "tocsin: cannot read " << name << "\n";
    cap::Verdict verdict =
        bytes ? cap::check(*bytes)
              : cap::Verdict{.errors = {{"cap.unreadable", "", "the file cannot be read"}}};
    const std::string_view signature = signature_of(bytes.value_or(""), certificate, verdict);
    out << json::print(line_of(printable(name), verdict, signature)) << "\n";
    if (!verdict.valid()) status = 1;
  }
  return status;
}

}  // namespace tocsin::cli
