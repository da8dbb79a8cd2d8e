// Decisions about the office itself: registers, people, accounts, notes for the audit lane, what
// was closed, removed or released.

#include "node/node.h"

namespace tocsin::node {

namespace {

/// Two registers are rights: who may issue what, and who holds which post. Their changes stand on
/// the audit lane as well.
std::optional<audit::Noted> rights_note(const registers::Adopted& what, std::string_view by) {
  if (what.kind != "issuing" && what.kind != "posts") return std::nullopt;
  audit::Noted note;
  note.kind = "rights";
  if (by.starts_with("post/")) note.post = by.substr(5);
  if (by.starts_with("account/")) note.login = by.substr(8);
  note.what = what.kind + " " + what.file + " +" + std::to_string(what.added) + " ~" +
              std::to_string(what.changed) + " -" + std::to_string(what.removed);
  return note;
}

}  // namespace

Node::Planning Node::plan(const AdoptRegister& c, const Request& request, Instant) {
  if (!is_register_id(c.what.kind)) return std::unexpected(Refusal{"register.bad_kind", "kind"});
  const registers::Register& now_used = registers_.state(c.what.kind);
  const bool same = now_used.adopted && now_used.adopted->package == c.what.package;
  const bool damaged = unreadable_.contains("register/" + c.what.kind);  // mended by importing it
  if (same && !damaged) return std::unexpected(Refusal{"register.no_change", ""});
  Books trial = books_;
  if (const auto taken = trial.take(c.what.kind, c.package.bytes); !taken)
    return std::unexpected(Refusal{taken.error().code, taken.error().field});
  Plan plan;
  plan.id = c.what.kind;
  plan.packages.push_back(c.package);
  if (c.source) plan.packages.push_back(*c.source);
  plan.events.push_back({"desk", "register/" + c.what.kind, registers::encode(c.what)});
  if (const auto note = rights_note(c.what, request.by))
    plan.events.push_back({"audit", "audit/notes", audit::encode(*note)});
  return plan;
}

Node::Planning Node::plan(const AdoptPeople& c, const Request&, Instant) {
  const auto directory = person::Directory::decode(c.directory);
  if (!directory) return std::unexpected(Refusal{directory.error().code, directory.error().field});
  const auto key = keyring_.key_for("directory", dice_);
  if (!key) return std::unexpected(Refusal{"register.cannot_keep_people", ""});
  Plan plan;
  plan.id = "people";
  plan.parts.push_back(log::seal_part(c.directory, "directory", *key, dice_));
  const registers::PeopleAdopted event{plan.parts.back().ref, c.people};
  plan.events.push_back({"desk", "register/people", registers::encode(registers::Event(event))});
  return plan;
}

bool Node::nobody_has_an_account() const {
  return std::ranges::none_of(accounts_.all(), [](const auto& account) {
    return !account.second.state.password_hash.empty();
  });
}

Node::Planning Node::plan(const ChangeAccount& c, const Request&, Instant) {
  if (c.first && !nobody_has_an_account()) return std::unexpected(Refusal{"access.setup_done", ""});
  if (!log::header_text("account/" + c.login))
    return std::unexpected(Refusal{"account.bad_login", "login"});
  const account::Account& a = accounts_.state(c.login);
  const bool creates = std::holds_alternative<account::Created>(c.what) ||
                       std::holds_alternative<account::IngestKeySet>(c.what);
  if (std::holds_alternative<account::Created>(c.what) && a.exists)
    return std::unexpected(Refusal{"account.exists", "login"});
  if (!creates && !a.exists) return std::unexpected(Refusal{"account.unknown", "login"});
  if (const auto* used = std::get_if<account::CodeUsed>(&c.what))
    if (std::ranges::find(a.codes, used->hash) == a.codes.end())
      return std::unexpected(Refusal{"access.code_used", "code"});
  if (const auto* change = std::get_if<account::PostChanged>(&c.what)) {
    if (!change->gives.empty() && books_.posts.find(change->gives.text) == nullptr)
      return std::unexpected(Refusal{"account.unknown_post", "post"});
    if (const auto event = account::decide(a, *change); !event)
      return std::unexpected(event.error());
  }
  Plan plan;
  plan.id = c.login;
  plan.events.push_back({"audit", "account/" + c.login, account::encode(c.what)});
  return plan;
}

Node::Planning Node::plan(const Note& c, const Request&, Instant) {
  Plan plan;
  plan.events.push_back({"audit", "audit/notes", audit::encode(c.what)});
  return plan;
}

Node::Planning Node::plan(const TellOffice& c, const Request&, Instant) {
  Plan plan;
  plan.id = setup_.name;
  plan.events.push_back({"desk", "node/" + setup_.name, office::encode(c.what)});
  return plan;
}

Node::Planning Node::plan(const Release& c, const Request&, Instant) {
  if (!held()) return std::unexpected(Refusal{"node.not_held", ""});
  if (c.reason.empty()) return std::unexpected(Refusal{"node.reason_missing", "reason"});
  Plan plan;
  plan.id = setup_.name;
  plan.events.push_back(
      {"desk", "node/" + setup_.name, office::encode(office::Event(office::Released{c.reason}))});
  return plan;
}

}  // namespace tocsin::node
