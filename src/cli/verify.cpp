#include "cli/verify.h"

#include <filesystem>
#include <map>
#include <ostream>

#include "adapter/clock/clock.h"
#include "adapter/reading_store/reading_store.h"
#include "adapter/sqlite/sqlite_store.h"
#include "base/code_text.h"
#include "cli/file.h"
#include "cli/house.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "domain/office/office.h"
#include "log/json.h"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t anchor_size_max = 16u << 20;
using sqlite::Finding;

/// Learns from the records, as they are read, what else must be looked at.
class Collector {
 public:
  explicit Collector(const log::Anchor* anchor) {
    if (anchor != nullptr)
      for (const log::Anchored& one : anchor->logs) wanted_[one.log] = one.head;
  }

  void take(const log::Replayed& record) {
    const auto at = wanted_.find(record.header.log);
    if (at != wanted_.end() && at->second.seq == record.header.seq)
      (at->second.hash == record.hash ? met_ : differs_).insert_or_assign(at->first, at->second);
    if (!record.header.type.starts_with("readings.") || !own(record.header.log)) return;
    const auto event =
        office::decode(record.header.type, record.header.version, record.header.body);
    if (!event) return;
    if (const auto* sealed = std::get_if<office::ReadingsSealed>(&*event))
      files_.insert_or_assign(sealed->file.name, sealed->file);
    if (const auto* removed = std::get_if<office::ReadingsRemoved>(&*event))
      files_.erase(removed->file);
  }

  std::vector<observation::SealedFile> named() const {
    std::vector<observation::SealedFile> out;
    for (const auto& [name, file] : files_) out.push_back(file);
    return out;
  }

  /// What the anchor has and the log has not.
  std::vector<Finding> against_anchor(const sqlite::Audit& audit) const {
    std::vector<Finding> out;
    for (const auto& [log, head] : wanted_) {
      if (met_.contains(log)) continue;
      const auto at = std::ranges::find(audit.logs, log, &sqlite::AuditedLog::log);
      const std::uint64_t there = at == audit.logs.end() ? 0 : at->head.seq;
      Finding finding{"anchor", {}, log, head.seq, {}, 0, 0, {}};
      finding.error = {"anchor.truncated", log + "#" + std::to_string(there + 1),
                       "the anchor has seen " + std::to_string(head.seq) + " records, " +
                           std::to_string(there) + " hold"};
      if (differs_.contains(log))
        finding.error = {"anchor.other_history", log + "#" + std::to_string(head.seq),
                         "sound in itself, but not what the anchor was taken from: written anew "
                         "at or before this record"};
      out.push_back(std::move(finding));
    }
    return out;
  }

 private:
  /// Files are named in the office's own lane; what peers share is about their disks.
  static bool own(std::string_view log) { return log.ends_with("/desk"); }

  std::map<std::string, log::Head, std::less<>> wanted_, met_, differs_;
  std::map<std::string, observation::SealedFile> files_;
};

Finding finding_of(const reading_store::Damage& it) {
  const std::string file = "readings/" + it.file;
  const std::string where = file + ", byte " + std::to_string(it.byte);
  return {"readings", {it.error.code, where, it.error.detail}, {}, 0, it.byte, 0, 0, file};
}

void check_readings(const std::string& folder, Checked& out, Progress& progress) {
  const std::string readings = folder + "/readings";
  if (out.named.empty() && !fs::is_directory(readings)) return;
  const auto found = reading_store::verify(
      reading_store::posix_file_system(), readings, out.named,
      [&](std::uint64_t done, std::uint64_t total) { progress("bytes of readings", done, total); });
  if (!found) {
    out.audit.findings.push_back({"readings", found.error(), {}, 0, {}, 0, 0, "readings"});
    return;
  }
  for (const reading_store::Damage& it : found->damaged)
    out.audit.findings.push_back(finding_of(it));
  for (const reading_store::Damage& it : found->unclear) out.unclear.push_back(finding_of(it));
  for (const reading_store::Damage& it : found->notes)
    out.audit.notes.push_back("readings/" + it.file + ", byte " + std::to_string(it.byte) + ": " +
                              it.error.code + " " + it.error.detail);
  out.readings = *found;
}

Result<log::Anchor> read_anchor(const std::string& path) {
  const auto text = read_whole(path, anchor_size_max, "anchor.bad");
  if (!text) return std::unexpected(text.error());
  return log::parse_anchor(*text);
}

