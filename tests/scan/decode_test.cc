#include "scan/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "checks/encodings.h"
#include "sluice/database.h"
#include "sluice/scanner.h"
#include "support/git_fixture.h"

namespace sluice::scan {
namespace {

using tests::FakeGithubToken;

std::string Base64(std::string_view bytes) { return checks::EncodeBase64(bytes); }

// False when a limit kept something from being decoded.
bool FindAllLayers(std::string_view text, std::vector<Layer>* layers, const DecodeLimits& limits = {}) {
  Survey survey;
  survey.Make(text);
  DecodeBudget budget = {limits};
  return FindLayers({text, survey}, &budget, [&](const Layer& layer) { layers->push_back(layer); });
}

// `window_bits`: 16 + MAX_WBITS for gzip, MAX_WBITS for zlib, -MAX_WBITS for neither.
std::string Deflated(const std::string& text, int window_bits, int level = Z_BEST_COMPRESSION) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string bytes(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  deflate(&stream, Z_FINISH);
  bytes.resize(bytes.size() - stream.avail_out);
  deflateEnd(&stream);
  return bytes;
}
std::string Gzip(const std::string& text) { return Deflated(text, 16 + MAX_WBITS); }

std::string Number(std::size_t value, std::size_t bytes) {
  std::string number;
  for (; bytes > 0; --bytes, value >>= 8U) number += static_cast<char>(value & 0xffU);
  return number;
}

// A member of a zip; `is_streamed`: its size stands behind it.
std::string ZipMember(const std::string& name, const std::string& text, bool deflate, bool is_streamed = false) {
  const std::string data = deflate ? Deflated(text, -MAX_WBITS) : text;
  const std::string sizes = Number(0, 4) + Number(data.size(), 4) + Number(text.size(), 4);
  return "PK\3\4" + Number(20, 2) + Number(is_streamed ? 8 : 0, 2) + Number(deflate ? 8 : 0, 2) + Number(0, 4) +
         (is_streamed ? std::string(12, '\0') : sizes) + Number(name.size(), 2) + Number(0, 2) + name + data +
         (is_streamed ? "PK\7\b" + sizes : "");
}

// UTF-16 of text in Latin-1.
std::string Utf16(std::string_view text, bool is_big = false) {
  std::string wide;
  for (const char c : text) (is_big ? wide.append(1, '\0') : wide).append(1, c).append(is_big ? 0 : 1, '\0');
  return wide;
}

std::string Each(const std::string& text, const char* format) {
  std::string escaped;
  for (const char c : text) {
    char buffer[16];
    snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(static_cast<unsigned char>(c)));  // NOLINT
    escaped += buffer;
  }
  return escaped;
}

std::string Wrapped(const std::string& text, std::size_t width, const std::string& indent) {
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += width) lines += indent + text.substr(at, width) + "\n";
  return lines;
}

// What the default rules find, "how rule" of each.
std::vector<std::string> Found(const std::string& text) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  std::vector<std::string> found;
  for (const Finding& finding : scanner.Scan(text, "a.yaml").findings) {
    found.push_back(finding.rule_id + " " + finding.note);
    EXPECT_LT(finding.offset, finding.end_offset);
    EXPECT_LE(finding.end_offset, text.size());
    EXPECT_EQ(finding.context.find(FakeGithubToken()), std::string::npos);
  }
  return found;
}

