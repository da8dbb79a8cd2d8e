#include "adapter/rulebook/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <memory>
#include <sstream>

#include "base/encode.h"

namespace tocsin::rulebook_file {
namespace {

/// Leaves yaml-cpp the only way it can be left early. Caught in parse_yaml().
struct Stop {
  Error error;
};

[[noreturn]] void stop(const char* code, int line, std::string detail) {
  throw Stop{Error{code, "line " + std::to_string(line), std::move(detail)}};
}

int line_of(const YAML::Mark& mark) { return mark.line + 1; }

class Builder final : public YAML::EventHandler {
 public:
  Node root;
  bool any = false;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse(mark, "", anchor);
    add({.kind = Node::Kind::null, .line = line_of(mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop("rulebook.alias", line_of(mark), "aliases are not taken; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse(mark, tag, anchor);
    if (wants_key()) {
      take_key(mark, value);
      return;
    }
    add({.kind = Node::Kind::scalar, .line = line_of(mark), .quoted = tag == "!", .text = value});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  static void refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) stop("rulebook.alias", line_of(mark), "anchors are not taken");
    if (!tag.empty() && tag != "?" && tag != "!") stop("rulebook.tag", line_of(mark), tag);
  }

  bool wants_key() const {
    return !open_.empty() && open_.back()->kind == Node::Kind::map &&
           open_.back()->keys.size() == open_.back()->items.size();
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Node& map = *open_.back();
    if (std::ranges::find(map.keys, key) != map.keys.end())
      stop("rulebook.duplicate_key", line_of(mark), key);
    map.keys.push_back(key);
    map.key_lines.push_back(line_of(mark));
  }

  Node& add(Node node) {
    any = true;
    if (++count_ > nodes_max) stop("rulebook.too_many", node.line, "too many values");
    if (wants_key()) stop("rulebook.yaml", node.line, "a key must be a word");
    if (open_.empty()) return root = std::move(node);
    open_.back()->items.push_back(std::move(node));
    return open_.back()->items.back();
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    refuse(mark, tag, anchor);
    if (open_.size() >= depth_max) stop("rulebook.too_deep", line_of(mark), "nested too deeply");
    Node& node = add({.kind = kind, .line = line_of(mark)});
    open_.push_back(&node);
  }

  void close() { open_.pop_back(); }

  // Pointers into the tree stay good: a node's siblings are only added after it is closed.
  std::vector<Node*> open_;
  int count_ = 0;
};

}  // namespace

Result<Node> parse_yaml(std::string_view text) {
  if (text.size() > file_bytes_max) return fail("rulebook.too_large", "", "more than 512 KiB");
  if (!valid_utf8(text)) return fail("rulebook.yaml", "", "not UTF-8");
  if (text.find('\0') != std::string_view::npos) return fail("rulebook.yaml", "", "a zero byte");
  Builder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Builder second;
    if (parser.HandleNextDocument(second))
      return fail("rulebook.yaml", "", "more than one document");
  } catch (const Stop& stopped) {
    return std::unexpected(stopped.error);
  } catch (const YAML::Exception& e) {
    return fail("rulebook.yaml", "line " + std::to_string(e.mark.line + 1), e.msg);
  }
  return std::move(builder.root);
}

}  // namespace tocsin::rulebook_file
