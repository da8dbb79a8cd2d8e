#pragma once
// Whether an enveloped XML signature of a message holds (CAP 1.2 §3.3.2.1, XML-Signature 1.1).

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::cap {

/// 签名. unsupported: an algorithm, transform or reference we do not check; it may well hold.
enum class Signature { holds, broken, unsupported };

std::string_view name_of(Signature signature);

/// The signatures directly under the root <alert>, in order, held against the public key of one
/// X.509 certificate (PEM). The certificate is trusted as given: dates and issuer are not asked.
/// Checked: one reference to the whole document, enveloped-signature with C14N 1.0 inclusive or
/// exclusive, SHA-1/256/384/512 with RSA (PKCS #1) or ECDSA. A signature covers the message without
/// itself, or without any of its signatures where several were put on it one after another.
/// `bytes` must be what parse_xml() took. Errors: "cap.certificate", "cap.xml".
Result<std::vector<Signature>> check_signatures(std::string_view bytes,
                                                std::string_view certificate_pem);

}  // namespace tocsin::cap
