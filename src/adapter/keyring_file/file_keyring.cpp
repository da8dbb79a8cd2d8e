#include "adapter/keyring_file/file_keyring.h"

#include <sodium.h>

#include <filesystem>

#include "adapter/keyring_file/private_file.h"
#include "log/json.h"

namespace tocsin::keyring_file {
namespace {

constexpr std::string_view file_kind = "keyring 1", export_kind = "keyring export 1";
constexpr std::size_t text_max = 256 << 20;
constexpr std::size_t memory_bytes = 64 << 20;
constexpr std::int64_t passes = 3;

void wipe(Bytes& bytes) { sodium_memzero(bytes.data(), bytes.size()); }

BoxKey box_key_of(Bytes secret) {
  BoxKey out{std::move(secret), Bytes(crypto_box_PUBLICKEYBYTES)};
  TOCSIN_CHECK(crypto_scalarmult_base(out.pub.data(), out.secret.data()) == 0);
  return out;
}

/// A member that must be so many bytes.
Bytes sized(json::Fields& in, std::string_view name, std::size_t size) {
  auto bytes = from_base64url(in.text(name, 200));
  if (bytes && bytes->size() == size) return std::move(*bytes);
  in.refuse(name, std::to_string(size) + " bytes of base64url are wanted");
  return Bytes(size);
}

/// The key of the answer links in an export: 32 bytes in hex, or empty.
Result<std::string> links_in(std::string_view plain) {
  const auto value = json::parse(plain, text_max);
  if (!value) return fail("key.export_bad", value.error().field, value.error().detail);
  json::Fields in(*value, "key.export_bad");
  std::string links = in.text_or("links", "", 64);
  const auto bytes = from_hex(links);
  if (!links.empty() && (!bytes || bytes->size() != 32)) in.refuse("links", "32 bytes in hex");
  if (!in.ok()) return std::unexpected(in.error());
  return links;
}

Result<Bytes> key_from(std::string_view passphrase, std::span<const std::uint8_t> salt) {
  Bytes key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const int problem =
      crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), salt.data(),
                    passes, memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (problem != 0) return fail("store.io", "passphrase", "not enough memory for argon2id");
  return key;
}

}  // namespace

FileKeyring::~FileKeyring() {
  wipe(signing_seed_);
  wipe(signing_.secret);
  wipe(box_.secret);
  for (auto& [id, key] : cases_)
    if (key) wipe(*key);
}

Result<std::unique_ptr<FileKeyring>> FileKeyring::open(const std::string& path, Dice& dice) {
  auto text = read_private(path);
  if (!text) return std::unexpected(text.error());
  std::unique_ptr<FileKeyring> out(new FileKeyring(path));
  if (*text) {
    const auto read = out->read(**text);
    sodium_memzero((*text)->data(), (*text)->size());
    if (!read) return std::unexpected(read.error());
  } else {
    if (auto none = out->no_cases_yet(); !none) return std::unexpected(none.error());
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (!folder.empty())
      if (auto made = make_private_folder(folder); !made) return std::unexpected(made.error());
    out->signing_seed_.resize(crypto_sign_SEEDBYTES);
    dice.fill(out->signing_seed_);
    out->signing_ = log::signing_key_from_seed(out->signing_seed_);
    Bytes secret(crypto_box_SECRETKEYBYTES);
    dice.fill(secret);
    out->box_ = box_key_of(std::move(secret));
    // The cases first: where there are node keys there is a file of cases, or it was lost.
    if (auto made = CaseFile::write(out->cases_path(), {}); !made)
      return std::unexpected(made.error());
    if (auto saved = out->save(false); !saved) return std::unexpected(saved.error());
  }
  if (auto opened = out->open_cases(); !opened) return std::unexpected(opened.error());
  return out;
}

Result<std::unique_ptr<FileKeyring>> FileKeyring::look(const std::string& path) {
  auto text = read_private(path);
  if (!text) return std::unexpected(text.error());
  if (!*text) return fail("store.not_found", path);
  std::unique_ptr<FileKeyring> out(new FileKeyring(path));
  const auto read = out->read(**text);
  sodium_memzero((*text)->data(), (*text)->size());
  if (!read) return std::unexpected(read.error());
  if (out->cases_inside_) return out;
  auto entries = CaseFile::look(out->cases_path());
  if (!entries) return std::unexpected(entries.error());
  for (auto& [id, key] : *entries) out->cases_.emplace(id, std::move(key));
  return out;
}

std::string FileKeyring::cases_path() const {
  return (std::filesystem::path(path_).parent_path() / "cases").string();
}

/// Case keys without their node keys are a lost file, not a new machine: they must not be written
/// over.
Result<void> FileKeyring::no_cases_yet() const {
  const auto entries = CaseFile::look(cases_path());
  if (!entries && entries.error().code == "store.not_found") return {};
  if (!entries) return std::unexpected(entries.error());
  if (entries->empty()) return {};
  return fail("key.file_bad", path_, "the node keys are missing, and there are case keys");
}

