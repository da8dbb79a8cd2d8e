#pragma once
// The list of what is in force, as an Atom feed (RFC 4287) with one entry a message.

#include <string>
#include <vector>

#include "adapter/cap/message.h"

namespace tocsin::cap {

struct Entry {
  std::string id = {};  ///< "urn:oid:…", "tag:…" or a URL; never changes
  std::string title;    ///< the headline
  std::string summary;
  Instant published, updated;
  std::string href;      ///< absolute URL of the CAP message
  std::string category;  ///< GB/T 35561 code
};

struct Feed {
  std::string id, title, author, self_href;
  Instant updated;
  std::vector<Entry> entries;
};

/// UTF-8 XML. Errors: "cap.missing", "cap.bad_text".
Result<std::string> write_atom(const Feed& feed);

}  // namespace tocsin::cap
