#pragma once
// Is this a CAP message? Versions 1.0, 1.1 and 1.2, alone or carried by an Atom or RSS feed, an
// EDXL-DE 1.0 envelope or an <alerts> collection. First the schema of its version, then what the
// standard's text demands beyond the schema.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/cap/grammar.h"

namespace tocsin::cap {

/// 检验结果. `errors` are breaches of the standard; `warnings` what it only advises against or what
/// a receiver may stumble over.
struct Verdict {
  std::vector<Finding> errors = {}, warnings = {};
  int alerts = 0;           ///< messages found and checked
  int signatures = 0;       ///< signatures seen; whether they hold is not checked here
  std::string format = {};  ///< "CAP 1.2", "Atom", "RSS", "EDXL-DE", "alerts"; empty: unknown

  bool valid() const { return errors.empty(); }
};

/// Never fails: what cannot be read at all is an error of the verdict. At most 200 findings each.
Verdict check(std::string_view bytes);

/// What the standard demands of an <alert> beyond its schema. Codes: "cap.empty", "cap.bad_text",
/// "cap.needs_restriction", "cap.needs_addresses", "cap.needs_references", "cap.references",
/// "cap.time_zone", "cap.polygon", "cap.circle", "cap.ceiling", "cap.signature_place".
void check_meaning(const XmlElement& alert, Version version, const std::string& path,
                   Verdict& verdict);

/// The rules of the envelope itself. Codes: "cap.feed" (path says what is missing or not allowed).
void check_envelope(const XmlElement& root, Verdict& verdict);

/// The version an <alert> says it is of, by its namespace.
std::optional<Version> version_of(const XmlElement& element);

}  // namespace tocsin::cap
