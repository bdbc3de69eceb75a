#include "io/box_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "npy_bytes.hpp"
#include "tool_process.hpp"
#include "wquant/error.hpp"

namespace wquant::test {
namespace {

class BoxFile : public testing::Test {
 protected:
  const TemporaryFolder folder_;

  void expect_refused(const std::string& name, const std::string& content,
                      const std::vector<std::string>& fragments) const {
    const std::string path = folder_.write(name, content);
    try {
      io::read_box(path);
      FAIL() << "was read: " << content;
    } catch (const InvalidArgument& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(path + ": ")) << message;
      for (const std::string& fragment : fragments) {
        EXPECT_NE(message.find(fragment), std::string::npos)
            << "expected '" << fragment << "' in: " << message;
      }
    }
  }
};

TEST_F(BoxFile, is_the_same_in_every_format) {
  const std::vector<double> lower = {-1, 0, 2.5};
  const std::vector<double> upper = {1, 0, 3};
  for (const std::string& path :
       {folder_.write("box.json", R"({"upper": [1, 0, 3e0], "lower": [-1, 0, 2.5]})"),
        folder_.write("box.csv", "x,y,z\n-1,0,2.5\n1,0,3\n"),
        folder_.write("box.npy", npy(2, 3, {-1, 0, 2.5, 1, 0, 3}))}) {
    const Box box = io::read_box(path);
    EXPECT_EQ(box.lower(), lower) << path;
    EXPECT_EQ(box.upper(), upper) << path;
  }
}

TEST_F(BoxFile, in_json_is_checked) {
  expect_refused("b.json", "", {"not valid JSON"});
  expect_refused("b.json", "[]", {"expected an object", "array"});
  expect_refused("b.json", R"({"lower": [0]})", {"missing key upper"});
  expect_refused("b.json", R"({"lower": [0], "upper": [1], "x": 1})", {"unknown key \"x\""});
  expect_refused("b.json", R"({"lower": 0, "upper": [1]})", {"lower: ", "number"});
  expect_refused("b.json", R"({"lower": [0, "a"], "upper": [1, 1]})", {"lower[1]: ", "string"});
  expect_refused("b.json", R"({"lower": [0], "upper": [NaN]})", {"not valid JSON"});
  expect_refused("b.json", R"({"lower": [0], "upper": [1e999]})", {"1e999"});
  expect_refused("b.json", R"({"lower": [], "upper": []})", {"dimension"});
  expect_refused("b.json", R"({"lower": [0], "upper": [1, 2]})", {"upper"});
  expect_refused("b.json", R"({"lower": [0, 2], "upper": [1, 1]})", {"lower[1]", "2", "1"});
  expect_refused("b.json", std::string(200'000, '['), {"not valid JSON"});
  expect_refused("b.txt", "", {".json, .csv and .npy"});
}

TEST_F(BoxFile, in_rows_is_checked) {
  expect_refused("b.csv", "0,0,0\n", {"two rows", "found 1"});
  expect_refused("b.csv", "0\n1\n2\n", {"two rows", "found 3"});
  expect_refused("b.csv", "0,2\n1,1\n", {"lower[1]"});
  expect_refused("b.csv", "0,x\n1,1\n", {"line 1, column 2"});
}

TEST(CheckInside, names_count_row_column_and_value) {
  const io::Samples samples{4, 2, std::vector<float>{0, 1, 0.5F, 17, -3, 1, 1, 1}};
  EXPECT_NO_THROW(io::check_inside(samples, Box::cube(2, -3, 17)));
  try {
    io::check_inside(samples, Box::cube(2, 0, 1));
    FAIL();
  } catch (const InvalidArgument& error) {
    const std::string message = error.what();
    for (const char* fragment : {"[1][1]", "found 17", "2 of 4"}) {
      EXPECT_NE(message.find(fragment), std::string::npos) << message;
    }
  }
}

}  // namespace
}  // namespace wquant::test
