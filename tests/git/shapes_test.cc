// What the next commit adds, in every shape of repository: the blobs that git_probe reports, run by a real hook where
// git sets the environment, against those that differ between every parent and the tree that `git write-tree` makes of
// the hook's own index. The three ways must agree wherever more than one applies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice::git {
namespace {

using tests::CommandResult;
using tests::GitFixture;

using Files = std::map<std::string, std::string>;  // Blob by path (in hex).

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return hex;
}

// One "forced …" block of git_probe.
struct Answer {
  std::string way;
  std::string error;
  std::string why;
  Files files;
  std::vector<std::string> skips;
  std::size_t renamed = 0;
};

std::map<std::string, Answer> ParseProbe(const std::string& output) {
  std::map<std::string, Answer> answers;
  Answer* answer = nullptr;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "forced") {
      std::string way;
      words >> way;
      answer = &answers[way];
    } else if (kind == "error") {
      answer->error = line.substr(6);
    } else if (kind == "way") {
      words >> answer->way;
    } else if (kind == "why") {
      answer->why = line.substr(std::min<std::size_t>(4, line.size()));
    } else if (kind == "file") {
      std::string mode, oid, old_oids, size, path;
      words >> mode >> oid >> old_oids >> size >> path;
      EXPECT_NE(size, "unreadable") << line;
      answer->files[path] = oid;
    } else if (kind == "skip") {
      answer->skips.push_back(line);
    } else if (kind == "renamed") {
      words >> answer->renamed;
    }
  }
  return answers;
}

constexpr const char* kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

// The blobs of `tree` that differ from `parent`'s, and the blobs that only the parent has.
struct Difference {
  Files added;
  std::multiset<std::string> deleted;
};

Difference DiffTrees(GitFixture& repo, const std::string& parent, const std::string& tree) {
  Difference difference;
  const std::string raw = repo.MustGit({"diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev", parent, tree});
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::string head = raw.substr(at, raw.find('\0', at) - at);
    at += head.size() + 1;
    const std::string path = raw.substr(at, raw.find('\0', at) - at);
    at += path.size() + 1;
    std::istringstream words(head.substr(1));
    std::string old_mode, new_mode, old_oid, new_oid;
    words >> old_mode >> new_mode >> old_oid >> new_oid;
    const bool old_is_blob = old_mode[0] == '1' && old_mode != "160000";
    const bool new_is_blob = new_mode[0] == '1' && new_mode != "160000";
    if (old_is_blob && new_mode == "000000") difference.deleted.insert(old_oid);
    const bool same = old_oid == new_oid && old_mode.substr(0, 3) == new_mode.substr(0, 3);
    if (new_is_blob && !same) difference.added[Hex(path)] = new_oid;
  }
  return difference;
}

class Shape : public ::testing::Test {
 protected:
  // Installs a hook that notes what git_probe and git write-tree say.
  void Probe(const std::string& hook = "pre-commit") {
    const std::string flags = hook == "pre-merge-commit" ? "--hook --merging" : "--hook";
    const std::string out = outside_.path();
    repo_.WriteHook(hook, "#!/bin/sh\n" SLUICE_GIT_PROBE " " + flags + " auto cache-tree entries git >'" + out +
                              "/probe' 2>&1\ngit write-tree >'" + out + "/tree'\n" +
                              "git rev-parse -q --verify HEAD^{commit} >'" + out + "/parents'\n" +
                              "cat \"$(git rev-parse --git-path MERGE_HEAD)\" >>'" + out + "/parents' 2>/dev/null\n" +
                              "env | sed -n 's/^GITHEAD_\\([0-9a-f]*\\)=.*/\\1/p' >'" + out + "/githeads'\nexit 0\n");
  }

