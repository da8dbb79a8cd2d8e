#include "adapter/http/static_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "adapter/http/test_server.h"

namespace tocsin::http {
namespace {

namespace fs = std::filesystem;

class StaticFiles : public ::testing::Test {
 protected:
  StaticFiles() : folder_(fs::temp_directory_path() / ("static_" + std::to_string(getpid()))) {
    write("index.html", "<!doctype html>desk");
    write("assets/index-DiwrgTda.js", std::string(4000, 'j'));
    write("assets/push-notification.js", "plain name");
    write("../static_secret_" + std::to_string(getpid()), "secret");
    fs::create_symlink(folder_ / ("../static_secret_" + std::to_string(getpid())),
                       folder_ / "link.txt");
    handler_ = static_files(folder_).value();
  }
  ~StaticFiles() override {
    fs::remove_all(folder_);
    fs::remove(folder_ / ("../static_secret_" + std::to_string(getpid())));
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  Response get(std::string path, bool gzip = false) {
    Request request;
    request.path = std::move(path);
    if (gzip) request.headers.emplace_back("accept-encoding", "gzip");
    return test::run(handler_(std::move(request)));
  }
  fs::path folder_;
  Handler handler_;
};

}  // namespace

TEST_F(StaticFiles, hashed_assets_are_immutable_and_packed) {
  const Response plain = get("/assets/index-DiwrgTda.js"),
                 packed = get("/assets/index-DiwrgTda.js", true);
  EXPECT_EQ(find(plain.headers, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_NE(find(plain.headers, "Cache-Control").find("immutable"), std::string_view::npos);
  EXPECT_EQ(plain.shared_body->size(), 4000u);
  EXPECT_LT(packed.shared_body->size(), 400u);
  EXPECT_EQ(find(packed.headers, "Content-Encoding"), "gzip");
  EXPECT_NE(find(packed.headers, "ETag"), find(plain.headers, "ETag"));
  EXPECT_EQ(find(get("/assets/push-notification.js").headers, "Cache-Control"), "no-cache");
}

TEST_F(StaticFiles, addresses_of_the_desk_get_its_page) {
  EXPECT_EQ(*get("/").shared_body, "<!doctype html>desk");
  EXPECT_EQ(*get("/station/7").shared_body, "<!doctype html>desk");
  EXPECT_EQ(get("/missing.js").status, 404);
}

TEST_F(StaticFiles, nothing_outside_the_folder_is_served) {
  EXPECT_EQ(get("/link.txt").status, 404);
  EXPECT_EQ(get("/../static_secret_" + std::to_string(getpid()) + ".txt").status, 404);
  EXPECT_FALSE(static_files(folder_ / "nowhere"));
}

}  // namespace tocsin::http
