#include "adapter/smtp/mailbox_shelf.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "adapter/smtp/message.h"

namespace tocsin::smtp {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".eml";
constexpr std::string_view arrived_line = "X-Tocsin-Arrived: ";

/// The number in "00000017.eml"; 0 for any other name.
std::uint64_t number_of(const fs::path& file) {
  const std::string name = file.filename().string();
  std::uint64_t number = 0;
  if (name.size() != 8 + ending.size() || !name.ends_with(ending)) return 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + 8, number);
  return error == std::errc() && end == name.data() + 8 ? number : 0;
}

/// The envelope is kept as three lines before the message.
std::string stored(Instant arrived, const std::string& from, const std::string& to,
                   const std::string& message) {
  return std::string(arrived_line) + iso_utc(arrived) + "\r\n" + from + "\r\n" + to + "\r\n" +
         message;
}

/// "陈大山 <chen@county.example>" is "陈大山"; "<chen@county.example>" has none.
std::string name_in(std::string_view to) {
  const std::size_t end = to.find(" <");
  return end == std::string_view::npos ? std::string() : std::string(to.substr(0, end));
}

std::string take_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  std::string out(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return out;
}

}  // namespace

Result<std::shared_ptr<Shelf>> Shelf::open(const MailboxSettings& settings) {
  auto shelf = std::make_shared<Shelf>(settings);
  const auto read = shelf->read();
  if (!read) return std::unexpected(read.error());
  return shelf;
}

fs::path Shelf::file_of(std::uint64_t number) const {
  std::string name = std::to_string(number % 100'000'000);
  name.insert(0, 8 - name.size(), '0');
  return settings_.folder / (name + std::string(ending));
}

Result<void> Shelf::read() {
  std::error_code error;
  fs::create_directories(settings_.folder, error);
  // Mails name people and hold their links: for the owner alone, whatever the folder above allows.
  if (!error) fs::permissions(settings_.folder, fs::perms::owner_all, error);
  std::vector<std::uint64_t> numbers;
  for (fs::directory_iterator it(settings_.folder, error), end; !error && it != end;
       it.increment(error))
    if (const std::uint64_t number = number_of(it->path()); number > 0) numbers.push_back(number);
  if (error) return fail("mailbox.folder", settings_.folder.string(), error.message());
  std::ranges::sort(numbers);
  const std::lock_guard lock(mutex_);
  for (const std::uint64_t number : numbers) {
    std::ifstream in(file_of(number), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::string_view rest = bytes;
    const std::string arrived = take_line(rest), from = take_line(rest), to = take_line(rest);
    const auto at = arrived.starts_with(arrived_line)
                        ? parse_iso(std::string_view(arrived).substr(arrived_line.size()))
                        : Result<Instant>(fail("mailbox.torn"));
    if (at) add(number, *at, from, to, std::string(rest));  // a torn file is passed over
    last_ = number;
  }
  return {};
}

void Shelf::add(std::uint64_t number, Instant arrived, std::string from, std::string to,
                const std::string& message) {
  Parsed parsed = parse(message);
  mails_.push_back({.id = std::to_string(number),
                    .arrived = arrived,
                    .from = std::move(from),
                    .to = std::move(to),
                    .to_name = name_in(parsed.to),
                    .subject = std::move(parsed.subject),
                    .text = std::move(parsed.text),
                    .message_id = std::move(parsed.message_id)});
  while (mails_.size() > settings_.mails_max) {
    std::error_code ignored;
    fs::remove(file_of(std::stoull(mails_.front().id)), ignored);
    mails_.pop_front();
  }
}

Result<void> Shelf::keep(std::string from, std::string to, const std::string& message) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = last_ + 1;
  const fs::path file = file_of(number);
  {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << stored(now, from, to, message) << std::flush;
    if (!out) return fail("mailbox.folder", file.string(), "cannot be written");
  }
  last_ = number;
  add(number, now, std::move(from), std::move(to), message);
  return {};
}

std::vector<KeptMail> Shelf::mails(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(limit, mails_.size());
  return {mails_.rbegin(), mails_.rbegin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace tocsin::smtp
