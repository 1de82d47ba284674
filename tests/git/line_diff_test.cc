#include <gtest/gtest.h>

#include <string>

#include "sluice/git/staged.h"

namespace sluice::git {
namespace {

std::string Ranges(const std::string& old_text, const std::string& new_text) {
  const auto ranges = AddedLines(old_text, new_text);
  if (!ranges) return ranges.error().ToString();
  std::string text;
  for (const LineRange& range : *ranges) text += std::to_string(range.begin) + "-" + std::to_string(range.end) + " ";
  return text;
}

TEST(AddedLines, AreThoseOfTheNewText) {
  const struct {
    const char* name;
    const char* old_text;
    const char* new_text;
    const char* ranges;
  } cases[] = {
      {"same", "a\nb\n", "a\nb\n", ""},
      {"new file", "", "a\nb\n", "1-3 "},
      {"new file without end", "", "a\nb", "1-3 "},
      {"emptied", "a\n", "", ""},
      {"first", "b\n", "a\nb\n", "1-2 "},
      {"last", "a\n", "a\nb\n", "2-3 "},
      {"middle", "a\nc\n", "a\nb\nc\n", "2-3 "},
      {"changed", "a\nb\nc\n", "a\nX\nc\n", "2-3 "},
      {"removed", "a\nb\nc\n", "a\nc\n", ""},
      {"two places", "a\nb\nc\nd\ne\n", "a\nX\nc\nd\nY\n", "2-3 5-6 "},
      {"end of line added", "a", "a\n", ""},
      {"appended to a last line", "a\nb", "a\nbc", "2-3 "},
      {"repeated", "a\na\na\n", "a\na\na\na\n", "4-5 "},
      {"cr lf", "a\r\nb\r\n", "a\r\nx\r\nb\r\n", "2-3 "},
  };
  for (const auto& c : cases) EXPECT_EQ(Ranges(c.old_text, c.new_text), c.ranges) << c.name;
}

TEST(AddedLines, TakesBytesThatAreNoText) {
  EXPECT_EQ(Ranges(std::string("a\n\0\nb\n", 6), std::string("a\n\0\nX\nb\n", 8)), "3-4 ");
}

// What a line of its own adds must be among the ranges, whatever the rest is.
TEST(AddedLines, HoldsEveryNewLineOfALargeChange) {
  std::string old_text;
  std::string new_text;
  for (int i = 0; i < 5000; ++i) {
    old_text += "line " + std::to_string(i) + "\n";
    new_text += i % 7 == 3 ? "new " + std::to_string(i) + "\n" : "line " + std::to_string(i) + "\n";
  }
  const auto ranges = AddedLines(old_text, new_text);
  ASSERT_TRUE(ranges);
  std::size_t lines = 0;
  for (const LineRange& range : *ranges) lines += range.end - range.begin;
  EXPECT_EQ(lines, 714U);
}

}  // namespace
}  // namespace sluice::git
