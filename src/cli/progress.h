#pragma once
// How far a long command is, on stderr: a line each time another twentieth is done.

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

namespace tocsin::cli {

class Progress {
 public:
  Progress(std::ostream& err, std::string command) : err_(err), command_(std::move(command)) {}

  /// `what` may change on the way ("pages", then "records"); total 0: not known.
  void operator()(const std::string& what, std::uint64_t done, std::uint64_t total) {
    const std::uint64_t twentieth = total == 0 ? done / 100'000 : done * 20 / total;
    if (what == what_ && twentieth <= last_) return;
    what_ = what;
    last_ = twentieth;
    err_ << command_ << ": " << what << " " << done;
    if (total > 0) err_ << " of " << total << " (" << done * 100 / total << " %)";
    err_ << std::endl;
  }

 private:
  std::ostream& err_;
  std::string command_, what_;
  std::uint64_t last_ = 0;
};

}  // namespace tocsin::cli
