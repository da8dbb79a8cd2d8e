// 个人信息到期销毁 (突发事件应对法 art. 85): what was collected for a warning is destroyed when its
// time is over. The words are sealed with the key of their case; when the key goes they are
// unreadable in every copy of the log. The time is derived from the log like every other wait, so
// neither a crash nor a backup loses it, and an older copy of the keyring that comes back is
// emptied again.

#include "node/ids.h"
#include "node/node.h"

namespace tocsin::node {
namespace {

/// How soon a keyring that could not be written is tried again.
constexpr Duration try_again_after = std::chrono::minutes(10);

}  // namespace

/// When the key of a warning's case is to go.
std::optional<Instant> Node::case_due(const WarningId& id) const {
  const auto over = warning::over_at(warnings_.state(id.text));
  if (!over) return std::nullopt;
  return *over + setup_.case_keep;
}

/// Whether a case may be read no more: its key was destroyed here, or should have been by now.
bool Node::case_is_closed(const log::CaseId& id) const {
  if (office().destroyed.contains(id)) return true;
  const auto warning = warning_of_case(id);
  const auto due = warning ? case_due(*warning) : std::nullopt;
  return due && *due <= now_;
}

/// Every node that knows of the warning waits for itself: each destroys the key it has.
void Node::watch_case(const WarningId& id) {
  const warning::Warning& warning = warnings_.state(id.text);
  const auto over = warning::over_at(warning);
  if (loading_ && !over) return;  // no timer is set yet
  const std::string key = case_of(id);
  if (!over || office().destroyed.contains(key)) return timers_.drop(key);
  const Instant since = warning.issued_at;
  timers_.set(key, since, *over + setup_.case_keep - since, now_);
}

/// The key first, the record after: a record says what has happened. A crash between the two leaves
/// the timer standing, and destroying twice is once.
void Node::case_time_is_over(Plan& plan, const log::CaseId& id, Instant now) {
  const auto warning = warning_of_case(id);
  const auto over = warning ? warning::over_at(warnings_.state(warning->text)) : std::nullopt;
  if (!over) return;
  if (!keyring_.destroy(id)) {
    unreadable_[id] = "key.not_destroyed";
    timers_.set(id, now, try_again_after, now);
    return;
  }
  unreadable_.erase(id);
  const auto kept = std::chrono::floor<std::chrono::days>(setup_.case_keep);
  const office::KeyDestroyed event{id, "retention", *over, static_cast<int>(kept.count())};
  plan.events.push_back({"desk", "node/" + setup_.name, office::encode(office::Event(event))});
}

/// What another node destroyed is its own affair; of ours the screens must know.
void Node::fold_destroyed(const log::Header& header) {
  // While loading no timer is set yet, and the office's state has the case.
  if (loading_ || header.type != office::KeyDestroyed::type) return;
  if (header.entity != "node/" + setup_.name) return;
  const auto event = office::decode(header.type, header.version, header.body);
  const auto* gone = event ? std::get_if<office::KeyDestroyed>(&*event) : nullptr;
  if (gone == nullptr) return;
  timers_.drop(gone->case_id);
  const auto warning = warning_of_case(gone->case_id);
  if (!warning) return;
  touched_.insert("warning/" + warning->text);
  for (const std::string& call : calls_of(*warning)) touched_.insert("call/" + call);
}

/// A keyring that came back from an older copy has keys the log knows to be destroyed.
void Node::destroy_again() {
  for (const std::string& id : office().destroyed)
    if (!keyring_.destroy(id)) unreadable_[id] = "key.not_destroyed";
}

}  // namespace tocsin::node
