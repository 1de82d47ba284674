// No stream and no file that a run writes holds a secret: the examples of default rules as files of a repository,
// through every verb that looks at them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "rules/default_packs.h"
#include "sluice/rule_set.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::CommandResult;
using tests::GitFixture;

// Finds any of many values in a long text in one pass.
class Values {
 public:
  // Of a value of several lines each line counts; too short ones, and the marks of keys, are no secrets.
  void Add(std::string_view value) {
    while (!value.empty()) {
      const std::size_t end = std::min(value.find('\n'), value.size());
      const std::string_view line = value.substr(0, end);
      if (line.size() >= kPrefix && line.find("-----") == std::string_view::npos) {
        by_prefix_.emplace(line.substr(0, kPrefix), line);
      }
      value.remove_prefix(std::min(end + 1, value.size()));
    }
  }
  [[nodiscard]] std::size_t size() const { return by_prefix_.size(); }

  [[nodiscard]] std::vector<std::string> FoundIn(std::string_view text) const {
    std::vector<std::string> found;
    for (std::size_t at = 0; at + kPrefix <= text.size(); ++at) {
      const auto [begin, end] = by_prefix_.equal_range(std::string(text.substr(at, kPrefix)));
      for (auto each = begin; each != end; ++each) {
        if (text.substr(at, each->second.size()) == each->second) {
          found.emplace_back(text.substr(at - std::min<std::size_t>(at, 60), 60 + each->second.size() + 20));
        }
      }
      if (found.size() > 5) break;
    }
    return found;
  }

 private:
  static constexpr std::size_t kPrefix = 8;
  std::unordered_multimap<std::string, std::string> by_prefix_;
};

// Every so many rules: all of them together cost each run seconds, and tests/report takes all through every format.
constexpr std::size_t kStep = 5;

class LeakTest : public ::testing::Test {
 protected:
  LeakTest() {
    const std::vector<RuleFile> packs = DefaultPacks();
    const auto rules = RuleSet::Parse(packs);
    for (std::size_t i = 0; i < rules->rules().size(); i += kStep) {
      const Rule& rule = rules->rules()[i];
      std::map<std::string, std::string> files;
      for (const RuleExample& example : rule.examples) {
        for (const auto& [begin, end] : example.secrets) values_.Add(example.text.substr(begin, end - begin));
        // The file's name may be what makes the rule look.
        files[example.path.empty() ? "example.txt" : example.path] += example.text + "\n\n";
      }
      for (const auto& [name, text] : files) {
        repo_.Write("src/" + rule.id + "/" + name, text);
        all_ += text;
        ++files_;
      }
    }
  }

  // Runs, and looks through all that was said.
  CommandResult Run(const std::vector<std::string>& argv, int exit_code) {
    CommandResult result = repo_.RunHere(argv);
    EXPECT_EQ(result.exit_code, exit_code) << result.err.substr(0, 1000);
    EXPECT_THAT(values_.FoundIn(result.out), IsEmpty()) << ::testing::PrintToString(argv);
    EXPECT_THAT(values_.FoundIn(result.err), IsEmpty()) << ::testing::PrintToString(argv);
    return result;
  }

  // Everything that was written beside the examples themselves: reports, caches, what git notes.
  void CheckFiles() {
    const std::filesystem::path outer = std::filesystem::path(repo_.path()).parent_path();
    std::size_t checked = 0;
    for (const std::string& top : {outer.string() + "/home", repo_.path()}) {
      for (auto each = std::filesystem::recursive_directory_iterator(top);
           each != std::filesystem::recursive_directory_iterator(); ++each) {
        const std::string name = each->path().filename();
        if (each->is_directory() && (name == "src" || name == "objects")) each.disable_recursion_pending();
        if (!each->is_regular_file()) continue;
        ++checked;
        EXPECT_THAT(values_.FoundIn(tests::ReadFile(each->path())), IsEmpty()) << each->path();
      }
    }
    EXPECT_GT(checked, 5U);
  }

  GitFixture repo_;
  Values values_;
  std::size_t files_ = 0;
  std::string all_;  // Of all files.
};

TEST_F(LeakTest, NoOutputOfAnyVerbHoldsAnExamplesSecret) {
  ASSERT_GT(values_.size(), 500U);
  // The test can tell: the files themselves are full of them.
  ASSERT_FALSE(values_.FoundIn(all_).empty());

  repo_.Write("own.toml",
              "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n"
              "regex = 'own_[0-9a-f]{8}'\n");
  const CommandResult json = Run({SLUICE_PROGRAM, "scan", "--format", "json", "--rules", "own.toml", "--", "src"}, 1);
  const auto report = nlohmann::json::parse(json.out);
  EXPECT_GE(report["findings"].size(), files_);
  EXPECT_EQ(report["skipped"].size(), 0U);
  Run({SLUICE_PROGRAM, "scan", "src"}, 1);
  Run({SLUICE_PROGRAM, "scan", "--format", "sarif", "src"}, 1);
  Run({SLUICE_PROGRAM, "scan", "--format", "json", "--output", "report.json", "src"}, 1);
  Run({SLUICE_PROGRAM, "scan", "--output", "report.txt", "src"}, 1);

  repo_.MustGit({"add", "-f", "src"});
  Run({SLUICE_PROGRAM, "scan", "--staged"}, 1);
  Run({SLUICE_HOOK_PROGRAM, "pre-commit"}, 1);
  CheckFiles();
}

// Without a report's mask: this verb shows how each rule judged.
TEST_F(LeakTest, ExplainHoldsNone) {
  repo_.Write("all.txt", all_);
  const CommandResult explained = Run({SLUICE_PROGRAM, "explain", "all.txt"}, 0);
  EXPECT_GT(std::count(explained.out.begin(), explained.out.end(), '\n'), 500);
}

}  // namespace
}  // namespace sluice
