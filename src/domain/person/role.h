#pragma once
// 角色. What a post is for. The words stand in posts.csv, in packages and in events; what each role
// may do is said by the room `access`.

#include <algorithm>
#include <array>
#include <string_view>

namespace tocsin::person {

struct Role {
  std::string_view name, zh, en;
};

inline constexpr std::array<Role, 8> roles{{
    {"duty_officer", "值班员", "duty officer"},
    {"leader", "带班领导", "leader on duty"},
    {"liaison", "部门联络员", "department liaison"},
    {"township_officer", "乡镇值班员", "township officer"},
    {"village_head", "村负责人", "village head"},
    {"responsible", "责任人", "responsible person"},
    {"operator", "系统管理员", "operator"},
    {"auditor", "审计员", "auditor"},
}};

/// By name or Chinese title; nullptr when there is none such.
constexpr const Role* find_role(std::string_view text) {
  const auto found = std::ranges::find_if(
      roles, [&](const Role& role) { return role.name == text || role.zh == text; });
  return found == roles.end() ? nullptr : &*found;
}

}  // namespace tocsin::person
