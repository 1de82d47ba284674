// Reading what was found: blobs of every size, by every way, and files of the tree that will be committed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sluice/git/staged.h"
#include "support/git_fixture.h"

namespace sluice::git {
namespace {

using ::testing::HasSubstr;
using tests::GitFixture;

constexpr Way kWays[] = {Way::kAuto, Way::kCacheTree, Way::kEntries, Way::kGit};

Result<Repository> OpenAt(const std::string& directory) {
  OpenOptions options;
  options.directory = directory;
  return Repository::Open(options);
}

std::string OidOf(GitFixture& repo, const std::string& bytes) {
  return repo.MustGit({"hash-object", "-w", "--stdin"}, bytes).substr(0, 40);
}

std::string OidOfFile(GitFixture& repo, const std::string& name) {
  return repo.MustGit({"hash-object", "-w", "--no-filters", name}).substr(0, 40);
}

std::string Show(const Result<std::optional<std::string>>& bytes) {
  if (!bytes) return "error: " + bytes.error().ToString();
  return *bytes ? **bytes : "(none)";
}

class ReadStagedTest : public ::testing::Test {
 protected:
  // By every way, which must agree.
  void ExpectRead(const std::string& path, const std::string& expected) {
    for (const Way way : kWays) {
      Result<Repository> repository = OpenAt(repo_.path());
      ASSERT_TRUE(repository);
      StagedOptions options;
      options.way = way;
      const Result<StagedChange> change = repository->Staged(options);
      if (!change) {
        EXPECT_EQ(change.error().code, ErrorCode::kUnsupported) << change.error().ToString();
        continue;
      }
      EXPECT_EQ(Show(repository->ReadStaged(path)), expected) << ToString(way) << ": " << path;
    }
  }

