#include "scan/evidence.h"

#include <gtest/gtest.h>

namespace sluice::scan {
namespace {

TEST(ShannonEntropy, IsInBitsPerByte) {
  EXPECT_DOUBLE_EQ(ShannonEntropy(""), 0);
  EXPECT_DOUBLE_EQ(ShannonEntropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(ShannonEntropy("abab"), 1);
  EXPECT_DOUBLE_EQ(ShannonEntropy("abcdefgh"), 3);
}

TEST(IsPlaceholder, KnowsWhatPeopleWrite) {
  for (const char* value : {"AKIAXXXXXXXXXXEXAMPLE",
                            "changeme",
                            "your-api-key-here",
                            "xxxxxxxxxxxx",
                            "<token>",
                            "${TOKEN}",
                            "{{ .Values.token }}",
                            "$(cat token)",
                            "$TOKEN",
                            "process.env.TOKEN",
                            "abcdefghijkl",
                            "%(password)s",
                            "REDACTED",
                            "87654321zz",
                            "1234567890abcdefghijklmnop",
                            "AKIAIOSFODNN7EXAMPLE",
                            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                            "changeme123",
                            "<your password>",
                            "&config.password",
                            "**********",
                            "%s",
                            "example-api-key",
                            "your_password_here",
                            "your-slack-token",
                            "1234567890",
                            "&lt;password&gt;",
                            "env.DB_PASSWORD",
                            "xxxxxx-1"}) {
    EXPECT_TRUE(IsPlaceholder(value)) << value;
  }
}

TEST(IsPlaceholder, LeavesRealValues) {
  for (const char* value : {"q7-aQ2Yy7Nn", "winter2019", "k3Jw8sQz1XvBn6TyLr0PdFh5GcMa2E", "Tr0ub4dor&3",
                            "$ecret-Sauce9", "aa11bb22cc33", "S3cr3t!"}) {
    EXPECT_FALSE(IsPlaceholder(value)) << value;
  }
}

// What holds a placeholder, or begins like a reference, is not one yet.
TEST(IsPlaceholder, IsTheWholeOfAPassword) {
  for (const char* value :
       {"MyExamplePw99", "Pr0d12345678x", "abc12345678def", "12345678", "S3cr3t.example.77q", "&9xKw2!f", "<k3J!x9q",
        "..kQ8w!z", "**k3J8w", "env.9xKw2f", "changeme!kQ8w", "aaaaaaK9tz2vQmX4!", "MyExample!Password2024Is#Long"}) {
    EXPECT_FALSE(IsPlaceholder(value)) << value;
  }
}

TEST(IsStrongPassword, NeedsLengthKindsAndNoWordOfSamples) {
  for (const char* strong :
       {"Zxlt4T5Dbq", "q1w#e3r!t5y", "UPPER#lower", "h4k9x2m7q5v8b3n6z1c0", "aB3$short", "Xk28!dmq"}) {
    EXPECT_TRUE(IsStrongPassword(strong)) << strong;
  }
  for (const char* weak :
       {"", "aB3$sho", "aB3.short", "Aa1!Aa1!", "onlyletters", "OnlyLetters", "ONLY4CAPS99", "small4digits9",
        "1234-5678-9012", "small-and-dash", "MyTest4Pass", "Passw0rd!2024", "aA1aA1aA1aA1"}) {
    EXPECT_FALSE(IsStrongPassword(weak)) << weak;
  }
}

TEST(Evidence, KnowsTestsAndDocumentation) {
  for (const char* path : {"tests/a.py", "src/test/java/A.java", "pkg/a_test.go", "test_a.py", "web/a.spec.ts",
                           "docs/a.md", "Examples/x/y.rb", "README.md", "a/testdata/key.txt", "lib/a.test.js",
                           "reg-tests/a.pem", "perl/t/a.pem", "tls_test_data.go", "__tests__/a.js", "test-ca.key"}) {
    EXPECT_TRUE(IsTestOrDocumentation(path)) << path;
  }
  for (const char* path : {"src/a.py", "contest/a.go", "latest.txt", "demo/a.pem", "print/a.c", "src/at/a.c",
                           "attestation/a.c", "deploy/.env", "a", ""}) {
    EXPECT_FALSE(IsTestOrDocumentation(path)) << path;
  }
}

}  // namespace
}  // namespace sluice::scan
