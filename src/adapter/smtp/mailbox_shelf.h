#pragma once
// The mails kept, in memory and one file each ("00000017.eml"). Private to this room.

#include <deque>
#include <memory>
#include <mutex>

#include "adapter/clock/clock.h"
#include "adapter/smtp/mailbox.h"

namespace tocsin::smtp {

class Shelf {
 public:
  /// Reads what the folder holds, oldest beyond the limit left out. Error "mailbox.folder".
  static Result<std::shared_ptr<Shelf>> open(const MailboxSettings& settings);
  explicit Shelf(const MailboxSettings& settings) : settings_(settings) {}

  /// Error "mailbox.folder" when it cannot be written.
  Result<void> keep(std::string from, std::string to, const std::string& message);
  std::vector<KeptMail> mails(std::size_t limit) const;
  std::size_t mail_bytes_max() const { return settings_.mail_bytes_max; }

 private:
  Result<void> read();
  std::filesystem::path file_of(std::uint64_t number) const;
  void add(std::uint64_t number, Instant arrived, std::string from, std::string to,
           const std::string& message);

  MailboxSettings settings_;
  SystemClock clock_;
  mutable std::mutex mutex_;
  std::deque<KeptMail> mails_;  // oldest first
  std::uint64_t last_ = 0;
};

}  // namespace tocsin::smtp
