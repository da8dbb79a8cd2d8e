#pragma once
// The OASIS schema of CAP 1.2, as libxml2 understands it: the judge our own reading is held
// against.

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <memory>
#include <string>
#include <string_view>

namespace tocsin::conformance {

class CapSchema {
 public:
  CapSchema() {
    const std::string path = std::string(TOCSIN_SOURCE_DIR) + "/tests/conformance/cap/CAP-v1.2.xsd";
    const auto parser = xmlSchemaNewParserCtxt(path.c_str());
    schema_.reset(xmlSchemaParse(parser));
    xmlSchemaFreeParserCtxt(parser);
  }

  bool loaded() const { return schema_ != nullptr; }

  bool accepts(std::string_view bytes) const {
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), "", nullptr,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!document) return false;
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> validator(
        xmlSchemaNewValidCtxt(schema_.get()), xmlSchemaFreeValidCtxt);
    xmlSchemaSetValidErrors(validator.get(), quiet, quiet, nullptr);
    return xmlSchemaValidateDoc(validator.get(), document.get()) == 0;
  }

 private:
  static void quiet(void*, const char*, ...) {}
  struct Free {
    void operator()(xmlSchema* schema) const { xmlSchemaFree(schema); }
  };
  std::unique_ptr<xmlSchema, Free> schema_;
};

}  // namespace tocsin::conformance
