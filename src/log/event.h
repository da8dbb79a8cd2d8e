#pragma once
// 事件. What a record of the log looks like, byte for byte (docs/formats/log.md). A record is one
// line of JSON whose header members come in a fixed order; the bytes first written are the bytes
// hashed, stored and passed on for ever. Each record names the hash of the one before it in its
// log.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "log/hash.h"

namespace tocsin::log {

/// 日志. One node writes it, in one epoch, for one audience. Text form "county/1/alert".
/// Lanes: "alert" everyone · "work/<area code>" the chain of command there · "desk" this office ·
/// "audit" who came in, was refused, took out or changed rights.
struct LogId {
  std::string node;
  std::uint32_t epoch = 1;
  std::string lane;

  auto operator<=>(const LogId&) const = default;
};

std::string text_of(const LogId& id);
/// Error "log.bad_id".
Result<LogId> parse_log_id(std::string_view text);

/// Where a record stands; text form "county/1/alert#17".
struct Position {
  LogId log;
  std::uint64_t seq = 0;

  auto operator<=>(const Position&) const = default;
};

std::string text_of(const Position& position);
Result<Position> parse_position(std::string_view text);

/// A hybrid clock reading: orders timelines, never outcomes.
struct Stamp {
  Instant at;
  std::uint32_t count = 0;

  auto operator<=>(const Stamp&) const = default;
};

/// 任期. Which claim of ownership an entity's event was made under. Term 1 begins with the entity's
/// first event and names nothing; a later one names the record that claimed it.
struct Term {
  std::uint32_t number = 1;
  std::optional<Position> claim;  // absent exactly when number == 1

  bool operator==(const Term&) const = default;
};

/// The header of a record, as views into its bytes.
struct Header {
  std::string_view log;      ///< text of a LogId
  std::uint64_t seq = 0;     ///< 1, 2, 3 … without a hole
  Hash prev;                 ///< hash of record seq-1; zero at seq 1
  Stamp at;                  ///< when it was written down
  std::string_view entity;   ///< "warning/…": kind and id
  std::string_view term;     ///< "1" or "2 county/1/alert#17"
  std::string_view type;     ///< "warning.issued"
  int version = 1;           ///< of the type's body
  std::string_view by;       ///< "post/…", "node/…", "person/…": who said so
  std::string_view command;  ///< Command-Id; empty when nobody sent one
  std::string_view body;     ///< a JSON object
};

/// What the writer fills in; log, seq and prev come from the chain.
struct Draft {
  std::string entity;
  Term term;
  std::string type;
  int version = 1;
  std::string by;
  std::string command;
  std::string body = "{}";
};

struct Record {
  std::string bytes;
  Hash hash;
};

inline constexpr std::size_t record_size_max = 256 * 1024;

/// Error "event.bad_header", field "byte N". The body is only bracketed here, not parsed.
Result<Header> parse_header(std::string_view bytes);

/// "1" or "2 county/1/alert#17". Error "event.bad_term".
Result<Term> parse_term(std::string_view text);
std::string text_of(const Term& term);

/// The record's bytes. Header texts must be of the header alphabet (see header_text).
Record make_record(std::string_view log, std::uint64_t seq, const Hash& prev, const Stamp& at,
                   const Draft& draft);

/// True for 1-200 characters of A-Z a-z 0-9 . _ : / @ # + - (what header texts may hold).
bool header_text(std::string_view text);

}  // namespace tocsin::log
