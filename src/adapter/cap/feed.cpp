#include "adapter/cap/feed.h"

#include "adapter/cap/xml_writer.h"

namespace tocsin::cap {
namespace {

Result<void> check(const Feed& feed) {
  if (feed.id.empty()) return fail("cap.missing", "id");
  if (feed.title.empty()) return fail("cap.missing", "title");
  if (feed.author.empty()) return fail("cap.missing", "author");
  if (!attribute_clean(feed.self_href)) return fail("cap.bad_text", "link");
  for (const Entry& entry : feed.entries) {
    if (entry.id.empty()) return fail("cap.missing", "entry/id");
    if (entry.title.empty()) return fail("cap.missing", "entry/title", entry.id);
    if (entry.href.empty()) return fail("cap.missing", "entry/link", entry.id);
    if (!attribute_clean(entry.href) || !attribute_clean(entry.category))
      return fail("cap.bad_text", "entry/link", entry.id);
  }
  return {};
}

void write_entry(XmlWriter& xml, const Entry& entry) {
  xml.open("entry");
  xml.text("id", entry.id);
  xml.text("title", entry.title);
  xml.text("published", iso_utc(entry.published));
  xml.text("updated", iso_utc(entry.updated));
  if (!entry.category.empty()) xml.empty("category", attribute("term", entry.category));
  xml.empty("link", attribute("rel", "alternate") + attribute("type", "application/cap+xml") +
                        attribute("href", entry.href));
  xml.text_if("summary", entry.summary);
  xml.close("entry");
}

}  // namespace

Result<std::string> write_atom(const Feed& feed) {
  if (auto checked = check(feed); !checked) return std::unexpected(checked.error());
  XmlWriter xml;
  xml.open("feed", attribute("xmlns", "http://www.w3.org/2005/Atom"));
  xml.text("id", feed.id);
  xml.text("title", feed.title);
  xml.text("updated", iso_utc(feed.updated));
  xml.open("author");
  xml.text("name", feed.author);
  xml.close("author");
  if (!feed.self_href.empty())
    xml.empty("link", attribute("rel", "self") + attribute("href", feed.self_href));
  for (const Entry& entry : feed.entries) write_entry(xml, entry);
  xml.close("feed");
  if (!xml.clean()) return fail("cap.bad_text", "", "a character XML cannot carry");
  return xml.take();
}

}  // namespace tocsin::cap