TEST(Decode, FindsATokenInEveryForm) {
  const std::string token = FakeGithubToken();
  const std::string line = "token: " + token + "\n";
  std::string filler;
  for (int i = 0; i < 8; ++i) filler += "a line of a longer text, such as a configuration file\n";
  const struct {
    std::string text;
    const char* how;
  } cases[] = {
      {"x = \"" + Base64(line) + "\"\n", "base64"},
      {"x = \"" + Base64(token) + "\"\n", "base64"},
      {"x: " + Base64(Base64("in it is " + token)) + "\n", "base64, decoded from base64"},
      {"conf: |\n" + Wrapped(Base64(filler + line + filler), 64, "    "), "base64"},
      {"s = \"" + Wrapped(Base64(filler + line), 76, "") + "\"", "base64"},
      {"release: " + Base64(Gzip(filler + line)) + "\n", "gzip in base64"},
      {"release: " + Base64(Gzip(filler) + Gzip("") + Gzip(line)) + "\n", "gzip in base64"},
      {"x = \"" + Base64(Deflated(filler + line, MAX_WBITS)) + "\"\n", "zlib in base64"},
      {"x = \"" + Base64(Deflated(line, MAX_WBITS, Z_BEST_SPEED)) + "\"\n", "zlib in base64"},
      {"x = \"" + Base64(Deflated(line, MAX_WBITS, 5)) + "\"\n", "zlib in base64"},
      {"ZipFile: " + Base64(ZipMember("a", line, true)) + "\n", "zip in base64"},
      {"ZipFile: " + Base64(ZipMember("a", line, true, true)) + "\n", "zip in base64"},
      {"ZipFile: " + Base64(ZipMember("a", line, false)) + "\n", "zip in base64"},
      {"ZipFile: " + Base64(ZipMember("a", filler, false, true) + ZipMember("b", line, true)) + "\n", "zip in base64"},
      {"z: " + Base64(ZipMember("a", filler, true) + ZipMember("b", filler, true, true) + ZipMember("c", line, true)),
       "zip in base64"},
      {"powershell -EncodedCommand " + Base64(Utf16(line)) + "\n", "UTF-16 in base64"},
      {"powershell -enc " + Base64("\xff\xfe" + Utf16(line)) + "\n", "UTF-16 in base64"},
      {Base64(Utf16(filler + line)), "UTF-16 in base64"},
      {"x = " + Base64(Utf16(line, true)) + "\n", "UTF-16 in base64"},
      {"x = " + Base64(Gzip(Utf16("\xe9t\xe9 " + filler + line))) + "\n", "gzip in base64"},
      {"x = " + Base64(Gzip("a.txt" + std::string(600, '\0') + line + std::string(400, '\0'))), "gzip in base64"},
      {"x = 0x" + Each(Utf16(line), "%02x") + "\n", "UTF-16 in hex"},
      {"x = \\x" + Each(Gzip(filler + line), "%02x") + "\n", "gzip in hex"},
      {"h = '" + Each("token " + token, "%02x") + "'\n", "hex"},
      {"https://x.example/?t=" + Each(token, "%%%02X") + "&a=b\n", "escapes"},
      {"const t = \"" + Each(token, "\\u%04x") + "\";", "escapes"},
      {"const t = \"" + Each(token, "\\u{%x}") + "\";", "escapes"},
      {"char t[] = \"" + Each(token, "\\x%02x") + "\";", "escapes"},
      {"<t>" + Each(token, "&#%u;") + "</t>", "escapes"},
      {"<t>" + Each(token, "&#x%x;") + "</t>", "escapes"},
      {"t = \"" + token.substr(0, 9) + "\" + \"" + token.substr(9, 11) + "\" +\n    \"" + token.substr(20) + "\"\n",
       "joined strings"},
      {"$t = '" + token.substr(0, 9) + "' . '" + token.substr(9) + "';", "joined strings"},
      {"t = \"" + token.substr(0, 9) + "\" .. \"" + token.substr(9) + "\"", "joined strings"},
      {"t = \"" + token.substr(0, 9) + "\" & \"" + token.substr(9) + "\"", "joined strings"},
      {"const char* t = \"" + token.substr(0, 9) + "\"\n                \"" + token.substr(9) + "\";",
       "joined strings"},
      {"t='" + token.substr(0, 9) + "''" + token.substr(9) + "'", "joined strings"},
      {"t = " + token.substr(0, 9) + "\xe2\x80\x8b" + token.substr(9) + "\n", "invisible characters"},
      {"t = " + token.substr(0, 9) + "\xc2\xad" + token.substr(9) + "\n", "invisible characters"},
  };
  for (const auto& c : cases) {
    const std::vector<std::string> found = Found(c.text);
    ASSERT_EQ(found.size(), 1U) << c.text;
    EXPECT_EQ(found[0].substr(0, found[0].find(' ')), "github-classic-pat") << c.text;
    EXPECT_NE(found[0].find(c.how), std::string::npos) << found[0] << " of " << c.text;
  }
}

std::string Noise(std::size_t count) {
  std::mt19937 random(7);
  std::string noise;
  while (noise.size() < count) noise += static_cast<char>(random() % 256);
  return noise;
}

// A picture with a token in it, a message of protobuf, a key store: it may stand in any line.
TEST(Decode, FindsATokenInBinaryContent) {
  const std::string token = FakeGithubToken();
  for (const std::size_t before : {0U, 1U, 2U, 100U, 5000U}) {
    const std::string bytes = "\x89" + Noise(before) + std::string(3, '\0') + token + std::string(2, '\0') + Noise(200);
    for (const std::string& text :
         {"x: " + Base64(bytes) + "\n", Wrapped(Base64(bytes), 64, "  "), Wrapped(Base64(bytes), 76, ""),
          Wrapped(Base64(bytes), 32, ""), "x = '" + Each(bytes, "%02x") + "'\n", Wrapped(Each(bytes, "%02x"), 60, ""),
          "x: " + Base64(Gzip(bytes)) + "\n", "x: " + Base64(ZipMember("a", bytes, true))}) {
      EXPECT_EQ(Found(text).size(), 1U) << before << text.substr(0, 200);
    }
  }
}

// A line that by chance begins like base64, or in another place of its groups of four, does not hide the others.
TEST(Decode, OneLineOfCodeHidesNoOther) {
  const std::string binary = std::string(38, '\1') + FakeGithubToken() + std::string(12, '\1');
  const std::string digits = "8c586256d1dec0db7e2e5973e2f8174e1da920f8f14cc3feec6093f19b93\n";
  EXPECT_EQ(Found(digits + Wrapped(Each(binary, "%02x"), 60, "")).size(), 1U);
  const std::string other = "51SBZbcZ+0C0xMTZFTMYhNxlZX5dHflrt3OWlyy62sApoRwFImMnwpJwRK5X5y+1B9VyAh4Vv9WK\n";
  EXPECT_EQ(Found(other + Wrapped(Base64(std::string(22, '\1') + binary), 76, "")).size(), 1U);
}

