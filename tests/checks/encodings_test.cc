#include "checks/encodings.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "checks/generate.h"

namespace sluice::checks {
namespace {

TEST(Encodings, Base64HasRfc4648sValues) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(DecodeBase64(text), bytes);
    EXPECT_EQ(DecodeBase64(generate::Unpadded(text)), bytes);
    EXPECT_EQ(EncodeBase64(bytes), text);
  }
}

TEST(Encodings, Base64RefusesWhatItCannotHaveMade) {
  for (const std::string_view text :
       {"A", "AAAAA", "Zg=", "Zg===", "Zm9v=", "=", "==", "Zm9v====", "Z g=", "Zg==Zg==", "Zm9\n", "Zm9\x80"}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
  EXPECT_EQ(DecodeBase64(std::string(kMaxInputBytes + 4, 'A')), std::nullopt);
  EXPECT_EQ(DecodeBase64("Zh=="), "f") << "spare bits may be anything";
}

TEST(Encodings, Base64KeepsItsTwoAlphabetsApart) {
  EXPECT_EQ(DecodeBase64("-_-_"), std::nullopt);
  EXPECT_EQ(DecodeBase64("+/+/", Base64::kUrl), std::nullopt);
  EXPECT_EQ(DecodeBase64("+/+/"), "\xFB\xFF\xBF");
  EXPECT_EQ(DecodeBase64("-_-_", Base64::kUrl), "\xFB\xFF\xBF");
  EXPECT_EQ(DecodeBase64("+_-/", Base64::kEither), "\xFB\xFF\xBF");
}

TEST(Encodings, DecodeWhatTheGeneratorEncodes) {
  generate::Random random(1);
  for (std::size_t size = 0; size < 60; ++size) {
    std::string bytes = random.Bytes(size);
    if (size % 3 == 1) bytes[0] = '\0';
    EXPECT_EQ(DecodeBase64(generate::Base64(bytes)), bytes);
    EXPECT_EQ(DecodeBase64(generate::Base64Url(bytes), Base64::kUrl), bytes);
    EXPECT_EQ(DecodeBase32(generate::Base32(bytes), kBase32Upper), bytes);
    EXPECT_EQ(DecodeBase58(generate::Base58(bytes)), bytes);
    EXPECT_EQ(EncodeBase64(bytes), generate::Base64(bytes));
    EXPECT_EQ(generate::FromBase64(generate::Base64(bytes)), bytes);
  }
}

TEST(Encodings, Base32IsCanonical) {
  EXPECT_EQ(DecodeBase32("MZXW6YTBOI", kBase32Upper), "foobar");  // RFC 4648
  for (const std::string_view text : {"A", "MZX", "MZXW6Y", "MZ======", "mz", "M1", "MZXW6YTBOJ"}) {
    EXPECT_EQ(DecodeBase32(text, kBase32Upper), std::nullopt) << text;
  }
}

// BIP-13's and BIP-173's examples.
TEST(Encodings, Base58) {
  EXPECT_EQ(DecodeBase58("StV1DL6CwTryKyV"), "hello world");
  EXPECT_EQ(DecodeBase58("11"), std::string(2, '\0'));
  EXPECT_EQ(DecodeBase58(""), "");
  EXPECT_EQ(DecodeBase58("0"), std::nullopt);
  EXPECT_EQ(DecodeBase58("l"), std::nullopt);
  EXPECT_EQ(DecodeBase58(std::string(129, 'z')), std::nullopt);
}

TEST(Encodings, Bech32TakesBip173sValidStrings) {
  for (const std::string_view text :
       {"A12UEL5L", "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "?1ezyfcl"}) {
    EXPECT_NE(DecodeBech32(text), std::nullopt) << text;
  }
  EXPECT_EQ(DecodeBech32("A12UEL5L")->prefix, "a");
}

TEST(Encodings, Bech32RefusesBip173sInvalidStrings) {
  for (const std::string_view text : {"\x20"
                                      "1nwldj5",
                                      "\x7F"
                                      "1axkwrx",
                                      "\x80"
                                      "1eym55h",
                                      "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "de1lg7wt\xFF",
                                      "A1G7SGD8", "10a06t8", "1qzzfhee", "", "1", "a1"}) {
    EXPECT_EQ(DecodeBech32(text), std::nullopt) << text;
  }
}

TEST(Encodings, Radix) {
  EXPECT_EQ(ToRadix(0, kBase62, 6), "000000");
  EXPECT_EQ(ToRadix(0xFFFFFFFF, kBase62, 6), "4gfFC3");
  EXPECT_EQ(ToRadix(1234567, "0123456789", 3), "1234567");
  EXPECT_EQ(ToHex32(0xABCDEF, kUpperHex), "00ABCDEF");
  EXPECT_EQ(FromRadix("18446744073709551615", "0123456789"), UINT64_MAX);
  EXPECT_EQ(FromRadix("18446744073709551616", "0123456789"), std::nullopt);
  EXPECT_EQ(FromRadix("99999999999999999999", "0123456789"), std::nullopt);
  EXPECT_EQ(FromRadix("", "0123456789"), std::nullopt);
  EXPECT_EQ(FromRadix("1x", "0123456789"), std::nullopt);
  EXPECT_EQ(ByteSwap32(0x01020304), 0x04030201U);
}

TEST(Encodings, Percent) {
  EXPECT_EQ(DecodePercent("a%3Db%3d%2"), "a=b=%2");
  EXPECT_EQ(DecodePercent("%zz%"), "%zz%");
  EXPECT_EQ(DecodePercent("%253D"), "%3D");
  EXPECT_EQ(DecodePercent("%41"), "A");
}

TEST(Encodings, Text) {
  EXPECT_TRUE(IsText(""));
  EXPECT_TRUE(IsText("a\tb\r\n é 日 😀"));
  for (const std::string_view bytes : {"\x01", "\x7F", "\x80", "\xC3", "\xC3(", "\xE2\x82", "\xF5\x80\x80\x80"}) {
    EXPECT_FALSE(IsText(bytes));
  }
  EXPECT_FALSE(IsText(std::string_view("\0", 1)));
  EXPECT_EQ(Printable("a\x1b[2Jé"), "a?[2J??");
  EXPECT_EQ(Printable("abc", 2), "ab");
  EXPECT_TRUE(IsUuid("00000000-0000-0000-0000-00000000000A"));
  EXPECT_FALSE(IsUuid("00000000-0000-0000-0000-00000000000G"));
}

}  // namespace
}  // namespace sluice::checks