  GitFixture repo_;
};

TEST_F(ReadStagedTest, IsTheTreeThatWillBeCommitted) {
  repo_.Commit(".sluice.toml", "old\n");
  repo_.Commit("d/e/.sluice.toml", "deep\n");
  repo_.Stage(".sluice.toml", "staged\n");
  repo_.Write(".sluice.toml", "not staged\n");
  repo_.RunHere({"ln", "-s", ".sluice.toml", "link"});
  repo_.MustGit({"add", "link"});
  for (const bool valid : {false, true}) {
    if (valid) repo_.MustGit({"write-tree"});
    ExpectRead(".sluice.toml", "staged\n");
    ExpectRead("d/e/.sluice.toml", "deep\n");
    ExpectRead("link", "error: link: is not a regular file");
    for (const char* none : {"d", "d/e", "nope", "d/nope", ".sluice.toml/x", "d/e/.sluice.toml/x", "z", "", "/", "d/",
                             "*", ":(glob)*", "..", "./.sluice.toml"}) {
      ExpectRead(none, "(none)");
    }
  }
}

TEST_F(ReadStagedTest, CommittedIsThatOfHead) {
  Result<Repository> unborn = OpenAt(repo_.path());
  ASSERT_TRUE(unborn);
  EXPECT_EQ(Show(unborn->ReadCommitted("a")), "(none)");
  repo_.Commit("d/a", "old\n");
  repo_.RunHere({"ln", "-s", "d/a", "link"});
  repo_.MustGit({"add", "link"});
  repo_.MustGit({"commit", "-qm", "x"});
  repo_.Stage("d/a", "staged\n");
  // The second is not followed by libgit2.
  for (const char* format : {"sha1", "unknown to libgit2"}) {
    if (format != std::string("sha1")) repo_.MustGit({"symbolic-ref", "HEAD", "refs/elsewhere"});
    if (format != std::string("sha1")) repo_.MustGit({"update-ref", "refs/elsewhere", "refs/heads/main"});
    Result<Repository> repository = OpenAt(repo_.path());
    ASSERT_TRUE(repository);
    EXPECT_EQ(Show(repository->ReadCommitted("d/a")), "old\n") << format;
    for (const char* none : {"link", "d", "a", "d/", "nope", "*", ""}) {
      EXPECT_EQ(Show(repository->ReadCommitted(none)), "(none)") << format << ": " << none;
    }
  }
}

// More entries than one sample covers, with a folder that begins and ends inside one.
TEST_F(ReadStagedTest, FindsEveryEntryOfALargeIndex) {
  for (int i = 0; i < 300; ++i) repo_.Write("d" + std::to_string(i / 50) + "/" + std::to_string(i), std::to_string(i));
  repo_.MustGit({"add", "-A"});
  repo_.MustGit({"commit", "-q", "-m", "x"});
  repo_.Stage("new", "new\n");
  Result<Repository> repository = OpenAt(repo_.path());
  ASSERT_TRUE(repository);
  const Result<StagedChange> change = repository->Staged({});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->way, Way::kEntries);
  for (int i = 0; i < 300; ++i) {
    const std::string path = "d" + std::to_string(i / 50) + "/" + std::to_string(i);
    EXPECT_EQ(Show(repository->ReadStaged(path)), std::to_string(i));
    EXPECT_EQ(Show(repository->ReadStaged(path + "x")), "(none)");
  }
}

// `git ls-files` lists it like an empty file, so only the other ways can tell.
TEST_F(ReadStagedTest, IntentToAddIsNotThere) {
  repo_.Commit("a", "1\n");
  repo_.Write("later", "x\n");
  repo_.MustGit({"add", "-N", "later"});
  ExpectRead("a", "1\n");
  Result<Repository> repository = OpenAt(repo_.path());
  ASSERT_TRUE(repository);
  ASSERT_TRUE(repository->Staged({}));
  EXPECT_EQ(Show(repository->ReadStaged("later")), "(none)");
}

TEST_F(ReadStagedTest, ConflictIsNoAnswer) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("a", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("a", "3\n");
  repo_.Git({"merge", "-q", "other"});
  for (const Way way : {Way::kEntries, Way::kGit}) {
    Result<Repository> repository = OpenAt(repo_.path());
    ASSERT_TRUE(repository);
    StagedOptions options;
    options.way = way;
    ASSERT_TRUE(repository->Staged(options));
    EXPECT_THAT(Show(repository->ReadStaged("a")), HasSubstr("unmerged")) << ToString(way);
  }
}

TEST_F(ReadStagedTest, SplitAndSparseIndex) {
  for (const char* name : {"in/a", "out/b", "out/c/d", "top"}) repo_.Commit(name, "1\n");
  repo_.MustGit({"sparse-checkout", "init", "--cone", "--sparse-index"});
  repo_.MustGit({"sparse-checkout", "set", "in"});
  repo_.Stage("in/a", "2\n");
  ExpectRead("out/c/d", "1\n");
  ExpectRead("in/a", "2\n");
  repo_.MustGit({"sparse-checkout", "disable"});
  repo_.MustGit({"update-index", "--split-index"});
  repo_.Stage("in/a", "3\n");
  ExpectRead("in/a", "3\n");
  ExpectRead("top", "1\n");
}

class BlobsTest : public ::testing::Test {
 protected:
  // The two ways to read: libgit2, and git's cat-file (with GIT_WORK_TREE libgit2 stands aside).
  template <typename Body>
  void WithBoth(Body body) {
    for (const bool by_git : {false, true}) {
      SCOPED_TRACE(by_git ? "git" : "libgit2");
      if (by_git) {
        ::setenv("GIT_WORK_TREE", repo_.path().c_str(), 1);
        ::setenv("GIT_DIR", (repo_.path() + "/.git").c_str(), 1);
      }
      Result<Repository> repository = OpenAt(repo_.path());
      ::unsetenv("GIT_WORK_TREE");
      ASSERT_TRUE(repository) << repository.error().ToString();
      body(*repository);
      ::unsetenv("GIT_DIR");
    }
  }

