#pragma once
// A station's frame as text, in the forms in which it is sent.

#include <fmt/format.h>

#include <string>

#include "adapter/hj212/encode.h"
#include "bench/station_frames.h"

namespace tocsin::bench {

/// As a 2017 station sends it: 实时数据 (2011), wanting an answer. Written by hand and not by
/// hj212::encode, since the load maker takes its time from the node's two cores.
inline std::string hj212_text(const Frame& frame, Instant qn) {
  const auto& v = frame.values;
  return hj212::enclose(fmt::format(
      "QN={};ST=32;CN=2011;PW=123456;MN=BENCH{:019d};Flag=5;CP=&&DataTime={};"
      "w01001-Rtd={:.2f},w01001-Flag=N;w01002-Rtd={:.2f},w01002-Flag=N;"
      "w01003-Rtd={:.2f},w01003-Flag=N;w01004-Rtd={:.2f},w01004-Flag=N;"
      "w01005-Rtd={:.2f},w01005-Flag=N&&",
      hj212::qn_of(qn), frame.station, compact_beijing(frame.time), v[0], v[1], v[2], v[3], v[4]));
}

/// {"s":station,"t":seconds,"v":[five values]}
inline std::string packed_text(const Frame& frame) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(frame.time).time_since_epoch();
  std::string out = fmt::format("{{\"s\":{},\"t\":{},\"v\":[", frame.station, seconds.count());
  for (std::size_t k = 0; k < frame.values.size(); ++k)
    out += fmt::format("{}{:.2f}", k == 0 ? "" : ",", frame.values[k]);
  return out + "]}";
}

/// {"t":seconds,"v":value}, its point told by the topic.
inline std::string single_text(const Frame& frame, std::size_t k) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(frame.time).time_since_epoch();
  return fmt::format("{{\"t\":{},\"v\":{:.2f}}}", seconds.count(), frame.values[k]);
}

}  // namespace tocsin::bench
