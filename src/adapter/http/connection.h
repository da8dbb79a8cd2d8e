#pragma once
// One connection: read a head, admit it, read its body, answer, again. Private to this room.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <mutex>
#include <set>

#include "adapter/http/server.h"
#include "adapter/http/wire.h"

namespace tocsin::http {

class Connection;

/// What all connections of a server share. Guards the list of connections and counts.
struct Shared {
  explicit Shared(const Router& r) : router(r) {}
  const Router& router;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> accepted = 0, requests = 0, timeouts = 0, refused = 0;

  void add(std::shared_ptr<Connection> connection);
  void remove(const std::shared_ptr<Connection>& connection);
  std::size_t count() const;
  /// Closes what is past its deadline.
  void sweep();
  void close_idle();
  void close_all();
  /// Closes the connection whose client has owed a request, or the rest of one, longest: idle or
  /// slow is the same here. False when all are at work.
  bool make_room();

 private:
  mutable std::mutex mutex_;
  std::set<std::shared_ptr<Connection>> connections_;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Wire> wire,
             std::shared_ptr<const ListenSettings> settings, Peer peer);
  ~Connection();

  asio::awaitable<void> run();

  /// Milliseconds on the steady clock; the sweeper closes the connection behind it.
  std::atomic<std::int64_t> deadline;
  /// Since when no request is under way; 0 while one is.
  std::atomic<std::int64_t> idle_since;
  /// Since when the client owes a request, or the rest of one, in nanoseconds; 0 while the server
  /// owes the answer.
  std::atomic<std::int64_t> owing_since;
  /// From any thread.
  void close_soon();

 private:
  struct Exchange;
  asio::awaitable<bool> next_request();
  asio::awaitable<bool> await_first_byte();
  asio::awaitable<bool> answer(Exchange& exchange);
  asio::awaitable<bool> read_body(Exchange& exchange, std::size_t most, Response& refusal);
  asio::awaitable<bool> respond(Exchange& exchange, Response response);
  asio::awaitable<bool> respond_stream(Exchange& exchange, const Response& response);
  asio::awaitable<bool> refuse(Exchange& exchange, Response response);
  asio::awaitable<bool> write(std::string head, std::string_view body);
  asio::awaitable<void> drain();
  void allow(Duration time);

  std::shared_ptr<Shared> shared_;
  Stream stream_;
  std::shared_ptr<const ListenSettings> settings_;
  Peer peer_;
  struct Input;
  std::unique_ptr<Input> input_;
};

std::int64_t steady_ms();

}  // namespace tocsin::http
