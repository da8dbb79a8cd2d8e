#pragma once
// Words for people, in the two languages of the house.

#include <string>

namespace tocsin {

/// 双语文字. Chinese first, English complete.
struct Text {
  std::string zh, en;
  bool operator==(const Text&) const = default;
};

}  // namespace tocsin