Result<void> FileKeyring::open_cases() {
  if (cases_inside_) {
    if (auto done = rewrite_cases(); !done) return done;
    return save(true);
  }
  auto opened = CaseFile::open(cases_path());
  if (!opened && opened.error().code == "store.not_found")
    return fail("key.file_bad", cases_path(), "the case keys are missing");
  if (!opened) return std::unexpected(opened.error());
  case_file_ = std::move(*opened);
  for (auto& [id, key] : case_file_.take_entries()) cases_.emplace(id, std::move(key));
  return {};
}

/// Keys that are missing here, and everything destroyed.
Result<void> FileKeyring::take(Cases cases) {
  for (auto& [id, key] : cases) {
    const auto [at, made] = cases_.try_emplace(id, key);
    if (!key) at->second.reset();
  }
  return rewrite_cases();
}

Result<void> FileKeyring::rewrite_cases() {
  if (auto done = CaseFile::write(cases_path(), {cases_.begin(), cases_.end()}); !done) return done;
  auto opened = CaseFile::open(cases_path());
  if (!opened) return std::unexpected(opened.error());
  case_file_ = std::move(*opened);
  case_file_.take_entries();
  return {};
}

Result<void> FileKeyring::read(std::string_view text) {
  const auto value = json::parse(text, text_max);
  if (!value) return fail("key.file_bad", value.error().field, value.error().detail);
  json::Fields in(*value, "key.file_bad");
  if (in.text("tocsin") != file_kind) in.refuse("tocsin", "not a keyring of this version");
  Bytes seed = sized(in, "signing_seed", crypto_sign_SEEDBYTES);
  Bytes secret = sized(in, "box_secret", crypto_box_SECRETKEYBYTES);
  Cases cases;
  if (in.any("destroyed") != nullptr)
    for (const auto& id : in.texts("destroyed", 10'000'000)) cases.emplace(id, std::nullopt);
  const auto* keys = in.any("cases");
  if (keys != nullptr && !keys->is_object()) in.refuse("cases", "an object is wanted");
  if (!in.ok()) return std::unexpected(in.error());
  for (const auto& [id, key] : keys != nullptr ? keys->get_object() : json::Object()) {
    const auto bytes =
        key.is_string() ? from_base64url(std::string_view(key.get_string())) : std::nullopt;
    if (!bytes || bytes->size() != log::case_key_size)
      return fail("key.file_bad", "cases." + std::string(id), "32 bytes of base64url are wanted");
    cases.try_emplace(std::string(id), *bytes);
  }
  signing_seed_ = std::move(seed);
  signing_ = log::signing_key_from_seed(signing_seed_);
  box_ = box_key_of(std::move(secret));
  cases_ = std::move(cases);
  cases_inside_ = keys != nullptr;
  return {};
}

std::string FileKeyring::print(const Cases& cases, std::string_view links) const {
  json::Object keys;
  json::Array destroyed;
  for (const auto& [id, key] : cases) {
    if (key) keys[id] = to_base64url(*key);
    if (!key) destroyed.emplace_back(id);
  }
  json::Object out;
  out["tocsin"] = file_kind;
  out["signing_seed"] = to_base64url(signing_seed_);
  out["box_secret"] = to_base64url(box_.secret);
  if (!cases.empty()) out["cases"] = std::move(keys), out["destroyed"] = std::move(destroyed);
  if (!links.empty()) out["links"] = links;
  return json::print(out) + "\n";
}

Result<void> FileKeyring::save(bool wipe_old) {
  std::string text = print({});
  auto done = replace_private(path_, text, wipe_old);
  sodium_memzero(text.data(), text.size());
  return done;
}

Result<Bytes> FileKeyring::key_for(const log::CaseId& id, Dice& dice) {
  const auto [at, made] = cases_.try_emplace(id);
  if (!made && !at->second) return fail("key.destroyed", id);
  if (!made) return *at->second;
  at->second.emplace(log::case_key_size);
  dice.fill(*at->second);
  Bytes key = *at->second;
  if (const auto saved = case_file_.add({id, key}); !saved) {
    cases_.erase(at);
    return std::unexpected(Error{"key.not_kept", id, saved.error().code});
  }
  return key;
}

Result<Bytes> FileKeyring::find(const log::CaseId& id) const {
  const auto at = cases_.find(id);
  if (at == cases_.end()) return fail("key.unknown", id);
  if (!at->second) return fail("key.destroyed", id);
  return *at->second;
}

Result<void> FileKeyring::destroy(const log::CaseId& id) {
  const auto [at, made] = cases_.try_emplace(id);
  if (!made && !at->second) return {};
  if (auto kept = made ? case_file_.add({id, std::nullopt}) : case_file_.wipe(id); !kept) {
    if (made) cases_.erase(at);
    return kept;
  }
  if (at->second) wipe(*at->second);
  at->second.reset();
  return {};
}

