#include "scan/transcode.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::scan {
namespace {

constexpr Encoding kWide[] = {Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kUtf32Le, Encoding::kUtf32Be};

std::string_view Name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kBytes:
      return "bytes";
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    case Encoding::kUtf32Le:
      return "UTF-32LE";
    case Encoding::kUtf32Be:
      return "UTF-32BE";
  }
  return "?";
}

bool IsUtf16(Encoding encoding) { return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be; }

// One unit, written byte by byte.
std::string Unit(std::uint32_t unit, Encoding encoding) {
  const std::string big = {static_cast<char>(unit >> 24), static_cast<char>(unit >> 16), static_cast<char>(unit >> 8),
                           static_cast<char>(unit)};
  const std::string bytes = IsUtf16(encoding) ? big.substr(2) : big;
  const bool little = encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf32Le;
  return little ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

std::string Encode(std::u32string_view text, Encoding encoding) {
  std::string bytes;
  for (const char32_t c : text) {
    if (IsUtf16(encoding) && c > 0xFFFF) {
      bytes += Unit(0xD800 + ((c - 0x10000) >> 10), encoding) + Unit(0xDC00 + ((c - 0x10000) & 0x3FF), encoding);
    } else {
      bytes += Unit(c, encoding);
    }
  }
  return bytes;
}

std::string Decode(std::string_view bytes, Encoding encoding) {
  std::string text;
  Transcoder transcoder(encoding);
  transcoder.Append(bytes, &text);
  transcoder.Finish(&text);
  return text;
}

void ExpectSniffed(std::string_view what, std::string_view bytes, Encoding encoding, std::size_t bom_bytes = 0) {
  const Sniffed sniffed = SniffEncoding(bytes);
  EXPECT_EQ(Name(sniffed.encoding), Name(encoding)) << what;
  EXPECT_EQ(sniffed.bom_bytes, bom_bytes) << what;
}

std::string RandomBytes(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 engine(seed);
  std::string bytes;
  while (bytes.size() < count) bytes += static_cast<char>(engine() & 0xFF);
  return bytes;
}

// The same texts in UTF-32 and in UTF-8.
struct Text {
  std::u32string_view text;
  std::string_view utf8;
};
constexpr Text kTexts[] = {
    {U"", ""},
    {U"a", "a"},
    {U"password = hunter2\r\n", "password = hunter2\r\n"},
    {U"\x7F\x80\x7FF\x800\xD7FF\xE000\xFFFD\xFFFF",
     "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBD\xEF\xBF\xBF"},
    {U"\x10000\x1F600\x10FFFF", "\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"},
    {U"schlüssel = пароль 密码 😀!", "schlüssel = пароль 密码 😀!"},
};

TEST(Transcode, MarksTellTheEncoding) {
  for (const std::string_view rest : {"", "a", "secret"}) {
    const std::string text(rest);
    ExpectSniffed("UTF-16LE", "\xFF\xFE" + text, Encoding::kUtf16Le, 2);
    ExpectSniffed("UTF-16BE", "\xFE\xFF" + text, Encoding::kUtf16Be, 2);
    ExpectSniffed("UTF-32LE", std::string("\xFF\xFE\0\0", 4) + text, Encoding::kUtf32Le, 4);
    ExpectSniffed("UTF-32BE", std::string("\0\0\xFE\xFF", 4) + text, Encoding::kUtf32Be, 4);
    ExpectSniffed("UTF-8", "\xEF\xBB\xBF" + text, Encoding::kBytes, 3);
  }
  ExpectSniffed("half a mark", "\xFF", Encoding::kBytes);
  ExpectSniffed("two thirds of a mark", "\xEF\xBB", Encoding::kBytes);
  ExpectSniffed("a mark further on", "a\xFF\xFE", Encoding::kBytes);
  ExpectSniffed("empty", "", Encoding::kBytes);
}

TEST(Transcode, KnowsTextWithoutMark) {
  const std::pair<std::string_view, std::u32string_view> texts[] = {
      {"12 characters", U"pwd=hunter22"},
      {"a line", U"password = \"correct horse battery\"\r\n"},
      {"Latin-1", U"schlüssel = \"überaus geheim\" # größer\n"},
      {"Cyrillic", U"пароль: это очень секретный пароль для сервера\n"},
      {"Greek", U"κωδικός πρόσβασης: αυτό είναι μυστικό\n"},
      {"Arabic", U"كلمة المرور هذه سرية للغاية ولا تشاركها\n"},
      {"mostly code", U"const key = \"密码密码\"; // 密码密码\n"},
      {"with emoji", U"token 😀😀 = abcdefghijklmnop 😀\n"},
  };
  for (const auto& [what, text] : texts) {
    for (const Encoding encoding : kWide) {
      const std::string bytes = Encode(text, encoding);
      ExpectSniffed(what, bytes, encoding);
      ExpectSniffed(what, bytes + Unit(0, encoding), encoding);  // As C writes strings.
      // 4 KiB end within a unit or a pair where the text is shifted.
      std::string many;
      while (many.size() < 9000) many += bytes;
      for (std::size_t size = 4090; size < 4100; ++size) ExpectSniffed(what, many.substr(0, size), encoding);
    }
  }
}

TEST(Transcode, TakesTooShortATextAsItIs) {
  for (const Encoding encoding : kWide) {
    ExpectSniffed("7 characters", Encode(U"hunter2", encoding), Encoding::kBytes);
    ExpectSniffed("8 characters", Encode(U"hunter22", encoding), encoding);
    ExpectSniffed("12 characters, not all ASCII", Encode(U"pwd=hünter22", encoding), Encoding::kBytes);
  }
}

TEST(Transcode, TakesOtherFilesAsTheyAre) {
  std::string text = "password = hunter2\n";
  ExpectSniffed("ASCII", text, Encoding::kBytes);
  ExpectSniffed("UTF-8", "密码 = 密码密码密码密码密码密码密码密码\n", Encoding::kBytes);
  ExpectSniffed("text and a NUL", text + text + std::string(1, '\0'), Encoding::kBytes);
  ExpectSniffed("lines that end in NUL", std::string("a.txt\0b.txt\0src/main.cc\0README.md\0lib/x.h\0", 41),
                Encoding::kBytes);
  ExpectSniffed("NULs", std::string(5000, '\0'), Encoding::kBytes);
  ExpectSniffed(
      "PNG", std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0", 29) + RandomBytes(1, 2000),
      Encoding::kBytes);
  ExpectSniffed("PNG, head alone", std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0", 29),
                Encoding::kBytes);
  ExpectSniffed("ELF",
                std::string("\x7F"
                            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0\xC0\x10\0\0\0\0\0\0@\0\0\0\0\0\0\0",
                            40) +
                    std::string(4000, '\0'),
                Encoding::kBytes);
  ExpectSniffed("gzip", std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10) + RandomBytes(2, 3000), Encoding::kBytes);
  ExpectSniffed("ZIP", std::string("PK\x03\x04\x14\0\0\0\x08\0", 10) + RandomBytes(3, 3000), Encoding::kBytes);
  ExpectSniffed("class file",
                std::string("\xCA\xFE\xBA\xBE\0\0\0\x37\0\x1D\x0A\0\x06\0\x0F\x09\0\x10\0\x11\x08\0\x12", 23),
                Encoding::kBytes);
  std::string samples;  // 16-bit sound.
  for (int i = 0; i < 2000; ++i)
    samples += Unit(static_cast<std::uint32_t>(i * 37 % 4000 - 2000) & 0xFFFF, Encoding::kUtf16Le);
  ExpectSniffed("sound", samples, Encoding::kBytes);
  std::string numbers;  // Small 32-bit integers.
  for (std::uint32_t i = 0; i < 1000; ++i) numbers += Unit(i, Encoding::kUtf32Le);
  ExpectSniffed("numbers", numbers, Encoding::kBytes);
  std::string floats;
  for (std::uint32_t i = 0; i < 1000; ++i) floats += Unit(0x3F800000 + i * 0x10000, Encoding::kUtf32Le);
  ExpectSniffed("floating-point numbers", floats, Encoding::kBytes);
}

