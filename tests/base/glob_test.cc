#include "base/glob.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

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
      {"[", "[", true},
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

// Backtracking over this many stars would not end.
TEST(Glob, IsNotSlowOnHostileInput) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "a*";
  EXPECT_FALSE(GlobMatches(pattern + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace sluice
