// What carries messages: Atom (RFC 4287), RSS 2.0, EDXL-DE 1.0, and plain <alerts> collections.
// Only what a receiver of warnings relies on is demanded of them.

#include <algorithm>
#include <array>

#include "adapter/cap/check.h"

namespace tocsin::cap {
namespace {

constexpr std::string_view atom_space = "http://www.w3.org/2005/Atom";
constexpr std::string_view edxl_space = "urn:oasis:names:tc:emergency:EDXL:DE:1.0";

constexpr std::array<std::string_view, 13> atom_feed_words{
    "author", "category", "contributor", "generator", "icon",    "id",   "link",
    "logo",   "rights",   "subtitle",    "title",     "updated", "entry"};
constexpr std::array<std::string_view, 12> atom_entry_words{
    "author",    "category", "content", "contributor", "id",    "link",
    "published", "rights",   "source",  "summary",     "title", "updated"};

class Envelope {
 public:
  explicit Envelope(Verdict& verdict) : verdict_(verdict) {}

  void atom_feed(const XmlElement& feed) {
    atom(feed, "feed", atom_feed_words);
    int n = 0;
    for (const XmlElement& e : feed.children)
      if (e.space == atom_space && e.name == "entry")
        atom_entry(e, "feed/entry[" + std::to_string(++n) + "]");
  }

  void atom_entry(const XmlElement& entry, const std::string& path) {
    atom(entry, path, atom_entry_words);
    if (count(entry, "content") == 0 && count(entry, "link") == 0)
      refuse(path, "neither link nor content");
  }

  void rss(const XmlElement& root) {
    if (count(root, "channel") != 1) return refuse("rss", "one channel is wanted");
    const auto channel = std::ranges::find(root.children, "channel", &XmlElement::name);
    for (const std::string_view name : {"title", "link", "description"})
      need(*channel, name, "rss/channel");
    int n = 0;
    for (const XmlElement& item : channel->children) {
      if (item.name != "item") continue;
      const std::string path = "rss/channel/item[" + std::to_string(++n) + "]";
      if (count(item, "title") == 0 && count(item, "description") == 0)
        refuse(path, "neither title nor description");
    }
  }

  void edxl(const XmlElement& root) {
    for (const std::string_view name :
         {"distributionID", "senderID", "dateTimeSent", "distributionStatus", "distributionType",
          "combinedConfidentiality"})
      need(root, name, "EDXLDistribution");
    const auto sent = std::ranges::find(root.children, "dateTimeSent", &XmlElement::name);
    if (sent != root.children.end() && !is_date_time(sent->text, false))
      refuse("EDXLDistribution/dateTimeSent", trimmed(sent->text));
  }

  void refuse(const std::string& path, std::string_view text) {
    verdict_.errors.push_back({"cap.feed", path, clip(text)});
  }

 private:
  /// Children of the parent's own namespace with that name.
  static std::ptrdiff_t count(const XmlElement& parent, std::string_view name) {
    return std::ranges::count_if(parent.children, [&](const XmlElement& e) {
      return e.name == name && e.space == parent.space;
    });
  }

  void need(const XmlElement& parent, std::string_view name, const std::string& path) {
    if (count(parent, name) == 0) refuse(path + "/" + std::string(name), "missing");
  }

  template <std::size_t N>
  void atom(const XmlElement& e, const std::string& path,
            const std::array<std::string_view, N>& allowed) {
    for (const std::string_view name : {"id", "title", "updated"}) {
      need(e, name, path);
      if (count(e, name) > 1) refuse(path + "/" + std::string(name), "more than one");
    }
    for (const XmlElement& child : e.children) {
      const std::string child_path = path + "/" + child.name;
      if (child.space != atom_space) continue;  // extensions are welcome
      if (std::ranges::find(allowed, child.name) == allowed.end())
        refuse(child_path, "not an element of Atom");
      if ((child.name == "updated" || child.name == "published") &&
          !is_date_time(child.text, false))
        refuse(child_path, trimmed(child.text));
      if (child.name == "id" && blank(child.text)) refuse(child_path, "empty");
    }
  }

  Verdict& verdict_;
};

}  // namespace

void check_envelope(const XmlElement& root, Verdict& verdict) {
  Envelope envelope(verdict);
  if (root.space == atom_space && root.name == "feed") {
    verdict.format = "Atom";
    envelope.atom_feed(root);
  } else if (root.space == atom_space && root.name == "entry") {
    verdict.format = "Atom";
    envelope.atom_entry(root, "entry");
  } else if (root.space.empty() && root.name == "rss") {
    verdict.format = "RSS";
    envelope.rss(root);
  } else if (root.space == edxl_space && root.name == "EDXLDistribution") {
    verdict.format = "EDXL-DE";
    envelope.edxl(root);
  } else if (root.name == "alerts") {
    verdict.format = "alerts";
    if (root.children.empty()) envelope.refuse("alerts", "empty");
  } else {
    verdict.errors.push_back({"cap.unknown_root", root.name, root.space});
  }
}

}  // namespace tocsin::cap
