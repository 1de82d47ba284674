#include "base/repeated_name.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

TEST(RepeatedName, IsOneThatIsMadeLikeOurs) {
  for (const char* name : {"excludes", "block_severty", "aws-acces-key-id", "s3-key", "oauth2-client", "jwt"}) {
    EXPECT_EQ(RepeatedName(name), " '" + std::string(name) + "'");
  }
  for (const char* text : {"", "hunter2", "Winter", "a b", "blue.orchid", "1234-5678-9012", "p@ss-word"}) {
    EXPECT_EQ(RepeatedName(text), " of that name") << text;
    EXPECT_EQ(RepeatedName(text, ""), "") << text;
  }
  EXPECT_FALSE(IsLikeAName(std::string(65, 'a')));
}

}  // namespace
}  // namespace sluice
