// Repositories that are not as usual: where they lie, who owns them, how their index was written, what they lack.
// Beside shapes_test.cc, which commits in them, these are looked at from outside, as `sluice scan --staged` does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice::git {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using tests::CommandResult;
using tests::GitFixture;
using tests::ReadFile;
using tests::WriteFile;

// What git_probe says for each way: its lines, without where and how.
struct Answer {
  std::string facts;
  std::string way;
  std::string why;
  std::string error;
};
using Answers = std::map<std::string, Answer>;

Answers ParseAnswers(const std::string& output) {
  Answers answers;
  Answer* answer = nullptr;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("forced ")) {
      answer = &answers[line.substr(7)];
    } else if (line.starts_with("way ")) {
      answer->way = line.substr(4);
    } else if (line.starts_with("why ")) {
      answer->why = line.substr(4);
    } else if (line.starts_with("error ")) {
      answer->error = line.substr(6);
    } else if (!line.starts_with("top ")) {
      answer->facts += line + "\n";
    }
  }
  return answers;
}

class Repositories : public ::testing::Test {
 protected:
  Answers ProbeIn(const std::string& directory, const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv = {SLUICE_GIT_PROBE};
    argv.insert(argv.end(), more.begin(), more.end());
    for (const char* way : {"auto", "cache-tree", "entries", "git"}) argv.emplace_back(way);
    const CommandResult result = tests::Run(argv, directory, repo_.environment());
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return ParseAnswers(result.out);
  }
  Answers Probe(const std::vector<std::string>& more = {}) { return ProbeIn(repo_.path(), more); }

  // All that answer say the same; returns how many did.
  static int ExpectOneAnswer(const Answers& answers) {
    int answered = 0;
    for (const auto& [name, answer] : answers) {
      if (!answer.error.empty()) {
        EXPECT_THAT(answer.error, StartsWith("unsupported")) << name;
        continue;
      }
      ++answered;
      EXPECT_EQ(answer.facts, answers.at("git").facts) << name;
    }
    return answered;
  }

  std::string IndexPath() const { return repo_.path() + "/.git/index"; }
  // Takes the TREE extension out of the index, as writers other than git leave it out.
  void StripCacheTree() {
    std::string bytes = ReadFile(IndexPath());
    // Its name can also be part of a path: the extension is what ends at the checksum.
    std::size_t at = bytes.size();
    std::size_t size = 0;
    do {
      at = bytes.rfind("TREE", at - 1);
      ASSERT_NE(at, std::string::npos);
      size = 8;
      for (std::size_t i = 0; i < 4; ++i)
        size += std::size_t{static_cast<unsigned char>(bytes[at + 4 + i])} << (24 - 8 * i);
    } while (at + size != bytes.size() - 20);
    bytes.erase(at, size);
    std::fill(bytes.end() - 20, bytes.end(), '\0');  // "No checksum".
    WriteFile(IndexPath(), bytes);
  }

  GitFixture repo_;
  tests::TemporaryFolder outside_;
};

TEST_F(Repositories, IndexWithoutAChecksum) {
  repo_.Commit("d/a", "1\n");
  repo_.Stage("d/b", "2\n");
  std::string bytes = ReadFile(IndexPath());
  std::fill(bytes.end() - 20, bytes.end(), '\0');
  WriteFile(IndexPath(), bytes);
  const Answers answers = Probe();
  EXPECT_EQ(answers.at("auto").way, "entries");
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
}

TEST_F(Repositories, IndexWithoutACacheTree) {
  repo_.Commit("d/a", "1\n");
  repo_.Commit("x-TREE/TREE", "1\n");
  repo_.Stage("d/b", "2\n");
  StripCacheTree();
  const Answers answers = Probe();
  EXPECT_EQ(answers.at("auto").way, "entries");
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr("642f62"));
}

