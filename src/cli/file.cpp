#include "cli/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/encode.h"

namespace tocsin::cli {

Result<std::string> read_whole(const std::string& path, std::size_t most, const char* code) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return fail(code, path, std::strerror(errno));
  std::string out;
  char piece[65536];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, file.get())) {
    out.append(piece, size);
    if (out.size() > most) return fail(code, path, "above " + std::to_string(most) + " bytes");
  }
  if (std::ferror(file.get()) != 0) return fail(code, path, std::strerror(errno));
  return out;
}

std::string printable(std::string_view text) {
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  if (valid_utf8(text) && std::ranges::none_of(text, is_control)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool as_it_is = byte < 0x80 && !is_control(c);
    out += as_it_is ? std::string(1, c) : "\\x" + to_hex({&byte, 1});
  }
  return out;
}

}  // namespace tocsin::cli
