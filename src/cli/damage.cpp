#include "cli/damage.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "cli/file.h"
#include "cli/house.h"
#include "cli/verify.h"

namespace tocsin::cli {
namespace {

constexpr std::size_t told_max = 10;

/// "log county/1/alert, segment 1 to 256, record 17, byte 203: segment.broken_chain".
std::string place_of(const sqlite::Finding& finding) {
  std::string out;
  const auto add = [&](const std::string& words) { out += (out.empty() ? "" : ", ") + words; };
  if (!finding.log.empty()) add("log " + printable(finding.log));
  if (!finding.file.empty()) add("file " + printable(finding.file));
  if (finding.last > 0)
    add("segment " + std::to_string(finding.first) + " to " + std::to_string(finding.last));
  if (finding.last == 0 && finding.seq > 0) add("not sealed yet");
  if (finding.seq > 0) add("record " + std::to_string(finding.seq));
  if (finding.byte) add("byte " + std::to_string(*finding.byte));
  if (out.empty()) out = printable(finding.error.field);
  return out + ": " + finding.error.code +
         (finding.error.detail.empty() ? "" : " (" + printable(finding.error.detail) + ")");
}

}  // namespace

bool is_damage(const Error& error) {
  constexpr std::array<std::string_view, 5> codes{"record.damaged", "page.damaged", "store.damaged",
                                                  "event.bad_header", "event.too_large"};
  return error.code.starts_with("segment.") || std::ranges::find(codes, error.code) != codes.end();
}

int tell_why_not_started(const std::string& folder, const Error& error, std::ostream& err) {
  err << "tocsin: " << line_of(error) << "\n";
  if (!is_damage(error)) return 1;
  err << "tocsin: 日志与写下时不符，节点不启动，数据没有动过。"
         "The log is not what was written; the node does not start and has changed nothing.\n";
  if (const auto checked = check_folder(folder, nullptr, "tocsin", err)) {
    const auto& found = checked->audit.findings;
    for (std::size_t i = 0; i < std::min(found.size(), told_max); ++i)
      err << "  " << place_of(found[i]) << "\n";
    if (found.size() > told_max) err << "  … " << found.size() - told_max << " more\n";
  }
  err << "  1. 复制整个文件夹，原盘不要动，上报。Copy the whole folder, leave this disk as it is, "
         "report it: "
      << folder
      << "\n"
         "  2. 查全部损坏处 Every place that does not hold: tocsin verify --data "
      << folder
      << "\n"
         "  3. 在另一块盘上从备份继续 Go on from a backup on another disk: "
         "tocsin restore --from BACKUP --data NEWDIR --keyring FILE\n";
  return status_damaged;
}

}  // namespace tocsin::cli