// The extension's place is given by EOIE, and the entries come in blocks (IEOT).
TEST_F(Repositories, IndexWithAnEndMarker) {
  repo_.MustGit({"config", "index.threads", "2"});
  for (int i = 0; i < 200; ++i) repo_.Write("f" + std::to_string(i % 7) + "/" + std::to_string(i), std::to_string(i));
  repo_.MustGit({"add", "-A"});
  repo_.MustGit({"commit", "-q", "-m", "x"});
  repo_.Stage("f3/10", "changed\n");
  EXPECT_THAT(ReadFile(IndexPath()), HasSubstr("EOIE"));
  const Answers dirty = Probe();
  EXPECT_EQ(dirty.at("auto").way, "entries");
  EXPECT_EQ(ExpectOneAnswer(dirty), 3);
  repo_.MustGit({"write-tree"});
  const Answers valid = Probe();
  EXPECT_EQ(valid.at("auto").way, "cache-tree");
  EXPECT_EQ(ExpectOneAnswer(valid), 4);
}

// A cache-tree that says less than the entries do must not hide one: here its root is the tree of HEAD.
TEST_F(Repositories, CacheTreeThatDoesNotCoverTheEntries) {
  repo_.Commit("a", "1\n");
  const std::string head_tree = repo_.MustGit({"rev-parse", "HEAD^{tree}"}).substr(0, 40);
  repo_.Stage("b", "2\n");
  repo_.MustGit({"write-tree"});
  std::string bytes = ReadFile(IndexPath());
  const std::size_t at = bytes.rfind("TREE");
  ASSERT_NE(at, std::string::npos);
  ASSERT_EQ(bytes.substr(at + 8, 5), std::string("\0002 0\n", 5));
  bytes[at + 9] = '1';
  std::string raw;
  for (std::size_t i = 0; i < 40; i += 2) raw += static_cast<char>(std::stoi(head_tree.substr(i, 2), nullptr, 16));
  bytes.replace(at + 13, 20, raw);
  std::fill(bytes.end() - 20, bytes.end(), '\0');
  WriteFile(IndexPath(), bytes);
  const Answers answers = Probe();
  EXPECT_THAT(answers.at("cache-tree").error, HasSubstr("does not cover"));
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 62\n"));
}

// A mandatory extension that nobody knows: git refuses, and so do we.
TEST_F(Repositories, UnknownMandatoryExtension) {
  repo_.Commit("a", "1\n");
  std::string bytes = ReadFile(IndexPath());
  bytes.insert(bytes.size() - 20, std::string("zzzz\0\0\0\0", 8));
  std::fill(bytes.end() - 20, bytes.end(), '\0');
  WriteFile(IndexPath(), bytes);
  const Answers answers = Probe();
  EXPECT_THAT(answers.at("cache-tree").error, StartsWith("unsupported"));
  EXPECT_THAT(answers.at("entries").error, StartsWith("unsupported"));
  EXPECT_THAT(answers.at("auto").error, StartsWith("incomplete"));
}

TEST_F(Repositories, UnmergedFilesAreNamed) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("a", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("a", "3\n");
  repo_.Git({"merge", "-q", "other"});
  repo_.Stage("b", "4\n");
  const Answers answers = Probe();
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr("skip 1 61 unmerged: resolve the conflict first\n"));
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 62\n"));
}

TEST_F(Repositories, IntentToAddInPlaceOfADeletedFile) {
  repo_.Commit("d/a", "1\n");
  repo_.Commit("d/z", "1\n");
  repo_.MustGit({"rm", "-q", "--cached", "d/a"});
  repo_.MustGit({"add", "-N", "d/a"});
  const Answers answers = Probe();
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr("deleted 1\n"));
  EXPECT_THAT(answers.at("auto").facts, Not(HasSubstr("file")));
}

// One deletion is the source of one rename; a second copy is new.
TEST_F(Repositories, OneDeletionBacksOneRename) {
  repo_.Commit("a", "the same content\n");
  repo_.MustGit({"rm", "-q", "a"});
  repo_.Stage("b", "the same content\n");
  repo_.Stage("c", "the same content\n");
  const Answers answers = Probe();
  ExpectOneAnswer(answers);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr("deleted 0\nrenamed 1\n"));
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 63\n"));
}

TEST_F(Repositories, SubmoduleBumpedAndReplacedByAFile) {
  GitFixture inner;
  inner.Commit("i", "1\n");
  for (const char* name : {"one", "two"}) {
    repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path(), name});
  }
  repo_.MustGit({"commit", "-q", "-m", "x"});
  repo_.MustGit({"-C", repo_.path() + "/one", "commit", "-q", "--allow-empty", "-m", "next"});
  repo_.MustGit({"add", "one"});
  repo_.MustGit({"rm", "-q", "--cached", "two"});
  repo_.MustGit({"update-index", "--add", "--cacheinfo",
                 "100644," + repo_.MustGit({"hash-object", "-w", "--stdin"}, "now a file\n").substr(0, 40) + ",two"});
  const Answers answers = Probe();
  ExpectOneAnswer(answers);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr("skip 0 6f6e65 submodule\n"));
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" - 11 74776f\n"));
}

