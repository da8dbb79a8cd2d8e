#pragma once
// Names of things. An id is text of the header alphabet, made once and never reused; rooms on one
// floor know each other by these types only.

#include <compare>
#include <functional>
#include <string>

namespace tocsin {

template <class Tag>
struct Id {
  std::string text;

  bool empty() const { return text.empty(); }
  auto operator<=>(const Id&) const = default;
};

using WarningId = Id<struct WarningTag>;      // 预警
using CallId = Id<struct CallTag>;            // 叫应
using AnswerId = Id<struct AnswerTag>;        // 应答
using AlarmId = Id<struct AlarmTag>;          // 警报
using RiskPointId = Id<struct RiskPointTag>;  // 风险点
using PostId = Id<struct PostTag>;            // 岗位
using PersonRef = Id<struct PersonTag>;       // 人员（只记编号，不记姓名）

}  // namespace tocsin

template <class Tag>
struct std::hash<tocsin::Id<Tag>> {
  std::size_t operator()(const tocsin::Id<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.text);
  }
};
