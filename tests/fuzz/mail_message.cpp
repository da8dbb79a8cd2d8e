// Any mail: read into clean text; and any text as a mail's subject and body comes back the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "adapter/smtp/client.h"
#include "adapter/smtp/message.h"
#include "base/encode.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const smtp::Parsed parsed = smtp::parse(text);
  for (const std::string* one : {&parsed.from, &parsed.to, &parsed.subject, &parsed.text})
    if (!valid_utf8(*one)) std::abort();
  if (!valid_utf8(text) || size > 4000) return 0;

  smtp::Account account;
  account.from = "a@b";
  smtp::Mail mail;
  mail.to = "c@d";
  mail.subject = text.substr(0, text.find('\n'));
  mail.text = text;
  mail.message_id = "<1@n>";
  const std::string message = smtp::compose(account, mail);
  const std::string wire = smtp::dot_stuffed(message);
  if (wire.find("\r\n.\r\n") != wire.size() - 5) std::abort();  // the end comes once
  const std::size_t head = message.find("\r\n\r\n");
  if (message.substr(0, head).find("\r\nTo: <c@d>\r\nSubject: ") == std::string::npos) std::abort();
  std::string want = text;
  std::erase(want, '\r');
  if (smtp::parse(message).text != want) std::abort();
  return 0;
}
