#include "server/access/hasher.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/encode.h"

namespace tocsin::server {

std::string hash_password(std::string_view password, const HasherSettings& settings) {
  if (sodium_init() < 0) return {};
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const int done = crypto_pwhash_str(out.data(), password.data(), password.size(), settings.passes,
                                     settings.memory_bytes);
  return done == 0 ? std::string(out.data()) : std::string();
}

Result<void> check_password(std::string_view password, std::string_view login) {
  const auto weak = [](const char* why) { return fail("access.weak_password", "password", why); };
  if (password.size() > 200) return weak("at most 200 bytes");
  if (!valid_utf8(password)) return weak("not UTF-8");
  const auto characters = std::ranges::count_if(
      password, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  if (characters < 10) return weak("at least 10 characters");
  if (!login.empty() && password == login) return weak("the login is no password");
  if (std::ranges::count(password, password.front()) == std::ssize(password))
    return weak("one character repeated");
  return {};
}

struct Hasher::State {
  explicit State(HasherSettings s) : settings(s), nobody(hash_password("nobody", s)) {}
  HasherSettings settings;
  std::string nobody;  // compared with where the login does not exist
  std::atomic<int> waiting = 0;
  asio::thread_pool pool{1};
};

Hasher::Hasher(HasherSettings settings) : state_(std::make_shared<State>(settings)) {
  TOCSIN_CHECK(!state_->nobody.empty());
}

Hasher::~Hasher() {
  state_->pool.stop();
  state_->pool.join();
}

namespace {

/// A place in the queue, given back at the end.
class Place {
 public:
  Place(std::atomic<int>& waiting, int most) : waiting_(waiting), got_(++waiting_ <= most) {}
  ~Place() { --waiting_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool got() const { return got_; }

 private:
  std::atomic<int>& waiting_;
  bool got_;
};

asio::awaitable<std::string> make(HasherSettings settings, std::string password) {
  co_return hash_password(password, settings);
}

asio::awaitable<bool> compare(std::string stored, std::string password) {
  co_return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

asio::awaitable<Result<std::string>> Hasher::hash(std::string password) {
  const auto state = state_;
  const Place place(state->waiting, state->settings.queue_max_known);
  if (!place.got()) co_return fail("access.busy", "", "too many logins at once");
  std::string out = co_await asio::co_spawn(state->pool, make(state->settings, std::move(password)),
                                            asio::use_awaitable);
  if (out.empty()) co_return fail("access.hash_failed", "", "out of memory");
  co_return out;
}

asio::awaitable<Result<bool>> Hasher::verify(std::string stored, std::string password, bool known) {
  const auto state = state_;
  const int most = known ? state->settings.queue_max_known : state->settings.queue_max;
  const Place place(state->waiting, most);
  if (!place.got()) co_return fail("access.busy", "", "too many logins at once");
  const bool exists = !stored.empty();
  std::string against = exists ? std::move(stored) : state->nobody;
  const bool same = co_await asio::co_spawn(
      state->pool, compare(std::move(against), std::move(password)), asio::use_awaitable);
  co_return exists&& same;
}

}  // namespace tocsin::server
