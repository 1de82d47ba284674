#include "scan/allow_comment.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::scan {
namespace {

TEST(AllowComment, AcceptsWhatItNames) {
  const struct {
    const char* comment;
    bool accepts;
    const char* reason;
  } cases[] = {
      {"# sluice:allow", true, ""},
      {"// sluice:allow my-rule", true, ""},
      {"// sluice:allow my-rule a test key, revoked", true, "a test key, revoked"},
      {"<!-- sluice:allow my-rule sample -->", true, "sample"},
      {"/* sluice:allow */", true, ""},
      {"# sluice:allow other-rule because", false, ""},
      {"# sluice:allow my-rul", false, ""},
      {"# sluice:allow other-rule sluice:allow my-rule both", true, "both"},
      {"# sluice:allowed", false, ""},
      {"# nosluice:allow", false, ""},
      {"# gitleaks:allow", true, "gitleaks:allow"},
      {"# nothing", false, ""},
      {"\"sluice:allow\", \"b\": 1", true, ""},
      {"\"sluice:allow my-rule for the test\", \"b\": 1", true, "for the test"},
      {"('sluice:allow')", true, ""},
      {"# never write sluice:allow, ever", false, ""},
      {"https://sluice:allow@host/", false, ""},
      {"# sluice:allow My-rule", false, ""},
      {"# sluice:allow --all", false, ""},
  };
  for (const auto& c : cases) {
    const std::string line = std::string("key = SECRET ") + c.comment;
    const auto comment = FindAllowComment(line, 6, 12, "my-rule");
    EXPECT_EQ(comment.has_value(), c.accepts) << c.comment;
    if (comment) {
      EXPECT_EQ(comment->reason, c.reason) << c.comment;
    }
  }
}

TEST(AllowComment, IsNoPartOfTheValue) {
  const std::string line = "password = \"x sluice:allow y\"";
  EXPECT_FALSE(FindAllowComment(line, 12, 28, "my-rule"));
}

}  // namespace
}  // namespace sluice::scan