TEST(Transcode, TakesRandomBytesAsTheyAre) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const std::string bytes = RandomBytes(seed, 16 + seed % 300);
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) continue;
    ExpectSniffed(std::to_string(seed), bytes, Encoding::kBytes);
  }
}

TEST(Transcode, RefusesWhatNoTextHas) {
  const std::u32string text = U"password = \"correct horse battery\"\r\n";
  for (const char32_t c : std::u32string{0x01, 0x1B, 0x7F, 0x81, 0xD800, 0xDC00, 0xE000, 0xFFFE, 0xFFFF, 0xFDD0, 0}) {
    std::u32string with = text;
    with[10] = c;
    for (const Encoding encoding : kWide) {
      ExpectSniffed(std::to_string(c), Encode(with, encoding), Encoding::kBytes);
    }
  }
  for (const char32_t c : std::u32string{0x110000, 0xFFFFFFFF, 0xF0000}) {
    std::u32string with = text;
    with[10] = c;
    ExpectSniffed(std::to_string(c), Encode(with, Encoding::kUtf32Le), Encoding::kBytes);
  }
}

TEST(Transcode, GivesTheSameTextFromEveryEncoding) {
  for (const Text& text : kTexts) {
    for (const Encoding encoding : kWide)
      EXPECT_EQ(Decode(Encode(text.text, encoding), encoding), text.utf8) << Name(encoding);
    EXPECT_EQ(Decode(text.utf8, Encoding::kBytes), text.utf8);
  }
}

