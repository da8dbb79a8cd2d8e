#pragma once
// Frames to send: answers to stations, and uploads as a station makes them (for play, the sample's
// simulator and the benchmarks).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/hj212/cipher.h"
#include "adapter/hj212/command.h"
#include "adapter/hj212/crc.h"
#include "adapter/hj212/frame.h"
#include "adapter/hj212/values.h"
#include "base/time.h"

namespace tocsin::hj212 {

/// "##", length, segment, CRC, CR LF. The segment is at most 9999 bytes.
std::string enclose(std::string_view segment, CrcVariant crc = CrcVariant::standard);

/// The answer to a frame: same QN, ST=91, the asker's PW and MN, Flag with its version and A = 0,
/// so that no answer to the answer is asked for. 2005 stations find their QN (and CN) inside CP, as
/// HJ/T 212-2005 has it. `cn` 9011-9014; `cp` is put between the && marks ("ExeRtn=1").
std::string answer(const Head& to, int cn, std::string_view cp = {},
                   CrcVariant crc = CrcVariant::standard);

/// A command of the host to a station: 1012 with SystemTime, 2061 with BeginTime, …
struct Request {
  Instant now = {};  ///< becomes QN
  std::string_view st = {}, pw = {}, mn = {};
  int cn = 0;
  Version version = Version::v2017;
  bool wants_ack = true;
  std::string_view cp = {};
};
std::string encode(const Request& request, CrcVariant crc = CrcVariant::standard);

/// One factor's values of an upload.
struct UploadFactor {
  std::string code;
  std::vector<std::pair<Stat, std::string>> values;  ///< as they are to be printed
  std::string flag = "N";                            ///< 数据标记; empty: none
  std::string sample_time = {};                      ///< empty: none
};

struct Upload {
  std::string qn = {};  ///< 17 digits; empty (2005): none is sent
  std::string st = "32", pw = "123456", mn = {};
  int cn = 2011;
  std::optional<Version> version = Version::v2017;  ///< nullopt: no Flag at all
  bool wants_ack = true;
  bool resend = false;  ///< 2025: RF=1
  Instant data_time = {};
  std::vector<UploadFactor> factors = {};
};

/// QN of an instant: 17 digits, Beijing time.
std::string qn_of(Instant t);

/// The frames of an upload: one, or as many parts (Flag D, PNUM, PNO, the QN counted up by a
/// millisecond each) as it takes to keep each CP within `cp_limit` and each plain segment within
/// 1024 bytes. With a key the CP is sent encrypted (2025). Errors: "hj212.size" one factor alone is
/// over the limit, or more than 9999 parts; "hj212.qn" parts of an upload whose QN is not 17
/// digits; "hj212.cipher".
Result<std::vector<std::string>> encode(const Upload& upload,
                                        const std::optional<Sm4Key>& key = std::nullopt,
                                        std::size_t cp_limit = 950);

}  // namespace tocsin::hj212
