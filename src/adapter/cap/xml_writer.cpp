#include "adapter/cap/xml_writer.h"

#include "base/encode.h"

namespace tocsin::cap {
namespace {

bool carried(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r';
}

/// U+FFFE and U+FFFF are the only others XML 1.0 forbids; in UTF-8 they are EF BF BE and EF BF BF.
bool forbidden_at(std::string_view text, std::size_t i) {
  return text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF";
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\r':
      out += "&#13;";
      break;
    default:
      out += c;
  }
}

}  // namespace

void XmlWriter::indent() { out_.append(static_cast<std::size_t>(depth_) * 2, ' '); }

void XmlWriter::escape(std::string_view text) {
  if (!valid_utf8(text)) {
    clean_ = false;
    return;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!carried(text[i]) || forbidden_at(text, i))
      clean_ = false;
    else
      append_escaped(out_, text[i]);
  }
}

void XmlWriter::open(std::string_view name, std::string_view attributes) {
  indent();
  out_.append("<").append(name).append(attributes).append(">\n");
  ++depth_;
}

void XmlWriter::close(std::string_view name) {
  --depth_;
  indent();
  out_.append("</").append(name).append(">\n");
}

void XmlWriter::text(std::string_view name, std::string_view text, std::string_view attributes) {
  indent();
  out_.append("<").append(name).append(attributes).append(">");
  escape(text);
  out_.append("</").append(name).append(">\n");
}

void XmlWriter::text_if(std::string_view name, std::string_view value) {
  if (!value.empty()) text(name, value);
}

void XmlWriter::empty(std::string_view name, std::string_view attributes) {
  indent();
  out_.append("<").append(name).append(attributes).append("/>\n");
}

bool attribute_clean(std::string_view value) {
  if (!valid_utf8(value)) return false;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (static_cast<unsigned char>(value[i]) < 0x20 || forbidden_at(value, i)) return false;
  return true;
}

std::string attribute(std::string_view name, std::string_view value) {
  std::string out = " ";
  out.append(name).append("=\"");
  for (const char c : value) append_escaped(out, c);
  return out + "\"";
}

}  // namespace tocsin::cap