TEST(Decode, MarksOfHexTouchNoToken) {
  const std::string digits = Each(FakeGithubToken(), "%02x");
  for (const std::string mark : {"x = 0x", "VALUES (1,'bob',0X", "1\tbob\t\\\\x", "b = '\\x"}) {
    EXPECT_EQ(Found(mark + digits + "\n").size(), 1U) << mark;
  }
}

// Two bytes may begin anything, and a stream may end before the text does.
TEST(Decode, LooksBehindWhatOnlyBeginsCompressed) {
  const std::string noise = "\x80\1\2\3\xff\xfe\4\5\6\x81";
  const std::string token = std::string(2, '\0') + FakeGithubToken() + std::string(2, '\0');
  for (const std::string begin : {"x\x9c", "x\1", "\x1f\x8b\b", "PK\3\4"}) {
    EXPECT_EQ(Found("x: \"" + Base64(begin + noise + noise + noise + noise + token + noise) + "\"\n").size(), 1U);
  }
  EXPECT_EQ(Found("x: " + Base64(Gzip("hello") + token) + "\n").size(), 1U);
}

// What stands in it is not named by what stands in front of all of it.
TEST(Decode, ANameInFrontOfBinaryContentIsNotOfWhatIsInIt) {
  std::vector<Layer> layers;
  FindAllLayers("secret_token: \"" + Base64("\1\2\3@" + FakeGithubToken() + "\x88\1") + "\"\n", &layers);
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].text.find("secret"), std::string::npos);
  EXPECT_NE(layers[0].text.find(FakeGithubToken()), std::string::npos);
}

