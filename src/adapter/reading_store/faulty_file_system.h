#pragma once
// A disk in memory that lies like a real one, for tests: what was not synced may be lost or torn in
// a crash, space may run out, a sync may fail. Never part of the program.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapter/reading_store/file_system.h"
#include "base/encode.h"
#include "base/random.h"

namespace tocsin::reading_store {

class FaultyFileSystem final : public FileSystem {
 public:
  /// From now on so many calls that change something succeed; then all fail, as for a dead process.
  void die_after(std::uint64_t changes) { left_ = changes; }
  bool dead() const { return left_ && *left_ == 0; }
  /// Bytes all files may hold together.
  void limit_space(std::optional<std::uint64_t> bytes) { space_ = bytes; }
  void fail_syncs(bool fail) { fail_syncs_ = fail; }
  void lie_about_syncs(bool lie) { lie_ = lie; }

  /// Power is gone and comes back. Synced content and names are there; of unsynced content any
  /// 512-byte pieces, of unsynced names the first few changes. `dice` null: all that is not synced
  /// is lost.
  void crash(Dice* dice) {
    for (auto& [folder, changes] : unsynced_) {
      const std::size_t kept = dice == nullptr ? 0 : dice->next() % (changes.size() + 1);
      for (std::size_t i = 0; i < kept; ++i) apply(changes[i], durable_);
    }
    unsynced_.clear();
    for (auto& [path, node] : durable_) tear(*node, dice);
    current_ = durable_;
    left_.reset();
  }

  /// A file's bytes, to be read or spoilt.
  Bytes& bytes(const std::string& path) { return current_.at(path)->current; }
  std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const auto& [path, node] : current_) sum += node->current.size();
    return sum;
  }

  Result<std::unique_ptr<File>> create(const std::string& path) override {
    if (!change()) return fail("store.io", path, "dead");
    const auto found = current_.find(path);
    if (found != current_.end()) {
      found->second->current.clear();
      return std::make_unique<Handle>(*this, found->second);
    }
    auto node = std::make_shared<Node>();
    record(path, {{path, node}});
    return std::make_unique<Handle>(*this, node);
  }
  Result<std::unique_ptr<File>> open(const std::string& path) override { return handle(path); }
  Result<std::unique_ptr<File>> open_to_read(const std::string& path) override {
    return handle(path);
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    if (!change()) return fail("store.io", from, "dead");
    const auto found = current_.find(from);
    if (found == current_.end()) return fail("store.not_found", from);
    record(from, {{to, found->second}, {from, nullptr}});
    return {};
  }
  Result<void> remove(const std::string& path) override {
    if (!change()) return fail("store.io", path, "dead");
    if (!current_.contains(path)) return fail("store.not_found", path);
    record(path, {{path, nullptr}});
    return {};
  }
  Result<void> link_or_copy(const std::string& from, const std::string& to) override {
    if (!change()) return fail("store.io", from, "dead");
    const auto found = current_.find(from);
    if (found == current_.end()) return fail("store.not_found", from);
    record(to, {{to, found->second}});
    return {};
  }
  Result<std::vector<std::string>> list(const std::string& folder) override {
    std::vector<std::string> names;
    for (const auto& [path, node] : current_)
      if (folder_of(path) == folder) names.push_back(path.substr(folder.size() + 1));
    return names;
  }
  Result<void> make_folder(const std::string&) override { return {}; }
  Result<void> sync_folder(const std::string& folder) override {
    if (!change() || fail_syncs_) return fail("store.io", folder, "sync failed");
    if (lie_) return {};
    for (const Change& made : unsynced_[folder]) apply(made, durable_);
    unsynced_[folder].clear();
    return {};
  }

 private:
  struct Node {
    Bytes current, durable;
  };
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  using Change = std::vector<std::pair<std::string, std::shared_ptr<Node>>>;  // null: gone

  class Handle final : public File {
   public:
    Handle(FaultyFileSystem& disk, std::shared_ptr<Node> node)
        : disk_(disk), node_(std::move(node)) {}
    Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
      Bytes& now = node_->current;
      if (disk_.dead()) return fail("store.io", {}, "dead");
      // A process may die, and space may end, in the middle of a write.
      const bool alive = disk_.change();
      std::size_t fits = alive ? bytes.size() : bytes.size() / 2;
      if (disk_.space_) {
        const std::uint64_t used = disk_.used(), end = offset + fits;
        const std::uint64_t grows = end > now.size() ? end - now.size() : 0;
        const std::uint64_t room = *disk_.space_ > used ? *disk_.space_ - used : 0;
        if (grows > room) fits -= std::min<std::uint64_t>(fits, grows - room);
      }
      if (offset + fits > now.size()) now.resize(offset + fits);
      std::copy_n(bytes.begin(), fits, now.begin() + static_cast<std::ptrdiff_t>(offset));
      if (!alive) return fail("store.io", {}, "dead");
      if (fits < bytes.size()) return fail("store.disk_full");
      return {};
    }
    Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
      if (offset + out.size() > node_->current.size()) return fail("store.io", {}, "short");
      std::copy_n(node_->current.begin() + static_cast<std::ptrdiff_t>(offset), out.size(),
                  out.begin());
      return {};
    }
    Result<std::uint64_t> size() const override { return node_->current.size(); }
    Result<void> truncate(std::uint64_t size) override {
      if (!disk_.change()) return fail("store.io", {}, "dead");
      node_->current.resize(size);
      return {};
    }
    Result<void> sync() override {
      if (!disk_.change() || disk_.fail_syncs_) return fail("store.io", {}, "sync failed");
      if (!disk_.lie_) node_->durable = node_->current;
      return {};
    }

   private:
    FaultyFileSystem& disk_;
    std::shared_ptr<Node> node_;
  };

  static std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
  static void apply(const Change& change, Names& names) {
    for (const auto& [path, node] : change) {
      if (node) names[path] = node;
      if (!node) names.erase(path);
    }
  }
  void record(const std::string& path, Change change) {
    apply(change, current_);
    unsynced_[folder_of(path)].push_back(std::move(change));
  }
  bool change() {
    if (!left_) return true;
    if (*left_ == 0) return false;
    return --*left_ > 0;
  }
  Result<std::unique_ptr<File>> handle(const std::string& path) {
    const auto found = current_.find(path);
    if (found == current_.end()) return fail("store.not_found", path);
    return std::make_unique<Handle>(*this, found->second);
  }
  static void tear(Node& node, Dice* dice) {
    Bytes after = node.durable;
    if (dice != nullptr && node.current != node.durable) {
      const std::size_t low = std::min(node.current.size(), node.durable.size());
      const std::size_t high = std::max(node.current.size(), node.durable.size());
      after.resize(low + dice->next() % (high - low + 1));
      for (std::size_t at = 0; at < after.size(); at += 512)
        if (dice->next() % 2 == 0)
          for (std::size_t i = at; i < std::min({at + 512, after.size(), node.current.size()}); ++i)
            after[i] = node.current[i];
    }
    node.current = node.durable = std::move(after);
  }

  Names current_, durable_;
  std::map<std::string, std::vector<Change>> unsynced_;  // by folder, in order
  std::optional<std::uint64_t> left_, space_;
  bool fail_syncs_ = false, lie_ = false;
};

}  // namespace tocsin::reading_store
