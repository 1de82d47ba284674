#include "manager_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sluice::cli {
namespace {

using namespace std::string_literals;

CallEffect InLefthook(const std::string& yaml) { return CallInLefthookFile(yaml, "pre-commit").effect; }
CallEffect InPreCommit(const std::string& yaml) { return CallInPreCommitFile(yaml, "pre-commit").effect; }

// A command of lefthook's with these lines, in a file that has it run for every commit if they do.
std::string Lefthook(const std::string& command) {
  return "pre-commit:\n  commands:\n    sluice:\n      " + command + "\n";
}

const std::string& SureLefthook() {
  static const auto* const kFile = new std::string(Lefthook("run: sluice-hook pre-commit"));
  return *kFile;
}

std::string PreCommit(const std::string& more, const std::string& always = "always_run: true") {
  return "repos:\n- repo: local\n  hooks:\n  - entry: sluice-hook pre-commit\n    language: system\n    " + always +
         "\n    " + more + "\n";
}

TEST(ManagerFile, ReadsFlowStyle) {
  for (const char* yaml : {
           "{pre-commit: {commands: {sluice: {run: sluice-hook pre-commit}}}}",
           R"({"pre-commit": {"jobs": [{"run": "npm test", "glob": ["*.js", "*.ts"]},
                                       {"run": "sluice-hook pre-commit"}]}})",
           "pre-commit: {parallel: true, jobs: [\n  {name: 'a, b', run: sluice-hook pre-commit},  # here\n]}\n",
           "pre-commit:\n  commands:\n    lint: {run: npm test, skip: [merge, {ref: main}]}\n"
           "    sluice: {run: sluice-hook pre-commit}\n",
       }) {
    EXPECT_EQ(InLefthook(yaml), CallEffect::kStops) << yaml;
  }
  for (const char* yaml : {
           "pre-commit: {commands: {sluice: {run: sluice-hook pre-commit, skip: [merge]}}}",
           "pre-commit: {skip: true, commands: {sluice: {run: sluice-hook pre-commit}}}",
           "{extends: [a.yml], pre-commit: {commands: {sluice: {run: sluice-hook pre-commit}}}}",
           "pre-commit: {jobs: {sluice: {run: sluice-hook pre-commit}}}",
           "pre-commit: {commands: [{run: sluice-hook pre-commit}]}",
           "pre-commit: {commands: {sluice: {run: [sluice-hook pre-commit]}}}",
           "pre-commit: {commands: {sluice: {run: {sluice-hook pre-commit}}}}",
           "[pre-commit, commands, run, sluice-hook pre-commit]",
           "sluice-hook pre-commit",
       }) {
    EXPECT_EQ(InLefthook(yaml), CallEffect::kMayLeaveOut) << yaml;
  }
}

TEST(ManagerFile, ReadsScalarsAsYamlMeansThem) {
  for (const char* run : {
           R"(run: "npm test &&\n\x20 sluice-hook pre-commit\t")",
           R"("\x72un": 'sh -c ''npm test'' && sluice-hook pre-commit')",
           "run: npm test\n        && sluice-hook pre-commit",
           "run: \"npm test\n        && sluice-hook pre-commit\"",
           "run: >2-\n          npm test\n\n        sluice-hook pre-commit  # as a shell has it",
           "run: |+\n        npm test &&\n          sluice-hook pre-commit\n\n",
           "? run\n      : sluice-hook pre-commit",
       }) {
    EXPECT_EQ(InLefthook(Lefthook(run)), CallEffect::kStops) << run;
  }
  for (const char* run : {
           R"(run: "sluice-hook pre-commit\ntrue")",
           "run: >\n        sluice-hook pre-commit\n\n        true",
           "run: sluice-hook pre-commit\n\n        true",
       }) {
    EXPECT_EQ(InLefthook(Lefthook(run)), CallEffect::kMayGoOn) << run;
  }
  for (const char* run : {
           R"(run: "echo \"sluice-hook pre-commit\"")",
           R"("run\0": sluice-hook pre-commit)",
           R"(run: "sluice-hook\0 pre-commit")",
           "run: |\n          npm test &&\n        sluice-hook pre-commit",
           R"(run: "sluice-hook pre-commit\q")",
           "run: \"sluice-hook pre-commit",
           "run: sluice-hook pre-commit\n\tx: 1",
       }) {
    EXPECT_EQ(InLefthook(Lefthook(run)), CallEffect::kMayLeaveOut) << run;
  }
}

TEST(ManagerFile, ReadsListsOfStagesAndBooleans) {
  for (const char* more : {"stages: [manual, \"pre-commit\"]", "stages: [\n      manual,\n      commit,\n    ]",
                           "stages:\n    - manual\n    - >-\n      commit", "verbose: no"}) {
    EXPECT_EQ(InPreCommit(PreCommit(more)), CallEffect::kStops) << more;
  }
  for (const char* more : {"stages: []", "stages: [manual]", "stages: ['manual, pre-commit']", "stages: [[pre-commit]]",
                           "stages: {a: pre-commit}", "stages: [{a: pre-commit}]", "stages:", "args: [a]"}) {
    EXPECT_EQ(InPreCommit(PreCommit(more)), CallEffect::kMayLeaveOut) << more;
  }
  for (const char* always : {"always_run: True", "always_run: yes", "always_run: ON"}) {
    EXPECT_EQ(InPreCommit(PreCommit("verbose: no", always)), CallEffect::kStops) << always;
  }
  for (const char* always : {"always_run: tRUE", "always_run: no", "always_run: 1", "always_run: [true]",
                             "always_run: {true: true}", "always_run:"}) {
    EXPECT_EQ(InPreCommit(PreCommit("verbose: no", always)), CallEffect::kMayLeaveOut) << always;
  }
}