TEST(Decode, BinaryContentWithoutTextHasNoLayers) {
  for (const std::string& text :
       {"x: " + Base64("\x89" + Noise(100'000)), Wrapped(Base64("\x89" + Noise(100'000)), 76, ""),
        Each("\x89" + Noise(100'000), "%02x")}) {
    std::vector<Layer> layers;
    EXPECT_TRUE(FindAllLayers(text, &layers));
    EXPECT_TRUE(layers.empty());
  }
}

ScanResult Scanned(const std::string& text) {
  const Database* const databases[] = {&Database::Default()};
  return Scanner::Create(databases, {})->Scan(text, "a.yaml");
}

TEST(Decode, NamesWhatItDoesNotUnpack) {
  std::string encrypted = ZipMember("a", "some text", true);
  encrypted[6] = 1;
  std::string other = ZipMember("a", "some text", true);
  other[8] = 12;
  const struct {
    std::string bytes;
    const char* kind;
  } cases[] = {{std::string("\xfd\x37zXZ\0\0\4", 8) + Noise(100), "xz"},
               {"\x28\xb5\x2f\xfd" + Noise(100), "zstd"},
               {"BZh91AY&SY" + Noise(100), "bzip2"},
               {"\x04\x22\x4d\x18" + Noise(100), "lz4"},
               {"7z\xbc\xaf\x27\x1c" + Noise(100), "7z"},
               {encrypted, "encrypted zip"},
               {other, "zip of an uncommon method"}};
  for (const auto& c : cases) {
    const std::string rest = ": what it unpacks to was not looked at";
    EXPECT_EQ(Scanned("x: " + Base64(c.bytes) + "\n").note, std::string(c.kind) + " in base64" + rest);
    EXPECT_EQ(Scanned("x: " + Each(c.bytes, "%02x") + "\n").note, std::string(c.kind) + " in hex" + rest);
  }
  EXPECT_EQ(Scanned("x: " + Base64(Gzip("some text")) + "\n" + Base64("\x89" + Noise(1000)) + "\n").note, "");
}

TEST(Decode, UnpacksWhatIsCompressedTwice) {
  const std::string text = "token: " + FakeGithubToken() + "\n";
  for (const bool deflate : {false, true}) {
    const std::string zip = ZipMember("a.txt", text, deflate);
    EXPECT_EQ(Found("x: " + Base64(Gzip(zip)) + "\n").size(), 1U) << deflate;
    EXPECT_EQ(Found("x: " + Base64(ZipMember("a.gz", Gzip(text), deflate)) + "\n").size(), 1U) << deflate;
    EXPECT_EQ(Found("x: " + Base64(ZipMember("a.jar", zip, deflate)) + "\n").size(), 1U) << deflate;
  }
  EXPECT_EQ(Found("x: " + Each(Gzip(Gzip(text)), "%02x") + "\n").size(), 1U);
}

// What is named only may hold stored texts as they are.
TEST(Decode, LooksAtWhatItDoesNotUnpack) {
  const std::string stored = ZipMember("a.txt", "token: " + FakeGithubToken() + "\n", false);
  EXPECT_EQ(Found("x: " + Base64(Gzip(Gzip(stored))) + "\n").size(), 1U);
  EXPECT_EQ(Found("x: " + Base64("7z\xbc\xaf\x27\x1c" + Noise(50) + stored) + "\n").size(), 1U);
}

TEST(Decode, SaysWhatIsDamagedOrCompressedThreeTimes) {
  const std::string rest = " in base64: what it unpacks to was not looked at";
  const std::string packed = Gzip(Noise(3000) + "some text");
  EXPECT_EQ(Scanned("x: " + Base64(packed.substr(0, 2000)) + "\n").note, "damaged gzip" + rest);
  EXPECT_EQ(Scanned("x: " + Base64(Gzip(packed)) + "\n").note, "");
  EXPECT_EQ(Scanned("x: " + Base64(Gzip(Gzip(packed))) + "\n").note, "what is compressed three times" + rest);
  EXPECT_EQ(Scanned("x: " + Base64(Gzip(ZipMember("a.gz", packed, false))) + "\n").note,
            "what is compressed three times" + rest);
  EXPECT_EQ(Scanned("x: " + Base64(packed) + "\n").note, "");
}

// No deeper code passes for clean.
TEST(Decode, SaysWhenCodeIsTooDeep) {
  std::string text = "token: " + FakeGithubToken() + " and some more text that is not encoded";
  for (std::size_t depth = 0; depth < 10; ++depth, text = Base64(text)) {
    const ScanResult result = Scanned("x: " + text + "\n");
    EXPECT_EQ(result.findings.size(), depth <= DecodeLimits().max_depth ? 1U : 0U) << depth;
    EXPECT_EQ(result.incomplete.empty(), depth <= DecodeLimits().max_depth) << depth << result.incomplete;
  }
}

// Layers that are no code overlap, so that each depth of them may double the time: beyond some only code is looked
// into.
TEST(Decode, LooksForCodeDeeperThanForTheRest) {
  const auto escaped = [](std::string text, int times) {
    for (; times > 0; --times) {
      std::string more;
      for (const char c : text) more += c == '%' ? "%25" : std::string(1, c);
      text = more;
    }
    return text;
  };
  const std::string token = FakeGithubToken();
  const std::string cut = token.substr(0, 3) + "%5F" + token.substr(4) + "%2B%2B";
  std::string code;
  for (const char c : Base64("some text, and in it " + token + " as it is")) {
    code += code.size() % 9 == 0 ? Each(std::string(1, c), "%%%02x") : std::string(1, c);
  }
  for (const int times : {0, 2, 3}) {
    EXPECT_EQ(Found("x: " + escaped(cut, times) + "\n").size(), times < 3 ? 1U : 0U) << times;
    EXPECT_EQ(Found("x: " + escaped(code, times) + "\n").size(), times < 3 ? 1U : 0U) << times;
  }
}

// As `xxd -p` and `base64 -w 32` write them: a line may end anywhere in a token.
TEST(Decode, CodeIsWrappedAtAnyPlace) {
  const std::string token = FakeGithubToken();
  for (std::size_t lead = 0; lead < 60; ++lead) {
    const std::string bytes = std::string(lead, ' ') + token + "\nand some more text behind it\n";
    EXPECT_EQ(Found(Wrapped(Each(bytes, "%02x"), 60, "")).size(), 1U) << lead;
    EXPECT_EQ(Found(Wrapped(Base64(bytes), 32, "")).size(), 1U) << lead;
  }
  // A list is not wrapped: what it holds may begin in any line.
  const std::string digest = Each(Noise(32), "%02x") + "\n";
  EXPECT_EQ(Found(digest + digest + Each("a token " + token, "%02x") + "\n" + digest).size(), 1U);
}

// Of a file in pieces a window may begin and end between the two digits of a byte.
TEST(Decode, HexOfALargeFileIsCutAnywhere) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  for (const std::size_t lead : {1U, 2U}) {
    std::string filler;
    while (filler.size() < 1'300'000) filler += "some text of a very long line ";
    const std::string bytes = filler + FakeGithubToken() + " " + filler;
    scanner.Begin("a");
    scanner.Append(std::string(lead, '\n') + Each(bytes, "%02x"));
    EXPECT_EQ(scanner.Finish().findings.size(), 1U) << lead;
  }
}

// They have their own rules for what is in them, and join all the same.
TEST(Decode, JoinsLiteralsThatHaveAPrefix) {
  const std::string token = FakeGithubToken();
  for (const std::size_t cut : {1, 4, 9, 38}) {
    const std::string first = token.substr(0, cut);
    const std::string second = token.substr(cut);
    for (const std::string& text :
         {"t = \"" + first + "\" f\"" + second + "\"", "t = \"" + first + "\" + f\"" + second + "\"",
          "t = \"" + first + "\"+f'" + second + "'", "t = (f\"" + first + "\"\n     f\"" + second + "\")",
          "t = ('" + first + "'\n     rb'" + second + "')", "t = b'" + first + "' b'" + second + "'",
          "t = R\"" + first + "\" R\"" + second + "\"", "auto t = \"" + first + "\" R\"(" + second + ")\";",
          "auto t = L\"" + first + "\" L\"" + second + "\";", "auto t = u8\"" + first + "\"\n u8\"" + second + "\";",
          "var t = \"" + first + "\" + $\"" + second + "\";", "var t = @\"" + first + "\" + @\"" + second + "\";"}) {
      EXPECT_EQ(Found(text).size(), 1U) << text;
    }
  }
}

TEST(Decode, JoinsListsOfStrings) {
  const std::string token = FakeGithubToken();
  const std::string two = "'" + token.substr(0, 4) + "', '" + token.substr(4) + "'";
  const std::string three =
      "\"" + token.substr(0, 9) + "\",\"" + token.substr(9, 9) + "\",\n\"" + token.substr(18) + "\",\n";
  for (const std::string& list : {two, three}) {
    for (const std::string& text :
         {"const t = [" + list + "].join('');", "const t = [" + list + "].join(\"\")", "t = [" + list + "].join\n",
          "t = ''.join([" + list + "])", "t = \"\".join((" + list + "))", "f(x, [" + list + "].join(''), [1])"}) {
      EXPECT_EQ(Found(text).size(), 1U) << text;
    }
    for (const std::string& text : {"const t = [" + list + "].join(', ');", "t = ', '.join([" + list + "])",
                                    "t = ''.join([" + list + ", x])", "t = ''.join([" + list}) {
      std::vector<Layer> layers;
      FindAllLayers(text, &layers);
      EXPECT_TRUE(layers.empty()) << text;
    }
  }
}

TEST(Decode, JoinsLinesThatEndInABackslash) {
  const std::string token = FakeGithubToken();
  for (const std::size_t cut : {1, 4, 9, 39}) {
    for (const char* joint : {"\\\n", "\\\r\n"}) {
      const std::vector<std::string> found =
          Found("curl -u " + token.substr(0, cut) + joint + token.substr(cut) + " \\\n x");
      ASSERT_EQ(found.size(), 1U) << cut;
      EXPECT_THAT(found[0], ::testing::HasSubstr("decoded from joined lines"));
    }
  }
  EXPECT_EQ(
      Found("t = \"" + token.substr(0, 9) + "\\\n" + token.substr(9, 9) + "\\\n" + token.substr(18) + "\"\n").size(),
      1U);
}

// Behind the prefix is where a person cuts.
// What programs ignore between two strings, reviewers do not see through either.
TEST(Decode, JoinsOverCommentsAndContinuedLines) {
  const std::string token = FakeGithubToken();
  const std::string first = token.substr(0, 9);
  const std::string second = token.substr(9);
  for (const std::string& text :
       {"t = ('" + first + "'  # first half\n     '" + second + "')", "t = '" + first + "' + \\\n    '" + second + "'",
        "t = '" + first + "' \\\r\n    '" + second + "'",
        "const char* t = \"" + first + "\" /* and */ \"" + second + "\";",
        "let t = '" + first + "' +\n  // the rest\n  // of it\n  '" + second + "';",
        "let t = '" + first + "' // the rest\n  + '" + second + "';"}) {
    const std::vector<std::string> found = Found(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].substr(0, found[0].find(' ')), "github-classic-pat") << text;
  }
}

