#pragma once
// 本机日志. The writing side: tails of every log known here, what is written but not yet durable,
// the hybrid clock and the seals. One writer; nothing in it is durable before `flush` has returned.

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "log/segment.h"
#include "log/store.h"

namespace tocsin::node {

/// Stamps this far ahead of our clock are kept, but do not move it.
inline constexpr Duration clock_ahead_max = std::chrono::minutes(5);
/// An unsealed run this long is sealed with the next flush.
inline constexpr std::uint64_t seal_after = 256;

/// Where a log ends, as far as this node has it.
struct Tail {
  std::string log;
  std::uint64_t seq = 0;     ///< last record, 0: none yet
  log::Hash hash;            ///< of that record
  std::uint64_t sealed = 0;  ///< last record under a seal
  log::Hash sealed_hash;
  bool ours = false;            ///< this node writes it, in this epoch
  bool own = false;             ///< this node wrote it, in whichever epoch
  std::uint64_t forked_at = 0;  ///< two records with this number were seen: nothing more is taken
};

class Journal {
 public:
  using LogIndex = std::uint32_t;

  Journal(log::Store& store, std::string node, std::uint32_t epoch, log::SigningKey key)
      : store_(store), node_(std::move(node)), epoch_(epoch), key_(std::move(key)) {}

  const std::string& node() const { return node_; }
  std::uint32_t epoch() const { return epoch_; }
  /// Goes on in another epoch: logs of earlier ones are read-only from now on, also our own; what
  /// no seal covers of these is still sealed, since nobody else can.
  void set_epoch(std::uint32_t epoch);
  /// Highest epoch in which a log of this node is known.
  std::uint32_t epoch_known() const;
  /// The last of this node's logs of `lane` before this epoch; nullptr when there is none.
  const Tail* before(std::string_view lane) const;
  const log::SigningKey& key() const { return key_; }

  /// Text of this node's log of a lane, in this epoch.
  std::string own_log(std::string_view lane) const;
  LogIndex index(std::string_view log);
  const Tail* find(std::string_view log) const;
  /// Index of a log that is known.
  LogIndex find_index(std::string_view log) const;
  const Tail& tail(LogIndex index) const { return tails_[index]; }
  const std::vector<Tail>& tails() const { return tails_; }

  /// Takes note of a record that is in the store already (replay) or comes with a peer's segment.
  void seen(LogIndex index, std::uint64_t seq, const log::Hash& hash, const log::Stamp& at,
            Instant now);
  void seen_seal(const log::Seal& seal);
  void mark_forked(LogIndex index, std::uint64_t seq) { tails_[index].forked_at = seq; }

  /// Writes the next record of this node's log of `lane`; the log must have been opened.
  const log::Record& append(std::string_view lane, const log::Draft& draft, Instant now);
  bool opened(std::string_view lane) const;

  void add(log::Part part) { pending_.parts.push_back(std::move(part)); }
  void add(log::Package package) { pending_.packages.push_back(std::move(package)); }
  void add(log::Mark mark) { pending_.marks.push_back(std::move(mark)); }

  /// Seals what this node wrote and has not sealed; with the next flush.
  void seal_all();
  /// True while something is written that no seal covers.
  bool unsealed() const;

  /// What is written but not yet durable; empty, or nullptr, when it is not among it.
  std::string pending(std::string_view log, std::uint64_t seq) const;
  const log::Part* pending_part(const log::Hash& hash) const;
  const log::Package* pending_package(const log::Hash& hash) const;

  bool dirty() const { return !pending_.empty(); }
  /// Makes everything written durable, in one commit. After an error the caller must reload the
  /// node: what was folded is not what is kept.
  Result<void> flush();

 private:
  Tail make_tail(std::string_view log) const;
  void seal(Tail& tail);
  static bool wants_seal(const Tail& tail) {
    return tail.own && tail.sealed < tail.seq && tail.forked_at == 0;
  }

  log::Store& store_;
  std::string node_;
  std::uint32_t epoch_;
  log::SigningKey key_;
  std::vector<Tail> tails_;
  std::unordered_map<std::string, LogIndex> by_text_;
  log::Stamp clock_;
  log::Batch pending_;
};

}  // namespace tocsin::node
