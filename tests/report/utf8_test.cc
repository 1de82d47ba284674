#include "report/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::report {
namespace {

TEST(Utf8, DecodesWhatRfc3629Allows) {
  struct Case {
    std::string_view bytes;
    char32_t value;
  };
  for (const Case& c : {Case{"A", U'A'}, Case{"\xC2\x80", 0x80}, Case{"\xDF\xBF", 0x7FF}, Case{"\xE0\xA0\x80", 0x800},
                        Case{"\xED\x9F\xBF", 0xD7FF}, Case{"\xEE\x80\x80", 0xE000}, Case{"\xF0\x90\x80\x80", 0x10000},
                        Case{"\xF4\x8F\xBF\xBF", 0x10FFFF}}) {
    const CodePoint code_point = DecodeUtf8(c.bytes);
    EXPECT_TRUE(code_point.valid) << PercentEncode(c.bytes);
    EXPECT_EQ(code_point.value, c.value) << PercentEncode(c.bytes);
    EXPECT_EQ(code_point.length, c.bytes.size()) << PercentEncode(c.bytes);
  }
}

TEST(Utf8, RefusesEverythingElseByteByByte) {
  for (const std::string_view bytes :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
    const CodePoint code_point = DecodeUtf8(bytes);
    EXPECT_FALSE(code_point.valid) << PercentEncode(bytes);
    EXPECT_EQ(code_point.length, 1U) << PercentEncode(bytes);
    EXPECT_FALSE(IsUtf8(bytes)) << PercentEncode(bytes);
  }
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("smörgåsbord 😀"));
}

TEST(Utf8, DisplayEscapesWhatSteersAndKeepsTheRest) {
  std::string shown;
  AppendDisplay("naïve 日本 😀 \\ 'q' \t\x1b[2J\xC2\x85\xE2\x81\xA6\xE2\x80\xA8\xFF\xC3", &shown);
  EXPECT_EQ(shown, "naïve 日本 😀 \\ 'q' \\x09\\x1B[2J\\xC2\\x85\\xE2\\x81\\xA6\\xE2\\x80\\xA8\\xFF\\xC3");
}

TEST(Utf8, PercentEncodesAllButUnreservedAndSlash) {
  EXPECT_EQ(PercentEncode("a b/ü%#?:~-._Z9\xFF\n"), "a%20b/%C3%BC%25%23%3F%3A~-._Z9%FF%0A");
}

TEST(Utf8, WidthIsWhatATerminalGives) {
  EXPECT_EQ(DisplayWidth(U'a'), 1U);
  EXPECT_EQ(DisplayWidth(U'ü'), 1U);
  EXPECT_EQ(DisplayWidth(U'日'), 2U);
  EXPECT_EQ(DisplayWidth(U'😀'), 2U);
  EXPECT_EQ(DisplayWidth(0x0301), 0U);
  EXPECT_EQ(DisplayWidth(0xFEFF), 0U);
  EXPECT_EQ(DisplayWidth(0x05B0), 0U);  // Hebrew, Thai.
  EXPECT_EQ(DisplayWidth(0x0E35), 0U);
  EXPECT_EQ(DisplayWidth(0x05BE), 1U);
  EXPECT_EQ(DisplayWidth(U'✅'), 2U);
  EXPECT_EQ(DisplayWidth(U'✓'), 1U);
  EXPECT_EQ(DisplayWidth(U'…'), 1U);
  EXPECT_EQ(DisplayWidth(U'￥'), 2U);
}

}  // namespace
}  // namespace sluice::report