  // Compares what the hook noted. `with_githeads`: they are parents, too.
  void Check(bool with_githeads = false) {
    const auto answers = ParseProbe(tests::ReadFile(outside_.path() + "/probe"));
    ASSERT_EQ(answers.size(), 4U) << tests::ReadFile(outside_.path() + "/probe");
    std::string tree = tests::ReadFile(outside_.path() + "/tree");
    ASSERT_FALSE(tree.empty());
    tree.pop_back();
    std::istringstream parent_lines(tests::ReadFile(outside_.path() + "/parents") +
                                    (with_githeads ? tests::ReadFile(outside_.path() + "/githeads") : ""));
    std::vector<std::string> parents;
    for (std::string line; std::getline(parent_lines, line);) parents.push_back(line);
    if (parents.empty()) parents.push_back(kEmptyTree);
    Difference expected = DiffTrees(repo_, parents[0], tree);
    for (std::size_t i = 1; i < parents.size(); ++i) {
      const Difference other = DiffTrees(repo_, parents[i], tree);
      std::erase_if(expected.added, [&](const auto& file) { return other.added.count(file.first) == 0; });
    }
    for (const char* way : {"auto", "cache-tree", "entries", "git"}) {
      const Answer& answer = answers.at(way);
      if (!answer.error.empty()) {
        EXPECT_THAT(answer.error, ::testing::StartsWith("unsupported")) << way;
        EXPECT_TRUE(std::string(way) == "cache-tree" || std::string(way) == "entries") << way << ": " << answer.error;
        continue;
      }
      ++answered_[way];
      Compare(way, answer, expected);
    }
    auto_way_ = answers.at("auto").way;
    skips_ = answers.at("auto").skips;
    renamed_ = answers.at("auto").renamed;
    files_ = answers.at("auto").files;
    EXPECT_EQ(files_, answers.at("git").files);
  }

  static void Compare(const std::string& way, const Answer& answer, const Difference& expected) {
    std::size_t missing = 0;
    for (const auto& [path, oid] : expected.added) {
      const auto found = answer.files.find(path);
      if (found != answer.files.end()) {
        EXPECT_EQ(found->second, oid) << way;
        continue;
      }
      ++missing;
      EXPECT_GT(expected.deleted.count(oid), 0U) << way << " lacks " << path << ", which is no exact rename";
    }
    EXPECT_EQ(missing, answer.renamed) << way;
    for (const auto& [path, oid] : answer.files)
      EXPECT_EQ(expected.added.count(path), 1U) << way << " invents " << path;
  }

  void CommitAndCheck(std::vector<std::string> arguments = {"commit", "-q", "-m", "x"}, const std::string& input = "") {
    const CommandResult result = repo_.Git(arguments, input);
    ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
    Check();
  }

  GitFixture repo_;
  tests::TemporaryFolder outside_;
  std::map<std::string, int> answered_;
  std::string auto_way_;
  std::vector<std::string> skips_;
  std::size_t renamed_ = 0;
  Files files_;
};

TEST_F(Shape, PlainCommit) {
  repo_.Commit("src/a.c", "one\n");
  repo_.Commit("src/deep/er/b.c", "one\n");
  Probe();
  repo_.Stage("src/deep/er/b.c", "two\n");
  repo_.Stage("new/file", "three\n");
  repo_.Write("src/a.c", "not staged\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 2U);
  EXPECT_EQ(auto_way_, "cache-tree");
  EXPECT_EQ(answered_["entries"], 1);
}

TEST_F(Shape, UnbornHead) {
  Probe();
  repo_.Stage("a", "1\n");
  repo_.Stage("b/c", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 2U);
}

TEST_F(Shape, CommitAll) {
  repo_.Commit("a", "1\n");
  Probe();
  repo_.Write("a", "2\n");
  CommitAndCheck({"commit", "-q", "-a", "-m", "x"});
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, CommitPatch) {
  repo_.Commit("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n");
  Probe();
  repo_.Write("a", "X\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\nY\n");
  CommitAndCheck({"commit", "-q", "-p", "-m", "x"}, "y\nn\n");
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, CommitInclude) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b", "1\n");
  Probe();
  repo_.Stage("a", "2\n");
  repo_.Write("b", "2\n");
  CommitAndCheck({"commit", "-q", "-m", "x", "-i", "b"});
  EXPECT_EQ(files_.size(), 2U);
}

// The other staged file is not part of this commit.
TEST_F(Shape, CommitOnly) {
  repo_.Commit("d/a", "1\n");
  repo_.Commit("d/b", "1\n");
  Probe();
  repo_.Stage("d/a", "2\n");
  repo_.Write("d/b", "2\n");
  CommitAndCheck({"commit", "-q", "-m", "x", "--only", "d/b"});
  EXPECT_EQ(files_.size(), 1U);
  EXPECT_EQ(files_.count(Hex("d/b")), 1U);
}

