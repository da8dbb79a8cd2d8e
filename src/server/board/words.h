#pragma once
// Words the server says by itself, in both languages: what the officer reads aloud, lines of the
// feed.

#include <string>
#include <string_view>

#include "base/text.h"
#include "node/node.h"

namespace tocsin::server {

std::string_view status_name(warning::Status status);
/// 红 橙 黄 蓝 / Red Orange Yellow Blue.
Text level_text(int level);

/// 警示事项. What a rule wrote of its reading is known in English too; what a person wrote stands
/// as it is (English empty).
Text description_words(const node::Node& node, const warning::Warning& w);
/// 原因. Why a warning got its level: the words of the rule that found it in both languages, else
/// as somebody wrote it.
Text reason_words(const node::Node& node, const warning::Warning& w,
                  const warning::LevelEntry& level);

/// What to say on the phone: who is speaking, what, where, what to do; of a silent station also
/// what to ask, since nobody has to move.
Text script_of(const node::Node& node, const call::Call& call);

/// One line for the feed about what an entity's last change was; empty when it says nothing to
/// people.
Text words_on_call(const node::Node& node, const std::string& call_id);

}  // namespace tocsin::server
