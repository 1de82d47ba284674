#include "checks/crc.h"

#include <gtest/gtest.h>

#include <string>

#include "checks/digests.h"
#include "checks/generate.h"
#include "checks/marvin.h"
#include "checks/mpi.h"

namespace sluice::checks {
namespace {

// The check values of the catalogue of parametrised CRC algorithms.
TEST(Crc, HaveTheirCheckValues) {
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(Crc24("123456789"), 0x21CF02U);
  EXPECT_EQ(Crc16("123456789"), 0x31C3U);
  EXPECT_EQ(generate::Crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(generate::Crc24("123456789"), 0x21CF02U);
  EXPECT_EQ(generate::Crc16("123456789"), 0x31C3U);
  EXPECT_EQ(Crc32(""), 0U);
  EXPECT_EQ(Crc24(""), 0xB704CEU);
  EXPECT_EQ(Crc16(""), 0U);
}

TEST(Crc, AgreeWithTheSlowOnes) {
  generate::Random random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string bytes = random.Bytes(size);
    EXPECT_EQ(Crc32(bytes), generate::Crc32(bytes)) << size;
    EXPECT_EQ(Crc24(bytes), generate::Crc24(bytes)) << size;
    EXPECT_EQ(Crc16(bytes), generate::Crc16(bytes)) << size;
  }
}

// From the tests of .NET's own implementation.
TEST(Marvin, HasItsPublishedValues) {
  struct Case {
    std::uint64_t seed;
    std::string bytes;
    std::uint64_t hash;
  };
  constexpr std::uint64_t kSeed = 0x004FB61A001BDBCC;
  for (const Case& c :
       {Case{0xD53CD9CECD0893B7, "abc", 0x22C74339492769BF},
        Case{0x0DDDDEEEEFFFF000, "abcdefghijklmnopqrstuvwxyz", 0xA128EB7E7260ACA2}, Case{kSeed, "", 0x30ED35C100CD3C7D},
        Case{kSeed, "\xAF", 0x48E73FC77D75DDC1}, Case{kSeed, "\xE7\x0F", 0xB5F6E1FC485DBFF8},
        Case{kSeed, "\x37\xF4\x95", 0xF0B07C789B8CF7E8}, Case{kSeed, "\x86\x42\xDC\x59", 0x7008F2E87E9CF556}}) {
    EXPECT_EQ(Marvin64(c.bytes, c.seed), c.hash) << c.bytes.size();
  }
}

TEST(Marvin, AgreesWithTheDescription) {
  generate::Random random(2);
  EXPECT_EQ(MarvinSeed("Default0"), 0x44656661756C7430U);
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string bytes = random.Bytes(size);
    EXPECT_EQ(Marvin32(bytes, MarvinSeed("Default0")), generate::Marvin32(bytes, "Default0")) << size;
  }
}

// FIPS 180-2, RFC 2202 and RFC 4231.
TEST(Digests, HaveTheirPublishedValues) {
  EXPECT_EQ(generate::Hex(Hash(Digest::kSha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(generate::Hex(Hash(Digest::kSha256, "")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(generate::Hex(Hash(Digest::kSha384, "abc")).substr(0, 16), "cb00753f45a35e8b");
  EXPECT_EQ(generate::Hex(Hash(Digest::kSha512, "abc")).substr(0, 16), "ddaf35a193617aba");
  EXPECT_EQ(generate::Hex(Hmac(Digest::kSha1, "Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(generate::Hex(Hmac(Digest::kSha256, "Jefe", "what do ya want for nothing?")).substr(0, 16),
            "5bdcc146bf60754e");
  EXPECT_EQ(generate::Hex(Hmac(Digest::kSha256, {}, "")).substr(0, 16), "b613679a0814d9ec");
}

TEST(Mpi, TellsFactors) {
  EXPECT_EQ(AreFactors("\x03", "\x05", "\x0F"), true);
  EXPECT_EQ(AreFactors(std::string("\0\x03", 2), "\x05", std::string("\0\0\x0F", 3)), true);
  EXPECT_EQ(AreFactors("\x03", "\x05", "\x10"), false);
  EXPECT_EQ(AreFactors("\x01", "\x0F", "\x0F"), false);
  EXPECT_EQ(AreFactors(std::string(1, '\0'), std::string(1, '\0'), std::string(1, '\0')), false);
  EXPECT_EQ(AreFactors("", "", ""), false);
  EXPECT_EQ(AreFactors(std::string(3000, 'x'), "\x05", "\x0F"), std::nullopt);
}

}  // namespace
}  // namespace sluice::checks
