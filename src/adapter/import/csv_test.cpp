#include "adapter/import/csv.h"

#include <gtest/gtest.h>

#include "adapter/import/text.h"
#include "base/random.h"

namespace tocsin::importing {
namespace {

using Lines = std::vector<std::vector<std::string>>;

Lines fields_of(std::string_view text) {
  Lines out;
  const auto records = parse_csv(text);
  EXPECT_TRUE(records) << (records ? "" : records.error().code);
  if (records)
    for (const CsvRecord& record : *records) out.push_back(record.fields);
  return out;
}

Finding problem_of(std::string_view text, const CsvLimits& limits = {}) {
  const auto records = parse_csv(text, limits);
  return records ? Finding{} : records.error();
}

TEST(Csv, any_line_end_ends_a_record) {
  const Lines wanted{{"a", "b"}, {"1", "2"}, {"3", ""}};
  EXPECT_EQ(fields_of("a,b\r\n1,2\r\n3,\r\n"), wanted);
  EXPECT_EQ(fields_of("a,b\n1,2\n3,"), wanted);
  EXPECT_EQ(fields_of("a,b\r1,2\r3,"), wanted);
  EXPECT_EQ(fields_of("a,b\n\n1,2\n\r\n3,\n\n"), wanted) << "empty lines are no records";
}

TEST(Csv, quotes_hold_commas_quotes_and_line_ends) {
  EXPECT_EQ(fields_of("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"\"\n"),
            (Lines{{"a,b", "say \"hi\"", "two\r\nlines", ""}}));
}

TEST(Csv, lines_are_counted_through_quoted_line_ends) {
  const auto records = parse_csv("h\n\"1\n2\r\n3\r4\"\nx\n");
  ASSERT_TRUE(records);
  EXPECT_EQ((*records)[1].line, 2U);
  EXPECT_EQ((*records)[2].line, 6U);
}

TEST(Csv, a_problem_names_line_and_column) {
  EXPECT_EQ(problem_of("a,b\n1,\"2"), (Finding{2, "2", "csv.quote_open", ""}));
  EXPECT_EQ(problem_of("a\n\"1\"x\n"), (Finding{2, "1", "csv.quote_stray", ""}));
  EXPECT_EQ(problem_of("a,b\n1,2\n3,4\"5\n"), (Finding{3, "2", "csv.quote_stray", ""}));
  EXPECT_EQ(problem_of("a\n\"x\ny\"z\n"), (Finding{3, "1", "csv.quote_stray", ""}));
}

TEST(Csv, limits_are_kept_to_the_row_column_and_byte) {
  const CsvLimits limits{.rows = 2, .columns = 3, .field_bytes = 4};
  EXPECT_EQ(problem_of("a,b,c\n1,2,3\n", limits), Finding{});
  EXPECT_EQ(problem_of("a\nb\nc\n", limits), (Finding{3, "1", "csv.too_many_rows", ""}));
  EXPECT_EQ(problem_of("1,2,3,4\n", limits), (Finding{1, "3", "csv.too_many_columns", ""}));
  EXPECT_EQ(problem_of("abcd,\n", limits), Finding{});
  EXPECT_EQ(problem_of("abcde\n", limits), (Finding{1, "1", "csv.field_too_long", ""}));
}

TEST(Csv, what_is_written_reads_back) {
  constexpr std::string_view alphabet = "ab,\"\r\n; 县";
  SeededDice dice(3);
  for (int round = 0; round < 500; ++round) {
    Lines table(1 + dice.next() % 4, std::vector<std::string>(1 + dice.next() % 3));
    std::string text;
    for (auto& record : table) {
      for (std::string& field : record) {
        for (auto left = dice.next() % 6; left > 0; --left)
          field += alphabet[dice.next() % alphabet.size()];
        text += (&field == record.data() ? "" : ",") + csv_field(field);
      }
      if (record.size() == 1 && record[0].empty()) text += csv_field(record[0] = "x");
      text += "\r\n";
    }
    ASSERT_EQ(fields_of(text), table) << "round " << round;
  }
}

TEST(Text, utf8_loses_its_mark_and_gb18030_is_converted) {
  EXPECT_EQ(read_text("\xEF\xBB\xBF县")->utf8, "县");
  EXPECT_FALSE(read_text("县")->from_gb18030);
  const auto converted = read_text("code,\xC7\xEC\xD4\xAA\xCF\xD8");
  ASSERT_TRUE(converted);
  EXPECT_EQ(converted->utf8, "code,庆元县");
  EXPECT_TRUE(converted->from_gb18030);
  const auto four_bytes = read_text("\x90\x30\x81\x30\xB1\xA1");  // U+10000, then two bytes
  ASSERT_TRUE(four_bytes);
  EXPECT_EQ(four_bytes->utf8, "\xF0\x90\x80\x80薄");
}

TEST(Text, what_is_neither_is_refused_at_its_byte) {
  EXPECT_EQ(read_text("abc\xFFxyz").error(),
            (Error{"text.encoding", "byte 3", "neither UTF-8 nor GB18030"}));
  EXPECT_EQ(read_text("abc\xD4").error().field, "byte 3") << "cut off inside a character";
  EXPECT_EQ(read_text(std::string_view("a\0b", 3)).error().code, "text.nul");
  EXPECT_EQ(read_text("\xFF\xFE"
                      "a")
                .error()
                .code,
            "text.utf16");
  EXPECT_EQ(read_text(std::string(file_size_max + 1, 'a')).error().code, "text.too_large");
  EXPECT_TRUE(read_text(std::string(file_size_max, 'a')));
}

TEST(Text, a_long_gb18030_file_is_converted_whole) {
  std::string gb, wanted;
  for (int i = 0; i < 20000; ++i) {
    gb += "\xC7\xEC,";
    wanted += "庆,";
  }
  EXPECT_EQ(read_text(gb)->utf8, wanted);
}

}  // namespace
}  // namespace tocsin::importing
