#pragma once
// 账号. Who may come in, and to which posts. A person's name is not here (PersonRef only); of a
// password only libsodium's argon2id string, of a break-glass code or an ingest key only a hash.
// Accounts are written into the audit lane: every change of rights is a line there.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "log/room.h"

namespace tocsin::account {

/// 开户. v1. Entity id "account/<login>".
struct Created {
  static constexpr std::string_view type = "account.created";
  std::string login, password_hash;
  PersonRef person;           ///< may be empty: the first operator of a new node
  std::vector<PostId> posts;  ///< empty: whatever posts the person holds
  bool operates = false;      ///< 系统管理员 whatever the posts say: the first operator
};
struct PasswordSet {
  static constexpr std::string_view type = "account.password_set";
  std::string password_hash;
};
/// 换岗. Gives a post, takes one, or both at once: then the account moves. v1.
struct PostChanged {
  static constexpr std::string_view type = "account.post_changed";
  PostId gives, takes;  ///< empty: none
};
struct Disabled {
  static constexpr std::string_view type = "account.disabled";
  bool disabled = true;
};
/// 应急码. The codes printed for break-glass, as hashes; replaces those before.
struct CodesSet {
  static constexpr std::string_view type = "account.codes_set";
  std::vector<std::string> hashes;
};
struct CodeUsed {
  static constexpr std::string_view type = "account.code_used";
  std::string hash, reason;
};
/// 接入密钥. A program that may send readings; entity id "account/ingest:<name>".
struct IngestKeySet {
  static constexpr std::string_view type = "account.ingest_key_set";
  std::string name, key_hash, area;
};

using Event =
    std::variant<Created, PasswordSet, PostChanged, Disabled, CodesSet, CodeUsed, IngestKeySet>;
Result<Event> decode(std::string_view type, int version, std::string_view json_body);
log::Written encode(const Event& event);

struct Account {
  bool exists = false;
  Created created;
  std::string password_hash;
  bool disabled = false;
  Instant shut_at;  ///< password last set anew or account locked: no session of before goes on
  std::vector<std::string> codes;
  IngestKeySet ingest;
  Instant code_used_at;
  std::string code_reason;
};

/// 换岗的决定. Refusals "account.no_change" (field "post") when it has the post already, or is to
/// give up one that is not its own: "account.post_not_held".
std::expected<Event, Refusal> decide(const Account& a, const PostChanged& change);

Account evolve(Account a, const Event& event, const log::Meta& meta);

struct Accounts {
  static constexpr std::string_view kind = "account";
  using State = Account;
  using Event = account::Event;
  static Result<Event> decode(std::string_view type, int version, std::string_view body) {
    return account::decode(type, version, body);
  }
  static State evolve(State state, const Event& event, const log::Meta& meta) {
    return account::evolve(std::move(state), event, meta);
  }
};

}  // namespace tocsin::account
