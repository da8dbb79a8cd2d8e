#pragma once
// Bytes that others hold us to: files, mails and pages as they were once agreed on. See README.md.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace tocsin::golden {

inline std::string path_of(const std::string& name) {
  return TOCSIN_SOURCE_DIR "/tests/golden/" + name;
}

/// The file's bytes; empty where there is none.
inline std::string read(const std::string& name) {
  std::ifstream in(path_of(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Empty when `made` is byte for byte what tests/golden/`name` holds, else where it first differs.
/// With TOCSIN_RENEW_GOLDEN=1 in the environment the file is written instead.
inline std::string difference(const std::string& name, const std::string& made) {
  const char* renew = std::getenv("TOCSIN_RENEW_GOLDEN");
  if (renew != nullptr && std::string(renew) == "1") {
    std::ofstream(path_of(name), std::ios::binary) << made;
    return "";
  }
  const std::string agreed = read(name);
  if (agreed == made) return "";
  const auto [there, here] = std::ranges::mismatch(agreed, made);
  const auto at = static_cast<std::size_t>(there - agreed.begin());
  const std::size_t from = at < 40 ? 0 : at - 40;
  return name + " differs at byte " + std::to_string(at) + ":\nagreed …" +
         agreed.substr(from, 120) + "\nmade   …" + made.substr(from, 120) +
         "\ntests/golden/README.md says when to renew it.";
}

}  // namespace tocsin::golden
