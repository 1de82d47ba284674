#include "scan/locate.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::scan {
namespace {

TEST(Preview, ShowsTheEndsOfALongTokenOnly) {
  EXPECT_EQ(Preview("abcd0123456789wxyz99", true), "abcd********yz99");
  EXPECT_EQ(Preview("abcd0123456789wxyz9", true), "********");
  EXPECT_EQ(Preview("abcd0123456789wxyz99", false), "********");
  EXPECT_EQ(Preview("ab\x1b"
                    "d0123456789wxyz99",
                    true),
            "********");
}

TEST(LineAround, IsTheLineOfTheValue) {
  const std::string text = "one\ntwo three\nfour";
  const LineSpan line = LineAround(text, 8, 13);
  EXPECT_EQ(text.substr(line.begin, line.end - line.begin), "two three");
}

TEST(LineAround, ReachesOnlySoFar) {
  const std::string text(100000, 'x');
  const LineSpan line = LineAround(text, 50000, 50010);
  EXPECT_EQ(line.begin, 50000 - kLineReach);
  EXPECT_EQ(line.end, 50010 + kLineReach);
}

}  // namespace
}  // namespace sluice::scan
