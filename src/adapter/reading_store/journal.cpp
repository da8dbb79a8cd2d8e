#include "adapter/reading_store/journal.h"

#include "adapter/reading_store/file_names.h"

namespace tocsin::reading_store {

Journal::Journal(std::unique_ptr<File> file, std::uint64_t first_ordinal, std::uint64_t size,
                 JournalPoints points)
    : file_(std::move(file)),
      first_ordinal_(first_ordinal),
      size_(size),
      points_(std::move(points)) {}

Result<Journal> Journal::create(FileSystem& files, const std::string& folder,
                                std::uint64_t first_ordinal) {
  const std::string path = folder + "/" + journal_name(first_ordinal);
  auto file = files.create(path);
  if (!file) return std::unexpected(file.error());
  Bytes header;
  put_journal_header(first_ordinal, header);
  // The header becomes durable with the first batch; until then only the name matters.
  auto done = (*file)->write_at(0, header);
  if (done) done = files.sync_folder(folder);
  if (!done) {
    // Left behind it would do no harm: a journal without batches is dropped at the next start.
    (void)files.remove(path);
    return std::unexpected(done.error());
  }
  return Journal(std::move(*file), first_ordinal, header.size(), {});
}

Result<Journal> Journal::resume(FileSystem& files, const std::string& path,
                                std::uint64_t first_ordinal, std::uint64_t size,
                                JournalPoints points) {
  auto file = files.open(path);
  if (!file) return std::unexpected(file.error());
  points.keep();
  Journal journal(std::move(*file), first_ordinal, size, std::move(points));
  journal.ragged_ = true;
  if (auto done = journal.cut_back(); !done) return std::unexpected(done.error());
  return journal;
}

Result<void> Journal::cut_back() {
  if (!ragged_) return {};
  if (auto done = file_->truncate(size_); !done) return done;
  if (auto done = file_->sync(); !done) return done;
  ragged_ = false;
  return {};
}

Result<void> Journal::write(const Bytes& record) {
  if (auto done = cut_back(); !done) return done;
  ragged_ = true;
  auto done = file_->write_at(size_, record);
  if (done) done = file_->sync();
  if (!done) {
    // Now if possible, else before the next write.
    (void)cut_back();
    return done;
  }
  ragged_ = false;
  size_ += record.size();
  return {};
}

Result<void> Journal::append(std::uint64_t ordinal, std::span<const observation::Reading> batch,
                             const std::deque<std::string>& ids) {
  payload_.clear();
  record_.clear();
  points_.put_payload(batch, ids, payload_);
  put_record(ordinal, size_, payload_, record_);
  if (auto done = write(record_); !done) {
    points_.drop();
    return done;
  }
  points_.keep();
  marked_ = false;
  return {};
}

Result<void> Journal::mark_end(std::uint64_t last_ordinal) {
  if (marked_) return {};
  record_.clear();
  put_record(last_ordinal, size_, {}, record_);
  auto done = write(record_);
  marked_ = done.has_value();
  return done;
}

Result<Bytes> read_whole(FileSystem& files, const std::string& path) {
  const auto file = files.open_to_read(path);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  Bytes bytes(*size);
  if (auto done = (*file)->read_at(0, bytes); !done) return std::unexpected(done.error());
  return bytes;
}

}  // namespace tocsin::reading_store