TEST_F(Repositories, InsideASubmodule) {
  GitFixture inner;
  inner.Commit("i", "1\n");
  repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path(), "sub"});
  WriteFile(repo_.path() + "/sub/new", "2\n");
  repo_.MustGit({"-C", repo_.path() + "/sub", "add", "new"});
  const Answers answers = ProbeIn(repo_.path() + "/sub");
  EXPECT_EQ(answers.at("auto").way, "entries");
  ExpectOneAnswer(answers);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 6e6577\n"));
  EXPECT_THAT(answers.at("auto").facts, Not(HasSubstr("2e6769746d6f64756c6573")));
}

TEST_F(Repositories, BareWithALinkedWorktree) {
  repo_.Commit("a", "1\n");
  const std::string bare = outside_.path() + "/bare.git";
  const std::string tree = outside_.path() + "/tree";
  repo_.MustGit({"clone", "-q", "--bare", repo_.path(), bare});
  repo_.MustGit({"-C", bare, "worktree", "add", "-q", tree});
  WriteFile(tree + "/b", "2\n");
  repo_.MustGit({"-C", tree, "add", "b"});
  const Answers answers = ProbeIn(tree);
  EXPECT_EQ(answers.at("auto").way, "entries");
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  for (const auto& [name, answer] : ProbeIn(bare)) {
    EXPECT_EQ(answer.error, "usage bare repository: there is nothing staged") << name;
  }
}

// git 2.48 writes ../ instead of the absolute path into both ends of a worktree.
TEST_F(Repositories, RelativeWorktree) {
  repo_.Commit("a", "1\n");
  const std::string tree = repo_.path() + "-tree";
  repo_.MustGit({"worktree", "add", "-q", tree});
  WriteFile(tree + "/.git", "gitdir: ../repo/.git/worktrees/repo-tree\n");
  WriteFile(repo_.path() + "/.git/worktrees/repo-tree/gitdir", "../../../../repo-tree/.git\n");
  repo_.MustGit({"config", "core.repositoryformatversion", "1"});
  repo_.MustGit({"config", "extensions.preciousObjects", "true"});
  WriteFile(tree + "/b", "2\n");
  repo_.MustGit({"-C", tree, "add", "b"});
  const Answers answers = ProbeIn(tree);
  ExpectOneAnswer(answers);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 62\n"));
}

TEST_F(Repositories, ShallowClone) {
  repo_.Commit("a", "1\n");
  repo_.Commit("a", "2\n");
  const std::string clone = outside_.path() + "/clone";
  repo_.MustGit({"clone", "-q", "--depth=1", "file://" + repo_.path(), clone});
  WriteFile(clone + "/b", "2\n");
  repo_.MustGit({"-C", clone, "add", "b"});
  const Answers answers = ProbeIn(clone);
  EXPECT_EQ(answers.at("auto").way, "entries");
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
}

// config.worktree can say what libgit2 does not read.
TEST_F(Repositories, WorktreeConfigThatMovesTheWorkTree) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"config", "core.repositoryformatversion", "1"});
  repo_.MustGit({"config", "extensions.worktreeConfig", "true"});
  WriteFile(repo_.path() + "/.git/config.worktree", "[core]\n\tsparseCheckout = false\n");
  EXPECT_EQ(Probe().at("auto").way, "cache-tree");
  WriteFile(repo_.path() + "/.git/config.worktree", "[core]\n\tbare = true\n");
  EXPECT_THAT(Probe().at("auto").error, StartsWith("usage bare"));
}

TEST_F(Repositories, ReferencesInATableAreNotUnborn) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"config", "core.repositoryformatversion", "1"});
  repo_.MustGit({"config", "extensions.refStorage", "reftable"});
  for (const auto& [name, answer] : Probe()) EXPECT_THAT(answer.error, StartsWith("incomplete")) << name;
}