json::Object object_of(const Finding& finding) {
  json::Object o;
  o["finding"] = finding.what;
  const CodeText text = text_for(finding.error.code);
  o["code"] = finding.error.code;
  o["text"] = json::Object{{"zh", text.zh}, {"en", text.en}};
  o["where"] = printable(finding.error.field);
  if (!finding.log.empty()) o["log"] = printable(finding.log);
  if (finding.seq > 0) o["seq"] = finding.seq;
  if (!finding.file.empty()) o["file"] = printable(finding.file);
  if (finding.byte) o["byte"] = *finding.byte;
  if (finding.last > 0) o["segment"] = json::Array{finding.first, finding.last};
  o["detail"] = printable(finding.error.detail);
  return o;
}

void print_state(const Checked& it, std::ostream& out) {
  for (const auto& [name, head, sealed] : it.audit.logs) {
    const json::Object line{{"log", printable(name)},
                            {"records", head.seq},
                            {"sealed", sealed},
                            {"head", log::text_of(head.hash)}};
    out << json::print(line) << "\n";
  }
  const json::Object sums{{"records", it.audit.records},
                          {"seals", it.audit.seals},
                          {"parts", it.audit.parts},
                          {"packages", it.audit.packages},
                          {"reading_files_sealed", it.readings.files},
                          {"reading_blocks", it.readings.blocks},
                          {"readings_sealed", it.readings.readings},
                          {"readings_unsealed", it.readings.unsealed_readings}};
  out << json::print(sums) << "\n";
  for (const std::string& note : it.audit.notes)
    out << json::print(json::Object{{"note", printable(note)}}) << "\n";
  for (const Finding& finding : it.audit.findings) out << print(finding) << "\n";
  for (const Finding& finding : it.unclear) {
    json::Object line = object_of(finding);
    line["finding"] = "unclear";
    out << json::print(line) << "\n";
  }
}

}  // namespace

std::string print(const Finding& finding) { return json::print(object_of(finding)); }

Result<Checked> check_folder(const std::string& folder, const log::Anchor* anchor,
                             std::string_view command, std::ostream& err) {
  Progress progress(err, std::string(command));
  Collector collector(anchor);
  auto audit = sqlite::audit(
      folder, {.record = [&](const log::Replayed& record) { collector.take(record); },
               .progress = [&](const std::string& what, std::uint64_t done,
                               std::uint64_t total) { progress(what, done, total); }});
  if (!audit) return std::unexpected(audit.error());
  Checked out{std::move(*audit), collector.named(), {}, {}};
  // Another history is worse news than a turned byte in it, but the byte is more precise.
  std::ranges::move(collector.against_anchor(out.audit), std::back_inserter(out.audit.findings));
  check_readings(folder, out, progress);
  return out;
}

int run_verify(std::span<const std::string_view> args, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data", "--anchor"}, {}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  std::optional<log::Anchor> anchor;
  if (options->has("--anchor")) {
    auto read = read_anchor(options->get("--anchor"));
    if (!read) {
      err << "verify: " << line_of(read.error()) << "\n";
      return 2;
    }
    anchor = std::move(*read);
  }
  const auto checked =
      check_folder(options->get("--data"), anchor ? &*anchor : nullptr, "verify", err);
  if (!checked) {
    err << "verify: " << line_of(checked.error()) << "\n";
    return 2;
  }
  print_state(*checked, out);
  const bool broken = !checked->audit.findings.empty(), unclear = !checked->unclear.empty();
  json::Object verdict{{"verdict", broken    ? "broken"
                                   : unclear ? "unclear"
                                             : "holds"},
                       {"anchored", anchor.has_value()}};
  if (broken) verdict["first"] = object_of(checked->audit.findings.front());
  if (!broken && unclear) verdict["first"] = object_of(checked->unclear.front());
  out << json::print(verdict) << "\n";
  return broken ? 1 : unclear ? status_unclear : 0;
}

int run_anchor(std::span<const std::string_view> args, std::ostream& out, std::ostream& err) {
  const auto options = Options::read(args, {"--data"}, {}, err);
  if (!options || !options->need({"--data"}, err)) return 2;
  auto store = sqlite::SqliteStore::open_to_read(options->get("--data"));
  std::map<std::string, log::Head, std::less<>> heads;
  Result<log::ReplaySummary> walked;
  if (store)
    walked = (*store)->replay([&](std::span<const log::Replayed> records) {
      for (const log::Replayed& r : records)
        heads.insert_or_assign(std::string(r.header.log), log::Head{r.header.seq, r.hash});
      return true;
    });
  if (!store || !walked) {
    const Error& error = store ? walked.error() : store.error();
    err << "anchor: " << line_of(error) << "\n";
    return store ? 1 : 2;
  }
  log::Anchor anchor{SystemClock().now(), {}};
  for (const auto& [log, head] : heads) anchor.logs.push_back({log, head});
  out << log::print(anchor);
  return 0;
}

}  // namespace tocsin::cli
