#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace tocsin::cli {

/// `tocsin cap check [--cert PEM] FILE…` ("-" is `in`): one JSON line a file on `out`,
/// {"file","valid","format","alerts","errors":[{"code","path","text"}],"warnings":[…],"signature"}.
/// "signature": "none"; "unchecked" without a certificate or inside a feed; else "holds", "broken"
/// (which is an error too) or "unsupported".
/// Returns 0 when all are valid, 1 when one is not or cannot be read, 2 for wrong use.
int run_cap(std::span<const std::string_view> args, std::istream& in, std::ostream& out,
            std::ostream& err);

}  // namespace tocsin::cli