TEST(Decode, StringsAreJoinedWhereverTheTokenIsCut) {
  const std::string token = FakeGithubToken();
  for (std::size_t cut = 1; cut + 2 < token.size(); ++cut) {
    const std::string text = "token = \"" + token.substr(0, cut) + "\" + \"" + token.substr(cut) + "\"\n";
    const std::vector<std::string> found = Found(text);
    ASSERT_EQ(found.size(), 1U) << cut;
    EXPECT_EQ(found[0].substr(0, found[0].find(' ')), "github-classic-pat") << cut;
  }
}

TEST(Decode, InvisibleCharactersCutNoToken) {
  const std::string token = FakeGithubToken();
  for (const char* mark :
       {"\u200b",    "\u200f",     "\u202c",     "\u2060",       "\u2066",     "\u206f",
        "\ufe0f",    "\ufeff",     "\u00ad",     "\u034f",       "\u061c",     "\u115f",
        "\u1160",    "\u17b4",     "\u180b",     "\u180e",       "\u3164",     "\uffa0",
        "\ufff0",    "\U0001bca0", "\U0001d173", "\u200b\u180e", "\U000e0020", "\U000e0041\U000e007f",
        "\U000e0100"}) {
    for (const std::size_t cut : {1, 4, 9}) {
      EXPECT_EQ(Found("t = '" + token.substr(0, cut) + mark + token.substr(cut) + "'").size(), 1U) << mark << cut;
    }
  }
}

// A line with a single escape was left as it is.
TEST(Decode, OneEscapeCutsNoToken) {
  const std::string token = FakeGithubToken();
  for (const char* format : {"\\u%04x", "\\U%08x", "\\u{%x}", "%%%02X", "&#%u;", "&#x%x;", "\\x%02x"}) {
    for (const std::size_t cut : {0, 1, 3, 9, 39}) {
      const std::string text =
          "t = '" + token.substr(0, cut) + Each(token.substr(cut, 1), format) + token.substr(cut + 1) + "'\n";
      EXPECT_EQ(Found(text).size(), 1U) << text;
    }
  }
  // Right in front of it, where its digits are no boundary.
  for (const char* before : {"%20", "%3D", "%22", "%3A", "\\u0022", "\\x27", "&quot;"}) {
    EXPECT_EQ(Found(before + tests::FakeAwsKey() + "\n").size(), 1U) << before;
  }
}

