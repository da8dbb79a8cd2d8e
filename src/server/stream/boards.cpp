#include "server/stream/boards.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>

namespace tocsin::server {
namespace {

std::string json_string(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

std::string event(std::string_view name, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data);
}

bool number(std::string_view text, std::uint64_t& out, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool same(const StreamRow& a, const StreamRow& b) { return a.json == b.json && a.areas == b.areas; }

/// "put":[…],"drop":[…] of one patch.
std::string lists(const std::vector<const StreamRow*>& put, const std::vector<std::string>& drop) {
  std::string out = R"("put":[)";
  for (std::size_t i = 0; i < put.size(); ++i) {
    if (i > 0) out += ',';
    out += put[i]->json;
  }
  out += R"(],"drop":[)";
  for (std::size_t i = 0; i < drop.size(); ++i) {
    if (i > 0) out += ',';
    out += json_string(drop[i]);
  }
  return out += ']';
}

}  // namespace

Boards::Boards(const Clock& clock, StreamSettings settings)
    : settings_(settings),
      epoch_(static_cast<std::uint64_t>(ms_of(clock.now()))),
      as_of_(clock.now()) {}

Boards::Board& Boards::at(std::string_view name) {
  const auto found = boards_.find(name);
  TOCSIN_CHECK(found != boards_.end());
  return found->second;
}

void Boards::add(std::string name, std::string why,
                 std::function<bool(const access::Principal&)> visible) {
  const std::lock_guard lock(mutex_);
  Board& board = boards_[std::move(name)];
  board.why = std::move(why);
  board.visible = std::move(visible);
}

bool Boards::knows(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return boards_.contains(name);
}

bool Boards::may_see(std::string_view name, const access::Principal& who) const {
  const std::lock_guard lock(mutex_);
  const auto found = boards_.find(name);
  return found != boards_.end() && (!found->second.visible || found->second.visible(who));
}

void Boards::push(Step step) {
  step.position = ++last_;
  ring_bytes_ += step.bytes;
  ring_.push_back(std::move(step));
  while (!ring_.empty() &&
         (ring_.size() > settings_.ring_max || ring_bytes_ > settings_.ring_bytes_max)) {
    ring_bytes_ -= ring_.front().bytes;
    ring_.pop_front();
  }
}

void Boards::wake_all() {
  const std::lock_guard lock(mutex_);
  for (Waker* waker : wakers_) waker->wake();
}

void Boards::reset(std::string_view name, StreamBoard rows) {
  {
    const std::lock_guard lock(mutex_);
    Board& board = at(name);
    board.loaded = true;
    board.as_of = rows.as_of;
    board.rows.clear();
    for (StreamRow& row : rows.rows) {
      std::string id = row.id;
      board.rows[std::move(id)] = std::make_shared<const StreamRow>(std::move(row));
    }
    push({.position = 0, .board = std::string(name), .whole = true, .changes = {}});
  }
  wake_all();
}

void Boards::unload(std::string_view name, std::string why) {
  {
    const std::lock_guard lock(mutex_);
    Board& board = at(name);
    board.loaded = false;
    board.why = std::move(why);
    board.rows.clear();
    push({.position = 0, .board = std::string(name), .whole = true, .changes = {}});
  }
  wake_all();
}

void Boards::apply(Board& board, std::string_view name, StreamPatch patch) {
  Step step;
  step.board = name;
  board.as_of = patch.as_of;
  const auto change = [&](const std::string& id, RowRef after) {
    RowRef& now = board.rows[id];
    step.bytes += 64 + id.size() + (after ? after->json.size() : 0);
    step.changes.push_back({id, now, after});
    now = std::move(after);
    if (!now) board.rows.erase(id);
  };
  for (StreamRow& row : patch.put) {
    const std::string id = row.id;
    change(id, std::make_shared<const StreamRow>(std::move(row)));
  }
  for (const std::string& id : patch.drop)
    if (board.rows.contains(id)) change(id, nullptr);
  if (!step.changes.empty()) push(std::move(step));
}

void Boards::publish(std::string_view name, StreamPatch patch) {
  {
    const std::lock_guard lock(mutex_);
    Board& board = at(name);
    if (!board.loaded) return;
    apply(board, name, std::move(patch));
  }
  wake_all();
}

StreamPatch Boards::difference(const Board& board, StreamBoard now) const {
  StreamPatch patch{.put = {}, .drop = {}, .as_of = now.as_of};
  std::set<std::string, std::less<>> ids;
  for (StreamRow& row : now.rows) {
    ids.insert(row.id);
    const auto before = board.rows.find(row.id);
    if (before == board.rows.end() || !same(*before->second, row))
      patch.put.push_back(std::move(row));
  }
  for (const auto& [id, row] : board.rows)
    if (!ids.contains(id)) patch.drop.push_back(id);
  return patch;
}

void Boards::update(std::string_view name, StreamBoard rows) {
  bool was_loaded = false;
  {
    const std::lock_guard lock(mutex_);
    Board& board = at(name);
    was_loaded = board.loaded;
    if (was_loaded) apply(board, name, difference(board, std::move(rows)));
  }
  if (was_loaded)
    wake_all();
  else
    reset(name, std::move(rows));
}

/// The first step behind a position; positions in the ring have no gaps.
std::deque<Boards::Step>::const_iterator Boards::after(std::uint64_t position) const {
  if (ring_.empty() || position < ring_.front().position) return ring_.begin();
  const std::uint64_t skip = position + 1 - ring_.front().position;
  return ring_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(skip, ring_.size()));
}

void Boards::touch(Instant as_of, Duration lag) {
  const std::lock_guard lock(mutex_);
  as_of_ = as_of;
  lag_ = lag;
}

void Boards::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_all();
}

