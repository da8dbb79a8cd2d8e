#include "adapter/cap/signature.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <optional>

#include "base/encode.h"

namespace tocsin::cap {
namespace {

constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

template <class T, auto free_it>
struct FreeWith {
  void operator()(T* p) const { free_it(p); }
};
template <class T, auto free_it>
using Owned = std::unique_ptr<T, FreeWith<T, free_it>>;

using Document = Owned<xmlDoc, xmlFreeDoc>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && view(node->name) == name && node->ns != nullptr &&
         view(node->ns->href) == dsig;
}

/// The only child of that name, or nullptr when there is none or more than one.
xmlNode* only(const xmlNode* parent, std::string_view name) {
  xmlNode* found = nullptr;
  for (xmlNode* n = parent->children; n != nullptr; n = n->next) {
    if (!is(n, name)) continue;
    if (found != nullptr) return nullptr;
    found = n;
  }
  return found;
}

std::string attribute_of(xmlNode* node, const char* name) {
  xmlChar* const value = xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name));
  std::string text(view(value));
  xmlFree(value);
  return text;
}

std::string text_of(const xmlNode* node) {
  xmlChar* const value = xmlNodeGetContent(node);
  std::string text(view(value));
  xmlFree(value);
  return text;
}

/// Base64 with padding and line breaks, as XML writes it.
std::optional<Bytes> from_base64(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '=') continue;
    plain += c == '+' ? '-' : c == '/' ? '_' : c;
  }
  return from_base64url(plain);
}

std::optional<xmlC14NMode> canonical(std::string_view algorithm) {
  if (algorithm == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315") return XML_C14N_1_0;
  if (algorithm == "http://www.w3.org/2001/10/xml-exc-c14n#") return XML_C14N_EXCLUSIVE_1_0;
  if (algorithm == "http://www.w3.org/2006/12/xml-c14n11") return XML_C14N_1_1;
  return std::nullopt;
}

const EVP_MD* digest_of(std::string_view algorithm) {
  if (algorithm == "http://www.w3.org/2000/09/xmldsig#sha1") return EVP_sha1();
  if (algorithm == "http://www.w3.org/2001/04/xmlenc#sha256") return EVP_sha256();
  if (algorithm == "http://www.w3.org/2001/04/xmldsig-more#sha384") return EVP_sha384();
  if (algorithm == "http://www.w3.org/2001/04/xmlenc#sha512") return EVP_sha512();
  return nullptr;
}

struct Method {
  const EVP_MD* digest = nullptr;
  int key = EVP_PKEY_NONE;
};

Method method_of(std::string_view algorithm) {
  constexpr std::string_view more = "http://www.w3.org/2001/04/xmldsig-more#";
  if (algorithm == "http://www.w3.org/2000/09/xmldsig#rsa-sha1") return {EVP_sha1(), EVP_PKEY_RSA};
  if (!algorithm.starts_with(more)) return {};
  algorithm.remove_prefix(more.size());
  const int key = algorithm.starts_with("rsa-")     ? EVP_PKEY_RSA
                  : algorithm.starts_with("ecdsa-") ? EVP_PKEY_EC
                                                    : EVP_PKEY_NONE;
  if (algorithm.ends_with("-sha1")) return {EVP_sha1(), key};
  if (algorithm.ends_with("-sha256")) return {EVP_sha256(), key};
  if (algorithm.ends_with("-sha384")) return {EVP_sha384(), key};
  if (algorithm.ends_with("-sha512")) return {EVP_sha512(), key};
  return {};
}

/// What canonicalisation shows: all below `inside` (or everything), but nothing of `hidden`.
struct Sight {
  const xmlNode* inside = nullptr;
  const xmlNode* hidden = nullptr;
  bool all_signatures_hidden = false;
};

int visible(void* data, xmlNodePtr node, xmlNodePtr parent) {
  const Sight& sight = *static_cast<const Sight*>(data);
  // A namespace is no node of the tree: it is seen where its element is.
  const bool in_tree = node->type != XML_NAMESPACE_DECL;
  bool within = sight.inside == nullptr;
  for (const xmlNode* n = in_tree ? node : parent; n != nullptr; n = n->parent) {
    if (n == sight.hidden) return 0;
    const bool of_root = n->parent != nullptr && n->parent->parent != nullptr &&
                         n->parent->parent->type == XML_DOCUMENT_NODE;
    if (sight.all_signatures_hidden && of_root && is(n, "Signature")) return 0;
    within |= n == sight.inside;
  }
  return within;
}

std::optional<std::string> canonicalised(xmlDoc* document, xmlC14NMode mode, Sight sight) {
  xmlOutputBufferPtr buffer = xmlAllocOutputBuffer(nullptr);
  if (buffer == nullptr) return std::nullopt;
  const int size = xmlC14NExecute(document, visible, &sight, mode, nullptr, 0, buffer);
  std::optional<std::string> out;
  if (size >= 0)
    out.emplace(reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer)),
                xmlOutputBufferGetSize(buffer));
  xmlOutputBufferClose(buffer);
  return out;
}

