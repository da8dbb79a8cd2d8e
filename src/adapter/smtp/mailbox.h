#pragma once
// 演练信箱. The exercise's own mailbox: a small SMTP server on loopback that keeps what it is sent,
// so that mails of an exercise take the real road and still never leave the machine.

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tocsin::smtp {

namespace asio = boost::asio;

/// One mail kept, as the mailbox page shows it.
struct KeptMail {
  std::string id;  // number of arrival: "17"
  Instant arrived{};
  std::string from, to;                // addresses of the envelope
  std::string to_name, subject, text;  // decoded, UTF-8
  std::string message_id;
};

struct MailboxSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any
  std::filesystem::path folder;
  std::size_t mails_max = 500;  // the oldest go first
  std::size_t mail_bytes_max = 256 * 1024;
};

class Mailbox {
 public:
  explicit Mailbox(asio::any_io_executor executor);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Reads what is kept and listens. Errors "mailbox.folder", "mailbox.port".
  Result<void> open(const MailboxSettings& settings);
  std::uint16_t port() const;
  /// Newest first.
  std::vector<KeptMail> mails(std::size_t limit = 100) const;
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tocsin::smtp