TEST_F(Shape, Amend) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b", "1\n");
  Probe();
  repo_.Stage("a", "2\n");
  CommitAndCheck({"commit", "-q", "--amend", "--no-edit"});
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, EmptyCommit) {
  repo_.Commit("a", "1\n");
  Probe();
  CommitAndCheck({"commit", "-q", "--allow-empty", "-m", "x"});
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Shape, OnlyDeletions) {
  repo_.Commit("a", "1\n");
  repo_.Commit("d/b", "1\n");
  Probe();
  repo_.MustGit({"rm", "-q", "d/b"});
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Shape, RenameWithoutAChange) {
  repo_.Commit("a", "a long enough content to be somebody's\n");
  Probe();
  repo_.MustGit({"mv", "a", "b"});
  CommitAndCheck();
  EXPECT_EQ(renamed_, 1U);
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Shape, RenameWithAChange) {
  repo_.Commit("a", "one\ntwo\nthree\nfour\n");
  Probe();
  repo_.MustGit({"mv", "a", "b"});
  repo_.Stage("b", "one\ntwo\nthree\nfour\nfive\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, CopyIsNew) {
  repo_.Commit("a", "content\n");
  Probe();
  repo_.Stage("b", "content\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, ModeChange) {
  repo_.Commit("a", "1\n");
  Probe();
  repo_.MustGit({"update-index", "--chmod=+x", "a"});
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Shape, TypeChanges) {
  repo_.Commit("file", "1\n");
  repo_.RunHere({"ln", "-s", "file", "link"});
  repo_.MustGit({"add", "link"});
  repo_.MustGit({"commit", "-q", "-m", "link"});
  Probe();
  repo_.RunHere({"rm", "link", "file"});
  repo_.RunHere({"ln", "-s", "elsewhere", "file"});
  repo_.Stage("link", "now a file\n");
  repo_.MustGit({"add", "file"});
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 2U);
}

TEST_F(Shape, FileBecomesFolderAndBack) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b/c", "2\n");
  repo_.Commit("a.c", "3\n");
  Probe();
  repo_.RunHere({"rm", "-r", "a", "b"});
  repo_.Stage("a/x", "4\n");
  repo_.Stage("b", "5\n");
  repo_.MustGit({"add", "-A"});
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 2U);
}

TEST_F(Shape, IntentToAdd) {
  repo_.Commit("a", "1\n");
  Probe();
  repo_.Write("later", "not yet\n");
  repo_.MustGit({"add", "-N", "later"});
  repo_.Stage("a", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, OddNames) {
  repo_.Commit("a", "1\n");
  Probe();
  int i = 0;
  for (const char* name : {"a b", "new\nline", "quo\"te", "ta\tb", "-dash", "back\\slash", ":(glob)x", "inv\xff\xfe",
                           "\xf0\x9f\x98\x80", "TREE", "TREE\x01x/TREE", "*", "[x]"}) {
    repo_.Stage(name, "odd " + std::to_string(i++) + "\n");
  }
  std::string deep;
  for (int depth = 0; depth < 15; ++depth) deep += std::string(200, static_cast<char>('a' + depth)) + "/";
  repo_.Stage(deep + "end", "deep\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 14U);
}

TEST_F(Shape, AttributesAndConfigurationDecideNothing) {
  repo_.Commit(".gitattributes", "*.bin binary\n*.x -diff\n*.t diff=t\n");
  repo_.MustGit({"config", "diff.external", "/bin/true"});
  repo_.MustGit({"config", "diff.mnemonicPrefix", "true"});
  repo_.MustGit({"config", "diff.noprefix", "true"});
  repo_.MustGit({"config", "core.quotePath", "true"});
  repo_.MustGit({"config", "color.ui", "always"});
  repo_.MustGit({"config", "diff.t.textconv", "echo gone"});
  repo_.MustGit({"config", "diff.renames", "copies"});
  repo_.MustGit({"config", "diff.orderFile", "/dev/null"});
  repo_.MustGit({"config", "diff.ignoreSubmodules", "all"});
  Probe();
  repo_.Stage("a.bin", "1\n");
  repo_.Stage("a.x", "2\n");
  repo_.Stage("a.t", "3\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 3U);
}

TEST_F(Shape, Submodule) {
  GitFixture inner;
  inner.Commit("i", "1\n");
  repo_.Commit("a", "1\n");
  Probe();
  repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path(), "sub"});
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);  // .gitmodules
  ASSERT_EQ(skips_.size(), 1U);
  EXPECT_THAT(skips_[0], ::testing::HasSubstr("submodule"));
}

