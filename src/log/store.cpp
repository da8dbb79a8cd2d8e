#include "log/store.h"

#include <map>

#include "log/chain.h"

namespace tocsin::log {

Result<std::vector<Seal>> Store::newest_seals() const {
  auto all = seals("");
  if (!all) return std::unexpected(all.error());
  std::map<std::string, Seal> newest;
  for (Seal& seal : *all) {
    Seal& known = newest[seal.log];
    if (known.last < seal.last) known = std::move(seal);
  }
  std::vector<Seal> out;
  for (auto& [log, seal] : newest) out.push_back(std::move(seal));
  return out;
}

Result<ReplaySummary> Store::replay(const ReplayVisit& visit, const Prepare& /*prepare*/) {
  ReplaySummary out;
  const auto all_seals = seals("");
  if (!all_seals) return std::unexpected(all_seals.error());
  std::map<std::string, Chain, std::less<>> chains;
  for (const Seal& seal : *all_seals) {
    const auto at = chains.try_emplace(seal.log, seal.log).first;
    if (auto fits = at->second.expect(seal.first, seal.last, seal.hash); !fits)
      return std::unexpected(fits.error());
  }
  Result<void> follows;
  bool wanted = true;
  auto walked = each_record([&](std::string_view bytes) {
    const auto header = parse_header(bytes);
    if (!header) {
      follows = fail(header.error().code,
                     "record " + std::to_string(out.records + 1) + ", " + header.error().field);
      return false;
    }
    auto at = chains.find(header->log);
    if (at == chains.end()) at = chains.emplace(header->log, Chain(std::string(header->log))).first;
    const Replayed one{bytes, sha256(bytes), *header};
    follows = at->second.follow(*header, one.hash);
    if (!follows) return false;
    ++out.records;
    wanted = visit({&one, 1});
    return wanted;
  });
  if (!walked) return std::unexpected(walked.error());
  if (!follows) return std::unexpected(follows.error());
  if (!wanted) return out;
  for (const auto& [log, chain] : chains)
    if (auto whole = chain.finish(); !whole) return std::unexpected(whole.error());
  for (const Seal& seal : *all_seals) {
    ++out.seals;
    if (!signature_holds(seal))
      return fail("segment.bad_signature", seal.log + "#" + std::to_string(seal.last));
    ++out.signatures;
  }
  return out;
}

}  // namespace tocsin::log
