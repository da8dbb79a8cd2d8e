#include "server/link/page_words.h"

#include <array>
#include <chrono>

namespace tocsin::server {
namespace {

constexpr LinkWords chinese{
    .lang = "zh-CN",
    .exercise = "<b>演练</b>，不是真的。请照样回复。",
    .title = "{} 请回复",
    .received = "收到，我去办",
    .done_label = "已经转移",
    .people_unit = "人",
    .report = "报人数",
    .cannot_label = "做不到，原因（可不写）",
    .cannot = "做不到，请上级来",
    .footer = "只打开不算回复，要按一个按钮。按错了可以再按，以最后一次为准。",
    .tap_again = "网页打不开：回短信 <b>1</b> 收到，<b>2</b> 做不到，<b>3 人数</b> 已转移。",
    .or_ring = "或拨 {}。",
    .ring = "网页打不开或有急事，拨 {}。",
    .sample = "样例人员。",
    .until = "链接只给您一人用，{} 后失效。",
    .closed = "这次叫应已经结束，不用再回复。",
    .expired = "链接已过期，不能再用它回复。",
    .unknown = "没有这个链接",
    .unknown_how = "请核对短信或邮件里的网址，要抄全。",
    .too_many = "按得太快了，等一分钟再按。",
    .not_kept = "这次回复没有存下。请打电话报回复",
    .not_kept_anew =
        "刚刚换成了新的一次叫应，您刚才按的<b>没有</b>存下。请看清上面新的内容，再按一次。",
    .number_needed = "请填已经转移的人数，只填数字。",
    .too_long = "原因最多 500 个字，请写短些。",
    .kept = "已收到您的回复",
    .answer_received = "收到，我去办",
    .answer_cannot = "做不到，请上级来",
    .answer_done = "已经转移 {} 人",
    .seen_label = "能派人到站上看看吗？看到什么，或为什么做不到（可不写）",
    .tap_again_silence = "网页打不开：回短信 <b>1</b> 收到，<b>2</b> 做不到。",
    .why_more = "这个数比在册的 {} 人多。核对一下；数没错，就在这里写一句多的是谁，再报一次。",
    .lifted = "已解除",
    .ran_out = "已到期",
    .called_anew = "这次叫应已经换成新的一次，请看后来的那封信。"};

constexpr LinkWords english{
    .lang = "en",
    .exercise = "<b>Exercise</b>, not real. Please answer all the same.",
    .title = "{}: please answer",
    .received = "Received, I am on it",
    .done_label = "Moved so far",
    .people_unit = "people",
    .report = "Report the number",
    .cannot_label = "I cannot, because (may be left empty)",
    .cannot = "I cannot, send someone else",
    .footer =
        "Opening is no answer; press a button. Press again to correct it: the last one counts.",
    .tap_again =
        "If the page fails, answer by text message: <b>1</b> received, <b>2</b> cannot, "
        "<b>3 number</b> moved.",
    .or_ring = "Or ring {}.",
    .ring = "If the page fails or it is urgent, ring {}.",
    .sample = "Made-up person. ",
    .until = "This link is yours alone and ends at {}.",
    .closed = "This call is over. No answer is needed any more.",
    .expired = "This link has ended and can no longer be used to answer.",
    .unknown = "There is no such link",
    .unknown_how = "Compare the address with the one in your message; it must be complete.",
    .too_many = "Too fast. Wait a minute and press again.",
    .not_kept = "This answer was not kept. Please give it by phone",
    .not_kept_anew =
        "You were called anew just now, so what you pressed was <b>not</b> kept. Read what is new "
        "above, then press again.",
    .number_needed = "Enter how many people have been moved, digits only.",
    .too_long = "At most 500 characters for the reason.",
    .kept = "Your answer is in",
    .answer_received = "Received, I am on it",
    .answer_cannot = "I cannot, send someone else",
    .answer_done = "{} people moved",
    .seen_label =
        "Can somebody look at the station? What is seen there, or why you cannot (may be left "
        "empty)",
    .tap_again_silence =
        "If the page fails, answer by text message: <b>1</b> received, <b>2</b> cannot.",
    .why_more =
        "That is more than the {} people registered. Check it; if it is right, write here who the "
        "others are and report again.",
    .lifted = "Lifted",
    .ran_out = "Expired",
    .called_anew = "You have been called anew about this: please open the later message."};

struct BeijingTime {
  explicit BeijingTime(Instant at)
      : local(at + beijing_offset),
        day(std::chrono::floor<std::chrono::days>(local)),
        date(day),
        text(text_beijing(at)) {}
  Instant local;
  std::chrono::sys_days day;
  std::chrono::year_month_day date;
  std::string text;  // "2026-11-22 10:00:03"
  std::string minute() const { return text.substr(11, 5); }
  unsigned weekday() const { return std::chrono::weekday(day).c_encoding(); }
  std::string month() const { return std::to_string(static_cast<unsigned>(date.month())); }
  std::string day_of_month() const { return std::to_string(static_cast<unsigned>(date.day())); }
};

constexpr std::array<std::string_view, 7> weekdays_zh{"日", "一", "二", "三", "四", "五", "六"};
constexpr std::array<std::string_view, 7> weekdays_en{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months_en{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string month_en(const BeijingTime& time) {
  return std::string(months_en[static_cast<unsigned>(time.date.month()) - 1]);
}

std::size_t index_of(int level) { return level >= 1 && level <= 4 ? std::size_t(level) : 0; }

}  // namespace

const LinkWords& words_of(std::string_view language) {
  return language == "en" ? english : chinese;
}

std::string level_name(int level, bool in_english) {
  constexpr std::array<std::string_view, 5> zh{"预警", "红色预警", "橙色预警", "黄色预警",
                                               "蓝色预警"};
  constexpr std::array<std::string_view, 5> en{"Warning", "Red warning", "Orange warning",
                                               "Yellow warning", "Blue warning"};
  return std::string((in_english ? en : zh)[index_of(level)]);
}

std::string level_rank(int level, bool in_english) {
  constexpr std::array<std::string_view, 5> zh{"", "一级，最高。", "二级。", "三级。", "四级。"};
  constexpr std::array<std::string_view, 5> en{"", "Level I, the gravest. ", "Level II. ",
                                               "Level III. ", "Level IV. "};
  return std::string((in_english ? en : zh)[index_of(level)]);
}

std::string date_and_time(Instant at, bool in_english) {
  const BeijingTime time(at);
  const std::string year = std::to_string(static_cast<int>(time.date.year()));
  if (in_english)
    return time.minute() + " on " + std::string(weekdays_en[time.weekday()]) + " " +
           time.day_of_month() + " " + month_en(time) + " " + year;
  return year + " 年 " + time.month() + " 月 " + time.day_of_month() + " 日（周" +
         std::string(weekdays_zh[time.weekday()]) + "）" + time.minute();
}

std::string time_after(Instant at, Instant day_of, bool in_english) {
  const BeijingTime time(at), before(day_of);
  if (time.day == before.day) return time.minute();
  if (in_english) return time.minute() + " on " + time.day_of_month() + " " + month_en(time);
  return time.month() + " 月 " + time.day_of_month() + " 日 " + time.minute();
}

std::string clock_time(Instant at) { return text_beijing(at).substr(11, 8); }

std::string people_sentence(int people, int to_move, bool in_english) {
  if (people <= 0) return {};
  const std::string all = std::to_string(people), left = std::to_string(to_move);
  if (in_english)
    return all + " people" + (to_move > 0 ? ", " + left + " not reported moved yet." : ".");
  return all + " 人" + (to_move > 0 ? "，还有 " + left + " 人没报转移。" : "。");
}

}  // namespace tocsin::server