TEST_F(Shape, ConflictedMerge) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("a", "2\n");
  repo_.Commit("only-other", "x\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("a", "3\n");
  EXPECT_NE(repo_.Git({"merge", "-q", "other"}).exit_code, 0);
  Probe();
  repo_.Stage("a", "4\n");
  CommitAndCheck();
  // What the other side brought is in history already.
  EXPECT_EQ(files_.size(), 1U);
  EXPECT_EQ(files_.count(Hex("a")), 1U);
}

TEST_F(Shape, EvilMerge) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("b", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("c", "3\n");
  repo_.MustGit({"merge", "-q", "--no-commit", "other"});
  Probe();
  repo_.Stage("evil", "added in the merge only\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, CleanMerge) {
  repo_.Commit("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("a", "1\n2\n3\n4\n5\n6\n7\n8\nother\n");
  repo_.Commit("b", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("a", "main\n2\n3\n4\n5\n6\n7\n8\n9\n");
  Probe("pre-merge-commit");
  repo_.MustGit({"merge", "-q", "other"});
  Check(/*with_githeads=*/true);
  EXPECT_EQ(files_.size(), 1U);  // "a" is neither side's.
}

TEST_F(Shape, Octopus) {
  repo_.Commit("a", "1\n");
  for (const char* branch : {"x", "y"}) {
    repo_.MustGit({"checkout", "-q", "-b", branch, "main"});
    repo_.Commit(branch, "2\n");
  }
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("m", "1\n");
  Probe("pre-merge-commit");
  repo_.MustGit({"merge", "-q", "--no-ff", "x", "y"});
  Check(/*with_githeads=*/true);
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Shape, LinkedWorktree) {
  repo_.Commit("a", "1\n");
  Probe();
  const std::string tree = outside_.path() + "/tree-two";
  repo_.MustGit({"worktree", "add", "-q", tree, "-b", "two"});
  tests::WriteFile(tree + "/b", "2\n");
  repo_.MustGit({"-C", tree, "add", "b"});
  repo_.MustGit({"-C", tree, "commit", "-q", "-m", "x"});
  Check();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, FromASubfolder) {
  repo_.Commit("d/a", "1\n");
  Probe();
  repo_.Stage("d/b", "2\n");
  CommitAndCheck({"-C", "d", "commit", "-q", "-m", "x"});
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, SplitIndex) {
  repo_.MustGit({"config", "core.splitIndex", "true"});
  for (int i = 0; i < 30; ++i) repo_.Commit("f" + std::to_string(i), "1\n");
  Probe();
  repo_.Stage("f3", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, SparseIndex) {
  for (const char* name : {"in/a", "out/b", "out/c/d", "top"}) repo_.Commit(name, "1\n");
  repo_.MustGit({"sparse-checkout", "init", "--cone", "--sparse-index"});
  repo_.MustGit({"sparse-checkout", "set", "in"});
  Probe();
  repo_.Stage("in/a", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, IndexVersionsAndExtensions) {
  repo_.Commit("d/a", "1\n");
  repo_.Commit("d/b", "1\n");
  Probe();
  int i = 2;
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"update-index", "--index-version", "4"},
           {"update-index", "--index-version", "2"},
           {"update-index", "--untracked-cache"},
           {"config", "index.threads", "2"},
           {"config", "feature.manyFiles", "true"},
           {"pack-refs", "--all"},
           {"gc", "-q"},
           {"checkout", "-q", "--detach"},
       }) {
    repo_.MustGit(command);
    repo_.Stage("d/a", "content " + std::to_string(i++) + "\n");
    CommitAndCheck();
    EXPECT_EQ(files_.size(), 1U) << command.back();
  }
}

TEST_F(Shape, UnknownRepositoryExtensionsGoThroughGit) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"config", "core.repositoryformatversion", "1"});
  repo_.MustGit({"config", "extensions.worktreeConfig", "true"});
  Probe();
  repo_.Stage("a", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, Alternates) {
  repo_.Commit("a", "1\n");
  const std::string clone = outside_.path() + "/clone";
  repo_.MustGit({"clone", "-q", "--shared", repo_.path(), clone});
  Probe();
  const std::string hook = tests::ReadFile(repo_.path() + "/.git/hooks/pre-commit");
  tests::WriteFile(clone + "/.git/hooks/pre-commit", hook);
  repo_.RunHere({"chmod", "+x", clone + "/.git/hooks/pre-commit"});
  tests::WriteFile(clone + "/b", "2\n");
  repo_.MustGit({"-C", clone, "add", "b"});
  repo_.MustGit({"-C", clone, "commit", "-q", "-m", "x"});
  const auto answers = ParseProbe(tests::ReadFile(outside_.path() + "/probe"));
  EXPECT_EQ(answers.at("auto").files.size(), 1U);
  EXPECT_EQ(answers.at("git").files, answers.at("auto").files);
}

