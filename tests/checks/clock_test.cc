#include "checks/clock.h"

#include <gtest/gtest.h>

namespace sluice::checks {
namespace {

TEST(Clock, WritesDates) {
  EXPECT_EQ(IsoDate(1706918400), "2024-02-03");
  EXPECT_EQ(IsoDate(1706918399), "2024-02-02");
  EXPECT_EQ(IsoDate(253402300799), "9999-12-31");
  for (const std::int64_t none :
       {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{253402300800}, INT64_MAX}) {
    EXPECT_EQ(IsoDate(none), "") << none;
    EXPECT_EQ(ExpiryNote(none), "") << none;
  }
}

TEST(Clock, TellsPastFromFuture) {
  EXPECT_GE(UnixNow(), 1767225600);
  EXPECT_EQ(ExpiryNote(1706918400), "expired 2024-02-03");
  EXPECT_EQ(ExpiryNote(32503680000), "expires 3000-01-01");
}

TEST(Clock, ReadsDates) {
  EXPECT_EQ(ParseIsoDate("2024-02-03"), 1706918400);
  EXPECT_EQ(ParseIsoDate("2024-02-29T10:00:00Z"), 1709164800);
  EXPECT_EQ(ParseIsoDate("20240203T100000Z", /*separated=*/false), 1706918400);
  for (const std::string_view text :
       {"", "2024-02-3", "2023-02-29", "2024-13-01", "2024-00-01", "2024/02/03", "2024-0203-", "x024-02-03"}) {
    EXPECT_EQ(ParseIsoDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sluice::checks