std::vector<log::CaseId> FileKeyring::destroyed() const {
  std::vector<log::CaseId> out;
  for (const auto& [id, key] : cases_)
    if (!key) out.push_back(id);
  return out;
}

std::string FileKeyring::export_wrapped(std::string_view passphrase, Instant expires, Dice& dice,
                                        std::string_view links) const {
  Bytes salt(crypto_pwhash_SALTBYTES), nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  dice.fill(salt);
  dice.fill(nonce);
  auto key = key_from(passphrase, salt);
  TOCSIN_CHECK(key.has_value());
  std::string plain = print(cases_, links);
  const std::string until = iso_utc(expires);
  Bytes sealed(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, as_bytes(plain).data(),
                                             plain.size(), as_bytes(until).data(), until.size(),
                                             nullptr, nonce.data(), key->data());
  sodium_memzero(plain.data(), plain.size());
  wipe(*key);
  json::Object out;
  out["tocsin"] = export_kind;
  out["expires"] = until;
  out["salt"] = to_base64url(salt);
  out["nonce"] = to_base64url(nonce);
  out["sealed"] = to_base64url(sealed);
  return json::print(out) + "\n";
}

Result<FileKeyring::Unwrapped> FileKeyring::unwrap(const std::string& path, std::string_view text,
                                                   std::string_view passphrase, Instant now) {
  const auto value = json::parse(text, 2 * text_max);
  if (!value) return fail("key.export_bad", value.error().field, value.error().detail);
  json::Fields in(*value, "key.export_bad");
  if (in.text("tocsin") != export_kind) in.refuse("tocsin", "not an export of a keyring");
  const Instant expires = in.instant("expires");
  const Bytes salt = sized(in, "salt", crypto_pwhash_SALTBYTES);
  const Bytes nonce = sized(in, "nonce", crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const auto sealed = from_base64url(in.text("sealed", 2 * text_max));
  if (!sealed || sealed->size() < crypto_aead_xchacha20poly1305_ietf_ABYTES)
    in.refuse("sealed", "base64url is wanted");
  if (!in.ok()) return std::unexpected(in.error());
  if (now > expires) return fail("key.export_expired", "expires", iso_utc(expires));
  auto key = key_from(passphrase, salt);
  if (!key) return std::unexpected(key.error());
  const std::string until = iso_utc(expires);
  std::string plain(sealed->size() - crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
  const int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, sealed->data(),
      sealed->size(), as_bytes(until).data(), until.size(), nonce.data(), key->data());
  wipe(*key);
  if (wrong != 0) return fail("key.wrong_passphrase");
  std::unique_ptr<FileKeyring> other(new FileKeyring(path));
  const auto read = other->read(plain);
  auto links = links_in(plain);
  sodium_memzero(plain.data(), plain.size());
  if (!read) return std::unexpected(read.error());
  if (!links) return std::unexpected(links.error());
  return Unwrapped{std::move(other), std::move(*links)};
}

Result<void> FileKeyring::check_wrapped(std::string_view text, std::string_view passphrase,
                                        Instant now) {
  if (auto opened = unwrap({}, text, passphrase, now); !opened)
    return std::unexpected(opened.error());
  return {};
}

Result<FileKeyring::Imported> FileKeyring::import_wrapped(const std::string& path,
                                                          std::string_view text,
                                                          std::string_view passphrase,
                                                          Instant now) {
  auto opened = unwrap(path, text, passphrase, now);
  if (!opened) return std::unexpected(opened.error());
  return merge(path, *opened->keys, opened->links);
}

/// `other`, which was not on this disk, becomes the keyring, or part of the one that is there.
Result<FileKeyring::Imported> FileKeyring::merge(const std::string& path, FileKeyring& other,
                                                 const std::string& links) {
  auto standing = look(path);
  if (!standing && standing.error().code != "store.not_found")
    return std::unexpected(standing.error());
  if (!standing) {
    if (auto none = other.no_cases_yet(); !none) return std::unexpected(none.error());
    if (auto made = make_private_folder(std::filesystem::path(path).parent_path().string()); !made)
      return std::unexpected(made.error());
    if (auto done = other.rewrite_cases(); !done) return std::unexpected(done.error());
    if (auto saved = other.save(false); !saved) return std::unexpected(saved.error());
    return Imported{links, false};
  }
  const bool others = (*standing)->signing_seed_ != other.signing_seed_;
  if (auto taken = (*standing)->take(std::move(other.cases_)); !taken)
    return std::unexpected(taken.error());
  if ((*standing)->cases_inside_)
    if (auto saved = (*standing)->save(true); !saved) return std::unexpected(saved.error());
  return Imported{links, others};
}

}  // namespace tocsin::keyring_file
