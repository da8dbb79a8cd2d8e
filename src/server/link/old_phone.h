#pragma once
// Old phones send a form in the charset of their menus, whatever the page asks for.

#include <string>
#include <string_view>

namespace tocsin::server {

/// The body of a form (application/x-www-form-urlencoded) with every value in UTF-8: read as
/// GB18030 where it is no UTF-8, and U+FFFD where it is neither. An answer counts although its
/// words cannot be read. What is broken otherwise stays so, for the parser to name.
std::string form_in_utf8(std::string_view body);

}  // namespace tocsin::server
