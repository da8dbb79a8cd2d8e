#include "server/desk/importing.h"

#include <boost/json/array.hpp>

#include "adapter/import/adoption.h"
#include "adapter/import/result.h"
#include "adapter/rulebook/rulebook_file.h"

namespace tocsin::server {
namespace {

namespace bj = boost::json;

node::AdoptRegister adopt(std::string kind, std::string bytes, const ImportAsked& asked) {
  node::AdoptRegister command;
  command.package = {log::sha256(bytes), kind, std::move(bytes)};
  command.what.kind = std::move(kind);
  command.what.package = command.package.hash;
  command.what.file = asked.file;
  return command;
}

/// What stands of the rules, for the difference.
rulebook::Rulebook standing_rules(const node::Node& node) {
  const auto package = node.package_of("rules");
  if (!package) return {};
  auto read = rulebook_file::read(package->bytes);
  return read ? std::move(*read) : rulebook::Rulebook{};
}

ImportRead read_rules(const ImportAsked& asked, const node::Node& node) {
  importing::ImportResult result{.kind = "rules"};
  const node::Books& books = node.books();
  auto read = rulebook_file::read(
      asked.bytes,
      {.point = [&](const std::string& id) { return books.stations.find_point(id) != nullptr; },
       .riskpoint = [&](const std::string& id) { return books.riskpoints.find(id) != nullptr; },
       .hazard = [&](const std::string& code) { return books.hazards.find(code) != nullptr; }});
  if (!read)
    for (const auto& p : read.error())
      result.problem(static_cast<std::size_t>(p.line), p.rule + (p.key.empty() ? "" : ", " + p.key),
                     p.code, p.detail);
  const auto diff = rulebook::diff(standing_rules(node), read ? *read : rulebook::Rulebook{});
  result.rows = read ? read->rules.size() : 0;
  result.changes = {diff.added.size(), diff.changed.size(), diff.removed.size()};
  ImportRead out;
  out.told = importing::to_json(result);
  out.whole = result.whole();
  if (!out.whole) return out;
  node::AdoptRegister command = adopt("rules", asked.bytes, asked);
  command.what.rows = static_cast<int>(read->rules.size());
  command.what.added = static_cast<int>(diff.added.size());
  command.what.changed = static_cast<int>(diff.changed.size());
  command.what.removed = static_cast<int>(diff.removed.size());
  out.command = std::move(command);
  return out;
}

template <class Layer>
std::optional<Layer> standing_layer(const node::Node& node, std::string_view kind) {
  const auto package = node.package_of(kind);
  if (!package) return std::nullopt;
  auto read = Layer::decode(package->bytes);
  return read ? std::optional(std::move(*read)) : std::nullopt;
}

}  // namespace

std::vector<std::string> import_kinds() {
  std::vector<std::string> out;
  for (const importing::Kind& kind : importing::kinds()) out.emplace_back(kind.name);
  out.emplace_back("rules");
  return out;
}

Result<ImportRead> read_import(const ImportAsked& asked, const node::Node& node) {
  if (asked.kind == "rules") return read_rules(asked, node);
  const importing::Kind* kind = importing::find_kind(asked.kind);
  if (kind == nullptr) return fail("import.unknown_kind", "kind", asked.kind);
  importing::Standing s = importing::standing_of(node.books());
  // Layers are packages only: what stands of them is read here.
  const auto streams = standing_layer<place::Streams>(node, "streams");
  if (streams) s.streams = &*streams;
  const auto relief = standing_layer<place::Relief>(node, "relief");
  if (relief) s.relief = &*relief;
  const rulebook::Rulebook rules = standing_rules(node);
  s.rules = &rules;
  importing::ImportResult result =
      kind->import({asked.bytes, asked.crs, asked.edition, asked.under}, s);
  ImportRead out;
  out.told = importing::to_json(result);
  out.whole = result.whole();
  if (!out.whole) return out;
  out.command = importing::command_of(std::move(result), asked.file);
  return out;
}

}  // namespace tocsin::server
