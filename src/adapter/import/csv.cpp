#include "adapter/import/csv.h"

#include <optional>

namespace tocsin::importing {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const CsvLimits& limits) : text_(text), limits_(limits) {}

  std::expected<std::vector<CsvRecord>, Finding> run() {
    while (at_ < text_.size() && !problem_) record();
    if (problem_) return std::unexpected(std::move(*problem_));
    return std::move(records_);
  }

 private:
  void record() {
    CsvRecord record{.line = line_, .fields = {}};
    bool more = true;
    while (more && !problem_) {
      if (record.fields.size() == limits_.columns) return refuse(record, "csv.too_many_columns");
      record.fields.emplace_back();
      if (at_ < text_.size() && text_[at_] == '"')
        quoted(record);
      else
        plain(record);
      if (problem_) return;
      if (record.fields.back().size() > limits_.field_bytes)
        return refuse(record, "csv.field_too_long");
      more = at_ < text_.size() && text_[at_] == ',';
      if (more) ++at_;
    }
    end_line();
    if (record.fields.size() == 1 && record.fields[0].empty()) return;
    if (records_.size() == limits_.rows) return refuse(record, "csv.too_many_rows");
    records_.push_back(std::move(record));
  }

  void plain(CsvRecord& record) {
    const std::size_t end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
    record.fields.back() = text_.substr(at_, end - at_);
    at_ = end;
    if (at_ < text_.size() && text_[at_] == '"') {
      record.line = line_;
      refuse(record, "csv.quote_stray");
    }
  }

  void quoted(CsvRecord& record) {
    const std::size_t began = line_;
    std::string& field = record.fields.back();
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"' && at_ < text_.size() && text_[at_] == '"') {
        field += text_[at_++];
      } else if (c == '"') {
        const bool ends = at_ == text_.size() || std::string_view(",\r\n").contains(text_[at_]);
        record.line = ends ? record.line : line_;
        if (!ends) refuse(record, "csv.quote_stray");
        return;
      } else {
        if (c == '\n' || (c == '\r' && (at_ == text_.size() || text_[at_] != '\n'))) ++line_;
        field += c;
      }
    }
    record.line = began;
    refuse(record, "csv.quote_open");
  }

  void end_line() {
    if (at_ == text_.size()) return;
    const bool pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += pair ? 2 : 1;
    ++line_;
  }

  void refuse(const CsvRecord& record, std::string code) {
    problem_ = Finding{record.line, std::to_string(record.fields.size()), std::move(code), ""};
  }

  std::string_view text_;
  CsvLimits limits_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::vector<CsvRecord> records_;
  std::optional<Finding> problem_;
};

}  // namespace

std::expected<std::vector<CsvRecord>, Finding> parse_csv(std::string_view utf8,
                                                         const CsvLimits& limits) {
  return Parser(utf8, limits).run();
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

}  // namespace tocsin::importing
