#include "adapter/http/static_files.h"

#include <array>
#include <fstream>
#include <map>

#include "adapter/http/gzip.h"
#include "log/hash.h"

namespace tocsin::http {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t all_max = 64u << 20;

struct File {
  std::shared_ptr<const std::string> plain, packed;  // packed: nullptr where it gains nothing
  std::string type, tag;
  bool immutable = false;
};
using Files = std::map<std::string, File, std::less<>>;  // by "/assets/index-a1b2c3d4.js"

/// "index-DiwrgTda.js": a name, a dash, and 8 or more letters and digits a bundler made of the
/// bytes.
bool is_hashed(const fs::path& path) {
  const std::string stem = path.stem().string();
  const std::size_t dash = stem.rfind('-', stem.size() > 8 ? stem.size() - 9 : 0);
  if (dash == std::string::npos || stem.size() - dash - 1 < 8) return false;
  bool telling = false;  // a plain word behind a dash is no hash
  for (const char c : stem.substr(dash + 1)) {
    const bool digit = c >= '0' && c <= '9', upper = c >= 'A' && c <= 'Z';
    if (!digit && !upper && c != '_' && c != '-' && !(c >= 'a' && c <= 'z')) return false;
    telling = telling || digit || upper;
  }
  return telling;
}

Result<File> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof()) return fail("static.unreadable", path.string());
  File file;
  file.type = content_type_of(path.filename().string());
  file.tag = log::text_of(log::sha256(bytes)).substr(0, 16);
  file.immutable = is_hashed(path);
  if (gains_by_gzip(file.type) && bytes.size() >= 512) {
    std::string packed = gzip(bytes, 6);
    if (packed.size() < bytes.size() * 9 / 10)
      file.packed = std::make_shared<const std::string>(std::move(packed));
  }
  file.plain = std::make_shared<const std::string>(std::move(bytes));
  return file;
}

Result<Files> read_all(const fs::path& folder) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return fail("static.unreadable", folder.string(), error.message());
  Files files;
  std::uintmax_t total = 0;
  fs::recursive_directory_iterator entries(root, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    const fs::path real = fs::canonical(entries->path(), error);
    if (error || !fs::is_regular_file(real, error)) continue;
    if (real.lexically_relative(root).native().starts_with("..")) continue;
    total += fs::file_size(real, error);
    if (total > all_max) return fail("static.too_large", folder.string(), "more than 64 MB");
    auto file = read(real);
    if (!file) return std::unexpected(file.error());
    files["/" + entries->path().lexically_relative(root).generic_string()] = std::move(*file);
  }
  if (error) return fail("static.unreadable", folder.string(), error.message());
  return files;
}

Response answer(const File& file, bool may_gzip) {
  Response response;
  const bool packed = file.packed && may_gzip;
  response.shared_body = packed ? file.packed : file.plain;
  response.compress = false;
  response.headers.emplace_back("Content-Type", file.type);
  response.headers.emplace_back("ETag", "\"" + file.tag + (packed ? "-gz\"" : "\""));
  response.headers.emplace_back(
      "Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.packed) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

const File* look_up(const Files& files, std::string_view path) {
  auto found = files.find(path);
  if (found == files.end() && path.substr(path.rfind('/')).find('.') == std::string_view::npos)
    found = files.find("/index.html");  // an address of the desk itself
  return found == files.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view content_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 18> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".geojson", "application/geo+json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".mp3", "audio/mpeg"},
      {".wav", "audio/wav"},
      {".xml", "application/xml"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

Result<Handler> static_files(const fs::path& folder) {
  auto files = read_all(folder);
  if (!files) return std::unexpected(files.error());
  auto held = std::make_shared<const Files>(std::move(*files));
  return [held](Request request) -> asio::awaitable<Response> {
    const File* file = look_up(*held, request.path);
    if (!file) co_return problem(Error{"http.not_found", "", "no such address"});
    co_return answer(*file, takes_gzip(request.header("accept-encoding")));
  };
}

}  // namespace tocsin::http
