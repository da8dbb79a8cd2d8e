#include "adapter/cap/xml_tree.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <memory>
#include <optional>

namespace tocsin::cap {
namespace {

std::string text_of(const xmlChar* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

/// What the parser calls back into. The first thing wrong stops it.
struct Reader {
  xmlParserCtxtPtr context = nullptr;
  XmlElement top;  ///< holds the root as its only child
  std::vector<XmlElement*> open{&top};
  std::size_t count = 0;
  std::optional<Error> error;

  void stop(const char* code, std::string detail) {
    if (!error)
      error =
          Error{code, "line " + std::to_string(xmlSAX2GetLineNumber(context)), std::move(detail)};
    xmlStopParser(context);
  }
};

Reader& reader_of(void* data) { return *static_cast<Reader*>(data); }

void on_doctype(void* data, const xmlChar*, const xmlChar*, const xmlChar*) {
  reader_of(data).stop("cap.doctype", "a document type is not taken");
}

void on_start(void* data, const xmlChar* name, const xmlChar*, const xmlChar* space, int,
              const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
  Reader& reader = reader_of(data);
  if (reader.error) return;
  if (reader.open.size() > xml_depth_max) return reader.stop("cap.too_deep", "");
  if (++reader.count > xml_elements_max) return reader.stop("cap.too_many", "");
  XmlElement element;
  element.space = text_of(space);
  element.name = text_of(name);
  element.line = xmlSAX2GetLineNumber(reader.context);
  for (int i = 0; i < attribute_count; ++i) {
    const xmlChar** const a = attributes + static_cast<std::ptrdiff_t>(i) * 5;
    element.attributes.push_back({text_of(a[2]), text_of(a[0]), std::string(a[3], a[4])});
  }
  XmlElement& parent = *reader.open.back();
  parent.children.push_back(std::move(element));
  // Good while it is open: its siblings come only after it is closed.
  reader.open.push_back(&parent.children.back());
}

void on_end(void* data, const xmlChar*, const xmlChar*, const xmlChar*) {
  Reader& reader = reader_of(data);
  if (!reader.error && reader.open.size() > 1) reader.open.pop_back();
}

void on_text(void* data, const xmlChar* text, int size) {
  Reader& reader = reader_of(data);
  if (!reader.error)
    reader.open.back()->text.append(reinterpret_cast<const char*>(text),
                                    static_cast<std::size_t>(size));
}

void on_reference(void* data, const xmlChar* name) {
  reader_of(data).stop("cap.xml", "unknown entity " + text_of(name));
}

void on_error(void* data, xmlErrorPtr e) {
  if (e == nullptr || e->level < XML_ERR_ERROR) return;
  Reader& reader = reader_of(data);
  std::string detail = e->message == nullptr ? "" : e->message;
  while (!detail.empty() && detail.back() == '\n') detail.pop_back();
  reader.stop("cap.xml", std::move(detail));
}

/// What libxml2 says outside of any parser (it cannot convert the bytes). The parser may be in the
/// middle of reading, so it is only noted.
void on_outside_error(void* data, xmlErrorPtr e) {
  Reader& reader = reader_of(data);
  if (!reader.error && e != nullptr && e->level >= XML_ERR_ERROR)
    reader.error = Error{"cap.xml", "", "the bytes do not fit the encoding"};
}

/// Takes such errors while it lives, instead of standard error. libxml2 keeps this per thread.
class OutsideErrors {
 public:
  explicit OutsideErrors(Reader& reader)
      : context_before_(xmlStructuredErrorContext), before_(xmlStructuredError) {
    xmlSetStructuredErrorFunc(&reader, reinterpret_cast<xmlStructuredErrorFunc>(on_outside_error));
  }
  ~OutsideErrors() { xmlSetStructuredErrorFunc(context_before_, before_); }
  OutsideErrors(const OutsideErrors&) = delete;
  OutsideErrors& operator=(const OutsideErrors&) = delete;

 private:
  void* context_before_;
  xmlStructuredErrorFunc before_;
};

xmlSAXHandler handlers() {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.internalSubset = on_doctype;
  sax.startElementNs = on_start;
  sax.endElementNs = on_end;
  sax.characters = on_text;
  sax.ignorableWhitespace = on_text;
  sax.cdataBlock = on_text;
  sax.reference = on_reference;
  sax.serror = reinterpret_cast<xmlStructuredErrorFunc>(on_error);
  return sax;
}

}  // namespace

Result<XmlElement> parse_xml(std::string_view bytes) {
  if (bytes.size() > xml_bytes_max) return fail("cap.too_large", "", "more than 16 MiB");
  if (bytes.empty()) return fail("cap.xml", "", "empty");
  Reader reader;
  const OutsideErrors errors(reader);
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> context(
      xmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())), xmlFreeParserCtxt);
  if (!context) return fail("cap.xml", "", "out of memory");
  reader.context = context.get();
  *context->sax = handlers();
  context->userData = &reader;
  // NOENT only turns "&amp;" into "&" in attributes here: without a document type, which
  // on_doctype() refuses before it is read, there are no other entities.
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
  xmlParseDocument(context.get());
  if (reader.error) return std::unexpected(*reader.error);
  if (context->wellFormed == 0 || reader.top.children.size() != 1)
    return fail("cap.xml", "", "not well-formed");
  return std::move(reader.top.children.front());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const std::size_t from = text.find_first_not_of(white);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(white) - from + 1);
}

bool blank(std::string_view text) { return trimmed(text).empty(); }

}  // namespace tocsin::cap
