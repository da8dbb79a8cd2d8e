#include "cli/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

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

}  // namespace tocsin::cli
