#include "node/node.h"

#include <algorithm>

namespace tocsin::node {

Node::Node(Setup setup, log::Store& store, log::Keyring& keyring, Dice& dice, log::SigningKey key)
    : configured_(std::move(setup)),
      setup_(configured_),
      store_(store),
      keyring_(keyring),
      dice_(dice),
      journal_(store, setup_.name, 1, std::move(key)) {
  TOCSIN_CHECK(log::header_text(setup_.name) && setup_.name.find('/') == std::string::npos);
}

Result<void> Node::load(Instant now,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  now_ = now;
  loading_ = true;
  const auto marks = store_.marks();
  if (!marks) return std::unexpected(marks.error());
  const auto restored = std::ranges::find(*marks, std::string("restored"), &log::Mark::name);
  const auto total = store_.record_count();
  if (!total) return std::unexpected(total.error());

  std::uint64_t done = 0;
  const auto visit = [&](std::span<const log::Replayed> records) {
    for (const auto& [bytes, hash, header, prepared] : records) {
      const auto index = journal_.index(header.log);
      journal_.seen(index, header.seq, hash, header.at, now);
      fold(header, index, prepared.get());
      if (progress && ++done % 50000 == 0) progress(done, *total);
    }
    return true;
  };
  const auto walked = store_.replay(visit, prepare);
  if (!walked) return std::unexpected(walked.error());
  done_.settle();
  index_all();
  const auto seals = store_.newest_seals();
  if (!seals) return std::unexpected(seals.error());
  for (const log::Seal& seal : *seals) journal_.seen_seal(seal);

  journal_.set_epoch(std::max(1u, journal_.epoch_known()));
  loading_ = false;
  destroy_again();
  open_books();
  const bool again = restored != marks->end() && !restored->value.empty();
  if (again) {
    go_on_held(restored->value.substr(0, 1500), now);
    journal_.add(log::Mark{"restored", ""});
  }
  open_log("desk", now);
  return {};
}

/// Goes on in a new epoch. The gap to the last known one is random, because the same backup may be
/// restored twice and neither must write a log of the other's name.
void Node::go_on(Instant now) {
  constexpr std::uint32_t gap_max = 1'000'000;
  const auto gap = static_cast<std::uint32_t>(dice_.next() % gap_max);
  journal_.set_epoch(std::max(journal_.epoch(), journal_.epoch_known()) + 1 + gap);
  open_log("desk", now);
}

/// Goes on from a state that is older than what this node once wrote: with everything outbound held
/// until a person has looked.
void Node::go_on_held(std::string_view from, Instant now) {
  go_on(now);
  const std::string self = "node/" + setup_.name;
  const log::Written restored = office::encode(office::Event(office::Restored{std::string(from)}));
  const Planned event{"desk", self, restored};
  put("desk", self, term_for(event, self, now), restored, self, "", now);
}

}  // namespace tocsin::node
