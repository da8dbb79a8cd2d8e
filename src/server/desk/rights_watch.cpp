#include "server/desk/rights_watch.h"

#include <algorithm>

#include "server/desk/accounts.h"
#include "server/mailer/letter.h"

namespace tocsin::server {

void RightsWatch::begin(const node::Node& node) {
  for (const auto& [login, entry] : node.accounts().all())
    codes_used_[login] = entry.state.code_used_at;
  know_the_county(node);
}

void RightsWatch::changed(const node::Node& node, const std::set<std::string>& entities) {
  const auto about = [&](std::string_view kind) {
    return std::ranges::any_of(entities, [&](const std::string& entity) {
      return entity == "*" || entity.starts_with(kind);
    });
  };
  if (about("register/divisions")) know_the_county(node);
  if (about("account/") || about("register/"))
    sessions_.review([&](access::Principal& who) { return still_holds(node, who); });
  // After a restore nothing goes out until a person lets it; what happened meanwhile is told then.
  if (node.held() || (!about("account/") && !about("node/"))) return;
  for (const auto& [login, entry] : node.accounts().all()) {
    Instant& told = codes_used_[login];
    if (told == entry.state.code_used_at) continue;
    told = entry.state.code_used_at;
    if (mailer_ != nullptr) mailer_->tell(break_glass_letters(node, login));
  }
}

std::string RightsWatch::county() const {
  const std::lock_guard lock(mutex_);
  return county_;
}

void RightsWatch::know_the_county(const node::Node& node) {
  std::string name =
      node.setup().area.empty() ? std::string() : node.books().area_name(node.setup().area);
  const std::lock_guard lock(mutex_);
  county_ = std::move(name);
}

}  // namespace tocsin::server
