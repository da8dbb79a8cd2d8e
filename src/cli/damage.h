#pragma once
// What an operator is told when the log of a node does not hold: where, and what to do. A node
// never starts on such a log, since everything it would write would stand on it.

#include <iosfwd>
#include <string>

#include "base/result.h"

namespace tocsin::cli {

/// Status of a command that found the log damaged; another one than for any other failure, so that
/// whoever supervises the program does not start it again and again.
inline constexpr int status_damaged = 3;

/// Whether an error says that what is kept is not what was written.
bool is_damage(const Error& error);

/// Tells the error and, for damage, every place that does not hold with its segment, record and
/// byte, then what to do. Returns the command's status: 3 for damage, else 1.
int tell_why_not_started(const std::string& folder, const Error& error, std::ostream& err);

}  // namespace tocsin::cli
