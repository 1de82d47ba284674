#include "scan/transcode.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sluice::scan {
namespace {

std::string Decode(Encoding encoding, const std::string& bytes, std::size_t piece = 1000) {
  Transcoder transcoder(encoding);
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += piece) transcoder.Append(bytes.substr(at, piece), &text);
  transcoder.Finish(&text);
  return text;
}

// Text in an encoding, from code units.
std::string Units(const std::u32string& units, Encoding encoding) {
  const bool wide = encoding == Encoding::kUtf32Le || encoding == Encoding::kUtf32Be;
  const bool big = encoding == Encoding::kUtf16Be || encoding == Encoding::kUtf32Be;
  const int bytes = wide ? 4 : 2;
  std::string text;
  for (const char32_t unit : units) {
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(unit >> (8 * (big ? bytes - 1 - i : i)));
  }
  return text;
}

constexpr Encoding kAll[] = {Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kUtf32Le, Encoding::kUtf32Be};

TEST(Transcoder, GivesTheSameInPiecesOfAnySize) {
  for (const Encoding encoding : kAll) {
    const std::string bytes = Units(U"key = \x00e9\x20ac value\n", encoding);
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
      EXPECT_EQ(Decode(encoding, bytes, piece), "key = \xc3\xa9\xe2\x82\xac value\n") << piece;
    }
  }
}

TEST(Transcoder, JoinsSurrogatesAndReplacesLoneOnes) {
  EXPECT_EQ(Decode(Encoding::kUtf16Le, Units({0xd83d, 0xde00}, Encoding::kUtf16Le)), "\xf0\x9f\x98\x80");
  EXPECT_EQ(Decode(Encoding::kUtf16Le, Units({0xd83d, 'a'}, Encoding::kUtf16Le)),
            "\xef\xbf\xbd"
            "a");
  EXPECT_EQ(Decode(Encoding::kUtf16Le, Units({0xde00, 'a'}, Encoding::kUtf16Le)),
            "\xef\xbf\xbd"
            "a");
  EXPECT_EQ(Decode(Encoding::kUtf16Le, Units({'a', 0xd83d}, Encoding::kUtf16Le)), "a\xef\xbf\xbd");
  EXPECT_EQ(Decode(Encoding::kUtf32Be, Units({0x110000, 'a'}, Encoding::kUtf32Be)),
            "\xef\xbf\xbd"
            "a");
}

TEST(Transcoder, EndsInTheMiddleOfAUnit) {
  EXPECT_EQ(Decode(Encoding::kUtf16Le, std::string("a\0b", 3)), "a\xef\xbf\xbd");
  EXPECT_EQ(Decode(Encoding::kUtf32Le, std::string("a\0\0\0b\0", 6)), "a\xef\xbf\xbd");
}

TEST(SniffEncoding, BelievesAByteOrderMark) {
  EXPECT_EQ(SniffEncoding("\xff\xfe"
                          "a")
                .encoding,
            Encoding::kUtf16Le);
  EXPECT_EQ(SniffEncoding("\xfe\xff"
                          "a")
                .encoding,
            Encoding::kUtf16Be);
  EXPECT_EQ(SniffEncoding(std::string("\xff\xfe\0\0", 4)).encoding, Encoding::kUtf32Le);
  EXPECT_EQ(SniffEncoding(std::string("\0\0\xfe\xff", 4)).encoding, Encoding::kUtf32Be);
  EXPECT_EQ(SniffEncoding("\xef\xbb\xbf"
                          "a")
                .encoding,
            Encoding::kBytes);
  EXPECT_EQ(SniffEncoding("\xef\xbb\xbf"
                          "a")
                .bom_bytes,
            3U);
}

TEST(SniffEncoding, KnowsTextWithoutOne) {
  for (const Encoding encoding : kAll) {
    EXPECT_EQ(SniffEncoding(Units(U"password: 12", encoding)).encoding, encoding);
    EXPECT_EQ(SniffEncoding(Units(U"a longer text\r\nof two lines\r\n", encoding)).encoding, encoding);
  }
}

TEST(SniffEncoding, TakesNoBinaryForText) {
  EXPECT_EQ(SniffEncoding("").encoding, Encoding::kBytes);
  EXPECT_EQ(SniffEncoding("plain text\n").encoding, Encoding::kBytes);
  EXPECT_EQ(SniffEncoding(std::string(4096, '\0')).encoding, Encoding::kBytes);
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::string noise(512, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_EQ(SniffEncoding(noise).encoding, Encoding::kBytes);
  }
  const std::string elf(
      "\x7f"
      "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0\x50\x10\0\0\0\0\0\0@\0\0\0\0\0\0\0",
      40);
  EXPECT_EQ(SniffEncoding(elf).encoding, Encoding::kBytes);
}

}  // namespace
}  // namespace sluice::scan
