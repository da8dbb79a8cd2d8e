#pragma once
// The link page's view of the node, and the links themselves: which call, which rung, which person.

#include "server/desk/desk.h"
#include "server/link/desk.h"
#include "server/link/token.h"

namespace tocsin::server {

/// The claims of the link that goes out for a rung; nothing when there is no such rung or person.
std::optional<LinkClaims> claims_for(const node::Node& node, const CallId& call, int rung);

class NodeLinks final : public LinkDesk {
 public:
  /// `phone`: of the duty desk, for a person whose page does not work.
  NodeLinks(Desk& desk, const Clock& clock, std::string phone)
      : desk_(desk), clock_(clock), phone_(std::move(phone)) {}

  asio::awaitable<LinkView> view(LinkClaims claims) override;
  asio::awaitable<Result<LinkView>> answer(LinkClaims claims, LinkAnswer answer) override;

 private:
  Desk& desk_;
  const Clock& clock_;
  std::string phone_;
};

}  // namespace tocsin::server
