#include "git/index_file.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice::git {
namespace {

std::span<const std::uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The index of a small repository with folders, a symlink and names that hold the extension's own.
std::string SampleIndex() {
  tests::GitFixture repo;
  repo.Commit("src/a.c", "a");
  repo.Commit("src/TREE/TREE", "b");
  repo.Commit("z/y/x/w", "c");
  repo.Stage("new", "d");
  return tests::ReadFile(repo.path() + "/.git/index");
}

// Reads all there is to read of an index; ASan watches.
std::size_t ReadEverything(const std::string& bytes) {
  const auto index = IndexFile::Parse(Bytes(bytes));
  if (!index) return 0;
  std::size_t seen = 0;
  if (const auto root = index->FindCacheTree()) {
    if (const auto tree = ParseCacheTree(root->extension)) seen += tree->children.size();
  }
  IndexCursor cursor(*index);
  while (!cursor.AtEnd()) {
    seen += cursor.entry().path.size();
    cursor.Next();
  }
  const auto samples = cursor.TakeSamples();
  if (!cursor.IsMalformed()) {
    seen += index->ReadExtensions(cursor.offset()).has_value() ? 1 : 0;
    seen += index->Find("src/a.c", samples).has_value() ? 1 : 0;
  }
  return seen;
}

TEST(IndexFile, ReadsWhatGitWrote) {
  const std::string bytes = SampleIndex();
  const auto index = IndexFile::Parse(Bytes(bytes));
  ASSERT_TRUE(index);
  EXPECT_EQ(index->entry_count(), 4U);
  EXPECT_GT(ReadEverything(bytes), 0U);
}

TEST(IndexFile, SurvivesEveryTruncation) {
  const std::string bytes = SampleIndex();
  for (std::size_t size = 0; size <= bytes.size(); ++size) ReadEverything(std::string(bytes, 0, size));
}

TEST(IndexFile, SurvivesChangedBytes) {
  const std::string bytes = SampleIndex();
  std::mt19937 random(3);
  for (int round = 0; round < 20000; ++round) {
    std::string changed = bytes;
    for (unsigned n = 1 + random() % 4; n > 0; --n) changed[random() % changed.size()] = static_cast<char>(random());
    ReadEverything(changed);
  }
}

}  // namespace
}  // namespace sluice::git
