#include "server/mailer/letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "server/board/rows.h"
#include "server/board/words.h"
#include "server/desk/link_desk.h"

namespace tocsin::server {

namespace {

/// What both kinds of mail say.
struct Words {
  const warning::Warning& warning;
  bool exercise;
  std::string level, hazard, place, who;
};

void ask(smtp::Mail& mail, const Words& words, const std::string& link, const std::string& phone) {
  const auto& [w, exercise, level, hazard, place, who] = words;
  mail.subject =
      fmt::format("{}{}预警 {} {}，请回复", exercise ? "【演练】" : "", level, hazard, place);
  mail.text = fmt::format(
      "{}{}，{}{}预警：{}\n{}\n{}\n\n请点开回复（只打开不算回复，要按一个按钮）：\n{}\n\n"
      "{} 发布，{} 到期，北京时间。\n{}\n{}",
      exercise ? "这是演练，不是真的。请照样回复。\n\n" : "", who, hazard, level, w.issued.headline,
      w.issued.description, w.issued.instruction, link, text_beijing(warning::level_since(w)),
      text_beijing(w.issued.expires), w.issued.sender,
      phone.empty() ? "" : fmt::format("网页打不开请打电话 {}\n", phone));
}

/// What became of a warning, in the words of a mail.
struct Change {
  std::string what, why, when;
};

Change change_of(const Words& words, const std::string& about) {
  const warning::Warning& w = words.warning;
  const std::string warning = words.hazard + words.level + "预警";
  if (about == "cancelled")
    return {warning + "已解除", "原因：" + w.ended_reason,
            fmt::format("{} 解除", text_beijing(w.ended_at))};
  const std::string until = fmt::format("{} 到期", text_beijing(w.issued.expires));
  if (about == "expired")
    return {warning + "已到期",
            "没有延长，也没有人宣布解除。到期不等于没有危险：已转移的，等通知再回。", until};
  const std::string& reason = w.levels.empty() ? w.ended_reason : w.levels.back().reason;
  return {about == "prolonged" ? warning + "延长到 " + text_beijing(w.issued.expires)
                               : words.hazard + "预警已降为" + words.level,
          fmt::format("原因：{}\n{}\n{}", reason, w.issued.description, w.issued.instruction),
          until};
}

/// `link`: of one who was asked and has still to answer; empty where nobody waits for him.
void tell(smtp::Mail& mail, const Words& words, const std::string& about, const std::string& link,
          const std::string& phone) {
  const auto& [w, exercise, level, hazard, place, who] = words;
  const Change change = change_of(words, about);
  const std::string answer = link.empty() ? "不用回复" : "仍请回复";
  mail.subject = fmt::format("{}{} {}，{}", exercise ? "【演练】" : "", change.what, place, answer);
  mail.text = fmt::format(
      "{}{}，{}：{}\n{}\n{}。{}，北京时间。\n{}\n{}", exercise ? "这是演练，不是真的。\n\n" : "",
      who, change.what, w.issued.headline, change.why,
      link.empty() ? answer : answer + "，点开按一个按钮：\n" + link + "\n", change.when,
      w.issued.sender, phone.empty() ? "" : fmt::format("有疑问请打电话 {}\n", phone));
}

}  // namespace

std::optional<smtp::Mail> letter_for(const node::Node& node, const node::Outgoing& what,
                                     const LinkKey& key, const std::string& public_base_url,
                                     const std::string& phone, Instant now) {
  const person::Person* who = node.books().directory.find(what.person.text);
  const auto claims = claims_for(node, what.call, what.rung);
  if (who == nullptr || who->email.empty() || !claims) return std::nullopt;
  const call::Call& call = node.calls().state(what.call.text);
  const warning::Warning& w = node.warnings().state(what.warning.text);

  smtp::Mail mail;
  mail.to = who->email;
  mail.to_name = who->name;
  mail.exercise = w.issued.status != warning::Status::actual;
  mail.date = now;
  mail.message_id = fmt::format("<{}@{}.tocsin>", identity_of(what), node.setup().name);
  const Words words{w,
                    mail.exercise,
                    level_text(static_cast<int>(w.level)).zh,
                    hazard_words(node, w).zh,
                    node.books().area_name(call.opened.area),
                    who->name};
  const std::string link = link_url(public_base_url, key.sign(*claims));
  const auto answers = node.answers_to(what.call);
  const bool waited_for = call.current == what.rung && w.phase == warning::Phase::in_force &&
                          call::settling(call::last_words(answers)) == nullptr;
  if (what.news.empty())
    ask(mail, words, link, phone);
  else
    tell(mail, words, what.news, waited_for ? link : std::string(), phone);
  return mail;
}

std::string without_addresses(std::string_view words) {
  std::string out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    out += word.find('@') == std::string_view::npos ? word : "…";
    if (end < words.size()) out += ' ';
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

std::vector<smtp::Mail> break_glass_letters(const node::Node& node, const std::string& login) {
  const account::Account& account = node.accounts().state(login);
  std::set<std::string> people;
  for (const person::Post& post : node.books().posts.all())
    if (post.role == "operator" || post.role == "leader" || post.role == "duty_officer")
      people.insert({post.person, post.deputy});
  std::vector<smtp::Mail> out;
  for (const std::string& id : people) {
    const person::Person* who = node.books().directory.find(id);
    if (who == nullptr || who->email.empty()) continue;
    smtp::Mail mail;
    mail.to = who->email;
    mail.to_name = who->name;
    mail.exercise = node.setup().exercise;
    mail.date = account.code_used_at;
    mail.message_id = fmt::format("<glass.{}.{}.{}@{}.tocsin>", login, ms_of(account.code_used_at),
                                  id, node.setup().name);
    mail.subject = fmt::format("{}有人用应急码登录：{}", mail.exercise ? "【演练】" : "", login);
    mail.text = fmt::format(
        "{}，有人用应急码登录了值守台。\n账号：{}\n时间：{}，北京时间\n所写原因：{}\n\n"
        "如果不是自己人所为，请马上停用这个账号，并查看审计记录。\n{}\n",
        who->name, login, text_beijing(account.code_used_at), account.code_reason,
        node.setup().sender);
    out.push_back(std::move(mail));
  }
  return out;
}

}  // namespace tocsin::server
