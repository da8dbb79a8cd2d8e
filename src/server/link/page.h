#pragma once
// The page behind a link: one column, no script, at most 14 kB, readable without its style sheet.

#include <string>
#include <string_view>

#include "server/link/desk.h"

namespace tocsin::server {

/// What the page says when nothing else is known.
struct LinkPlace {
  std::string sender;  // "庆元县防汛抗旱指挥部"
  std::string phone;   // whom to ring
  bool exercise = false;
};

/// Something to tell the person above the form.
enum class LinkNote : std::uint8_t {
  none,
  kept,           // the answer just sent is on disk
  number_needed,  // "done" without a number
  too_long,       // more than 500 characters
  why_more,       // more moved than live there, and no word about it: asked beside the number
  called_anew,    // he was called anew before he pressed: this page is of the new call
  not_kept,       // the node could not keep it: ring
};

/// `typed`: what the person sent that was not taken yet, so that nothing is typed twice.
std::string link_page(const LinkView& view, LinkNote note = LinkNote::none,
                      const LinkAnswer& typed = {});
/// For a link nobody signed, or an address that is none.
std::string unknown_link_page(const LinkPlace& place);
std::string too_many_page(const LinkPlace& place);

std::string html_escaped(std::string_view text);

}  // namespace tocsin::server