TEST_F(Repositories, ForeignOwnerIsNotTakenForNoRepository) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  repo_.Commit("a", "1\n");
  repo_.Stage("a", "2\n");
  for (const std::string& path : {repo_.path(), repo_.path() + "/.git"}) {
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
  }
  // What libgit2 lets root pass, git may refuse; never is it "no repository", nor no change.
  for (const auto& [name, answer] : Probe()) {
    EXPECT_THAT(answer.error, Not(StartsWith("usage"))) << name;
    if (answer.error.empty()) {
      EXPECT_THAT(answer.facts, HasSubstr("file"));
    }
  }
  EXPECT_THAT(Probe().at("git").error, HasSubstr("dubious ownership"));
  // In a hook git has looked already.
  EXPECT_EQ(Probe({"--hook"}).at("auto").way, "entries");
  repo_.MustGit({"config", "--global", "safe.directory", "*"});
  // libgit2 1.5 does not know the star.
  const Answers answers = Probe();
  EXPECT_EQ(answers.at("auto").error, "");
  ExpectOneAnswer(answers);
}

TEST_F(Repositories, VariablesOfGit) {
  repo_.Commit("a", "1\n");
  repo_.Stage("a", "2\n");
  const Answers expected = Probe();
  tests::TemporaryFolder elsewhere;
  auto& environment = repo_.environment();
  environment["GIT_DIR"] = repo_.path() + "/.git";
  EXPECT_EQ(Probe().at("auto").way, "entries");
  EXPECT_EQ(Probe().at("auto").facts, expected.at("auto").facts);
  EXPECT_EQ(ProbeIn(elsewhere.path()).at("auto").facts, expected.at("auto").facts);
  environment["GIT_WORK_TREE"] = repo_.path();
  EXPECT_EQ(Probe().at("auto").facts, expected.at("auto").facts);
  EXPECT_THAT(Probe().at("auto").why, HasSubstr("GIT_WORK_TREE"));
  environment.erase("GIT_WORK_TREE");
  environment.erase("GIT_DIR");

  // Objects that are only where the variables say.
  const std::string objects = outside_.path() + "/objects";
  std::filesystem::rename(repo_.path() + "/.git/objects", objects);
  std::filesystem::create_directory(repo_.path() + "/.git/objects");
  environment["GIT_OBJECT_DIRECTORY"] = objects;
  EXPECT_EQ(Probe().at("auto").way, "entries");
  EXPECT_EQ(Probe().at("auto").facts, expected.at("auto").facts);
  environment.erase("GIT_OBJECT_DIRECTORY");
  environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = "/no/such:" + objects;
  EXPECT_EQ(Probe().at("auto").way, "entries");
  EXPECT_EQ(Probe().at("auto").facts, expected.at("auto").facts);
  environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = "\"" + objects + "\"";
  EXPECT_EQ(Probe().at("auto").way, "git");
  EXPECT_EQ(Probe().at("auto").facts, expected.at("auto").facts);
}

// GIT_INDEX_FILE is relative to the top, wherever one stands.
TEST_F(Repositories, RelativeIndexFileFromASubfolder) {
  repo_.Commit("d/a", "1\n");
  std::filesystem::copy_file(IndexPath(), repo_.path() + "/.git/other-index");
  repo_.Stage("d/b", "only in the usual index\n");
  repo_.environment()["GIT_INDEX_FILE"] = ".git/other-index";
  const Answers answers = ProbeIn(repo_.path() + "/d");
  EXPECT_EQ(ExpectOneAnswer(answers), 4);
  EXPECT_THAT(answers.at("auto").facts, Not(HasSubstr("file")));
}

TEST_F(Repositories, MergeHeadCanBeATag) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("b", "2\n");
  repo_.MustGit({"tag", "-a", "-m", "x", "v1"});
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("c", "3\n");
  repo_.MustGit({"merge", "-q", "--no-commit", "v1"});
  EXPECT_EQ(ReadFile(repo_.path() + "/.git/MERGE_HEAD"), repo_.MustGit({"rev-parse", "v1"}));
  repo_.Stage("evil", "4\n");
  const Answers answers = Probe();
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" -,- 2 6576696c\n"));
  EXPECT_THAT(answers.at("auto").facts, Not(HasSubstr(" 62\n")));
}

