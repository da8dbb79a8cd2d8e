#include "server/stream/hub.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "adapter/http/test_server.h"
#include "server/stream/boards.h"

namespace tocsin::server {
namespace {

StreamRow row(std::string id, std::string value, std::vector<std::string> areas = {}) {
  std::string json = R"({"id":")" + id + R"(","v":")" + value + "\"}";
  return {std::move(id), std::move(json), std::move(areas)};
}

bool all(const StreamRow&) { return true; }

/// Two boards and readers of them, without a socket.
struct Desk {
  ManualClock clock;
  Boards boards;
  explicit Desk(StreamSettings settings = {}) : boards(clock, settings) {
    boards.add("warnings", "starting", {});
    boards.add("calls", "starting", {});
  }
  static Reader reader(RowFilter filter = all) {
    Reader out;
    out.boards.resize(2);
    out.boards[0].name = "warnings";
    out.boards[1].name = "calls";
    out.filter = std::move(filter);
    return out;
  }
  void put(std::string id, std::string value, std::vector<std::string> areas = {}) {
    StreamPatch patch;
    patch.put.push_back(row(std::move(id), std::move(value), std::move(areas)));
    patch.as_of = clock.now();
    boards.publish("warnings", std::move(patch));
  }
  void drop(std::string id) {
    StreamPatch patch;
    patch.drop.push_back(std::move(id));
    boards.publish("warnings", std::move(patch));
  }
};

struct Event {
  std::string id, name;
  boost::json::value data;
};

std::vector<Event> events_of(std::string_view text) {
  std::vector<Event> out;
  Event event;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    if (line.starts_with("id: ")) event.id = line.substr(4);
    if (line.starts_with("event: ")) event.name = line.substr(7);
    if (line.starts_with("data: ")) event.data = boost::json::parse(line.substr(6));
    if (line.empty() && !event.name.empty()) out.push_back(std::exchange(event, {}));
  }
  return out;
}

std::string ids(const boost::json::value& rows) {
  std::string out;
  for (const auto& one : rows.as_array())
    out += (out.empty() ? "" : " ") +
           std::string(one.is_string() ? one.as_string() : one.at("id").as_string());
  return out;
}

}  // namespace

TEST(stream_hub, a_board_is_not_loaded_then_whole_then_changes) {
  Desk desk;
  Reader reader = Desk::reader();
  auto events = events_of(desk.boards.take(reader, "t"));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].name, "state");
  EXPECT_EQ(events[0].data.at("state"), "not_loaded");
  EXPECT_EQ(desk.boards.take(reader, "t"), "");

  desk.boards.reset("warnings", {{row("a", "1"), row("b", "1")}, desk.clock.now()});
  events = events_of(desk.boards.take(reader, "t"));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data.at("whole"), true);
  EXPECT_EQ(ids(events[0].data.at("put")), "a b");
  EXPECT_EQ(events[0].data.at("total"), 2);
  EXPECT_EQ(events[0].data.at("as_of").as_string(), iso_utc(desk.clock.now()));

  desk.put("c", "1");
  desk.put("c", "2");
  desk.drop("a");
  events = events_of(desk.boards.take(reader, "t"));
  ASSERT_EQ(events.size(), 1u);  // three changes, one patch
  EXPECT_EQ(events[0].data.at("whole"), false);
  EXPECT_EQ(events[0].data.at("put").at(0).at("v"), "2");
  EXPECT_EQ(ids(events[0].data.at("drop")), "a");
  EXPECT_EQ(events[0].data.at("total"), 2);

  desk.boards.unload("warnings", "files moved");
  events = events_of(desk.boards.take(reader, "t"));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data.at("what"), "files moved");
}

TEST(stream_hub, rows_that_come_into_and_leave_a_readers_area) {
  Desk desk;
  Reader reader =
      Desk::reader([](const StreamRow& r) { return access::concerns("331126100", r.areas); });
  desk.boards.reset("warnings", {{row("here", "1", {"331126100201"}),
                                  row("there", "1", {"331126101"}), row("all", "1")},
                                 {}});
  auto events = events_of(desk.boards.take(reader, "t"));
  EXPECT_EQ(ids(events[0].data.at("put")), "all here");
  EXPECT_EQ(events[0].data.at("total"), 2);

  desk.put("there", "2", {"331126101"});
  desk.drop("there");
  EXPECT_EQ(desk.boards.take(reader, "t"), "");  // not even an id of what he may not see

  desk.put("here", "2", {"331126101"});  // moved away
  desk.put("new", "1", {"331126"});
  events = events_of(desk.boards.take(reader, "t"));
  EXPECT_EQ(ids(events[0].data.at("put")), "new");
  EXPECT_EQ(ids(events[0].data.at("drop")), "here");
  EXPECT_EQ(events[0].data.at("total"), 2);
}

TEST(stream_hub, a_reader_resumes_where_he_was) {
  Desk desk;
  desk.boards.reset("warnings", {{row("a", "1")}, {}});
  desk.boards.reset("calls", {{row("k", "1")}, {}});
  Reader first = Desk::reader();
  const auto begun = events_of(desk.boards.take(first, "t"));
  ASSERT_EQ(begun.size(), 2u);
  EXPECT_EQ(begun[0].id, "");  // cut off between the two he must ask again for both
  const std::string position = begun[1].id;
  desk.put("b", "1");

  Reader again = Desk::reader();
  desk.boards.resume(again, position, "t");
  const auto events = events_of(desk.boards.take(again, "t"));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data.at("whole"), false);
  EXPECT_EQ(ids(events[0].data.at("put")), "b");
  EXPECT_EQ(events[0].data.at("total"), 2);
  desk.put("c", "1");
  EXPECT_EQ(events_of(desk.boards.take(again, "t")).at(0).data.at("total"), 3);

  for (const std::string& bad :
       {std::string(""), std::string("x"), std::string("1-2"), std::string("zz-1-t"),
        "0" + position + "0", position.substr(0, position.find('-')) + "-999-t",
        position.substr(0, position.size() - 1) + "u"}) {
    Reader stranger = Desk::reader();
    desk.boards.resume(stranger, bad, "t");
    EXPECT_EQ(events_of(desk.boards.take(stranger, "t")).size(), 2u) << bad;
  }
}