// Blanks that are no ASCII cut one where both sides make a token, and are blanks elsewhere.
TEST(Decode, NoBreakSpacesCutNoToken) {
  const std::string token = FakeGithubToken();
  for (const std::string blank : {"\u00a0", "\u2007", "\u202f", "\u205f"}) {
    for (const std::size_t cut : {4, 9, 30}) {
      const std::string text = "key" + blank + "= '" + token.substr(0, cut) + blank + token.substr(cut) + "'";
      EXPECT_EQ(Found(text).size(), 1U) << text;
    }
    const std::string thrice = token.substr(0, 6) + blank + token.substr(6, 6) + blank + token.substr(12);
    EXPECT_EQ(
        Found("t = '" + thrice.substr(0, thrice.size() - 3) + blank + thrice.substr(thrice.size() - 3) + "'").size(),
        1U);
  }
}

// Each was asked about with all that are behind it: ten seconds.
TEST(Decode, TakesMegabytesOfWhatMightBeJoined) {
  for (const char* piece : {"\"a\" \"b\" ", "a\\\n", "a\u00a0", "a1b2\u00a0", "'ab' + f'cd' ", "\"a\"#", "\"a\"/*",
                            "\"a\"//\n", "[\"a\",\"b\"].join(\"\")"}) {
    std::string text;
    while (text.size() < (std::size_t{4} << 20U)) text += piece;
    std::vector<Layer> layers;
    EXPECT_TRUE(FindAllLayers(text, &layers)) << piece;
  }
}

// A text of nothing but marks is looked at once.
TEST(Decode, TakesAMegabyteOfInvisibleCharacters) {
  std::string text = "\u00e9";
  for (int i = 0; i < 300'000; ++i) text += i % 2 == 0 ? "\u180e" : "\U000e0041";
  std::vector<Layer> layers;
  EXPECT_TRUE(FindAllLayers(text, &layers));
  EXPECT_TRUE(layers.empty());
}

TEST(Decode, ValuesOfAKubernetesSecretAreShort) {
  const std::string text =
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: " + Base64("Zx9!kQw2Lr") + "\n";
  EXPECT_EQ(Found(text).size(), 1U);
  // Wherever the word stands in the 64 bytes that are looked at together.
  for (std::size_t lead = 0; lead < 70; ++lead) EXPECT_EQ(Found("#" + std::string(lead, '-') + "\n" + text).size(), 1U);
}

TEST(Decode, KindOfAKubernetesSecretIsWrittenInManyWays) {
  const auto layers_of = [](const std::string& kind) {
    const std::string text = "apiVersion: v1\n" + kind + "\ndata:\n  password: " + Base64("Zx9!kQw2Lr") + "\n";
    std::vector<Layer> layers;
    FindAllLayers(text, &layers);
    return layers;
  };
  for (const char* kind :
       {"kind: Secret", "kind:  Secret", "kind:\tSecret", "kind: \"Secret\"", "kind: 'Secret'", "\"kind\": \"Secret\"",
        "\"kind\":\"Secret\"", "\"kind\" : \"Secret\"", "'kind':   'Secret'", "- kind: Secret", "kind: Secret\r"}) {
    EXPECT_EQ(layers_of(kind).size(), 1U) << kind;
  }
  for (const char* kind : {"kind Secret", "Secret", "find: Secret", "kind: ConfigMap # Secret"}) {
    EXPECT_TRUE(layers_of(kind).empty()) << kind;
  }
}

// What PHP makes of a value in JSON.
TEST(Decode, EscapedSlashesCutNoToken) {
  const std::string secret = tests::FakeAwsSecret();
  std::string escaped;
  for (const char c : secret) escaped += c == '/' ? "\\/" : std::string(1, c);
  ASSERT_NE(escaped, secret);
  const Database* const databases[] = {&Database::Default()};
  auto scanner = Scanner::Create(databases, {});
  const ScanResult result = scanner->Scan("{\"aws_secret_access_key\":\"" + escaped + "\"}", "a.json");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].rule_id, "aws-secret-access-key");
}

TEST(Decode, TextInOtherLettersInBase64IsText) {
  for (const char* first : {"# Конфигурация\n", "# 生产环境配置\n", "# Ρυθμίσεις\n"}) {
    std::vector<Layer> layers;
    FindAllLayers("x: " + Base64(first + std::string("token = ") + FakeGithubToken()), &layers);
    ASSERT_FALSE(layers.empty()) << first;
    EXPECT_NE(layers[0].text.find(FakeGithubToken()), std::string::npos) << first;
  }
}

TEST(Decode, PointsAtTheCode) {
  const std::string token = FakeGithubToken();
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  const std::string text = "first\nx = '" + Each("a " + token + " b", "%02x") + "'\n";
  const ScanResult result = scanner.Scan(text, "a");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].line, 2U);
  EXPECT_EQ(result.findings[0].column, 10U);
  EXPECT_EQ(result.findings[0].end_column, 10U + 2 * token.size());
}

