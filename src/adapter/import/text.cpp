#include "adapter/import/text.h"

#include <iconv.h>

#include <cerrno>

#include "base/encode.h"

namespace tocsin::importing {
namespace {

class Converter {
 public:
  Converter() : handle_(iconv_open("UTF-8", "GB18030")) {}
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool usable() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  /// Error "text.encoding", field the byte that does not fit.
  Result<std::string> convert(std::string_view bytes) {
    std::string source(bytes), out;
    char* in = source.data();
    std::size_t in_left = source.size();
    char buffer[16384];
    while (true) {
      char* to = buffer;
      std::size_t to_left = sizeof buffer;
      const auto done = iconv(handle_, in_left == 0 ? nullptr : &in, &in_left, &to, &to_left);
      const int problem = errno;
      out.append(buffer, sizeof buffer - to_left);
      if (done != static_cast<std::size_t>(-1)) {
        if (in_left == 0) return out;
      } else if (problem != E2BIG) {
        return fail("text.encoding", "byte " + std::to_string(bytes.size() - in_left),
                    "neither UTF-8 nor GB18030");
      }
    }
  }

 private:
  iconv_t handle_;
};

}  // namespace

Result<Text> read_text(std::string_view bytes) {
  if (bytes.size() > file_size_max)
    return fail("text.too_large", "", std::to_string(bytes.size()) + " bytes");
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return fail("text.utf16", "byte 0", "save it as CSV UTF-8");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (const auto nul = bytes.find('\0'); nul != std::string_view::npos)
    return fail("text.nul", "byte " + std::to_string(nul));
  if (valid_utf8(bytes)) return Text{.utf8 = std::string(bytes), .from_gb18030 = false};
  Converter converter;
  if (!converter.usable()) return fail("text.encoding", "", "this system cannot read GB18030");
  auto converted = converter.convert(bytes);
  if (!converted) return std::unexpected(converted.error());
  return Text{.utf8 = std::move(*converted), .from_gb18030 = true};
}

}  // namespace tocsin::importing
