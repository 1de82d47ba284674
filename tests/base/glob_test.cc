#include "base/glob.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

struct Case {
  const char* pattern;
  const char* path;
  bool matches;
};

TEST(Glob, FollowsGitignore) {
  const Case cases[] = {
      {"*.lock", "yarn.lock", true},
      {"*.lock", "web/yarn.lock", true},
      {"*.lock", "web/yarn.lock.txt", false},
      {"vendor/", "vendor/a/b.c", true},
      {"vendor/", "src/vendor/b.c", true},
      {"vendor", "vendored/b.c", false},
      {"vendor/", "vendor", false},
      {"src/gen/", "src/gen", false},
      {"src/gen/", "src/gen/a.c", true},
      {"*/", "a", false},
      {"/vendor", "vendor/b.c", true},
      {"/vendor", "src/vendor/b.c", false},
      {"src/*.c", "src/a.c", true},
      {"src/*.c", "src/sub/a.c", false},
      {"src/**/a.c", "src/a.c", true},
      {"src/**/a.c", "src/x/y/a.c", true},
      {"**/locale/**", "locale/de.json", true},
      {"**/locale/**", "web/locale/a/de.json", true},
      {"**/locale/**", "web/locales/de.json", false},
      {"**/locale/**", "web/locale", false},
      {"**/locale/**", "mylocale/de.json", false},
      {"src/**/a.c", "src/xa.c", false},
      {"**/a/b/**", "xa/b/c", false},
      {"**/loc*/**", "web/locale/de.json", true},
      {"**/a/b/**", "web/a/b/c", true},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"[a-c].txt", "b.txt", true},
      {"[!a-c].txt", "b.txt", false},
      {"[", "[", false},
      {"a[b\\]", "a[b]", false},
      {"\\*.c", "*.c", true},
      {"\\*.c", "a.c", false},
      {".env.*", "config/.env.local", true},
      {".*rc", "home/.bashrc", true},
      {".*rc", ".rc", true},
      {".*rc", "src/xrc", false},
      {"a*a", "a", false},
      {"a*a", "x/aba/y", true},
      {"a*a", "a/a", false},
      {"", "a", false},
      {"//", "a", false},
      {".*rc", "home/.bashrc", true},
      {".*rc", "bashrc", false},
      {".*rc", ".rc", true},
      {".*rc", "src/xrc", false},
      {"a*a", "a", false},
      {"a*a", "x/aba/y", true},
      {"a*a", "a/a", false},
      {"docker-compose*", "docker-compose.yml", true},
      {"*", "a/b", true},
      {"**", "a/b", true},
      {"a/***/b", "a/b", true},
      {"a/**", "a/b/c", true},
      {"a/**", "b/a/c", false},
      {"a**c", "abc", true},
      {"x/a**c", "x/a/c", false},
      {"x/a**/c", "x/c", false},
      {"x/a**/c", "x/ac", true},
      {"x/*a**/c", "x/ac", false},
      {"**/a/**/b/*c", "x/a/b/xc/a/y/b/z", true},
      {"**/a/**/b/*c", "x/a/y/b/z/b/xcx/b/xc", true},
  };
  for (const Case& c : cases) EXPECT_EQ(GlobMatches(c.pattern, c.path), c.matches) << c.pattern << " on " << c.path;
}

// Asked together, patterns answer as they do alone.
TEST(GlobSet, MatchesWhatOneOfItsPatternsMatches) {
  const std::vector<std::string_view> patterns = {"*.tf", "*.tf.json", ".env", ".env.*", "build/", ".travis/**",
                                                  "*.a/", "**/x/**",   "*log", "/top",   "a/*.b",  "docker-compose*"};
  const GlobSet set(patterns);
  const std::string_view paths[] = {"main.tf",
                                    "a/main.tf",
                                    "main.tf.json",
                                    "tf",
                                    ".tf",
                                    "x.tfx",
                                    ".env",
                                    "a/.env/b",
                                    ".env.dev",
                                    "build",
                                    "build/x",
                                    "a/build/x",
                                    ".travis",
                                    ".travis/x",
                                    "lib.a",
                                    "lib.a/x",
                                    "x",
                                    "x/y",
                                    "a/x/b",
                                    "changelog",
                                    "log",
                                    "top",
                                    "a/top",
                                    "a/c.b",
                                    "a/b/c.b",
                                    "",
                                    "a.b.tf/c",
                                    "a.tf.zip",
                                    "docker-compose.yml"};
  for (const std::string_view path : paths) {
    const bool matches = std::any_of(patterns.begin(), patterns.end(),
                                     [&](std::string_view pattern) { return GlobMatches(pattern, path); });
    EXPECT_EQ(set.Matches(path), matches) << path;
  }
  EXPECT_FALSE(GlobSet().Matches("a"));
}

// Of one to five pieces.
std::string MadeOf(const std::vector<std::string>& pieces, std::mt19937* random) {
  std::string text;
  for (std::size_t count = 1 + (*random)() % 5; count > 0; --count) text += pieces[(*random)() % pieces.size()];
  return text;
}

// Each pattern in a folder of its own.
TEST(Glob, AgreesWithGit) {
  constexpr std::size_t kPatterns = 300;
  constexpr std::size_t kPaths = 30;
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time.
  tests::GitFixture repo;
  repo.environment().erase("GIT_LITERAL_PATHSPECS");  // This verb has none.
  std::map<std::string, std::string> pattern_of;      // By path.
  std::string asked;
  for (std::size_t i = 0; i < kPatterns; ++i) {
    const std::string folder = "d" + std::to_string(i) + "/";
    const std::string pattern =
        MadeOf({"a", "b", "*", "**", "/", "/", "**/", "/**/", "/**", "?", "[ab]", "[]", "[", "[!a]", "\\*", "*a", "b*"},
               &random);
    repo.Write(folder + ".gitignore", pattern + "\n");
    for (std::size_t k = 0; k < kPaths; ++k) {
      std::string path = folder + MadeOf({"a", "b", "ab", "*", "c/", "a/", "b/"}, &random);
      if (path.ends_with('/')) path += "ab";
      asked += path + "\n";
      pattern_of.emplace(path, pattern);
    }
  }
  std::set<std::string> ignored;
  std::istringstream out(repo.Git({"check-ignore", "--no-index", "--stdin"}, asked).out);
  for (std::string path; std::getline(out, path);) ignored.insert(path);
  EXPECT_GT(ignored.size(), kPatterns);
  for (const auto& [path, pattern] : pattern_of) {
    EXPECT_EQ(GlobMatches(pattern, path.substr(path.find('/') + 1)), ignored.contains(path))
        << pattern << " on " << path;
  }
}

// Backtracking over this many stars would not end.
TEST(Glob, IsNotSlowOnHostileInput) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "a*";
  EXPECT_FALSE(GlobMatches(pattern + "b", std::string(2000, 'a')));
}

// A call for each would be too deep for the stack.
TEST(Glob, TakesAnyNumberOfStars) {
  constexpr int kMany = 700'000;
  std::string folders;
  std::string names = "a";
  for (int i = 0; i < kMany; ++i) {
    folders += "**/";
    names += "*a";
  }
  EXPECT_TRUE(GlobMatches(folders + "b", "a/b"));
  EXPECT_FALSE(GlobMatches(folders + "b", "a/c"));
  EXPECT_FALSE(GlobMatches(names, std::string(2000, 'a')));
}

}  // namespace
}  // namespace sluice
