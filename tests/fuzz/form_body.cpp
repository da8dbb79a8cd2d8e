// Any form of the link page: an answer within its bounds or an error that names its field.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/encode.h"
#include "server/link/site.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::Request request;
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  request.body.assign(reinterpret_cast<const char*>(data), size);
  const auto form = request.form();
  if (!form) {
    if (form.error().code != "form.bad" || form.error().field.empty()) std::abort();
    return 0;
  }
  const auto answer = server::read_answer(*form);
  if (!answer) {
    if (answer.error().field.empty()) std::abort();
    return 0;
  }
  if (!valid_utf8(answer->words) || answer->words.size() > 2000) std::abort();
  if (answer->moved.has_value() != (answer->kind == "done")) std::abort();
  if (answer->moved && (*answer->moved < 0 || *answer->moved > 9999)) std::abort();
  server::LinkView view;
  view.state = server::LinkState::asked;
  view.answer = *answer;
  if (server::link_page(view).find("<script") != std::string::npos) std::abort();
  return 0;
}