TEST_F(Repositories, MergeHeadThatIsNoList) {
  repo_.Commit("a", "1\n");
  WriteFile(repo_.path() + "/.git/MERGE_HEAD", "what\n");
  for (const auto& [name, answer] : Probe()) EXPECT_THAT(answer.error, StartsWith("incomplete")) << name;
  WriteFile(repo_.path() + "/.git/MERGE_HEAD", std::string(40, 'a') + "\n");
  for (const char* name : {"auto", "git"}) EXPECT_THAT(Probe().at(name).error, StartsWith("incomplete")) << name;
}

// A variable of another merge, elsewhere, names no parent of this commit.
TEST_F(Repositories, MergingIgnoresUnknownHeads) {
  repo_.Commit("a", "1\n");
  repo_.Stage("b", "2\n");
  repo_.environment()["GITHEAD_" + std::string(40, 'a')] = "elsewhere";
  repo_.environment()["GITHEAD_nonsense"] = "x";
  const Answers answers = Probe({"--merging"});
  EXPECT_EQ(ExpectOneAnswer(answers), 3);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" - 2 62\n"));
}

// Nor does one that anybody set, for a commit that is in no history: what it holds is new.
TEST_F(Repositories, MergingIgnoresHeadsOfNoHistory) {
  repo_.Commit("a", "1\n");
  repo_.Stage("b", "2\n");
  const auto trim = [](std::string line) { return line.substr(0, line.find('\n')); };
  const std::string tree = trim(repo_.MustGit({"write-tree"}));
  const std::string commit = trim(repo_.MustGit({"commit-tree", "-m", "x", tree}));
  repo_.environment()["GITHEAD_" + commit] = "x";
  const auto is_new = [&] {
    const Answers answers = Probe({"--merging"});
    EXPECT_EQ(ExpectOneAnswer(answers), 4);
    return answers.at("auto").facts.find(" - 2 62\n") != std::string::npos;
  };
  EXPECT_TRUE(is_new());
  WriteFile(repo_.path() + "/.git/FETCH_HEAD", commit + "\tnot-for-merge\tbranch 'x' of elsewhere\n");
  EXPECT_TRUE(is_new());
  // A graft makes a history that no commit names.
  WriteFile(repo_.path() + "/grafts", trim(repo_.MustGit({"rev-parse", "HEAD"})) + " " + commit + "\n");
  repo_.environment()["GIT_GRAFT_FILE"] = repo_.path() + "/grafts";
  EXPECT_TRUE(is_new());
  // What `git pull` fetched, and what a reference holds, is in some history.
  WriteFile(repo_.path() + "/.git/FETCH_HEAD", commit + "\t\tbranch 'x' of elsewhere\n");
  EXPECT_FALSE(is_new());
  repo_.RunHere({"rm", ".git/FETCH_HEAD"});
  repo_.MustGit({"update-ref", "refs/remotes/origin/x", commit});
  EXPECT_FALSE(is_new());
}

TEST_F(Repositories, SquashedMergeIsAllNew) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("b", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.MustGit({"merge", "-q", "--squash", "other"});
  const Answers answers = Probe();
  ExpectOneAnswer(answers);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" - 2 62\n"));
}

// Objects that should be there and are not: an error, not an empty change.
TEST_F(Repositories, MissingTreeOfHead) {
  repo_.Commit("d/a", "1\n");
  repo_.Stage("d/b", "2\n");
  repo_.MustGit({"write-tree"});
  const std::string tree = repo_.MustGit({"rev-parse", "HEAD:d"}).substr(0, 40);
  std::filesystem::remove(repo_.path() + "/.git/objects/" + tree.substr(0, 2) + "/" + tree.substr(2));
  const Answers answers = Probe();
  EXPECT_THAT(answers.at("auto").error, StartsWith("incomplete"));
  EXPECT_THAT(answers.at("git").error, StartsWith("incomplete"));
}

// The cache-tree can name a tree that was never written; the entries still say what is staged.
TEST_F(Repositories, MissingTreeOfTheCacheTree) {
  repo_.Commit("d/a", "1\n");
  repo_.Stage("d/b", "2\n");
  const std::string root = repo_.MustGit({"write-tree"}).substr(0, 40);
  std::filesystem::remove(repo_.path() + "/.git/objects/" + root.substr(0, 2) + "/" + root.substr(2));
  const Answers answers = Probe();
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" 642f62\n"));
  EXPECT_EQ(answers.at("auto").facts, answers.at("git").facts);
}

