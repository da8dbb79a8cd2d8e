#include "cli/decode.h"

#include <array>
#include <boost/json.hpp>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "adapter/hj212/framer.h"
#include "adapter/hj212/report.h"
#include "base/encode.h"

namespace tocsin::cli {
namespace {

constexpr std::string_view usage = "usage: tocsin decode hj212 [--stream] [--key HEX] < frames";

struct Options {
  bool stream = false;
  std::optional<hj212::Sm4Key> key;
};

/// One input line: the frame's bytes and the key to read it with.
struct Line {
  std::string bytes;
  std::optional<hj212::Sm4Key> key;
};

Result<Line> parse_json_line(std::string_view text, const Options& options) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  const boost::json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return fail("decode.json", "", "the line is no JSON object");
  Line line{.bytes = {}, .key = options.key};
  if (const auto* key = object->if_contains("key_hex"); key != nullptr && key->is_string()) {
    const auto parsed = hj212::parse_key(key->as_string());
    if (!parsed) return std::unexpected(parsed.error());
    line.key = *parsed;
  }
  if (const auto* raw = object->if_contains("raw"); raw != nullptr && raw->is_string()) {
    line.bytes = std::string(raw->as_string());
    return line;
  }
  const auto* hex = object->if_contains("hex");
  if (hex == nullptr || !hex->is_string()) return fail("decode.json", "", "neither raw nor hex");
  const auto bytes = from_hex(hex->as_string());
  if (!bytes) return fail("decode.hex", "hex", "not an even number of hex digits");
  line.bytes = std::string(as_text(*bytes));
  return line;
}

/// `text` as getline gave it; `line_end` tells whether it took a line end off.
Result<Line> parse_line(std::string_view text, bool line_end, const Options& options) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first != std::string_view::npos && text[first] == '{') return parse_json_line(text, options);
  Line line{.bytes = std::string(text), .key = options.key};
  if (line_end) line.bytes += '\n';
  return line;
}

void decode_lines(const Options& options, std::istream& in, std::ostream& out) {
  std::string text;
  for (bool first = true; std::getline(in, text); first = false) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (first && text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    const auto line = parse_line(text, !in.eof(), options);
    const hj212::Report report = line ? hj212::report_line(line->bytes, line->key)
                                      : hj212::report_error(line.error().code, line.error().detail);
    out << report.json << '\n';
  }
}

void decode_stream(const Options& options, std::istream& in, std::ostream& out, std::ostream& err) {
  hj212::Framer framer(true);
  std::size_t frames = 0;
  const auto drain = [&] {
    while (const auto frame = framer.next()) {
      out << hj212::report(*frame, options.key).json << '\n';
      ++frames;
    }
  };
  std::array<char, 65536> buffer;
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0) {
    framer.feed({buffer.data(), static_cast<std::size_t>(in.gcount())});
    drain();
  }
  framer.finish();
  drain();
  err << "tocsin decode: " << frames << " frames, " << framer.noise_bytes()
      << " bytes of noise skipped\n";
}

std::optional<Options> parse_options(std::span<const std::string_view> args, std::ostream& err) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--stream") {
      options.stream = true;
    } else if (args[i] == "--key" && i + 1 < args.size()) {
      const auto key = hj212::parse_key(args[++i]);
      if (!key) {
        err << "tocsin decode: --key takes 32 hex digits (the SM4 key)\n";
        return std::nullopt;
      }
      options.key = *key;
    } else {
      err << "tocsin decode: unknown option " << args[i] << "\n" << usage << "\n";
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace

int run_decode(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
               std::ostream& err) {
  if (args.empty() || args[0] != "hj212") {
    err << usage << "\n";
    return 2;
  }
  const auto options = parse_options(args.subspan(1), err);
  if (!options) return 2;
  if (options->stream)
    decode_stream(*options, in, out, err);
  else
    decode_lines(*options, in, out);
  out.flush();
  if (in.bad() || !out) {
    err << "tocsin decode: input or output broke off\n";
    return 1;
  }
  return 0;
}

}  // namespace tocsin::cli