  GitFixture repo_;
};

TEST_F(BlobsTest, OfEverySize) {
  std::vector<std::string> texts = {"", "\n", "a", std::string("a\0b\n\0", 5), std::string(4096, 'x')};
  for (const std::size_t size : {4095U, 16384U, 65535U, 65536U, 65537U, 300000U}) {
    texts.push_back(std::string(size, 'y') + "\nend");
  }
  std::vector<std::string> oids;
  for (const std::string& text : texts) {
    repo_.Write("file", text);
    oids.push_back(OidOfFile(repo_, "file"));
  }
  WithBoth([&](Repository& repository) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Result<std::string> bytes = repository.ReadBlob(oids[i]);
      ASSERT_TRUE(bytes) << bytes.error().ToString();
      EXPECT_EQ(*bytes, texts[i]);
      const Result<std::uint64_t> size = repository.BlobSize(oids[i]);
      ASSERT_TRUE(size);
      EXPECT_EQ(*size, texts[i].size());
      std::string streamed;
      ASSERT_TRUE(repository.StreamBlob(oids[i], [&](std::string_view piece) {
        streamed += piece;
        return true;
      }));
      EXPECT_EQ(streamed, texts[i]);
    }
  });
}

// What cannot be read is an error every time, and what follows is still read.
TEST_F(BlobsTest, MissingTooLargeOrNoBlob) {
  repo_.Commit("a", "content\n");
  const std::string blob = OidOf(repo_, "content\n");
  const std::string large = OidOf(repo_, std::string(200000, 'x'));
  const std::string tree = repo_.MustGit({"rev-parse", "HEAD^{tree}"}).substr(0, 40);
  WithBoth([&](Repository& repository) {
    for (int round = 0; round < 2; ++round) {
      const Result<std::string> missing = repository.ReadBlob(std::string(40, 'a'));
      ASSERT_FALSE(missing);
      EXPECT_EQ(missing.error().code, ErrorCode::kIncomplete);
      EXPECT_THAT(missing.error().ToString(), HasSubstr("missing"));
      EXPECT_FALSE(repository.BlobSize(std::string(40, 'a')));
      const Result<std::string> too_large = repository.ReadBlob(large, 199999);
      ASSERT_FALSE(too_large);
      EXPECT_EQ(too_large.error().code, ErrorCode::kIncomplete);
      EXPECT_TRUE(repository.ReadBlob(large, 200000));
      EXPECT_FALSE(repository.ReadBlob(tree));
      EXPECT_FALSE(repository.BlobSize(tree));
      for (const char* nonsense : {"", "HEAD", "aaaa", "../../etc/passwd", "A"}) {
        EXPECT_FALSE(repository.ReadBlob(nonsense)) << nonsense;
        EXPECT_FALSE(repository.BlobSize(nonsense)) << nonsense;
      }
      EXPECT_FALSE(repository.StreamBlob(std::string(40, 'a'), [](std::string_view) { return true; }));
      const Result<std::string> good = repository.ReadBlob(blob);
      ASSERT_TRUE(good) << good.error().ToString();
      EXPECT_EQ(*good, "content\n");
    }
  });
}

TEST_F(BlobsTest, HugeOnesComeInPieces) {
  std::string text;
  while (text.size() <= Repository::kMaxBlobInMemory) text += "line " + std::to_string(text.size()) + " of many\n";
  repo_.Write("huge", text);
  const std::string oid = OidOfFile(repo_, "huge");
  WithBoth([&](Repository& repository) {
    EXPECT_FALSE(repository.ReadBlob(oid));
    std::size_t at = 0;
    std::size_t largest = 0;
    ASSERT_TRUE(repository.StreamBlob(oid, [&](std::string_view piece) {
      EXPECT_EQ(text.compare(at, piece.size(), piece), 0);
      at += piece.size();
      largest = std::max(largest, piece.size());
      return true;
    }));
    EXPECT_EQ(at, text.size());
    EXPECT_LE(largest, 1U << 20U);
    // Stopped early is no error.
    int pieces = 0;
    EXPECT_TRUE(repository.StreamBlob(oid, [&](std::string_view) { return ++pieces < 2; }));
    EXPECT_EQ(pieces, 2);
  });
}

TEST_F(BlobsTest, OfAPack) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i) + "\n";
  repo_.Commit("a", text);
  repo_.Commit("a", text + "more\n");
  const std::string older = repo_.MustGit({"rev-parse", "HEAD~:a"}).substr(0, 40);
  repo_.MustGit({"gc", "-q"});
  WithBoth([&](Repository& repository) {
    const Result<std::string> bytes = repository.ReadBlob(older);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*bytes, text);
  });
}

}  // namespace
}  // namespace sluice::git
