#pragma once
// What stands, as the node holds it.

#include "adapter/import/import.h"
#include "node/books.h"

namespace tocsin::importing {

/// A register that was never adopted, or is empty, is "not loaded". Points into `books`, which must
/// outlive it.
Standing standing_of(const node::Books& books);

}  // namespace tocsin::importing
