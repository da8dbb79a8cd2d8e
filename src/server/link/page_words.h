#pragma once
// The words of the link page in both languages. Private to this room.

#include <string>
#include <string_view>

#include "base/time.h"
#include "server/link/desk.h"
#include "server/link/page.h"

namespace tocsin::server {

/// Texts may hold HTML; "{}" takes a value that is already escaped.
struct LinkWords {
  std::string_view lang, exercise, title, received, done_label, people_unit, report, cannot_label,
      cannot, footer, tap_again, or_ring, ring, sample, until, closed, expired, unknown,
      unknown_how, too_many, not_kept, not_kept_anew, number_needed, too_long, kept,
      answer_received, answer_cannot, answer_done, seen_label, tap_again_silence, why_more, lifted,
      ran_out, called_anew;
};

const LinkWords& words_of(std::string_view language);
/// "红色预警" and "一级，最高。"
std::string level_name(int level, bool english);
std::string level_rank(int level, bool english);
/// "2026 年 7 月 18 日（周六）02:00" / "02:00 on Saturday 18 July 2026", Beijing time.
std::string date_and_time(Instant at, bool english);
/// "08:00", with the date before it when it is another day than `day_of`.
std::string time_after(Instant at, Instant day_of, bool english);
/// "10:02:11".
std::string clock_time(Instant at);
/// "96 人，还有 49 人没报转移。"
std::string people_sentence(int people, int to_move, bool english);

}  // namespace tocsin::server