// Wherever lines are wrapped, and whatever stands before it.
TEST(Decode, PointsAtTheCodeOfEveryKind) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  const std::string token = FakeGithubToken();
  const std::string before = "echo one; echo two three; echo four";
  for (const std::size_t width : {40U, 41U, 42U, 43U, 64U, 76U, 10'000U}) {
    for (std::size_t lead = 20; lead < before.size(); ++lead) {
      const std::string plain = before.substr(0, lead) + " " + token + " ; echo";
      const std::size_t at = lead + 1;
      const struct {
        std::string bytes;
        std::size_t begin;
        std::size_t end;
      } cases[] = {
          {plain, at, at + token.size()},
          {Utf16(plain), 2 * at, 2 * (at + token.size())},
          // Three bytes in UTF-8, two in UTF-16.
          {Utf16(plain.substr(0, 8)) + "\xac\x20" + Utf16(plain.substr(8)), 2 * at + 2, 2 * (at + token.size()) + 2},
          // A pair of surrogates.
          {Utf16(plain.substr(0, 8)) + std::string("\x3d\xd8\x00\xde", 4) + Utf16(plain.substr(8)), 2 * at + 4,
           2 * (at + token.size()) + 4}};
      for (const auto& c : cases) {
        const std::string code = Base64(c.bytes);
        const std::string text = "x: |\n" + Wrapped(code, width, "  ");
        const ScanResult result = scanner.Scan(text, "a");
        ASSERT_EQ(result.findings.size(), 1U) << width << " " << lead << " " << text;
        const auto place = [&](std::size_t byte) {
          const std::size_t character = byte * 4 / 3;
          return 5 + character / width * (width + 3) + 2 + character % width;
        };
        EXPECT_EQ(result.findings[0].offset, place(c.begin)) << width << " " << lead;
        EXPECT_EQ(result.findings[0].end_offset, std::max(place(c.end), place(c.end - 1) + 1)) << width << " " << lead;
      }
    }
  }
}

// What only begins as if it were compressed, or wide, is what it is.
TEST(Decode, TextThatBeginsLikeAStreamIsText) {
  const std::string token = FakeGithubToken();
  for (const std::string& text : {"x^2 = " + token, "x\x01" + token, "PK of mine " + token}) {
    EXPECT_EQ(Found("a: " + Base64(text) + "\n").size(), 1U) << text;
  }
}

TEST(Decode, OrdinaryTextHasNoLayers) {
  for (const char* text :
       {"import { createHash, randomBytesFromTheSystem } from 'node:crypto';",
        "d41d8cd98f00b204e9800998ecf8427e",
        "getUserByEmailAddressFromDatabaseOrCache(userRepository)",
        "/usr/lib/python3/dist-packages/somewhere/module.py",
        "printf(\"%d%%, %5.2f\\n\", a, b);",
        "\"one \" + \"two\"",
        "echo 'it'\"'\"'s'",
        "a && b || c",
        "caf\xc3\xa9 \xe2\x82\xac",
        "https://example.com/a%20file.html",
        "https://example.com/group%2Fproject",
        "printf '\\x1b[0m'",
        "\"\\u00e9t\\u00e9\"",
        "#define A(x) \\\n  do_something(x); \\\n  and_more(x)",
        "SOURCES = first.c\\\n second.c\\\nthird.c",
        "a&amp;bcdefghijklmnopqrstuvw",
        "&#169; 2024",
        "10\u00a0000\u202f000 habitants\u00a0: l'agglom\u00e9ration\u00a0du\u00a0Grand\u00a0Paris",
        "the flag \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f of England",
        "{\"integrity\": "
        "\"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\"}"}) {
    std::vector<Layer> layers;
    EXPECT_TRUE(FindAllLayers(text, &layers));
    EXPECT_TRUE(layers.empty()) << text << " -> " << layers[0].text;
  }
}

TEST(Decode, BombsAreBounded) {
  const std::string bomb = Base64(Gzip(std::string(std::size_t{200} << 20U, 'a')));
  std::vector<Layer> layers;
  EXPECT_FALSE(FindAllLayers("x: " + bomb, &layers));
  DecodeLimits small;
  small.max_total_bytes = 1000;
  EXPECT_FALSE(FindAllLayers("x: " + Base64(std::string(5000, 'a') + " b") + "\n", &layers, small));
  // Nested beyond the depth that is looked at: no hang.
  std::string nested = "token " + FakeGithubToken();
  for (int i = 0; i < 12; ++i) nested = Base64(nested);
  Found("x: " + nested);
}

// It is the size that counts, not how well something compresses: a table of zeros stopped a commit.
TEST(Decode, WhatCompressesWellIsDecoded) {
  const std::string token = FakeGithubToken();
  std::string text(std::size_t{6} << 20U, ' ');
  text += token + "\n";
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  for (const std::string& packed : {Gzip(text), Deflated(text, MAX_WBITS), ZipMember("a", text, true)}) {
    const ScanResult result = scanner.Scan("x: " + Base64(packed) + "\n", "a");
    EXPECT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.incomplete, "");
  }
}

