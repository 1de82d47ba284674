#include "report/paste.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/config.h"
#include "sluice/report.h"
#include "support/git_fixture.h"

namespace sluice::report {
namespace {

using tests::GitFixture;

// Names that a shell, git or printf would take for something else.
const std::vector<std::string>& OddNames() {
  static const auto* const kNames = new std::vector<std::string>{"-n",
                                                                 "_config.yml",
                                                                 "@types/a.ts",
                                                                 "!a",
                                                                 "a b",
                                                                 "it's",
                                                                 "a\"b",
                                                                 "$HOME`id`",
                                                                 "a[1]*.txt",
                                                                 "x\n'y",
                                                                 "end\n",
                                                                 "cr\r",
                                                                 "%d%%\x01",
                                                                 "a\\b",
                                                                 "a\\\x02"
                                                                 "b",
                                                                 "caf\xE9",
                                                                 "\xE2\x80\xAE"
                                                                 "rtl",
                                                                 "é",
                                                                 "~",
                                                                 "#hash",
                                                                 "a;b&c|d",
                                                                 "=x",
                                                                 "tab\t",
                                                                 "?"};
  return *kNames;
}

TEST(GitCommands, MeanExactlyTheFileInAnyShell) {
  for (const char* shell : {"sh", "bash"}) {
    GitFixture repo;
    repo.environment().erase("GIT_LITERAL_PATHSPECS");
    for (const std::string& name : OddNames()) repo.Write(name, "x\n");
    // What a pattern, or less than the name, would take with it.
    for (const char* other : {"a1.txt", "n", "a", "x", "end", "config.yml", "sub/é"}) repo.Write(other, "x\n");
    repo.MustGit({"add", "."});
    const std::string all = repo.MustGit({"ls-files", "-z"});
    for (const std::string& name : OddNames()) {
      const std::string_view path = name;
      for (const char* command : {"git rm -q --cached", "git add"}) {
        const std::vector<std::string> lines = GitCommands(command, {&path, 1});
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_EQ(DisplayPath(lines[0]), lines[0]);
        const auto done = tests::Run({shell, "-c", lines[0]}, repo.path() + "/sub", repo.environment());
        EXPECT_EQ(done.exit_code, 0) << shell << ": " << lines[0] << "\n" << done.err;
        std::string expected = all;
        if (std::string_view(command) != "git add")
          expected.erase(('\0' + all).find('\0' + name + '\0'), name.size() + 1);
        EXPECT_EQ(repo.MustGit({"ls-files", "-z"}), expected) << lines[0];
      }
    }
  }
}

TEST(GitCommands, AreSeveralWhereOneWouldBeLong) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back("folder/of/some/length/file" + std::to_string(i));
  names.insert(names.begin() + 3, "x\ny");
  const std::vector<std::string_view> paths(names.begin(), names.end());
  const std::vector<std::string> lines = GitCommands("git add", paths);
  EXPECT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0],
            "git add :/folder/of/some/length/file0 :/folder/of/some/length/file1 :/folder/of/some/length/file2");
  EXPECT_EQ(lines.back(), "printf ':/x\\012y\\0' | xargs -0 git add");
  for (const std::string& line : lines) EXPECT_LE(line.size(), 100U);
}

TEST(TomlGlob, ExcludesTheFileOfThatName) {
  for (const std::string& name : OddNames()) {
    const std::string text = "format = 1\nexclude = [" + TomlGlob(name) + "]\n";
    EXPECT_EQ(DisplayPath(TomlGlob(name)), TomlGlob(name));
    const auto config = Config::Parse(".sluice.toml", text);
    ASSERT_TRUE(config) << text;
    EXPECT_NE(config->Excluding(name), nullptr) << text;
    EXPECT_EQ(config->Excluding("a1.txt"), nullptr) << text;
  }
}

}  // namespace
}  // namespace sluice::report
