#include "checks/armor.h"

#include <gtest/gtest.h>

#include <string>

#include "checks/generate.h"

namespace sluice::checks {
namespace {

const std::string kBody = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo";  // The alphabet.

std::string Block(const std::string& content, const std::string& label = "PRIVATE KEY") {
  return "-----BEGIN " + label + "-----" + content + "-----END " + label + "-----";
}

TEST(Armor, TakesTheBodyOutOfItsLines) {
  const std::optional<Armor> armor = FindArmor("x = " + Block("\n" + kBody + "=\n") + ";");
  ASSERT_TRUE(armor);
  EXPECT_EQ(armor->label, "PRIVATE KEY");
  EXPECT_EQ(armor->body, kBody);
  EXPECT_EQ(armor->content_bytes, kBody.size() + 3);
  EXPECT_TRUE(armor->has_end);
  EXPECT_TRUE(armor->clean);
  EXPECT_FALSE(armor->encrypted);
  EXPECT_EQ(armor->checksum, "");
}

TEST(Armor, KnowsHeadersAndChecksum) {
  const std::optional<Armor> pem =
      FindArmor(Block("\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + kBody + "\n", "RSA PRIVATE KEY"));
  ASSERT_TRUE(pem);
  EXPECT_TRUE(pem->encrypted);
  EXPECT_EQ(pem->body, kBody);
  const std::optional<Armor> pgp = FindArmor(Block("\nVersion: x\n\n" + kBody + "\n=abcd\n"));
  ASSERT_TRUE(pgp);
  EXPECT_FALSE(pgp->encrypted);
  EXPECT_EQ(pgp->checksum, "abcd");
  EXPECT_EQ(pgp->body, kBody);
}

TEST(Armor, PrefersAPrivateKey) {
  const std::string text = Block("AAAA", "CERTIFICATE") + Block("BBBB", "RSA PRIVATE KEY") + Block("CCCC");
  EXPECT_EQ(FindArmor(text)->body, "BBBB");
  EXPECT_EQ(FindArmor(Block("AAAA", "CERTIFICATE") + Block("DDDD", "X"))->label, "CERTIFICATE");
}

TEST(Armor, EndsWhereTheNextBegins) {
  const std::optional<Armor> armor = FindArmor("-----BEGIN PRIVATE KEY-----\nAAAA\n" + Block("BBBB"));
  ASSERT_TRUE(armor);
  EXPECT_EQ(armor->body, "AAAA");
  EXPECT_FALSE(armor->has_end);
}

TEST(Armor, SaysWhenSomethingElseIsInTheBlock) {
  for (const std::string rest : {"...", "<snip>", "${KEY}", "[redacted]"}) {
    EXPECT_FALSE(FindArmor(Block("\nAAAA\n" + rest + "\n"))->clean) << rest;
  }
  EXPECT_FALSE(FindArmor(Block("AA=A"))->clean) << "padding in the middle";
  const std::optional<Armor> odd = FindArmor(Block("AAAAA"));
  EXPECT_EQ(odd->body, "AAAA") << "one character over is no byte";
  EXPECT_FALSE(odd->clean);
}

// Regression: the dashes of the second BEGIN were taken for the end of the first one's label.
TEST(Armor, PassesOverABeginThatIsNone) {
  for (const std::string head : {"-----BEGIN RSA\n", "\"-----BEGIN \" + ", "-----BEGIN -----BEGIN "}) {
    EXPECT_EQ(FindArmor(head + Block("AAAA"))->label, "PRIVATE KEY") << head;
  }
}

// Regression: the last line, which has nothing but the mark, was taken for base64.
TEST(Armor, TakesCommentMarksAway) {
  for (const std::string mark : {"// ", "//", "# ", "#", " * ", "> ", "; ", "-- ", "+", "-"}) {
    const std::optional<Armor> armor = FindArmor(mark + Block("\n" + mark + "AAAA\n" + mark + "BBBB\n" + mark));
    EXPECT_EQ(armor->body, "AAAABBBB") << mark;
  }
}

// Regression: taking the + away left empty lines, whose first character was looked at for the other sign.
TEST(Armor, StandsADiffOfEmptyLines) {
  for (const std::string sign : {"+", "-"}) {
    EXPECT_EQ(FindArmor(Block("\n" + sign + "\n" + sign + "\n" + sign + "\n"))->body, "") << sign;
    EXPECT_EQ(FindArmor(Block("\n" + sign + "AAAA\n" + sign + "\n" + sign + "BBBB\n"))->body, "AAAABBBB") << sign;
  }
}

TEST(Armor, FindsNothingInAnythingElse) {
  for (const std::string& text : {std::string(), std::string("-----BEGIN "), std::string("-----BEGIN PRIVATE KEY"),
                                  std::string("-----END PRIVATE KEY-----"),
                                  "-----BEGIN " + std::string(80, 'X') + "-----", Block(std::string(70000, 'A'))}) {
    EXPECT_FALSE(FindArmor(text)) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace sluice::checks
