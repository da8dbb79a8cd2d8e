#include "server/link/page.h"

#include <array>

#include "base/text.h"
#include "server/link/page_words.h"

namespace tocsin::server {
namespace {

constexpr std::string_view style =
    R"(body{margin:0;background:#fff;color:#131917;font:17px/1.6 "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
.x{background:#e2e8e5;text-align:center;font-size:15px;padding:6px 12px}
.w{max-width:480px;margin:0 auto;padding:0 16px 32px;overflow-wrap:break-word;word-wrap:break-word}
.l{padding:12px 16px;margin:0 -16px}
.l b{display:block;font-size:26px;line-height:1.3}
.l1{background:#b51019;color:#fff}.l2{background:#df6e14;color:#17110a}.l3{background:#f7d531;color:#17110a}.l4{background:#1c66cc;color:#fff}.l0{background:#131917;color:#fff}
h1{font-size:22px;line-height:1.5;margin:16px 0 4px}
p{margin:0 0 10px}
.d{border-top:1px solid #d9dfdc;padding:10px 0 0;margin-top:12px;color:#3c4642;font-size:15px}
.k{border:2px solid #0a6a56;padding:10px 12px;margin-top:12px}
.k b{display:block;font-size:19px}
.e{border:2px solid #131917;background:#131917;color:#fff;padding:10px 12px;margin-top:12px}
.e a{color:#fff}
button{display:block;width:100%;min-height:56px;margin:12px 0 0;font:inherit;font-size:19px;font-weight:bold;border:2px solid #131917;background:#fff;color:#131917;text-align:center}
.p{background:#0a6a56;border-color:#0a6a56;color:#fff}
.n{border:2px solid #131917;padding:12px;margin-top:12px}
.n label{display:block}
.n input{width:120px;height:48px;font:inherit;font-size:22px;font-weight:bold;text-align:center;border:2px solid #75807b}
.n input:focus,button:focus,a:focus{outline:3px solid #0a6a56}
.n button{margin-top:10px}
textarea{width:100%;height:64px;font:inherit;border:2px solid #75807b;-webkit-box-sizing:border-box;box-sizing:border-box;padding:6px}
.n1{white-space:nowrap}
a{color:#0a6a56}
.f{font-size:15px;color:#5b6661;margin-top:20px}
)";

/// `text` with its "{}" replaced.
std::string filled(std::string_view text, std::string_view value) {
  const std::size_t at = text.find("{}");
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + std::string(value) + std::string(text.substr(at + 2));
}

std::string phone_link(std::string_view phone) {
  std::string digits;
  for (const char c : phone)
    if ((c >= '0' && c <= '9') || c == '+' || c == '*' || c == '#') digits.push_back(c);
  return "<a class=\"n1\" href=\"tel:" + html_escaped(digits) + "\">" + html_escaped(phone) +
         "</a>";
}

std::string framed(const LinkWords& words, std::string_view title, bool exercise,
                   std::string_view inside) {
  std::string out = "<!doctype html>\n<html lang=\"" + std::string(words.lang) +
                    "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
                    "content=\"noindex\"><title>";
  out.append(title).append("</title>\n<style>\n").append(style).append("</style></head><body>\n");
  if (exercise) out.append("<div class=\"x\">").append(words.exercise).append("</div>\n");
  return out.append("<div class=\"w\">\n").append(inside).append("</div></body></html>\n");
}

std::string answer_words(const LinkWords& words, const LinkAnswer& answer) {
  std::string out;
  if (answer.kind == "done")
    out = filled(words.answer_done, std::to_string(answer.moved.value_or(0)));
  else
    out = answer.kind == "cannot" ? words.answer_cannot : words.answer_received;
  out = "<b>" + out + "</b>";
  if (!answer.words.empty()) out += html_escaped(answer.words);
  return out;
}

std::string note_block(const LinkWords& words, LinkNote note, const LinkView& view) {
  std::string text;
  const std::string& phone = view.phone;
  switch (note) {
    case LinkNote::none:
    case LinkNote::kept:
    case LinkNote::why_more:  // asked beside the number
      return {};
    case LinkNote::number_needed:
      text = words.number_needed;
      break;
    case LinkNote::too_long:
      text = words.too_long;
      break;
    case LinkNote::called_anew:
      text = words.not_kept_anew;
      break;
    case LinkNote::not_kept:
      text = std::string(words.not_kept) + (phone.empty() ? "" : " " + phone_link(phone));
      break;
  }
  return "<p class=\"e\" role=\"alert\">" + text + "</p>\n";
}

/// The hidden field says which call was answered, should another ask by the time it arrives.
std::string form_begins(const LinkView& view) {
  return "<form method=\"post\" action=\"\" accept-charset=\"utf-8\">"
         "<input type=\"hidden\" name=\"c\" value=\"" +
         html_escaped(view.call) + "\">\n";
}

/// A station is silent: nobody has to move, so what is asked is whether somebody can look.
std::string form_of_silence(const LinkWords& words, const LinkView& view) {
  std::string out = form_begins(view);
  out.append("<div class=\"n\"><label for=\"y\">")
      .append(words.seen_label)
      .append("</label><textarea id=\"y\" name=\"why\" maxlength=\"500\"></textarea></div>\n")
      .append("<button class=\"p\" name=\"a\" value=\"received\">")
      .append(words.received)
      .append("</button>\n<button name=\"a\" value=\"cannot\">")
      .append(words.cannot)
      .append("</button>\n</form>\n");
  return out;
}

/// Who the people are that are more than live there: asked where the number stands.
std::string why_more_field(const LinkWords& words, const LinkView& view, const LinkAnswer& typed) {
  return "<label class=\"e\" for=\"w\" role=\"alert\">" +
         filled(words.why_more, std::to_string(view.people)) +
         "</label><textarea id=\"w\" name=\"more\" maxlength=\"500\">" + html_escaped(typed.words) +
         "</textarea>";
}

/// `typed`: what was not taken yet: a number and who is more, or why somebody cannot.
std::string form(const LinkWords& words, const LinkView& view, LinkNote note,
                 const LinkAnswer& typed) {
  const std::string number = typed.moved ? std::to_string(*typed.moved) : std::string();
  const bool of_number = typed.kind == "done";
  const bool more = note == LinkNote::why_more || (of_number && !typed.words.empty());
  std::string out = form_begins(view);
  out.append("<button class=\"p\" name=\"a\" value=\"received\">")
      .append(words.received)
      .append("</button>\n<div class=\"n\"><label for=\"m\">")
      .append(words.done_label)
      .append(" <input id=\"m\" name=\"n\" type=\"tel\" maxlength=\"4\" autocomplete=\"off\"")
      .append(number.empty() ? "" : " value=\"" + number + "\"")
      .append("> ")
      .append(words.people_unit)
      .append("</label>")
      .append(more ? why_more_field(words, view, typed) : std::string())
      .append("<button name=\"a\" value=\"done\">")
      .append(words.report)
      .append("</button></div>\n<div class=\"n\"><label for=\"y\">")
      .append(words.cannot_label)
      .append("</label><textarea id=\"y\" name=\"why\" maxlength=\"500\">")
      .append(of_number ? std::string() : html_escaped(typed.words))
      .append("</textarea><button name=\"a\" value=\"cannot\">")
      .append(words.cannot)
      .append("</button></div>\n</form>\n");
  return out;
}

std::string footer(const LinkWords& words, const LinkView& view, bool english) {
  std::string out = "<p class=\"f\">";
  if (view.state == LinkState::asked) {
    out.append(words.footer).append("<br>");
    if (!view.sms.empty())
      out.append(view.silence ? words.tap_again_silence : words.tap_again).append(" ");
  }
  const bool by_sms = view.state == LinkState::asked && !view.sms.empty();
  if (!view.phone.empty())
    out += filled(by_sms ? words.or_ring : words.ring, phone_link(view.phone));
  out += "<br>";
  if (view.sample) out.append(words.sample);
  if (view.state == LinkState::asked)
    out += filled(words.until, time_after(view.expires, view.issued_at, english));
  return out + "</p>\n";
}

/// The text of the page's language, escaped; the Chinese where there is no English.
std::string text_in(const Text& text, bool english) {
  return html_escaped(english && !text.en.empty() ? text.en : text.zh);
}

/// What ended: the warning itself, or only this round of calls.
std::string_view end_words(const LinkWords& words, LinkEnd end) {
  switch (end) {
    case LinkEnd::lifted:
      return words.lifted;
    case LinkEnd::ran_out:
      return words.ran_out;
    default:
      return {};
  }
}

std::string warning_block(const LinkView& view, bool english) {
  const std::string_view over = end_words(words_of(view.language), view.end);
  // What no longer stands must not be followed.
  const std::string instruction =
      over.empty() ? sentence(text_in(view.instruction, english), english ? "." : "。")
                   : std::string();
  const std::string reading = text_in(view.reading, english);
  const std::string hazard = text_in(view.hazard, english);
  const std::string place = (english ? capitalised(hazard) : hazard) +
                            (view.place.empty() ? ""
                             : english          ? ", "
                                                : "，") +
                            html_escaped(view.place);
  const std::string level = level_name(view.level, english);
  std::string out = "<div class=\"l l" + std::to_string(over.empty() ? view.level : 0) + "\"><b>" +
                    (over.empty() ? level : std::string(over)) + "</b>" +
                    (over.empty() ? level_rank(view.level, english) : level + " ") + place +
                    "</div>\n<h1>" + html_escaped(view.person_name) +
                    (view.person_name.empty() ? ""
                     : english                ? ": "
                                              : "，") +
                    text_in(view.headline, english) + "</h1>\n";
  const std::string people =
      over.empty() ? people_sentence(view.people, view.to_move, english) : std::string();
  if (!over.empty() && !view.end_reason.empty())
    out += "<p>" + sentence(html_escaped(view.end_reason), english ? "." : "。") + "</p>\n";
  if (over.empty() && !view.description.empty())
    out += "<p>" + sentence(html_escaped(view.description), english ? "." : "。") + "</p>\n";
  if (!instruction.empty() || !people.empty())
    out += "<p>" + instruction + (english ? " " : "") + people + "</p>\n";
  out += "<p class=\"d\">";
  if (!reading.empty()) out += reading + "<br>";
  const std::string issued = date_and_time(view.issued_at, english);
  const std::string until = time_after(view.expires, view.issued_at, english);
  out += english ? "Issued " + issued + ", until " + until + "."
                 : issued + " 发布，到 " + until + "。";
  out += "<br>" + html_escaped(view.sender) + "</p>\n";
  return out;
}

std::string_view closing_words(const LinkWords& words, const LinkView& view) {
  if (view.end == LinkEnd::called_anew) return words.called_anew;
  return view.state == LinkState::closed ? words.closed : words.expired;
}

std::string bare_page(const LinkPlace& place, std::string_view zh, std::string_view en,
                      std::string_view how_zh, std::string_view how_en) {
  std::string inside = "<h1>" + std::string(zh) + "</h1>\n";
  if (!how_zh.empty()) inside += "<p>" + std::string(how_zh) + "</p>\n";
  inside += "<p lang=\"en\"><b>" + std::string(en) + ".</b> " + std::string(how_en) + "</p>\n";
  if (!place.phone.empty()) inside += "<p>" + phone_link(place.phone) + "</p>\n";
  inside += "<p class=\"d\">" + html_escaped(place.sender) + "</p>\n";
  return framed(words_of("zh"), zh, place.exercise, inside);
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += "<br>";
        break;
      default:
        out += c;
    }
  return out;
}

std::string link_page(const LinkView& view, LinkNote note, const LinkAnswer& typed) {
  const bool english = view.language == "en";
  const LinkWords& words = words_of(view.language);
  if (view.state == LinkState::unknown)
    return unknown_link_page({view.sender, view.phone, view.exercise});
  std::string inside = warning_block(view, english);
  inside += note_block(words, note, view);
  if (view.answer)
    inside += "<p class=\"k\" role=\"status\">" + std::string(words.kept) +
              (english ? ", " : "，") + clock_time(view.answered_at) +
              answer_words(words, *view.answer) + "</p>\n";
  if (view.state == LinkState::asked)
    inside += view.silence ? form_of_silence(words, view) : form(words, view, note, typed);
  else
    inside += "<p class=\"e\">" + std::string(closing_words(words, view)) + "</p>\n";
  inside += footer(words, view, english);
  return framed(words, filled(words.title, level_name(view.level, english)), view.exercise, inside);
}

std::string unknown_link_page(const LinkPlace& place) {
  const LinkWords &zh = words_of("zh"), &en = words_of("en");
  return bare_page(place, zh.unknown, en.unknown, zh.unknown_how, en.unknown_how);
}

std::string too_many_page(const LinkPlace& place) {
  return bare_page(place, words_of("zh").too_many, "Too fast", "",
                   "Wait a minute and press again.");
}

}  // namespace tocsin::server
