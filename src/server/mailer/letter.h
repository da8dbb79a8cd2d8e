#pragma once
// The words of the mails: one asks a person to answer, one tells him what became of it.

#include <optional>
#include <string>
#include <string_view>

#include "adapter/smtp/client.h"
#include "node/node.h"
#include "server/link/token.h"

namespace tocsin::server {

/// The mail for one rung: with its signed link where he is asked, without one where he is only told
/// (解除, 降级). Nothing when the person has no address (any more).
std::optional<smtp::Mail> letter_for(const node::Node& node, const node::Outgoing& what,
                                     const LinkKey& key, const std::string& public_base_url,
                                     const std::string& phone, Instant now);

/// The words without mail addresses: each word that holds one becomes "…".
std::string without_addresses(std::string_view words);

/// 应急登录告知. That somebody came in with a break-glass code: to every operator, leader and duty
/// officer, holder or deputy, who has an address; each once.
std::vector<smtp::Mail> break_glass_letters(const node::Node& node, const std::string& login);

}  // namespace tocsin::server
