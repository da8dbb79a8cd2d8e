#pragma once
// What stands between the && marks: items, and the measured values among them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tocsin::hj212 {

/// Which number of a factor a value is: the part behind the "-" that carries a measurement.
/// HJ 212-2017 table 8; `ala` is 2005 only.
enum class Stat : std::uint8_t {
  rtd,  ///< 实时采样值
  min,
  avg,
  max,     // of the period
  zs_rtd,  ///< 折算: converted to reference conditions
  zs_min,
  zs_avg,
  zs_max,
  cou,  ///< 累计值 (emission, volume) of the period
  rs,   ///< 设备运行状态
  rt,   ///< 设备运行时间, hours of the day
  data,
  day_data,
  night_data,  // 噪声: whole day, day, night
  ala,         ///< 报警值
};

/// "Rtd", "ZsAvg", …; as the standard writes it.
std::string_view name_of(Stat stat);
/// Case counts. nullopt for anything else, also for SampleTime, Flag, EFlag, Info and SN.
std::optional<Stat> stat_of(std::string_view attribute);
/// True for the attributes the standard knows that carry no measurement.
bool known_attribute(std::string_view attribute);

/// One item of the CP body. `a-b=c` has code a, attribute b; a field has an empty attribute.
struct Item {
  std::string_view code;       ///< factor, device or information code; for a field: its name
  std::string_view attribute;  ///< what stands behind the last "-"; empty for a field
  std::string_view value;
  std::size_t group = 0;   ///< counts groups; a new one starts behind each ";"
  bool has_equals = true;  ///< false: a piece of text that is no item, kept in `value`
};

/// Walks the items of a CP body. Empty items are passed over and counted. A value that starts with
/// "//" runs to the next "//": logs (i11001-Info) may hold separators.
class ItemReader {
 public:
  explicit ItemReader(std::string_view cp) : rest_(cp) {}
  bool next(Item& item);
  std::size_t empty_items() const { return empty_items_; }    ///< ",,"
  std::size_t empty_groups() const { return empty_groups_; }  ///< ";;"

 private:
  std::string_view cut();
  std::string_view rest_;
  std::size_t group_ = 0, empty_items_ = 0, empty_groups_ = 0;
  bool group_open_ = false;
};

/// One measured value with what was said about it in its group.
struct Value {
  std::string_view code;
  Stat stat = Stat::rtd;
  std::string_view text;         ///< as sent
  std::optional<double> number;  ///< nullopt when `text` is no finite decimal number
  bool torn = false;  ///< text that is no item stands right behind: "35,3" is neither 35 nor 3
  std::optional<std::string_view> flag;         ///< 数据标记 of the factor in this group
  std::optional<std::string_view> sample_time;  ///< YYYYMMDDhhmmss, Beijing
  std::size_t group = 0;
};

/// Finite decimal number, whole text, optional sign and exponent.
std::optional<double> parse_number(std::string_view text);

/// A frame's values in the order sent, factors of one group kept together; a name given twice in a
/// group counts once, the last word stands. Scratch space is kept from frame to frame.
class ValueReader {
 public:
  /// The result is good until the next call. Reads at most `limit` values.
  const std::vector<Value>& read(std::string_view cp, std::size_t limit = 2048);
  /// True when the last read stopped at its limit.
  bool cut_short() const { return cut_short_; }
  /// What else the last read met: fields, and items of an attribute the standard does not know.
  const std::vector<Item>& others() const { return others_; }

 private:
  struct Code {
    std::string_view code;
    std::optional<std::string_view> flag, sample_time;
  };
  std::optional<std::size_t> take(const Item& item, std::size_t limit);
  void close_group();

  std::vector<Value> values_;
  std::vector<Item> others_;
  std::vector<std::size_t> code_of_;  // per value of the open group: index into codes_
  std::vector<Code> codes_;           // of the open group
  std::size_t group_start_ = 0, group_ = 0;
  bool cut_short_ = false;
};

}  // namespace tocsin::hj212
