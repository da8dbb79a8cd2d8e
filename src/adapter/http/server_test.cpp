#include "adapter/http/server.h"

#include <gtest/gtest.h>

#include <boost/asio/ssl.hpp>
#include <boost/json/parse.hpp>

#include "adapter/http/sink.h"
#include "adapter/http/test_server.h"
#include "adapter/test_cert.h"

namespace tocsin::http {
namespace {

using access::Access;
using test::Client;

/// A server with quick limits: what takes seconds in production takes a blink here.
struct Service {
  test::OpenGate gate;
  Router router{gate};
  test::Loop loop;
  std::unique_ptr<Server> server;
  std::promise<void> stream_ended;

  explicit Service(Limits limits = {}) {
    router.get("/hello", {.access = Access::open, .summary = "hello"},
               [](Request request) -> asio::awaitable<Response> {
                 co_return text_response("hello " + std::string(request.query_value("who")));
               });
    router.get("/large", {.access = Access::open, .summary = "large"},
               [](Request) -> asio::awaitable<Response> {
                 co_return text_response(std::string(20'000, 'x')).with("ETag", "\"v1\"");
               });
    router.post("/size", {.access = Access::open, .summary = "size", .body_max = 100'000},
                [](Request request) -> asio::awaitable<Response> {
                  co_return text_response(std::to_string(request.body.size()));
                });
    router.post("/closed", {.access = Access::operate, .summary = "c", .body_max = 1'000'000},
                [](Request) -> asio::awaitable<Response> { co_return text_response("in"); });
    router.get("/stream", {.access = Access::open, .summary = "stream"},
               [this](Request request) -> asio::awaitable<Response> {
                 Response response = text_response({}, "text/event-stream");
                 const bool endless = request.query_value("endless") == "1";
                 response.stream = [this, endless](Sink& sink) { return feed(sink, endless); };
                 co_return response;
               });
    server = std::make_unique<Server>(loop.context.get_executor(), router);
    ListenSettings settings;
    settings.port = 0;
    settings.limits = limits;
    settings.trusted_proxies = {"127.0.0.1"};
    const auto listening = server->listen(settings);
    EXPECT_TRUE(listening);
  }

  asio::awaitable<void> feed(Sink& sink, bool endless) {
    for (int i = 0; endless || i < 3; ++i) {
      std::string piece = endless ? std::string(64 * 1024, 'e') : "data: " + std::to_string(i);
      const auto written = co_await sink.write(std::move(piece) + "\n\n");
      if (!written) {
        stream_ended.set_value();
        co_return;
      }
    }
  }

  ~Service() { loop.stop(); }
  Client client() { return Client(server->port()); }
};

std::string get(std::string_view target, std::string_view more = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n" + std::string(more) + "\r\n";
}

std::string code_of(const Client::Reply& reply) {
  return std::string(boost::json::parse(reply.body).at("code").as_string());
}

Limits quick() {
  Limits limits;
  limits.header = Duration(300);
  limits.idle = Duration(60'000);
  limits.body = Duration(300);
  limits.write = Duration(500);
  return limits;
}

}  // namespace

TEST(http_server, answers_and_keeps_the_connection) {
  Service service;
  Client client = service.client();
  const auto first = client.ask(get("/hello?who=%E5%BA%86"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "hello 庆");
  client.send(get("/hello?who=a") + get("/hello?who=b"));  // pipelined
  EXPECT_EQ(client.reply().body, "hello a");
  EXPECT_EQ(client.reply().body, "hello b");
  EXPECT_EQ(service.server->stats().accepted, 1u);
}

TEST(http_server, every_answer_carries_the_security_headers_and_no_banner) {
  Service service;
  Client client = service.client();
  for (const char* path : {"/hello", "/nowhere"}) {
    const std::string head = client.ask(get(path)).head;
    for (const char* header : {"X-Content-Type-Options: nosniff", "frame-ancestors 'none'",
                               "Referrer-Policy: no-referrer", "Cache-Control: no-store", "Date: "})
      EXPECT_NE(head.find(header), std::string::npos) << header;
    EXPECT_EQ(head.find("Server:"), std::string::npos);
    EXPECT_EQ(head.find("Strict-Transport"), std::string::npos);
  }
}

TEST(http_server, head_says_the_length_and_sends_nothing) {
  Service service;
  Client client = service.client();
  client.send("HEAD /hello HTTP/1.1\r\nHost: t\r\n\r\n" + get("/hello"));
  const std::string head = client.until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 6"), std::string::npos);
  EXPECT_EQ(client.reply().body, "hello ");
}

TEST(http_server, compresses_what_gains_and_answers_304) {
  Service service;
  Client client = service.client();
  const auto reply = client.ask(get("/large", "Accept-Encoding: br, gzip\r\n"));
  EXPECT_NE(reply.head.find("Content-Encoding: gzip"), std::string::npos);
  EXPECT_LT(reply.body.size(), 500u);
  EXPECT_EQ(client.ask(get("/large", "Accept-Encoding: gzip;q=0\r\n")).body.size(), 20'000u);
  EXPECT_EQ(client.ask(get("/large", "If-None-Match: \"v0\", \"v1\"\r\n")).status, 304);
  EXPECT_EQ(client.ask(get("/hello", "Accept-Encoding: gzip\r\n")).body, "hello ");
}

TEST(http_server, takes_bodies_up_to_the_routes_limit) {
  Service service;
  Client client = service.client();
  const std::string body(100'000, 'b');
  EXPECT_EQ(
      client.ask("POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n" + body).body,
      "100000");
  const std::string chunked =
      "POST /size HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  EXPECT_EQ(client.ask(chunked).body, "3");
}

TEST(http_server, a_body_too_large_is_refused_before_it_comes) {
  Service service;
  Client client = service.client();
  const auto reply =
      client.ask("POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 10000000\r\n\r\n");
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(code_of(reply), "http.too_large");
  EXPECT_NE(reply.head.find("Connection: close"), std::string::npos);

  Client sneaky = service.client();  // says nothing of its length and just goes on
  sneaky.send("POST /size HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'c') + "\r\n";
  for (int i = 0; i < 4; ++i) sneaky.send(chunk);
  EXPECT_EQ(sneaky.reply().status, 413);
}

TEST(http_server, whoever_may_not_enter_is_told_before_his_body_is_read) {
  Service service;
  Client client = service.client();
  EXPECT_EQ(
      client.ask("POST /closed HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n").status,
      401);
}

TEST(http_server, a_client_that_waits_for_continue_gets_it) {
  Service service;
  Client client = service.client();
  client.send(
      "POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("ab").body, "2");
}

TEST(http_server, nonsense_gets_a_typed_answer) {
  Service service;
  const std::pair<std::string, int> cases[] = {
      {"\x16\x03\x01 TLS to a plain port\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400},
      {get("/hello?x=%zz"), 400},
      {"PATCH /hello HTTP/1.1\r\nHost: t\r\n\r\n", 405},
      {"GET / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {get("/hello", "X: " + std::string(20'000, 'a') + "\r\n"), 431},
  };
  for (const auto& [bytes, status] : cases) {
    Client client = service.client();
    const auto reply = client.ask(bytes);
    EXPECT_EQ(reply.status, status) << bytes.substr(0, 60);
    EXPECT_NE(reply.head.find("application/problem+json"), std::string::npos);
  }
}

TEST(http_server, a_request_whose_end_or_host_is_in_doubt_ends_the_connection) {
  Service service;
  const std::string post = "POST /size HTTP/1.1\r\nHost: t\r\n";
  const std::tuple<std::string, int, std::string> cases[] = {
      {post + "Transfer-Encoding: xchunked\r\n\r\n", 501, "http.transfer_encoding"},
      {post + "Transfer-Encoding: identity\r\n\r\n", 501, "http.transfer_encoding"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "http.transfer_encoding"},
      {post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 501,
       "http.transfer_encoding"},
      {"GET /hello HTTP/1.1\r\n\r\n", 400, "http.host"},
      {"GET /hello HTTP/1.1\r\nHost: t\r\nhost: u\r\n\r\n", 400, "http.host"},
      {"GET /hello HTTP/1.0\r\nConnection: keep-alive\r\nHost: t\r\nHost: t\r\n\r\n", 400,
       "http.host"},
  };
  for (const auto& [bytes, status, code] : cases) {
    Client client = service.client();
    const auto reply = client.ask(bytes + get("/hello"));
    EXPECT_EQ(reply.status, status) << bytes;
    ASSERT_TRUE(reply.body.starts_with("{")) << bytes << reply.body;
    EXPECT_EQ(code_of(reply), code) << bytes;
    EXPECT_EQ(client.rest(), "") << bytes;  // the bytes behind it are no second request
  }
  Client chunked = service.client(), old = service.client();
  EXPECT_EQ(chunked.ask(post + "Transfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n").body, "2");
  EXPECT_EQ(old.ask("GET /hello HTTP/1.0\r\n\r\n").status, 200);
}

TEST(http_server, a_slow_head_and_a_slow_body_are_cut_off_while_others_are_served) {
  Service service(quick());
  Client slow_head = service.client(), slow_body = service.client();
  slow_head.send("GET /hello HTTP/1.1\r\nHos");
  slow_body.send("POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc");
  Client other = service.client();
  EXPECT_EQ(other.ask(get("/hello")).status, 200);
  EXPECT_EQ(slow_head.rest(), "");
  EXPECT_EQ(slow_body.rest(), "");
  EXPECT_GE(service.server->stats().timeouts, 2u);
  EXPECT_EQ(other.ask(get("/hello")).status, 200);
}

TEST(http_server, streams_in_chunks_and_compressed) {
  Service service;
  Client client = service.client();
  client.send(get("/stream"));
  EXPECT_NE(client.until("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(client.until("0\r\n\r\n"),
            "9\r\ndata: 0\n\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  client.send(get("/stream", "Accept-Encoding: gzip\r\n"));
  EXPECT_NE(client.until("\r\n\r\n").find("Content-Encoding: gzip"), std::string::npos);
  EXPECT_EQ(client.until("\r\n0\r\n\r\n").find("data"), std::string::npos);
  EXPECT_EQ(client.ask(get("/hello")).status, 200);
}

TEST(http_server, a_reader_that_does_not_read_ends_its_own_stream) {
  Service service(quick());
  Client client = service.client();
  client.send(get("/stream?endless=1"));
  auto ended = service.stream_ended.get_future();
  EXPECT_EQ(ended.wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(http_server, at_the_limit_the_connection_idle_longest_makes_room) {
  Limits limits;
  limits.connections_max = 3;
  Service service(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(service.client());
    EXPECT_EQ(clients.back().ask(get("/hello")).status, 200);
  }
  Client fourth = service.client();
  EXPECT_EQ(fourth.ask(get("/hello")).status, 200);
  EXPECT_EQ(clients[0].rest(), "");  // closed
  EXPECT_EQ(clients[2].ask(get("/hello")).status, 200);
}

TEST(http_server, at_the_limit_whoever_has_been_asking_longest_makes_room) {
  Limits limits;
  limits.connections_max = 3;
  Service service(limits);
  std::vector<Client> slow;
  for (int i = 0; i < 3; ++i) {
    slow.push_back(service.client());
    slow.back().send("GET /hello HTTP/1.1\r\nHo");  // and never the rest
  }
  for (int i = 0; i < 2; ++i) {  // one after the other: who is idle would make room first
    Client next = service.client();
    EXPECT_EQ(next.ask(get("/hello")).status, 200);
  }
}

TEST(http_server, a_thousand_idle_connections_stop_nobody) {
  Service service;
  std::vector<Client> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(service.client());
  Client client = service.client();
  EXPECT_EQ(client.ask(get("/hello")).status, 200);
  EXPECT_EQ(idle[500].ask(get("/hello")).status, 200);
}

TEST(http_server, stops_in_good_order) {
  Service service;
  Client idle = service.client(), streaming = service.client();
  EXPECT_EQ(idle.ask(get("/hello")).status, 200);
  streaming.send(get("/stream?endless=1"));
  EXPECT_NE(streaming.until("\r\n\r\n"), "");
  service.loop.run(service.server->stop(Duration(200)));
  EXPECT_EQ(idle.rest(), "");
  EXPECT_EQ(service.server->stats().connections, 0u);
}

TEST(http_server, over_tls_it_asks_browsers_to_stay_there) {
  Service service;
  const tocsin::test::Certificate certificate;
  ListenSettings settings;
  settings.port = 0;
  settings.tls_cert = certificate.cert_file;
  settings.tls_key = certificate.key_file;
  ASSERT_TRUE(service.server->listen(settings));
  asio::io_context context;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
  stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), service.server->port()});
  stream.handshake(asio::ssl::stream_base::client);
  for (int i = 0; i < 2; ++i) {
    asio::write(stream, asio::buffer(get("/hello?who=tls")));
    std::string reply;
    while (reply.find("hello tls") == std::string::npos) {
      std::string piece(4096, '\0');
      piece.resize(stream.read_some(asio::buffer(piece)));
      reply += piece;
    }
    EXPECT_NE(reply.find("Strict-Transport-Security: max-age=31536000"), std::string::npos);
  }
  Client plain = service.client();  // plain HTTP to the TLS port is cut off and hurts nobody
  EXPECT_NE(plain.ask(get("/hello")).status, 200);
}

TEST(http_server, what_cannot_be_listened_on_is_named) {
  Service service;
  ListenSettings settings;
  settings.port = service.server->port();
  EXPECT_EQ(service.server->listen(settings).error().code, "http.port_taken");
  settings.address = "nowhere";
  EXPECT_EQ(service.server->listen(settings).error().code, "http.address");
  settings.address = "127.0.0.1";
  settings.port = 0;
  settings.tls_cert = settings.tls_key = "/nonexistent.pem";
  EXPECT_EQ(service.server->listen(settings).error().field, "/nonexistent.pem");
}

TEST(http_server, a_trusted_proxy_speaks_for_its_client_and_nobody_is_local_through_one) {
  const Peer direct{.address = "127.0.0.1", .loopback = true, .tls = false};
  const Pairs forged{{"x-forwarded-for", "10.0.0.9, 192.0.2.7"}};
  const Peer through = peer_of(direct, forged, {"127.0.0.1"});
  EXPECT_EQ(through.address, "192.0.2.7");
  EXPECT_FALSE(through.loopback);
  const Peer liar = peer_of({.address = "192.0.2.8"}, forged, {"127.0.0.1"});
  EXPECT_EQ(liar.address, "192.0.2.8");
  EXPECT_TRUE(peer_of(direct, {}, {}).loopback);
}

}  // namespace tocsin::http