bool Boards::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

std::string Boards::position_text(std::uint64_t position, std::string_view tag) const {
  return fmt::format("{:x}-{}-{}", epoch_, position, tag);
}

void Boards::resume(Reader& reader, std::string_view position, std::string_view tag) const {
  const std::lock_guard lock(mutex_);
  const std::size_t first = position.find('-'), second = position.rfind('-');
  if (first == std::string_view::npos || first == second) return;
  std::uint64_t epoch = 0, seen = 0;
  if (!number(position.substr(0, first), epoch, 16) ||
      !number(position.substr(first + 1, second - first - 1), seen, 10))
    return;
  const std::uint64_t oldest = ring_.empty() ? last_ + 1 : ring_.front().position;
  if (epoch != epoch_ || position.substr(second + 1) != tag || seen > last_ || seen + 1 < oldest)
    return;
  reader.seen = seen;
  for (Reader::OfBoard& of : reader.boards) {
    const auto found = boards_.find(of.name);
    of.whole = found == boards_.end() || !found->second.loaded;
  }
}

std::string Boards::whole_event(Reader::OfBoard& of, const Board& board,
                                const RowFilter& filter) const {
  std::vector<const StreamRow*> put;
  for (const auto& [id, row] : board.rows)
    if (filter(*row)) put.push_back(row.get());
  of.total = put.size();
  of.counted = true;
  return event("patch",
               fmt::format(R"({{"board":{},"whole":true,{},"total":{},"as_of":"{}"}})",
                           json_string(of.name), lists(put, {}), of.total, iso_utc(board.as_of)));
}

std::string Boards::patch_event(Reader::OfBoard& of, const Board& board,
                                const Reader& reader) const {
  struct Net {
    RowRef before, after;
  };
  std::map<std::string, Net> net;  // what came of each row, however often it changed
  for (auto step = after(reader.seen); step != ring_.end(); ++step) {
    if (step->board != of.name) continue;
    for (const Change& change : step->changes) {
      const auto [found, first] = net.try_emplace(change.id, Net{change.before, {}});
      found->second.after = change.after;
    }
  }
  std::vector<const StreamRow*> put;
  std::vector<std::string> drop;
  std::size_t total = of.total;
  for (const auto& [id, rows] : net) {
    const bool saw = rows.before && reader.filter(*rows.before);
    const bool sees = rows.after && reader.filter(*rows.after);
    if (sees) put.push_back(rows.after.get());
    if (saw && !sees) drop.push_back(id);
    total = total + (sees ? 1 : 0) - (saw ? 1 : 0);
  }
  if (put.empty() && drop.empty()) return {};
  if (!of.counted)
    total = static_cast<std::size_t>(std::ranges::count_if(
        board.rows, [&](const auto& row) { return reader.filter(*row.second); }));
  of.total = total;
  of.counted = true;
  return event("patch",
               fmt::format(R"({{"board":{},"whole":false,{},"total":{},"as_of":"{}"}})",
                           json_string(of.name), lists(put, drop), of.total, iso_utc(board.as_of)));
}

std::string Boards::take(Reader& reader, std::string_view tag) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t oldest = ring_.empty() ? last_ + 1 : ring_.front().position;
  const bool lost = reader.seen + 1 < oldest;
  std::string out;
  for (Reader::OfBoard& of : reader.boards) {
    if (of.no_right) {
      if (!std::exchange(of.told_state, true))
        out += event("state", fmt::format(R"({{"board":{},"state":"no_right","what":""}})",
                                          json_string(of.name)));
      continue;
    }
    const Board& board = at(of.name);
    const auto renewed = [&](const Step& step) { return step.whole && step.board == of.name; };
    if (lost || std::any_of(after(reader.seen), ring_.cend(), renewed)) {
      of.whole = true;
      of.told_state = false;
    }
    if (board.loaded && of.whole) {
      out += whole_event(of, board, reader.filter);
      of.whole = false;
    } else if (board.loaded) {
      out += patch_event(of, board, reader);
    } else if (!std::exchange(of.told_state, true)) {
      out += event("state", fmt::format(R"({{"board":{},"state":"not_loaded","what":{}}})",
                                        json_string(of.name), json_string(board.why)));
    }
  }
  reader.seen = last_;
  // Only the last event names the position: a reader cut off in the middle asks for all of it
  // again.
  if (!out.empty()) {
    const std::size_t last = out.rfind("event: ");
    out.insert(last, "id: " + position_text(last_, tag) + "\n");
  }
  return out;
}

std::string Boards::beat() const {
  const std::lock_guard lock(mutex_);
  return event("beat",
               fmt::format(R"({{"as_of":"{}","lag_ms":{}}})", iso_utc(as_of_), lag_.count()));
}

void Boards::add_waker(Waker* waker) {
  const std::lock_guard lock(mutex_);
  wakers_.insert(waker);
}

void Boards::remove_waker(Waker* waker) {
  const std::lock_guard lock(mutex_);
  wakers_.erase(waker);
}

std::size_t Boards::wakers() const {
  const std::lock_guard lock(mutex_);
  return wakers_.size();
}

}  // namespace tocsin::server
