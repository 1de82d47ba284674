// What must hold of AddedLines for any two texts, on many random ones.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/git/staged.h"

namespace sluice::git {
namespace {

// A last line without a newline is a line.
std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Whether `part` is what is left of `whole` after some lines are taken out.
bool IsSubsequence(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  std::size_t at = 0;
  for (const std::string& line : part) {
    while (at < whole.size() && whole[at] != line) ++at;
    if (at++ == whole.size()) return false;
  }
  return true;
}

// The least number of lines that are new, by the textbook.
std::size_t FewestNew(const std::vector<std::string>& older, const std::vector<std::string>& newer) {
  std::vector<std::vector<std::size_t>> common(older.size() + 1, std::vector<std::size_t>(newer.size() + 1));
  for (std::size_t i = 1; i <= older.size(); ++i) {
    for (std::size_t j = 1; j <= newer.size(); ++j) {
      common[i][j] =
          older[i - 1] == newer[j - 1] ? common[i - 1][j - 1] + 1 : std::max(common[i - 1][j], common[i][j - 1]);
    }
  }
  return newer.size() - common[older.size()][newer.size()];
}

void ExpectSound(const std::string& old_text, const std::string& new_text) {
  const Result<std::vector<LineRange>> ranges = AddedLines(old_text, new_text);
  ASSERT_TRUE(ranges);
  const std::vector<std::string> newer = Lines(new_text);
  std::vector<std::string> kept;
  std::size_t added = 0;
  std::size_t line = 1;
  std::size_t last_end = 0;
  for (const LineRange& range : *ranges) {
    ASSERT_LT(range.begin, range.end);
    ASSERT_GT(range.begin, last_end) << "ranges touch";
    ASSERT_LE(range.end, newer.size() + 1);
    for (; line < range.begin; ++line) kept.push_back(newer[line - 1]);
    added += range.end - range.begin;
    line = last_end = range.end;
  }
  for (; line <= newer.size(); ++line) kept.push_back(newer[line - 1]);
  const std::vector<std::string> older = Lines(old_text);
  // No line that is new may be missing: what is left must all be in the old text, in its order.
  EXPECT_TRUE(IsSubsequence(kept, older)) << ::testing::PrintToString(old_text) << ::testing::PrintToString(new_text);
  // And hardly a line too many: a diff is not always the shortest.
  EXPECT_LE(added, FewestNew(older, newer) + 3)
      << ::testing::PrintToString(old_text) << ::testing::PrintToString(new_text);
}

class RandomTexts {
 public:
  explicit RandomTexts(unsigned seed) : random_(seed) {}

  std::string Text() {
    static const std::string kPieces[] = {"a", "b", "\n", "\n", "\n", std::string(1, '\0'), "\r\n", "xy", "\n\n"};
    std::string text;
    for (unsigned n = Below(14); n > 0; --n) text += kPieces[Below(9)];
    return text;
  }

  // A few edits anywhere, also at the very ends.
  std::string Edited(std::string text) {
    for (unsigned n = Below(4); n > 0; --n) {
      const std::size_t at = Below(static_cast<unsigned>(text.size()) + 1);
      if (Below(2) == 0) {
        text.erase(at, Below(4));
      } else {
        text.insert(at, Text());
      }
    }
    return text;
  }

 private:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  std::mt19937 random_;
};

TEST(AddedLines, HoldForSmallTexts) {
  RandomTexts texts(11);
  for (int round = 0; round < 20000; ++round) {
    const std::string old_text = texts.Text();
    ExpectSound(old_text, texts.Edited(old_text));
    if (HasFatalFailure()) return;
  }
}

// Heads and tails that are compared by blocks, and edits at every distance from their borders.
TEST(AddedLines, HoldAcrossTheBlocksOfTheComparison) {
  std::string text;
  for (int i = 0; text.size() < 4200; ++i) text += "line " + std::to_string(i * i) + "\n";
  for (const std::size_t at : {0U, 1U, 1022U, 1023U, 1024U, 1025U, 2047U, 2048U, 3071U, 3072U, 4095U, 4199U}) {
    for (const char* piece : {"X", "\n", "new\n", "\nnew"}) {
      std::string edited = text;
      edited.insert(at, piece);
      ExpectSound(text, edited);
      ExpectSound(edited, text);
      ExpectSound(text.substr(0, text.size() - 1), edited);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

// Two texts that no diff aligns well must not hold up a commit.
TEST(AddedLines, EndsSoonOnHostileTexts) {
  std::mt19937 random(5);
  std::string old_text = "head\n";
  std::string new_text = "another\n";
  for (int i = 0; i < 3000000; ++i) {
    old_text += random() % 2 != 0 ? "a\n" : "b\n";
    new_text += random() % 2 != 0 ? "a\n" : "b\n";
  }
  old_text += "end";
  new_text += "another end";
  const Result<std::vector<LineRange>> ranges = AddedLines(old_text, new_text);
  ASSERT_TRUE(ranges);
  ASSERT_FALSE(ranges->empty());
  EXPECT_EQ(ranges->front().begin, 1U);
}

}  // namespace
}  // namespace sluice::git
