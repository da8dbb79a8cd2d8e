#include <gtest/gtest.h>

#include "adapter/import/import.h"
#include "adapter/import/png.h"

namespace tocsin::importing {
namespace {

/// One grey pixel, made by hand: signature, IHDR, IDAT, IEND.
const std::string pixel(
    "\x89PNG\r\n\x1A\n"
    "\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3A\x7E\x9B\x55"
    "\0\0\0\x0AIDAT\x78\xDA\x63\x60\0\0\0\x02\0\x01\xE5\x27\xDE\xFC"
    "\0\0\0\0IEND\xAE\x42\x60\x82",
    67);

std::string code_of(const std::string& bytes) {
  const auto header = check_png(bytes);
  return header ? "none" : header.error().code + " " + header.error().field;
}

TEST(Png, a_whole_picture_tells_its_size) {
  const auto header = check_png(pixel);
  ASSERT_TRUE(header) << header.error().code << header.error().field;
  EXPECT_EQ(header->width, 1);
  EXPECT_EQ(header->bit_depth, 8);
}

TEST(Png, a_picture_cut_off_anywhere_is_refused) {
  for (std::size_t size = 0; size < pixel.size(); ++size)
    EXPECT_FALSE(check_png(pixel.substr(0, size))) << size;
}

TEST(Png, any_flipped_bit_is_found) {
  for (std::size_t i = 0; i < pixel.size() * 8; ++i) {
    std::string bad = pixel;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(check_png(bad)) << "bit " << i;
  }
}

TEST(Png, what_is_wrong_is_told_with_its_byte) {
  EXPECT_EQ(code_of("GIF89a"), "png.signature byte 0");
  EXPECT_EQ(code_of(pixel.substr(0, 33) + pixel.substr(55)), "png.no_image byte 45");
  EXPECT_EQ(code_of(pixel + "x"), "png.trailing byte 67");
  EXPECT_EQ(code_of(pixel.substr(0, 55)), "png.no_end byte 55");
  EXPECT_EQ(code_of(pixel.substr(0, 8) + pixel.substr(33)), "png.header byte 8");
}

class Layers : public testing::Test {
 protected:
  ImportResult read(std::string_view kind, std::string_view bytes) {
    Request request;
    request.bytes = bytes;
    return find_kind(kind)->import(request, standing);
  }

  place::Relief relief{.bounds = {{118, 27}, {120, 28}},
                       .width = 1,
                       .height = 1,
                       .source = "",
                       .note_zh = "",
                       .note_en = ""};
  Standing standing;
};

TEST_F(Layers, a_picture_must_fit_its_frame) {
  EXPECT_EQ(read("relief.dark", pixel).problems[0].code, "register.relief_not_loaded");
  standing.relief = &relief;
  const auto good = read("relief.dark", pixel);
  ASSERT_TRUE(good.whole());
  EXPECT_EQ(good.package, pixel);
  EXPECT_EQ(good.kind, "relief.dark");
  relief.width = 2;
  EXPECT_EQ(read("relief.light", pixel).problems[0].code, "relief.other_size");
  EXPECT_EQ(read("relief.light", "x").problems[0].code, "png.signature");
}

TEST_F(Layers, a_frame_states_its_system_and_its_rows) {
  const auto code = [&](const std::string& more) {
    const auto result =
        read("relief", R"({"bounds":[118,27,120,28],"width":10,"height":10)" + more + "}");
    return result.whole() ? std::string("none") : result.problems[0].code;
  };
  EXPECT_EQ(code(R"(,"crs":"WGS84")"), "none");
  EXPECT_EQ(code(""), "geo.crs_missing");
  EXPECT_EQ(code(R"(,"crs":"GCJ-02")"), "relief.crs");
  EXPECT_EQ(code(R"(,"crs":"WGS84","rows":"plate-carree")"), "relief.rows");
  EXPECT_EQ(read("relief", "{}").problems[0].code, "place.bad_package");
}

TEST_F(Layers, streams_need_an_order) {
  const auto file = [](const std::string& properties) {
    return R"({"type":"FeatureCollection","crs":"WGS84","source":"SRTM3","features":[{"type":"Feature","properties":)" +
           properties +
           R"(,"geometry":{"type":"LineString","coordinates":[[119,27],[119.1,27.1]]}}]})";
  };
  const auto good = read("streams", file(R"({"order":3})"));
  ASSERT_TRUE(good.whole());
  const auto streams = place::Streams::decode(good.package).value();
  EXPECT_EQ(streams.lines[0].order, 3);
  EXPECT_EQ(streams.source, "SRTM3");
  EXPECT_EQ(good.changes, (Changes{.added = 1, .changed = 0, .removed = 0}));
  standing.streams = &streams;
  EXPECT_EQ(read("streams", file(R"({"strahler":3})")).changes, Changes{});
  EXPECT_EQ(read("streams", file(R"({"strahler":2})")).changes,
            (Changes{.added = 1, .changed = 0, .removed = 1}));
  EXPECT_EQ(read("streams", file("{}")).problems[0].column, "features[0].properties.strahler");
}

}  // namespace
}  // namespace tocsin::importing