TEST(stream_hub, a_reader_too_far_behind_gets_the_board_whole) {
  StreamSettings settings;
  settings.ring_max = 10;
  Desk desk(settings);
  desk.boards.reset("warnings", {{row("a", "1")}, {}});
  desk.boards.reset("calls", {{}, {}});
  Reader reader = Desk::reader();
  desk.boards.take(reader, "t");
  for (int i = 0; i < 10; ++i) desk.put("n" + std::to_string(i), "1");
  EXPECT_EQ(events_of(desk.boards.take(reader, "t")).at(0).data.at("whole"), false);
  for (int i = 0; i < 11; ++i) desk.put("n" + std::to_string(i), "2");
  const auto events = events_of(desk.boards.take(reader, "t"));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].data.at("whole"), true);
  EXPECT_EQ(events[0].data.at("total"), 12);
}

TEST(stream_hub, the_ring_is_bounded_in_bytes_too) {
  StreamSettings settings;
  settings.ring_bytes_max = 10'000;
  Desk desk(settings);
  desk.boards.reset("warnings", {{}, {}});
  desk.boards.reset("calls", {{}, {}});
  Reader reader = Desk::reader();
  desk.boards.take(reader, "t");
  for (int i = 0; i < 20; ++i) desk.put("big", std::string(1'000, 'x'));
  EXPECT_EQ(events_of(desk.boards.take(reader, "t")).at(0).data.at("whole"), true);
}

TEST(stream_hub, update_publishes_only_the_difference) {
  Desk desk;
  desk.boards.update("warnings", {{row("a", "1"), row("b", "1")}, {}});
  desk.boards.update("calls", {{}, {}});
  Reader reader = Desk::reader();
  EXPECT_EQ(events_of(desk.boards.take(reader, "t")).at(0).data.at("whole"), true);
  desk.boards.update("warnings", {{row("a", "1"), row("b", "1")}, {}});
  EXPECT_EQ(desk.boards.take(reader, "t"), "");
  desk.boards.update("warnings", {{row("a", "2"), row("c", "1")}, {}});
  const auto events = events_of(desk.boards.take(reader, "t"));
  EXPECT_EQ(ids(events.at(0).data.at("put")), "a c");
  EXPECT_EQ(ids(events.at(0).data.at("drop")), "b");
}

namespace {

/// The hub behind a real server.
struct Service {
  SystemClock clock;
  StreamSettings settings{.beat = Duration(50), .pace = Duration(1)};
  Hub hub{clock, settings};
  http::test::OpenGate gate;
  http::Router router{gate};
  http::test::Loop loop;
  std::atomic<bool> over = false;
  http::Server server{loop.context.get_executor(), router};
  Service() {
    hub.add_board("warnings");
    hub.add_board("audit", "starting", [](const access::Principal&) { return false; });
    hub.reset("warnings", {{row("a", "1")}, clock.now()});
    add_stream_route(router, hub, [this](const std::string&) {
      return over ? std::string("expired") : std::string();
    });
    http::ListenSettings listen;
    listen.port = 0;
    EXPECT_TRUE(server.listen(listen));
  }
  ~Service() { loop.stop(); }
  http::test::Client open(std::string boards) {
    http::test::Client client(server.port());
    client.send("GET /api/v1/stream?boards=" + boards +
                " HTTP/1.1\r\nHost: t\r\nAuthorization: me\r\n\r\n");
    return client;
  }
};

}  // namespace

TEST(stream_hub, over_a_socket_changes_beats_and_bye_arrive) {
  Service service;
  auto client = service.open("warnings,audit");
  EXPECT_NE(client.until("\r\n\r\n").find("text/event-stream"), std::string::npos);
  EXPECT_NE(client.until("no_right").find("\"whole\":true"), std::string::npos);
  StreamPatch patch;
  patch.put.push_back(row("fresh", "1"));
  service.hub.publish("warnings", std::move(patch));
  EXPECT_NE(client.until("fresh").find("\"whole\":false"), std::string::npos);
  EXPECT_NE(client.until("event: beat").find("event: beat"), std::string::npos);
  service.over = true;
  EXPECT_NE(client.until("0\r\n\r\n").find(R"({"reason":"expired"})"), std::string::npos);
}

TEST(stream_hub, stopping_says_bye_to_all) {
  Service service;
  auto a = service.open("warnings"), b = service.open("warnings");
  EXPECT_NE(a.until("whole"), "");
  EXPECT_NE(b.until("whole"), "");
  service.hub.stop();
  EXPECT_NE(a.until("0\r\n\r\n").find("stopping"), std::string::npos);
  EXPECT_NE(b.until("0\r\n\r\n").find("stopping"), std::string::npos);
}

TEST(stream_hub, boards_that_do_not_exist_are_named) {
  Service service;
  auto client = service.open("warnings,nonsense");
  const auto reply = client.reply();
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(boost::json::parse(reply.body).at("detail"), "nonsense");
  EXPECT_EQ(service.open("").reply().status, 400);
}

}  // namespace tocsin::server
