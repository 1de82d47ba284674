#include "base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

TEST(Sha256, KeepsPartsApart) {
  EXPECT_NE(Sha256OfParts({"ab", "c"}), Sha256OfParts({"a", "bc"}));
  EXPECT_EQ(Sha256OfParts({"ab", "c"}), Sha256OfParts({"ab", "c"}));
}

// RFC 4231, test case 2.
TEST(Sha256, HmacIsTheStandardOne) {
  const std::string key = "Jefe";
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  EXPECT_EQ(Hex(HmacSha256({bytes, key.size()}, "what do ya want for nothing?"), 32),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace sluice