TEST(Transcode, BytesStayAsTheyAre) {
  const std::string bytes = RandomBytes(4, 1000);
  EXPECT_EQ(Decode(bytes, Encoding::kBytes), bytes);
}

// U+FEFF is the caller's to skip; further on it is a character.
TEST(Transcode, KeepsMarks) {
  EXPECT_EQ(Decode(std::string("\xFF\xFE"
                               "a\0",
                               4),
                   Encoding::kUtf16Le),
            "\xEF\xBB\xBF"
            "a");
}

TEST(Transcode, MendsBrokenPairs) {
  struct Case {
    std::string_view what;
    std::vector<std::uint32_t> units;
    std::string_view utf8;
  };
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    for (const Case& c : {Case{"high alone",
                               {'a', 0xD83D, 'b'},
                               "a\xEF\xBF\xBD"
                               "b"},
                          Case{"low alone",
                               {'a', 0xDE00, 'b'},
                               "a\xEF\xBF\xBD"
                               "b"},
                          Case{"low before high",
                               {0xDE00, 0xD83D, 'b'},
                               "\xEF\xBF\xBD\xEF\xBF\xBD"
                               "b"},
                          Case{"high twice", {0xD83D, 0xD83D, 0xDE00}, "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
                          Case{"low twice", {0xD83D, 0xDE00, 0xDE00}, "\xF0\x9F\x98\x80\xEF\xBF\xBD"},
                          Case{"high at the end", {'a', 0xD83D}, "a\xEF\xBF\xBD"},
                          Case{"high before NUL", {0xD83D, 0}, std::string_view("\xEF\xBF\xBD\0", 4)}}) {
      std::string bytes;
      for (const std::uint32_t unit : c.units) bytes += Unit(unit, encoding);
      EXPECT_EQ(Decode(bytes, encoding), c.utf8) << c.what << " " << Name(encoding);
    }
  }
}