// git takes a reference that it cannot read for one that is not there: then everything is new, which hides nothing.
TEST_F(Repositories, BrokenHead) {
  repo_.Commit("a", "1\n");
  WriteFile(repo_.path() + "/.git/refs/heads/main", "garbage\n");
  const Answers answers = Probe();
  EXPECT_EQ(ExpectOneAnswer(answers), 2);
  EXPECT_THAT(answers.at("auto").facts, HasSubstr(" - 2 61\n"));
  std::filesystem::remove(IndexPath());
  for (const auto& [name, answer] : Probe()) EXPECT_THAT(answer.error, StartsWith("incomplete")) << name;
}

TEST_F(Repositories, NothingStagedBeforeTheFirstCommit) {
  for (const auto& [name, answer] : Probe()) {
    EXPECT_EQ(answer.error, "") << name;
    EXPECT_EQ(answer.facts, "deleted 0\nrenamed 0\n") << name;
  }
}

TEST_F(Repositories, IndexThatIsNoFile) {
  repo_.Commit("a", "1\n");
  std::filesystem::remove(IndexPath());
  std::filesystem::create_directory(IndexPath());
  for (const auto& [name, answer] : Probe()) EXPECT_THAT(answer.error, StartsWith("incomplete")) << name;
  std::filesystem::remove(IndexPath());
  // Nobody waits for a writer.
  ASSERT_EQ(::mkfifo(IndexPath().c_str(), 0600), 0);
  for (const auto& [name, answer] : Probe()) EXPECT_THAT(answer.error, StartsWith("incomplete")) << name;
}

TEST_F(Repositories, CeilingStopsTheSearch) {
  repo_.Commit("a", "1\n");
  repo_.Write("d/x", "");
  repo_.environment()["GIT_CEILING_DIRECTORIES"] = repo_.path();
  EXPECT_THAT(ProbeIn(repo_.path() + "/d").at("auto").error, StartsWith("usage not a git repository"));
}

TEST_F(Repositories, TopAndPathsFromASubfolder) {
  repo_.Commit("d/a", "1\n");
  repo_.Stage("b", "2\n");
  const CommandResult result = tests::Run({SLUICE_GIT_PROBE, "auto", "git"}, repo_.path() + "/d", repo_.environment());
  std::string hex;
  for (const char c : repo_.path()) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
  }
  EXPECT_THAT(result.out, StartsWith("forced auto\ntop " + hex + "\n"));
  EXPECT_THAT(result.out, HasSubstr("forced git\ntop " + hex + "\n"));
}

// Without git in PATH the fast ways still answer; what needs git is an error.
TEST_F(Repositories, WithoutGit) {
  repo_.Commit("a", "1\n");
  repo_.Stage("b", "2\n");
  repo_.environment()["PATH"] = "/nonexistent:";
  const Answers answers = Probe();
  EXPECT_EQ(answers.at("auto").way, "entries");
  EXPECT_THAT(answers.at("git").error, HasSubstr("there is no git in PATH"));
}

// A "git" in the repository is not run, although the current directory is in PATH.
TEST_F(Repositories, NothingOfTheRepositoryIsRun) {
  repo_.Commit("a", "1\n");
  repo_.Write("git", "#!/bin/sh\ntouch was-run\n");
  ::chmod((repo_.path() + "/git").c_str(), 0755);
  repo_.Write("monitor", "#!/bin/sh\ntouch was-run\n");
  ::chmod((repo_.path() + "/monitor").c_str(), 0755);
  repo_.MustGit({"config", "core.fsmonitor", repo_.path() + "/monitor"});
  repo_.MustGit({"config", "diff.external", repo_.path() + "/monitor"});
  repo_.environment()["PATH"] = ".::" + repo_.environment()["PATH"];
  repo_.environment()["GIT_EXTERNAL_DIFF"] = repo_.path() + "/monitor";
  repo_.environment()["GIT_PAGER"] = repo_.path() + "/monitor";
  std::filesystem::remove(repo_.path() + "/was-run");
  EXPECT_GE(ExpectOneAnswer(Probe()), 3);
  EXPECT_FALSE(tests::Exists(repo_.path() + "/was-run"));
}