// The budget is that of a file: as many streams as there is room for, at whatever depth.
TEST(Decode, StreamsOfOneFileShareABudget) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  const auto streams = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "x: " + Base64(Gzip(std::string(std::size_t{1} << 20U, 'a'))) + "\n";
    return text;
  };
  EXPECT_EQ(scanner.Scan(streams(6), "a").incomplete, "");
  EXPECT_NE(scanner.Scan(streams(10), "a").incomplete, "");
  EXPECT_EQ(scanner.Scan(streams(6), "a").incomplete, "");
  EXPECT_NE(scanner.Scan("x: " + Base64(Gzip(streams(10))), "a").incomplete, "");
  // The file's size counts as well.
  EXPECT_EQ(scanner.Scan(streams(10) + std::string(std::size_t{4} << 20U, '\n'), "a").incomplete, "");
}

// Of a file in pieces a window holds 1 MiB: what is longer cannot be unpacked, which must not pass for clean.
TEST(Decode, AStreamThatAWindowCutsIsUnpackedOrNamed) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  std::mt19937 random(7);
  std::string noise;
  while (noise.size() < (std::size_t{4} << 20U)) noise += static_cast<char>('a' + random() % 26);
  for (const std::size_t bytes : {100'000U, 200'000U, 3'000'000U}) {
    const std::string code = "\nx: " + Base64(Gzip(noise.substr(0, bytes) + "\n" + FakeGithubToken() + "\n")) + "\n";
    for (const std::size_t lead : {10U, 900'000U, 1'000'000U, 1'100'000U, 1'200'000U}) {
      scanner.Begin("a");
      scanner.Append(std::string(lead, '\n') + code + std::string(std::size_t{3} << 20U, '\n'));
      const ScanResult result = scanner.Finish();
      EXPECT_TRUE(!result.findings.empty() || !result.incomplete.empty()) << bytes << " " << lead;
      EXPECT_TRUE(bytes != 100'000 || result.incomplete.empty()) << lead;
      EXPECT_TRUE(bytes != 3'000'000 || !result.incomplete.empty()) << lead;
    }
  }
}

// Each short code has those before it on its line in its layer: they were decoded again in each, to the full depth.
TEST(Decode, TakesMegabytesOfShortCodesOnOneLine) {
  const std::string code = Base64("eighteen bytes 123") + " ";
  std::string text;
  while (text.size() < (std::size_t{2} << 20U)) text += code;
  std::size_t layers = 0;
  std::size_t nested = 0;
  Survey survey;
  survey.Make(text);
  DecodeBudget budget;
  FindLayers({text, survey}, &budget, [&](const Layer& layer) {
    ++layers;
    Survey of_layer;
    of_layer.Make(layer.text);
    FindLayers({layer.text, of_layer, layer.plain_bytes}, &budget, [&](const Layer&) { ++nested; });
  });
  EXPECT_EQ(layers, text.size() / code.size());
  EXPECT_EQ(nested, 0U);
}

TEST(Decode, TakesAHundredMegabytesOfBase64) {
  const std::string piece = Base64("some text that is long enough to be decoded, over and over. ");
  std::string text;
  while (text.size() < (std::size_t{100} << 20U)) text += piece;
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  scanner.Begin("a");
  scanner.Append(text);
  EXPECT_TRUE(scanner.Finish().findings.empty());
}

TEST(Decode, EveryByteOfALayerComesFromSomewhere) {
  std::mt19937 random(7);
  const std::string pieces[] = {"\\u0041",
                                "%41",
                                "&#65;",
                                "\" + \"",
                                "\" f\"",
                                "\" R\"(",
                                "[\"ab",
                                "\", \"cd12ef34gh56",
                                "\"].join(\"\")",
                                "\"\".join([\"",
                                "])",
                                "' . '",
                                "\xe2\x80\x8b",
                                "\xef\xbc\xa1",
                                "\u180e",
                                "\u00a0",
                                "\U000e0041",
                                "=",
                                "\n",
                                "  ",
                                "kind: Secret",
                                ": ",
                                "\\",
                                "\\\n",
                                "%",
                                "&",
                                "\"",
                                "'",
                                Base64("some text here that is long"),
                                Base64(Gzip("some text in gzip that is long")),
                                Base64(Utf16("some text that is wide")),
                                Base64(ZipMember("n", "some text in a zip that is long", true)),
                                "6162636465666768696a6b6c6d6e6f707172"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto i = random() % 30; i > 0; --i) text += pieces[random() % std::size(pieces)];
    text = text.substr(std::min<std::size_t>(text.size(), random() % 4));
    std::vector<Layer> layers;
    FindAllLayers(text, &layers);
    for (const Layer& layer : layers) {
      ASSERT_EQ(layer.from.size(), layer.text.size() + 1);
      ASSERT_LE(layer.plain_bytes, layer.text.size());
      for (std::size_t i = 0; i < layer.text.size(); ++i) {
        ASSERT_LE(layer.from[i], layer.from[i + 1]) << text;
        ASSERT_LT(layer.from[i], text.size()) << text;
      }
      ASSERT_LE(layer.from[layer.text.size()], text.size());
    }
  }
}

}  // namespace
}  // namespace sluice::scan