TEST_F(Shape, DotfilesWithGitDirAndWorkTree) {
  repo_.Commit("a", "1\n");
  Probe();
  repo_.Stage("a", "2\n");
  CommitAndCheck({"--git-dir=" + repo_.path() + "/.git", "--work-tree=" + repo_.path(), "commit", "-q", "-m", "x"});
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, Sha256) {
  repo_.RunHere({"rm", "-rf", ".git"});
  repo_.MustGit({"init", "-q", "-b", "main", "--object-format=sha256"});
  repo_.Commit("a", "1\n");
  Probe();
  repo_.Stage("a", "2\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
  EXPECT_EQ(files_.begin()->second.size(), 64U);
  EXPECT_EQ(auto_way_, "git");
}

// A replace ref must not hide what is new.
TEST_F(Shape, ReplaceRefsHideNothing) {
  repo_.Commit("a", "1\n");
  repo_.Commit("a", "2\n");
  repo_.MustGit({"replace", "HEAD", "HEAD~1"});
  repo_.environment()["GIT_NO_REPLACE_OBJECTS"] = "1";
  Probe();
  repo_.Stage("b", "3\n");
  CommitAndCheck();
  EXPECT_EQ(files_.size(), 1U);
}

TEST_F(Shape, PartialCloneWithoutTheOldBlob) {
  repo_.Commit("a", "1\n");
  repo_.Commit("a", "2\n");
  repo_.MustGit({"config", "uploadpack.allowFilter", "true"});
  const std::string clone = outside_.path() + "/clone";
  repo_.MustGit({"clone", "-q", "--filter=blob:none", "--no-checkout", "file://" + repo_.path(), clone});
  repo_.MustGit({"-C", clone, "read-tree", "HEAD"});
  const std::string blob = repo_.MustGit({"-C", clone, "hash-object", "-w", "--stdin"}, "3\n");
  repo_.MustGit({"-C", clone, "update-index", "--cacheinfo", "100644," + blob.substr(0, 40) + ",a"});
  const CommandResult probe = repo_.RunHere({SLUICE_GIT_PROBE, "--directory", clone, "auto", "entries", "git"});
  for (const auto& [way, answer] : ParseProbe(probe.out)) EXPECT_EQ(answer.files.size(), 1U) << way << probe.out;
}

// Failures name what is wrong; none is an empty change.
TEST_F(Shape, FailuresAreNoCleanAnswers) {
  repo_.Commit("a", "1\n");
  const auto error_of = [&](const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv = {SLUICE_GIT_PROBE, "auto"};
    argv.insert(argv.end(), more.begin(), more.end());
    return ParseProbe(repo_.RunHere(argv).out)["auto"].error;
  };
  EXPECT_EQ(error_of(), "");
  repo_.environment()["GIT_INDEX_FILE"] = "/no/such/index";
  EXPECT_THAT(error_of(), ::testing::StartsWith("incomplete"));
  repo_.environment()["GIT_INDEX_FILE"] = "";
  repo_.environment().erase("GIT_INDEX_FILE");
  const std::string index = repo_.path() + "/.git/index";
  const std::string good = tests::ReadFile(index);
  tests::WriteFile(index, "");
  EXPECT_THAT(error_of(), ::testing::StartsWith("incomplete"));
  tests::WriteFile(index, good.substr(0, good.size() / 2));
  EXPECT_THAT(error_of(), ::testing::StartsWith("incomplete"));
  tests::WriteFile(index, "DIRC garbage that is no index at all");
  EXPECT_THAT(error_of(), ::testing::StartsWith("incomplete"));
  repo_.RunHere({"rm", index});
  EXPECT_THAT(error_of(), ::testing::StartsWith("incomplete"));

  tests::TemporaryFolder nowhere;
  EXPECT_THAT(error_of({"--directory", nowhere.path()}), ::testing::StartsWith("usage"));
  repo_.MustGit({"init", "-q", "--bare", nowhere.path() + "/bare"});
  EXPECT_THAT(error_of({"--directory", nowhere.path() + "/bare"}), ::testing::StartsWith("usage"));
}

}  // namespace
}  // namespace sluice::git