// git writes more to stderr than a pipe holds.
TEST_F(Repositories, TalkativeGit) {
  repo_.Commit("a", "1\n");
  for (int i = 0; i < 300; ++i) repo_.Write("f" + std::to_string(i), std::to_string(i));
  repo_.MustGit({"add", "-A"});
  const Answers quiet = Probe();
  repo_.environment()["GIT_TRACE"] = "1";
  repo_.environment()["GIT_TRACE_SETUP"] = "1";
  repo_.environment()["GIT_TRACE2_EVENT"] = "2";
  EXPECT_EQ(Probe().at("git").facts, quiet.at("git").facts);
}

// What a person has in the configuration, and in the environment, changes no answer of git's.
TEST_F(Repositories, SettingsThatChangeADiff) {
  repo_.Commit("d/a", "some content of a certain length\n");
  repo_.MustGit({"mv", "d/a", "d/b"});
  repo_.Stage("d/c", "some content of a certain length, and more\n");
  const Answers expected = Probe();
  for (const char* setting : {"diff.relative=true", "diff.renames=copies", "diff.orderFile=/no/such/file",
                              "diff.wordRegex=x", "diff.algorithm=patience", "diff.submodule=log", "color.ui=always",
                              "color.diff=always", "diff.statGraphWidth=3", "core.abbrev=5", "core.pager=false",
                              "diff.context=9", "core.quotePath=true", "diff.indentHeuristic=true"}) {
    const std::string text = setting;
    repo_.environment()["GIT_CONFIG_COUNT"] = "1";
    repo_.environment()["GIT_CONFIG_KEY_0"] = text.substr(0, text.find('='));
    repo_.environment()["GIT_CONFIG_VALUE_0"] = text.substr(text.find('=') + 1);
    const Answers answers = ProbeIn(repo_.path() + "/d");
    EXPECT_EQ(answers.at("git").error, "") << setting;
    EXPECT_EQ(answers.at("git").facts, expected.at("git").facts) << setting;
  }
}

// Random changes of all kinds at once: the three ways agree, before and after the cache-tree is made valid.
class RandomChanges : public Repositories {
 protected:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::string RandomPath() {
    static constexpr const char* kNames[] = {"a", "a.b", "a-b", "b", "TREE", "a0", "z", "dir"};
    std::string path;
    for (unsigned depth = Below(4); depth > 0; --depth) path += std::string(kNames[Below(8)]) + "/";
    return path + kNames[Below(8)];
  }
  // Cache entries only: the working tree would add its own rules about files and folders of one name.
  std::string RandomEntry() {
    static constexpr const char* kModes[] = {"100644", "100644", "100755", "120000", "160000"};
    return std::string(kModes[Below(5)]) + " " + blobs_[Below(static_cast<unsigned>(blobs_.size()))] + "\t" +
           RandomPath() + "\n";
  }
  void ChangeIndex(unsigned count) {
    std::string input;
    for (unsigned i = 0; i < count; ++i) {
      input += Below(4) == 0 ? "0 " + std::string(40, '0') + "\t" + RandomPath() + "\n" : RandomEntry();
    }
    repo_.MustGit({"update-index", "--add", "--replace", "--index-info"}, input);
  }

  std::mt19937 random_{7};
  std::vector<std::string> blobs_;
};

TEST_F(RandomChanges, AreTheSameEveryWay) {
  for (int i = 0; i < 12; ++i) {
    blobs_.push_back(repo_.MustGit({"hash-object", "-w", "--stdin"}, std::to_string(i) + "\n").substr(0, 40));
  }
  int fast = 0;
  for (int round = 0; round < 25; ++round) {
    ChangeIndex(40);
    repo_.MustGit({"commit", "-q", "--allow-empty", "-m", "x"});
    ChangeIndex(1 + Below(8));
    fast += ExpectOneAnswer(Probe());
    repo_.MustGit({"write-tree"});
    fast += ExpectOneAnswer(Probe());
    if (HasFailure()) {
      ADD_FAILURE() << "round " << round << "\n" << repo_.MustGit({"diff", "--cached", "--raw", "--no-renames"});
      return;
    }
  }
  EXPECT_EQ(fast, 25 * 7);
}

}  // namespace
}  // namespace sluice::git
