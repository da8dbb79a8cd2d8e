#pragma once
// Typed access to one map of a rulebook file. Every problem is noted with its line and what was
// asked for comes back empty, so that a reader goes top to bottom and a person learns all at once.

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/rulebook/rulebook_file.h"
#include "adapter/rulebook/yaml.h"
#include "base/text.h"

namespace tocsin::rulebook_file {

class MapReader {
 public:
  /// `name` stands in problems until the map gives an "id". Both references must outlive this.
  MapReader(const Node& node, std::string name, std::vector<Problem>& problems);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  std::string text(std::string_view key, std::size_t size_max);
  /// {zh: …, en: …}, both filled.
  Text both(std::string_view key, std::size_t size_max);
  double number(std::string_view key);
  int integer(std::string_view key, int least, int most);
  Duration duration(std::string_view key, Duration most);
  /// One of the words; without the key `otherwise`, or a problem when that is empty.
  std::string one_of(std::string_view key, std::initializer_list<std::string_view> words,
                     std::string_view otherwise = {});
  std::vector<std::string> texts(std::string_view key, std::size_t least, std::size_t most);
  /// The list under `key`, or nullptr.
  const Node* list(std::string_view key, std::size_t most);

  void refuse(std::string_view key, std::string_view code, std::string detail);
  /// Nothing was wrong with this key so far.
  bool ok(std::string_view key) const { return !bad_.contains(key); }
  /// Every key nobody asked for is a problem …
  void refuse_the_rest();
  /// … unless it cannot be known which keys belong.
  void forgive() { forgiving_ = true; }

 private:
  const Node* find(std::string_view key) const;
  const Node* need(std::string_view key, Node::Kind kind);
  const Node* scalar(std::string_view key, std::size_t size_max);

  const Node& node_;
  std::string name_;
  std::vector<Problem>& problems_;
  std::set<std::string, std::less<>> asked_, bad_;
  bool forgiving_ = false;
};

}  // namespace tocsin::rulebook_file
