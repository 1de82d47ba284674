#include "scan/allow_comment.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace sluice::scan {
namespace {

bool IsKnown(std::string_view id) { return id == "my-rule" || id == "other-rule"; }

std::optional<AllowComment> Find(std::string_view text, std::size_t begin, std::size_t end) {
  return FindAllowComment(text, begin, end, "my-rule", IsKnown);
}

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
      {"# sluice:allow other-rule, my-rule both made up", true, "both made up"},
      {"# sluice:allow my-rule ,\tother-rule, made up", true, "made up"},
      {"// sluice:allow other-rule,my-rule", true, ""},
      {"# sluice:allow my-rule, a sample", true, "a sample"},
      // Only what is a rule's id goes on with the list.
      {"# sluice:allow other-rule, not, my-rule", false, ""},
      {"# sluice:allow other-rule my-rule", false, ""},
      {"# sluice:allow misspelt, my-rule x", false, ""},
      {"# sluice:allow , my-rule x", false, ""},
  };
  for (const auto& c : cases) {
    const std::string line = std::string("key = SECRET ") + c.comment;
    const auto comment = Find(line, 6, 12);
    EXPECT_EQ(comment.has_value(), c.accepts) << c.comment;
    if (comment) {
      EXPECT_EQ(comment->reason, c.reason) << c.comment;
    }
  }
}

TEST(AllowComment, IsNoPartOfTheValue) {
  const std::string line = "password = \"x sluice:allow y\"";
  EXPECT_FALSE(Find(line, 12, 28));
}

// A key has no room beside it, or none that its language would take for a comment.
TEST(AllowComment, OfAValueOfSeveralLines) {
  const struct {
    const char* text;
    bool accepts;
  } cases[] = {
      {"BEGIN # sluice:allow my-rule x\nBODY\nEND\n", true},
      {"a\r\nk = 'BEGIN // sluice:allow\r\nBODY\r\nEND'\r\n", true},
      {"BEGIN\nBODY\nEND # sluice:allow my-rule x", true},
      {"BEGIN\nBODY\n/* sluice:allow my-rule x */ END", true},
      {"/* sluice:allow */ BEGIN\nBODY\nEND", true},
      {"BEGIN\nBODY # sluice:allow my-rule x\nEND", false},
      {"BEGIN # sluice:allow other-rule x\nBODY\nEND", false},
      {"# sluice:allow my-rule x\nBEGIN\nBODY\nEND", true},
      {"a\n  <!-- sluice:allow -->\r\n  BEGIN\nBODY\nEND", true},
      {"# sluice:allow my-rule x\nKEY = \"\"\"BEGIN\nBODY\nEND", true},
      {"a = 1  # sluice:allow my-rule x\nBEGIN\nBODY\nEND", false},
      {"a = 1  # sluice:allow my-rule x\nKEY = \"\"\"BEGIN\nBODY\nEND", false},
      {"a = \"b\"  # sluice:allow my-rule x\nBEGIN\nBODY\nEND", false},
      {"| a: b |  <!-- sluice:allow my-rule x -->\nBEGIN\nBODY\nEND", false},
      {"# sluice:allow my-rule x\n\nBEGIN\nBODY\nEND", false},
      {"# sluice:allow my-rule x\na = 1\nBEGIN\nBODY\nEND", false},
      {"# sluice:allow my-rule x\na = (\nKEY = \"\"\"BEGIN\nBODY\nEND", false},
      {"# sluice:allow my-rule x\n\n\nBEGIN\nBODY\nEND", false},
      // The line that only opens it.
      {"# sluice:allow my-rule x\nKEY = \"\"\"\nBEGIN\nBODY\nEND", true},
      {"# sluice:allow my-rule x\nKEY = b'''\\\nBEGIN\nBODY\nEND", true},
      {"// sluice:allow my-rule x\nconst k = `\r\nBEGIN\nBODY\nEND", true},
      {"  # sluice:allow my-rule x\n  key: |-\n    BEGIN\nBODY\nEND", true},
      {"  key: !!binary |  # sluice:allow my-rule x\n    BEGIN\nBODY\nEND", true},
      {"- >2 # sluice:allow my-rule x\n    BEGIN\nBODY\nEND", true},
      {"# sluice:allow my-rule x\ncat >k <<'EOF'\nBEGIN\nBODY\nEND", true},
      {"<!-- sluice:allow my-rule x -->\n<key>\nBEGIN\nBODY\nEND", true},
      {"<key> <!-- sluice:allow my-rule x -->\nBEGIN\nBODY\nEND", true},
      {"<a>b</a> <!-- sluice:allow my-rule x -->\nBEGIN\nBODY\nEND", false},
      {"new Key(  // sluice:allow my-rule x\n    \"BEGIN\nBODY\nEND", true},
      {"# sluice:allow my-rule x\na = 1\nkey: |\nBEGIN\nBODY\nEND", false},
      // The line that only closes it.
      {"BEGIN\nBODY\nEND\n\"\"\"  # sluice:allow my-rule x\n", true},
      {"BEGIN\nBODY\nEND\n`); // sluice:allow my-rule x\n", true},
      {"BEGIN\nBODY\nEND\n# sluice:allow my-rule x\n", false},
      {"BEGIN\nBODY\nEND\n'', b = 1 # sluice:allow my-rule x\n", false},
      {"BEGIN\nBODY\nEND\n\n\"\"\"  # sluice:allow my-rule x\n", false},
  };
  for (const auto& c : cases) {
    const std::string text = c.text;
    EXPECT_EQ(Find(text, text.find("BEGIN"), text.find("END") + 3).has_value(), c.accepts) << text;
  }
}

TEST(AllowComment, OfAValueOfOneLineStandsOnIt) {
  for (const std::string text : {"# sluice:allow my-rule x\nk = SECRET\n", "k: |  # sluice:allow my-rule x\n  SECRET\n",
                                 "k = '''SECRET\n'''  # sluice:allow my-rule x\n"}) {
    const std::size_t begin = text.find("SECRET");
    EXPECT_FALSE(Find(text, begin, begin + 6)) << text;
  }
}

}  // namespace
}  // namespace sluice::scan