TEST(ManagerFile, KnowsThatNoShellRunsAnEntry) {
  const auto with = [](const std::string& entry) {
    return InPreCommit(
        "repos:\n- repo: local\n  hooks:\n  - language: system\n    always_run: true\n    entry: " + entry + "\n");
  };
  EXPECT_EQ(with("sluice-hook pre-commit"), CallEffect::kStops);
  EXPECT_EQ(with("/opt/sluice/sluice-hook pre-commit"), CallEffect::kStops);
  for (const char* entry : {"'true && sluice-hook pre-commit'", "|\n      true\n      sluice-hook pre-commit",
                            "'true; sluice-hook pre-commit'"}) {
    EXPECT_EQ(with(entry), CallEffect::kMayLeaveOut) << entry;
  }
}

TEST(ManagerFile, IsNotSureOfWhatMayMeanSomethingElse) {
  ASSERT_EQ(InLefthook(SureLefthook()), CallEffect::kStops);
  ASSERT_EQ(InLefthook("x: [1, 2]\n" + SureLefthook()), CallEffect::kStops);
  ASSERT_EQ(InLefthook("%YAML 1.1\n---\n" + SureLefthook() + "...\n"), CallEffect::kStops);
  for (const char* before : {
           "x: &x 1\n",
           "x: &x [1]\n",
           "x: &x {y: 1}\n",
           "x: *x\n",
           "*x : 1\n",
           "x: !!str 1\n",
           "x: !y {z: 1}\n",
           "!!str x: 1\n",
           "x: !z [1]\n",
           "<<: {y: 1}\n",
           "x: {y: {<<: [{z: 1}]}}\n",
           "x: 1\n'x': 2\n",
           "x: {y: {z: 1, \"\\x7a\": 2}}\n",
           "pre-commit: {}\n",
           "[x]: 1\n",
           "{x: 1}: 1\n",
           "? - x\n: 1\n",
           "x: 1\n---\n",
           "---\n---\n",
           "x: 1\n...\n---\n",
           "x: @y\n",
           "x: `y`\n",
           "x: [1\n",
           "x: ]\n",
           "x: 1\n  y: 2\n",
       }) {
    EXPECT_EQ(InLefthook(before + SureLefthook()), CallEffect::kMayLeaveOut) << before;
    EXPECT_EQ(InPreCommit(before + PreCommit("verbose: no")),
              before == "pre-commit: {}\n"s ? CallEffect::kStops : CallEffect::kMayLeaveOut)
        << before;
  }
  EXPECT_EQ(InLefthook(SureLefthook() + "---\nx: 1\n"), CallEffect::kMayLeaveOut);
  EXPECT_EQ(InLefthook(SureLefthook() + "--- [\n"), CallEffect::kMayLeaveOut);
}

std::string Times(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(ManagerFile, ReadsHostileFilesSoonAndIsNotSureOfThem) {
  constexpr std::size_t kMany = 10'000;
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    const std::string name = "a" + std::to_string(i);
    bomb.append(name).append(": &").append(name).append(" [").append(Times(8, last + ", ")).append(last).append("]\n");
  }
  const std::string hostile[] = {
      "x: " + Times(kMany, "[") + "\n",
      "x: " + Times(kMany, "[") + Times(kMany, "]") + "\n",
      "x: " + Times(kMany, "[\n  ") + Times(kMany, "]") + "\n",
      "x: " + Times(kMany, "{a: ") + Times(kMany, "}") + "\n",
      "x: " + Times(kMany, "[{a: ") + "\n",
      "x: " + Times(kMany, "[? ") + "\n",
      "x:\n  " + Times(kMany, "- ") + "1\n",
      "? " + Times(kMany, "? ") + "1\n",
      "x: " + Times(40, "[") + Times(40, "]") + "\n",
      bomb,
      "x: \"\xff\"\n",
      "x: \"\xc3\"\n",
      "x: \xed\xa0\x80\n",
      "# \xe9\n",
      "x: 1\0\n"s,
      "x: \x01\n",
      "\xff\xfe",
      "#" + std::string(std::size_t{128} << 10U, 'x') + "\n",
  };
  for (const std::string& before : hostile) {
    EXPECT_EQ(InLefthook(before + SureLefthook()), CallEffect::kMayLeaveOut) << before.substr(0, 40);
    EXPECT_EQ(InPreCommit(before + PreCommit("verbose: no")), CallEffect::kMayLeaveOut) << before.substr(0, 40);
  }
  // As many keys as there are, and as deep as it is read.
  std::string keys;
  for (std::size_t i = 0; i < kMany; ++i) keys += "k" + std::to_string(i) + ":\n";
  EXPECT_EQ(InLefthook(keys + SureLefthook()), CallEffect::kStops);
  EXPECT_EQ(InLefthook("x: " + Times(32, "[") + Times(32, "]") + "\n" + SureLefthook()), CallEffect::kStops);
}

TEST(ManagerFile, AnEmptyFileCallsNothing) {
  for (const std::string& yaml : {""s, "\n"s, "---\n"s, "# sluice-hook pre-commit\n"s, "\0"s, "\xef\xbb\xbf"s}) {
    EXPECT_EQ(InLefthook(yaml), CallEffect::kNone);
    EXPECT_EQ(InPreCommit(yaml), CallEffect::kNone);
  }
  EXPECT_EQ(InLefthook("\xef\xbb\xbf" + SureLefthook()), CallEffect::kStops);
}

}  // namespace
}  // namespace sluice::cli