bool digest_is(std::string_view text, const EVP_MD* digest, const Bytes& wanted) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made;
  unsigned size = 0;
  return EVP_Digest(text.data(), text.size(), made.data(), &size, digest, nullptr) == 1 &&
         std::string_view(reinterpret_cast<const char*>(made.data()), size) == as_text(wanted);
}

/// XML writes an ECDSA signature as r and s side by side, OpenSSL wants them as DER.
Bytes der_of(const Bytes& halves) {
  const int half = static_cast<int>(halves.size() / 2);
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(halves.data(), half, nullptr),
                 BN_bin2bn(halves.data() + half, half, nullptr));
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &out);
  Bytes der(out, out + std::max(size, 0));
  OPENSSL_free(out);
  return der;
}

bool signed_by(EVP_PKEY* key, const Method& method, std::string_view text, Bytes signature) {
  if (EVP_PKEY_get_base_id(key) != method.key) return false;
  if (method.key == EVP_PKEY_EC) signature = der_of(signature);
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, method.digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

/// The canonicalisation its transforms ask for, when they are what CAP uses: enveloped, then
/// perhaps a canonicalisation (inclusive where none is named).
std::optional<xmlC14NMode> transforms_of(const xmlNode* reference) {
  const xmlNode* const transforms = only(reference, "Transforms");
  if (transforms == nullptr) return std::nullopt;
  bool seen_enveloped = false;
  std::optional<xmlC14NMode> mode;
  for (xmlNode* n = transforms->children; n != nullptr; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    const std::string algorithm = attribute_of(n, "Algorithm");
    const bool parameters = xmlFirstElementChild(n) != nullptr;
    if (mode || parameters) return std::nullopt;
    if (algorithm == enveloped)
      seen_enveloped = true;
    else if (!(mode = canonical(algorithm)))
      return std::nullopt;
  }
  if (!seen_enveloped) return std::nullopt;
  return mode.value_or(XML_C14N_1_0);
}

Signature check_reference(xmlDoc* document, const xmlNode* signature, xmlNode* reference) {
  const xmlNode* const value = only(reference, "DigestValue");
  xmlNode* const method = only(reference, "DigestMethod");
  if (value == nullptr || method == nullptr) return Signature::broken;
  const EVP_MD* const digest = digest_of(attribute_of(method, "Algorithm"));
  const auto mode = transforms_of(reference);
  const bool whole = xmlHasProp(reference, reinterpret_cast<const xmlChar*>("URI")) != nullptr &&
                     attribute_of(reference, "URI").empty();
  const auto wanted = from_base64(text_of(value));
  if (digest == nullptr || !mode || !whole) return Signature::unsupported;
  if (!wanted) return Signature::broken;
  for (const bool all : {false, true}) {
    const auto text =
        canonicalised(document, *mode, {.hidden = signature, .all_signatures_hidden = all});
    if (text && digest_is(*text, digest, *wanted)) return Signature::holds;
  }
  return Signature::broken;
}

Signature check_one(xmlDoc* document, const xmlNode* signature, EVP_PKEY* key) {
  const xmlNode* const info = only(signature, "SignedInfo");
  const xmlNode* const value = only(signature, "SignatureValue");
  if (info == nullptr || value == nullptr) return Signature::broken;
  xmlNode* const canonicalisation = only(info, "CanonicalizationMethod");
  xmlNode* const method_node = only(info, "SignatureMethod");
  xmlNode* const reference = only(info, "Reference");
  if (canonicalisation == nullptr || method_node == nullptr) return Signature::broken;
  if (reference == nullptr) return Signature::unsupported;  // several, or none
  const auto mode = canonical(attribute_of(canonicalisation, "Algorithm"));
  const Method method = method_of(attribute_of(method_node, "Algorithm"));
  const bool parameters = xmlFirstElementChild(canonicalisation) != nullptr;
  if (!mode || parameters || method.digest == nullptr || method.key == EVP_PKEY_NONE)
    return Signature::unsupported;
  const Signature content = check_reference(document, signature, reference);
  if (content != Signature::holds) return content;
  const auto text = canonicalised(document, *mode, {.inside = info});
  const auto bytes = from_base64(text_of(value));
  return text && bytes && signed_by(key, method, *text, *bytes) ? Signature::holds
                                                                : Signature::broken;
}

Key key_of(std::string_view pem) {
  const Owned<BIO, BIO_free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Owned<X509, X509_free> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  return Key(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

}  // namespace

std::string_view name_of(Signature signature) {
  switch (signature) {
    case Signature::holds:
      return "holds";
    case Signature::broken:
      return "broken";
    case Signature::unsupported:
      return "unsupported";
  }
  return "";
}

Result<std::vector<Signature>> check_signatures(std::string_view bytes,
                                                std::string_view certificate_pem) {
  const Key key = key_of(certificate_pem);
  if (!key) return fail("cap.certificate", "", "no X.509 certificate in PEM");
  const Document document(xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), "", nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!document) return fail("cap.xml");
  std::vector<Signature> all;
  const xmlNode* const root = xmlDocGetRootElement(document.get());
  for (const xmlNode* n = root->children; n != nullptr; n = n->next)
    if (is(n, "Signature")) all.push_back(check_one(document.get(), n, key.get()));
  return all;
}

}  // namespace tocsin::cap
