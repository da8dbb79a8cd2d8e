#include "adapter/cap/check.h"

namespace tocsin::cap {
namespace {

constexpr std::size_t findings_max = 200;

constexpr std::string_view space_1_0 = "http://www.incident.com/cap/1.0";
constexpr std::string_view space_1_1 = "urn:oasis:names:tc:emergency:cap:1.1";
constexpr std::string_view space_1_2 = "urn:oasis:names:tc:emergency:cap:1.2";

void check_alert(const XmlElement& alert, Version version, const std::string& path,
                 Verdict& verdict) {
  ++verdict.alerts;
  check_fields(alert, alert_fields(version), path, verdict.errors);
  for (const XmlAttribute& a : alert.attributes)
    if (a.space != "http://www.w3.org/2001/XMLSchema-instance")
      verdict.errors.push_back({"cap.attribute", path, a.name});
  check_meaning(alert, version, path, verdict);
}

/// Alerts at any depth of an envelope, but not inside one another.
void find_alerts(const XmlElement& element, const std::string& path, Verdict& verdict) {
  if (const auto version = version_of(element)) {
    check_alert(element, *version, path, verdict);
    return;
  }
  if (element.name == "alert") verdict.errors.push_back({"cap.namespace", path, element.space});
  Numbering numbering;
  for (const XmlElement& child : element.children)
    find_alerts(child, numbering.next(path, child.name), verdict);
}

std::string_view name_of(Version version) {
  switch (version) {
    case Version::v1_0:
      return "CAP 1.0";
    case Version::v1_1:
      return "CAP 1.1";
    case Version::v1_2:
      return "CAP 1.2";
  }
  return "";
}

void trim(std::vector<Finding>& findings) {
  if (findings.size() <= findings_max) return;
  const std::size_t more = findings.size() - findings_max;
  findings.resize(findings_max);
  findings.push_back({"cap.more", "", std::to_string(more) + " more"});
}

}  // namespace

std::optional<Version> version_of(const XmlElement& element) {
  if (element.name != "alert") return std::nullopt;
  if (element.space == space_1_2) return Version::v1_2;
  if (element.space == space_1_1) return Version::v1_1;
  if (element.space == space_1_0) return Version::v1_0;
  return std::nullopt;
}

Verdict check(std::string_view bytes) {
  Verdict verdict;
  const auto root = parse_xml(bytes);
  if (!root) {
    verdict.errors.push_back({root.error().code, root.error().field, root.error().detail});
    return verdict;
  }
  if (const auto version = version_of(*root)) {
    verdict.format = name_of(*version);
    check_alert(*root, *version, "alert", verdict);
  } else if (root->name == "alert") {
    verdict.errors.push_back({"cap.namespace", "alert", root->space});
  } else {
    check_envelope(*root, verdict);
    find_alerts(*root, root->name, verdict);
  }
  trim(verdict.errors);
  trim(verdict.warnings);
  return verdict;
}

}  // namespace tocsin::cap