TEST(Transcode, MendsWhatIsNoCodePoint) {
  for (const Encoding encoding : {Encoding::kUtf32Le, Encoding::kUtf32Be}) {
    for (const std::uint32_t unit : {0xD800U, 0xDFFFU, 0x110000U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
      EXPECT_EQ(Decode(Unit('a', encoding) + Unit(unit, encoding) + Unit('b', encoding), encoding),
                "a\xEF\xBF\xBD"
                "b")
          << unit;
    }
  }
}

TEST(Transcode, MendsADanglingUnit) {
  for (const Encoding encoding : kWide) {
    for (std::size_t extra = 1; extra < Unit('a', encoding).size(); ++extra) {
      EXPECT_EQ(Decode(Unit('a', encoding) + Unit('b', encoding).substr(0, extra), encoding), "a\xEF\xBF\xBD")
          << Name(encoding);
    }
  }
  // A waiting surrogate and a dangling byte are two losses.
  EXPECT_EQ(Decode("\xD8\x3D\xDE", Encoding::kUtf16Be), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Transcode, PiecesGiveWhatTheWholeGives) {
  for (const Encoding encoding : kWide) {
    for (const std::string& bytes :
         {Encode(kTexts[5].text, encoding), Encode(kTexts[4].text, encoding) + "x",
          Unit(0xD83D, encoding) + Unit(0xD83D, encoding) + Unit(0xDE00, encoding), RandomBytes(5, 61)}) {
      const std::string whole = Decode(bytes, encoding);
      for (std::size_t split = 0; split <= bytes.size(); ++split) {
        std::string text;
        Transcoder transcoder(encoding);
        transcoder.Append(bytes.substr(0, split), &text);
        transcoder.Append({}, &text);
        transcoder.Append(bytes.substr(split), &text);
        transcoder.Finish(&text);
        EXPECT_EQ(text, whole) << Name(encoding) << " split at " << split;
      }
      std::string text;
      Transcoder transcoder(encoding);
      for (const char& c : bytes) transcoder.Append({&c, 1}, &text);
      transcoder.Finish(&text);
      EXPECT_EQ(text, whole) << Name(encoding) << " byte by byte";
    }
  }
}

TEST(Transcode, IsAsNewAfterFinish) {
  std::string text;
  Transcoder transcoder(Encoding::kUtf16Le);
  transcoder.Append(std::string_view("\x3D\xD8\0", 3), &text);
  transcoder.Finish(&text);
  transcoder.Finish(&text);
  transcoder.Append(std::string_view("a\0", 2), &text);
  transcoder.Finish(&text);
  EXPECT_EQ(text,
            "\xEF\xBF\xBD\xEF\xBF\xBD"
            "a");
}

std::string WideOf(std::string_view bytes, std::size_t piece) {
  WideText wide;
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) wide.Append(bytes.substr(0, piece), &text);
  wide.Finish(&text);
  return text;
}

TEST(WideText, StandsAnywhere) {
  const auto widened = [](std::string_view text, std::size_t nuls) {
    std::string wide;
    for (const char c : text) wide.append(1, c).append(nuls, '\0');
    return wide;
  };
  const std::string bytes = "first line\nab" + std::string("\0\0\x01\0", 4) + widened("wide text", 1) + "\n" +
                            widened("wider text\n", 3) + widened("short", 1) + "end\n";
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    const std::string text = WideOf(bytes, piece);
    EXPECT_NE(text.find("wide text"), std::string::npos) << piece;
    EXPECT_NE(text.find("wider text\n"), std::string::npos) << piece;
    EXPECT_EQ(text.find("short"), std::string::npos) << piece;
    EXPECT_EQ(text.find("first"), std::string::npos) << piece;
    // Lines keep their numbers.
    EXPECT_EQ(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("wide text")), '\n'), 1);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  }
  EXPECT_EQ(WideOf("no wide text\nin here\n", 5), "");
  const std::string long_text(100'000, 'x');
  EXPECT_EQ(WideOf(widened(long_text, 1), 1000), long_text + ' ');
}

}  // namespace
}  // namespace sluice::scan
