#include "adapter/rulebook/map_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tocsin::rulebook_file {
namespace {

constexpr std::string_view word_for(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a word or number";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "";
}

}  // namespace

MapReader::MapReader(const Node& node, std::string name, std::vector<Problem>& problems)
    : node_(node), name_(std::move(name)), problems_(problems) {
  if (node_.kind != Node::Kind::map) {
    refuse("", "rulebook.wrong_kind", "a map is wanted");
    return;
  }
  const Node* const id = name_.empty() ? nullptr : find("id");
  if (id != nullptr && id->kind == Node::Kind::scalar && id->text.size() <= 64) name_ = id->text;
}

const Node* MapReader::find(std::string_view key) const {
  const auto at = std::ranges::find(node_.keys, key);
  if (at == node_.keys.end()) return nullptr;
  return &node_.items[static_cast<std::size_t>(at - node_.keys.begin())];
}

const Node* MapReader::need(std::string_view key, Node::Kind kind) {
  asked_.emplace(key);
  const Node* const found = find(key);
  if (found == nullptr) {
    if (node_.kind == Node::Kind::map) refuse(key, "rulebook.missing_key", "");
    return nullptr;
  }
  if (found->kind == kind) return found;
  refuse(key, "rulebook.wrong_kind", std::string(word_for(kind)) + " is wanted");
  return nullptr;
}

const Node* MapReader::scalar(std::string_view key, std::size_t size_max) {
  const Node* const found = need(key, Node::Kind::scalar);
  if (found == nullptr) return nullptr;
  if (!found->text.empty() && found->text.size() <= size_max) return found;
  refuse(key, "rulebook.bad_value",
         found->text.empty() ? "empty" : "longer than " + std::to_string(size_max) + " bytes");
  return nullptr;
}

std::string MapReader::text(std::string_view key, std::size_t size_max) {
  const Node* const found = scalar(key, size_max);
  return found == nullptr ? std::string() : found->text;
}

Text MapReader::both(std::string_view key, std::size_t size_max) {
  const Node* const found = need(key, Node::Kind::map);
  if (found == nullptr) return {};
  const std::size_t before = problems_.size();
  MapReader map(*found, "", problems_);
  Text text{.zh = map.text("zh", size_max), .en = map.text("en", size_max)};
  map.refuse_the_rest();
  for (std::size_t i = before; i < problems_.size(); ++i) {
    problems_[i].rule = name_;
    problems_[i].key = std::string(key) + "." + problems_[i].key;
  }
  return text;
}

double MapReader::number(std::string_view key) {
  const Node* const found = scalar(key, 40);
  if (found == nullptr) return 0;
  double value = 0;
  const char* const end = found->text.data() + found->text.size();
  const auto [stop, error] = std::from_chars(found->text.data(), end, value);
  if (error == std::errc{} && stop == end && std::isfinite(value) && std::abs(value) <= 1e12)
    return value;
  refuse(key, "rulebook.bad_number", found->text);
  return 0;
}

int MapReader::integer(std::string_view key, int least, int most) {
  const Node* const found = scalar(key, 40);
  if (found == nullptr) return least;
  int value = 0;
  const char* const end = found->text.data() + found->text.size();
  const auto [stop, error] = std::from_chars(found->text.data(), end, value);
  if (error == std::errc{} && stop == end && value >= least && value <= most) return value;
  refuse(key, "rulebook.bad_number",
         found->text + "; a whole number from " + std::to_string(least) + " to " +
             std::to_string(most) + " is wanted");
  return least;
}

Duration MapReader::duration(std::string_view key, Duration most) {
  const Node* const found = scalar(key, 40);
  if (found == nullptr) return {};
  const auto value = parse_duration(found->text);
  if (value && *value <= most) return *value;
  refuse(key, "rulebook.bad_duration",
         value ? found->text + " is too long" : found->text + "; write 90s, 10m, 6h or 2d");
  return {};
}

std::string MapReader::one_of(std::string_view key, std::initializer_list<std::string_view> words,
                              std::string_view otherwise) {
  if (!otherwise.empty() && !has(key)) return std::string(otherwise);
  const Node* const found = scalar(key, 100);
  if (found == nullptr) return {};
  if (std::ranges::find(words, found->text) != words.end()) return found->text;
  std::string wanted;
  for (const std::string_view word : words)
    wanted += (wanted.empty() ? "" : ", ") + std::string(word);
  refuse(key, "rulebook.bad_value", found->text + "; one of " + wanted + " is wanted");
  return {};
}

std::vector<std::string> MapReader::texts(std::string_view key, std::size_t least,
                                          std::size_t most) {
  std::vector<std::string> all;
  const Node* const found = list(key, most);
  if (found == nullptr) return all;
  for (const Node& item : found->items) {
    const bool fits = item.kind == Node::Kind::scalar && !item.text.empty() &&
                      item.text.size() <= 128 && item.text.find(':') == std::string::npos;
    if (!fits)
      refuse(key, "rulebook.bad_value", "an id has 1 to 128 bytes and no colon");
    else if (std::ranges::find(all, item.text) != all.end())
      refuse(key, "rulebook.duplicate_id", item.text);
    else
      all.push_back(item.text);
  }
  if (found->items.size() < least) refuse(key, "rulebook.missing_key", "the list is empty");
  return all;
}

const Node* MapReader::list(std::string_view key, std::size_t most) {
  const Node* const found = need(key, Node::Kind::list);
  if (found == nullptr || found->items.size() <= most) return found;
  refuse(key, "rulebook.too_many", "at most " + std::to_string(most));
  return nullptr;
}

void MapReader::refuse(std::string_view key, std::string_view code, std::string detail) {
  int line = node_.line;
  const auto at = std::ranges::find(node_.keys, key);
  if (at != node_.keys.end())
    line = node_.key_lines[static_cast<std::size_t>(at - node_.keys.begin())];
  bad_.emplace(key);
  problems_.push_back({line, name_, std::string(key), std::string(code), std::move(detail)});
}

void MapReader::refuse_the_rest() {
  if (forgiving_) return;
  for (const std::string& key : node_.keys)
    if (!asked_.contains(key)) refuse(key, "rulebook.unknown_key", "");
}

}  // namespace tocsin::rulebook_file
