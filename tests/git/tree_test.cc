#include "git/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sluice::git {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Oid Name(std::uint8_t number) {
  Oid oid;
  oid.bytes[0] = number;
  return oid;
}

std::string Entry(const std::string& mode, const std::string& name, std::uint8_t number) {
  std::string raw(kSha1Size, '\0');
  raw[0] = static_cast<char>(number);
  return mode + " " + name + std::string(1, '\0') + raw;
}

class Trees final : public TreeSource {
 public:
  void Add(std::uint8_t number, std::string bytes) { trees_[Name(number)] = std::move(bytes); }

  Result<TreeBytes> ReadTree(const Oid& oid) override {
    ++reads;
    const auto found = trees_.find(oid);
    if (found == trees_.end()) return Error{ErrorCode::kUnsupported, "", "missing"};
    return TreeBytes{nullptr, {reinterpret_cast<const std::uint8_t*>(found->second.data()), found->second.size()}};
  }

  std::size_t reads = 0;

 private:
  std::map<Oid, std::string> trees_;
};

// "A path", "D path" or "M path" per change.
std::vector<std::string> Diff(Trees& trees, const std::optional<Oid>& older, const std::optional<Oid>& newer) {
  TreeChanges changes;
  const Result<void> done = TreeDiff(trees, changes).Run("", older, newer);
  if (!done) return {"error: " + done.error().ToString()};
  std::vector<std::string> lines;
  for (const TreeChange& change : changes) {
    lines.push_back((change.old_mode == 0 ? "A " : change.new_mode == 0 ? "D " : "M ") + change.path);
  }
  return lines;
}

TEST(TreeDiff, ReadsOnlyWhatDiffers) {
  Trees trees;
  trees.Add(1, Entry("40000", "same", 9) + Entry("40000", "sub", 3));
  trees.Add(2, Entry("40000", "same", 9) + Entry("40000", "sub", 4));
  trees.Add(3, Entry("100644", "f", 20));
  trees.Add(4, Entry("100644", "f", 21));
  EXPECT_THAT(Diff(trees, Name(1), Name(2)), ElementsAre("M sub/f"));
  EXPECT_EQ(trees.reads, 4U);
  EXPECT_THAT(Diff(trees, Name(7), Name(7)), IsEmpty());
}

TEST(TreeDiff, TreatsAFileAndAFolderOfOneNameAsTwo) {
  Trees trees;
  trees.Add(1, Entry("100644", "a", 20) + Entry("100644", "a.b", 20));
  trees.Add(2, Entry("100644", "a.b", 20) + Entry("40000", "a", 3));
  trees.Add(3, Entry("100644", "x", 20));
  EXPECT_THAT(Diff(trees, Name(1), Name(2)), ElementsAre("D a", "A a/x"));
  EXPECT_THAT(Diff(trees, Name(2), Name(1)), ElementsAre("A a", "D a/x"));
  EXPECT_THAT(Diff(trees, std::nullopt, Name(2)), ElementsAre("A a.b", "A a/x"));
}

// Old histories hold 100664: git takes it for 100644, so it is no change.
TEST(TreeDiff, KnowsOldModes) {
  Trees trees;
  trees.Add(1, Entry("100664", "a", 20));
  trees.Add(2, Entry("100644", "a", 20));
  EXPECT_THAT(Diff(trees, Name(1), Name(2)), IsEmpty());
}

// git is asked about these instead of guessing.
TEST(TreeDiff, RefusesTreesThatGitDoesNotWrite) {
  const std::string good = Entry("100644", "a", 20);
  const std::pair<const char*, std::string> cases[] = {
      {"cut in the oid", good.substr(0, good.size() - 1)},
      {"cut in the name", "100644 a"},
      {"no name", Entry("100644", "", 20)},
      {"no mode", Entry("", "a", 20)},
      {"mode of other digits", Entry("1009", "a", 20)},
      {"long mode", Entry("11111111111", "a", 20)},
      {"slash", Entry("100644", "a/b", 20)},
      {"twice", good + good},
      {"unsorted", Entry("100644", "b", 20) + good},
      {"folder sorted like a file", Entry("40000", "a", 20) + Entry("100644", "a.b", 20)},
  };
  for (const auto& [name, bytes] : cases) {
    Trees trees;
    trees.Add(1, bytes);
    trees.Add(20, "");
    EXPECT_THAT(Diff(trees, std::nullopt, Name(1)), ElementsAre(::testing::StartsWith("error: tree 01"))) << name;
    EXPECT_THAT(Diff(trees, Name(1), std::nullopt), ElementsAre(::testing::StartsWith("error: tree 01"))) << name;
  }
}

// A tree cannot hold itself, but a source may be broken, and a chain of trees may be long.
TEST(TreeDiff, EndsOnDepth) {
  Trees trees;
  trees.Add(1, Entry("40000", "d", 1));
  EXPECT_THAT(Diff(trees, std::nullopt, Name(1)), ElementsAre("error: directories are nested too deeply"));
}

// Sixty trees that each hold the next one twice have more folders than anybody can walk.
TEST(TreeDiff, EndsOnTreesThatMultiply) {
  Trees trees;
  for (std::uint8_t i = 1; i < 60; ++i) {
    const auto next = static_cast<std::uint8_t>(i + 1);
    trees.Add(i, Entry("40000", "a", next) + Entry("40000", "b", next));
  }
  trees.Add(60, "");
  const std::vector<std::string> lines = Diff(trees, std::nullopt, Name(1));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], "error: the change has too many files to be scanned");
  EXPECT_LE(trees.reads, kMaxTreesRead);
}

TEST(FindInTree, GoesDownByParts) {
  Trees trees;
  trees.Add(1, Entry("100644", "a", 20) + Entry("40000", "d", 2));
  trees.Add(2, Entry("120000", "link", 21));
  const auto mode_of = [&trees](std::string_view path) -> std::uint32_t {
    const Result<std::optional<FoundEntry>> found = FindInTree(trees, Name(1), path);
    EXPECT_TRUE(found) << path;
    return found && *found ? (*found)->mode : 0;
  };
  EXPECT_EQ(mode_of("a"), 0100644U);
  EXPECT_EQ(mode_of("d/link"), 0120000U);
  for (const char* none : {"d", "d/", "a/x", "", "/", "/a", "d//link", "link"}) EXPECT_EQ(mode_of(none), 0U) << none;
}

}  // namespace
}  // namespace sluice::git
