#include "domain/audit/audit.h"

#include <gtest/gtest.h>

namespace tocsin::audit {
namespace {

TEST(audit, a_note_is_read_back_as_it_was_written) {
  const Noted note{"refused",         "eco", "p006", "LIA-ECO", "10.1.2.3", "POST /x",
                   "access.no_right", 3};
  const auto written = encode(note);
  const auto read = decode(written.type, written.version, written.body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->login, "eco");
  EXPECT_EQ(read->source, "10.1.2.3");
  EXPECT_EQ(read->code, "access.no_right");
  EXPECT_EQ(read->repeats, 3);
  EXPECT_EQ(decode("audit.noted", 1, R"({"kind":1})").error().field, "kind");
}

TEST(audit, the_last_login_is_the_latest_way_in_and_no_refusal) {
  LastLogins logins;
  const Instant at = *parse_iso("2026-07-18T02:00:00Z");
  const auto note = [](std::string kind, std::string login) {
    Noted made;
    made.kind = std::move(kind);
    made.login = std::move(login);
    return made;
  };
  EXPECT_EQ(logins.of("eco"), std::nullopt);
  logins.take(note("login_refused", "eco"), at);
  logins.take(note("logout", "eco"), at);
  EXPECT_EQ(logins.of("eco"), std::nullopt);
  logins.take(note("login", "eco"), at);
  logins.take(note("login", "duty"), at + std::chrono::hours(1));
  logins.take(note("login", "eco"), at - std::chrono::hours(1));
  EXPECT_EQ(logins.of("eco"), at) << "a clock put back does not make it earlier";
  logins.take(note("break_glass", "eco"), at + std::chrono::hours(2));
  EXPECT_EQ(logins.of("eco"), at + std::chrono::hours(2));
}

}  // namespace
}  // namespace tocsin::audit
