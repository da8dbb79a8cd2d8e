#include "engine/rule/history.h"

#include <algorithm>

namespace tocsin::rule {

std::size_t History::position(Instant time) const {
  const auto begin = samples_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto at = std::lower_bound(begin, samples_.end(), time,
                                   [](const Sample& s, Instant t) { return s.time() < t; });
  return static_cast<std::size_t>(at - begin);
}

History::Fate History::put(Sample sample) {
  if (sample.time() <= folded_until_) return Fate::before_folded;
  if (empty() || samples_.back().time() < sample.time()) {
    samples_.push_back(sample);
    return Fate::appended;
  }
  const std::size_t i = position(sample.time());
  const auto at = samples_.begin() + static_cast<std::ptrdiff_t>(first_ + i);
  if (at->time() != sample.time()) {
    samples_.insert(at, sample);
    return Fate::inserted;
  }
  if (at->same_as(sample)) return Fate::duplicate;
  *at = sample;
  return Fate::replaced;
}

bool History::erase(Instant time) {
  if (time <= folded_until_ || empty()) return false;
  const std::size_t i = position(time);
  if (i == size() || (*this)[i].time() != time) return false;
  samples_.erase(samples_.begin() + static_cast<std::ptrdiff_t>(first_ + i));
  return true;
}

void History::fold_one() { folded_until_ = (*this)[folded_++].time(); }

void History::trim(Instant keep_from) {
  const std::size_t drop = std::min(position(keep_from), folded_);
  first_ += drop;
  folded_ -= drop;
  if (first_ * 2 < samples_.size()) return;
  samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

}  // namespace tocsin::rule
