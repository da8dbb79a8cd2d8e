#include "log/memory_store.h"

namespace tocsin::log {

Result<void> MemoryStore::commit(const Batch& batch) {
  for (const Record& record : batch.records) {
    const auto header = parse_header(record.bytes);
    TOCSIN_CHECK(header);
    contents_.by_log[std::string(header->log)].push_back(contents_.records.size());
    contents_.records.push_back(record.bytes);
  }
  contents_.seals.insert(contents_.seals.end(), batch.seals.begin(), batch.seals.end());
  for (const Part& part : batch.parts) contents_.parts.insert_or_assign(part.ref.hash, part);
  for (const Package& package : batch.packages)
    contents_.packages.insert_or_assign(package.hash, package);
  for (const Mark& mark : batch.marks) contents_.marks[mark.name] = mark.value;
  return {};
}

Result<void> MemoryStore::each_record(
    const std::function<bool(std::string_view bytes)>& visit) const {
  for (const std::string& bytes : contents_.records)
    if (!visit(bytes)) break;
  return {};
}

Result<std::vector<std::string>> MemoryStore::records(std::string_view log, std::uint64_t first,
                                                      std::uint64_t last) const {
  std::vector<std::string> out;
  const auto at = contents_.by_log.find(std::string(log));
  if (at == contents_.by_log.end()) return out;
  for (std::uint64_t seq = first; seq <= last && seq <= at->second.size(); ++seq)
    out.push_back(contents_.records[at->second[seq - 1]]);
  return out;
}

Result<std::vector<Seal>> MemoryStore::seals(std::string_view log) const {
  std::vector<Seal> out;
  for (const Seal& seal : contents_.seals)
    if (log.empty() || seal.log == log) out.push_back(seal);
  return out;
}

Result<Part> MemoryStore::part(const Hash& hash) const {
  const auto at = contents_.parts.find(hash);
  if (at == contents_.parts.end()) return fail("part.not_here", text_of(hash));
  return at->second;
}

Result<Package> MemoryStore::package(const Hash& hash) const {
  const auto at = contents_.packages.find(hash);
  if (at == contents_.packages.end()) return fail("package.not_here", text_of(hash));
  if (sha256(at->second.bytes) != hash) return fail("package.wrong_hash", text_of(hash));
  return at->second;
}

Result<std::vector<Mark>> MemoryStore::marks() const {
  std::vector<Mark> out;
  for (const auto& [name, value] : contents_.marks) out.push_back({name, value});
  return out;
}

}  // namespace tocsin::log
