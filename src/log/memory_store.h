#pragma once
// A store in memory, for tests and the simulator. What `commit` took is kept; nothing survives the
// object unless somebody copies its contents.

#include <map>
#include <string>
#include <vector>

#include "log/store.h"

namespace tocsin::log {

class MemoryStore : public Store {
 public:
  /// All that is on the disk; copying it is a backup.
  struct Contents {
    std::vector<std::string> records;                        ///< in order of commit
    std::map<std::string, std::vector<std::size_t>> by_log;  ///< log -> indexes, by seq
    std::vector<Seal> seals;
    std::map<Hash, Part> parts;
    std::map<Hash, Package> packages;
    std::map<std::string, std::string> marks;
  };

  Result<void> commit(const Batch& batch) override;
  Result<void> each_record(const std::function<bool(std::string_view bytes)>& visit) const override;
  Result<std::vector<std::string>> records(std::string_view log, std::uint64_t first,
                                           std::uint64_t last) const override;
  Result<std::vector<Seal>> seals(std::string_view log) const override;
  Result<Part> part(const Hash& hash) const override;
  Result<Package> package(const Hash& hash) const override;
  Result<std::vector<Mark>> marks() const override;
  Result<std::uint64_t> record_count() const override { return contents_.records.size(); }

  const Contents& contents() const { return contents_; }
  void set_contents(Contents contents) { contents_ = std::move(contents); }

 private:
  Contents contents_;
};

}  // namespace tocsin::log
