#include "git/index_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice::git {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StrEq;

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

std::string Big32(std::size_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
  return bytes;
}

std::string EntryOf(const std::string& path) {
  std::string entry(60, '\0');
  entry[26] = '\x81';  // 0100644
  entry[27] = '\xa4';
  entry += static_cast<char>(path.size() >> 8U);
  entry += static_cast<char>(path.size());
  entry += path;
  return entry + std::string(8 - entry.size() % 8, '\0');
}

std::string ExtensionOf(const std::string& name, const std::string& payload) {
  return name + Big32(payload.size()) + payload;
}

// An index, version 2, without a checksum.
std::string IndexOf(const std::vector<std::string>& paths, const std::string& extensions) {
  std::string bytes = "DIRC" + Big32(2) + Big32(paths.size());
  for (const std::string& path : paths) bytes += EntryOf(path);
  return bytes + extensions + std::string(kSha1Size, '\0');
}

std::string OidOf(char c) { return std::string(kSha1Size, c); }

// A node of the cache-tree; `numbers` is "<entries> <subtrees>".
std::string NodeOf(const std::string& name, const std::string& numbers, const std::string& oid) {
  return name + '\0' + numbers + '\n' + oid;
}

// Three entries; "a" is valid and holds one folder, "b" has changed and holds one that has not.
std::string SampleTree() {
  return NodeOf("", "3 2", OidOf('r')) + NodeOf("a", "1 1", OidOf('a')) + NodeOf("x", "1 0", OidOf('x')) +
         NodeOf("b", "-1 1", "") + NodeOf("y", "1 0", OidOf('y'));
}

const std::vector<std::string> kPaths = {"a/x/1", "b/y/2", "c"};

// What FindCacheTree says: the root's oid (one letter of it), "invalid", or the error.
std::string RootOf(const std::string& bytes) {
  const auto index = IndexFile::Parse(Bytes(bytes));
  if (!index) return index.error().message;
  const auto root = index->FindCacheTree();
  if (!root) return root.error().message;
  if (!root->oid) return "invalid";
  const std::string hex = ToHex(*root->oid);
  return {static_cast<char>(std::stoi(hex.substr(0, 2), nullptr, 16))};
}

TEST(CacheTree, IsReadAsGitWritesIt) {
  const std::string bytes = SampleTree();
  const auto tree = ParseCacheTree(Bytes(bytes));
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->entry_count, 3U);
  ASSERT_EQ(tree->children.size(), 2U);
  ASSERT_NE(tree->Child("b"), nullptr);
  EXPECT_EQ(tree->Child("b")->entry_count, std::nullopt);
  ASSERT_NE(tree->Child("b")->Child("y"), nullptr);
  EXPECT_EQ(tree->Child("c"), nullptr);
  EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf("TREE", bytes))), "r");
  const std::string changed = NodeOf("", "-1 1", "") + NodeOf("a", "1 0", OidOf('a'));
  EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf("TREE", changed))), "invalid");
}

// A part of it is no cache-tree, and never names another root.
TEST(CacheTree, EveryTruncationIsRefused) {
  const std::string bytes = SampleTree();
  const std::string index = IndexOf(kPaths, ExtensionOf("TREE", bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    EXPECT_FALSE(ParseCacheTree(Bytes(cut))) << size;
    const std::string root = RootOf(IndexOf(kPaths, ExtensionOf("TREE", cut)));
    EXPECT_TRUE(root == "r" || root.size() > 10) << size << ": " << root;
    // The file itself ends early: the extension says that it is longer.
    const std::string short_file = index.substr(0, index.size() - kSha1Size - bytes.size() + size) + OidOf('\0');
    EXPECT_EQ(RootOf(short_file), "no cache-tree") << size;
  }
}

TEST(CacheTree, HostileOnesAreRefused) {
  const std::string oid = OidOf('r');
  const std::string child = NodeOf("a", "1 0", OidOf('a'));
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"nothing", ""},
      {"a name alone", std::string(1, '\0')},
      {"a name without an end", "name"},
      {"no numbers", NodeOf("", "", oid)},
      {"one number", NodeOf("", "3", oid)},
      {"a count below -1", NodeOf("", "-2 0", oid)},
      {"two signs", NodeOf("", "--1 0", oid)},
      {"a plus", NodeOf("", "+3 0", oid)},
      {"a space before", NodeOf("", " 3 0", oid)},
      {"two spaces", NodeOf("", "3  0", oid)},
      {"another base", NodeOf("", "0x3 0", oid)},
      {"a negative number of folders", NodeOf("", "3 -1", oid)},
      {"more folders than bytes", NodeOf("", "3 999999999", oid)},
      {"a number that wraps around", NodeOf("", "18446744073709551619 0", oid)},
      {"a number of folders that wraps around", NodeOf("", "3 18446744073709551616", oid)},
      {"half an oid", NodeOf("", "3 0", oid.substr(10))},
      {"a root with a name", NodeOf("root", "3 0", oid)},
      {"one folder fewer than it says", NodeOf("", "3 2", oid) + child},
      {"one folder more than it says", NodeOf("", "3 0", oid) + child},
      {"a folder without a name", NodeOf("", "3 1", oid) + NodeOf("", "1 0", OidOf('a'))},
      {"a folder that is cut", NodeOf("", "3 1", oid) + child.substr(0, 10)},
  };
  for (const auto& c : cases) {
    EXPECT_FALSE(ParseCacheTree(Bytes(c.bytes))) << c.what;
    // Only the root is looked at here: another one than 'r' must not come out.
    const std::string root = RootOf(IndexOf(kPaths, ExtensionOf("TREE", c.bytes)));
    EXPECT_TRUE(root == "r" || root.size() > 10) << c.what << ": " << root;
  }
}

TEST(CacheTree, DepthAndWidthAreBounded) {
  std::string deep = NodeOf("", "-1 1", "");
  for (int i = 0; i < 200000; ++i) deep += NodeOf("d", "-1 1", "");
  deep += NodeOf("end", "1 0", OidOf('e'));
  EXPECT_FALSE(ParseCacheTree(Bytes(deep)));
  // Below a valid folder the depth needs no memory.
  std::string skipped = NodeOf("", "3 1", OidOf('r'));
  for (int i = 0; i < 200000; ++i) skipped += NodeOf("d", "1 1", OidOf('d'));
  skipped += NodeOf("end", "1 0", OidOf('e'));
  EXPECT_TRUE(ParseCacheTree(Bytes(skipped)));
  std::string wide = NodeOf("", "3 200000", OidOf('r'));
  for (int i = 0; i < 200000; ++i) wide += NodeOf(std::to_string(i), "1 0", OidOf('w'));
  const auto tree = ParseCacheTree(Bytes(wide));
  ASSERT_TRUE(tree);
  EXPECT_NE(tree->Child("199999"), nullptr);
}

// One that does not speak of these entries would hide what is staged.
TEST(CacheTree, MustCoverTheEntries) {
  for (const char* numbers : {"2 0", "4 0", "0 0"}) {
    const std::string tree = ExtensionOf("TREE", NodeOf("", numbers, OidOf('r')));
    EXPECT_THAT(RootOf(IndexOf(kPaths, tree)), HasSubstr("does not cover")) << numbers;
  }
  // A split index shares entries with another file: "link" says so, and its cache-tree is that of both.
  const std::string tree = ExtensionOf("TREE", NodeOf("", "400 0", OidOf('r')));
  EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf("link", OidOf('s') + Big32(0)) + tree)), "r");
  EXPECT_THAT(RootOf(IndexOf(kPaths, ExtensionOf("LINK", OidOf('s') + Big32(0)) + tree)), Not(StrEq("r")));
  // A path that only looks like one says nothing.
  EXPECT_THAT(RootOf(IndexOf({"a", "link", "link" + Big32(4) + "abcd"}, tree)), HasSubstr("does not cover"));
}

// The name of the extension stands in places that are none: paths, and other extensions.
TEST(CacheTree, IsNotWhatOnlyLooksLikeOne) {
  const std::string good = ExtensionOf("TREE", SampleTree());
  const std::string other = ExtensionOf("TREE", NodeOf("", "3 0", OidOf('o')));
  for (const char* around : {"REUC", "UNTR", "FSMN", "ABCD"}) {
    EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf(around, other))), "no cache-tree") << around;
    EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf(around, "xx" + other))), "no cache-tree") << around;
  }
  EXPECT_EQ(RootOf(IndexOf({"a", "b", "z" + std::string(7, '.') + "TREE"}, "")), "no cache-tree");
  // What comes after it does not hide it; one that git does not know makes the index git's business.
  EXPECT_EQ(RootOf(IndexOf(kPaths, good + ExtensionOf("REUC", "a") + ExtensionOf("UNTR", "TREE"))), "r");
  EXPECT_EQ(RootOf(IndexOf(kPaths, good + ExtensionOf("ABCD", other))), "no cache-tree");
  EXPECT_THAT(RootOf(IndexOf(kPaths, good + ExtensionOf("zzzz", ""))), HasSubstr("unknown extension 'zzzz'"));
  // git takes the last of two; we take none.
  EXPECT_EQ(RootOf(IndexOf(kPaths, good + other)), "no cache-tree");
}

TEST(CacheTree, SizesOfExtensionsAreBounded) {
  for (const std::size_t size : {std::size_t{0xffffffff}, std::size_t{0x80000000}, std::size_t{200}}) {
    const std::string payload = SampleTree();
    EXPECT_EQ(RootOf(IndexOf(kPaths, "TREE" + Big32(size) + payload)), "no cache-tree") << size;
    const std::string bytes = IndexOf(kPaths, ExtensionOf("TREE", payload) + "REUC" + Big32(size));
    EXPECT_EQ(RootOf(bytes), "no cache-tree") << size;
  }
  // Nothing may stand between the last extension and the checksum.
  EXPECT_EQ(RootOf(IndexOf(kPaths, ExtensionOf("TREE", SampleTree()) + "\n")), "no cache-tree");
}

// The end marker says where the extensions begin; one that lies is not followed.
TEST(CacheTree, EndMarkersThatLieAreNotFollowed) {
  const std::string good = ExtensionOf("TREE", SampleTree());
  const std::size_t entries_end = IndexOf(kPaths, "").size() - kSha1Size;
  const auto with_marker = [&](std::size_t offset) {
    return IndexOf(kPaths, good + ExtensionOf("EOIE", Big32(offset) + OidOf('h')));
  };
  EXPECT_EQ(RootOf(with_marker(entries_end)), "r");
  // Led there by the marker, a root with a name is still none.
  const std::string named = ExtensionOf("TREE", NodeOf("root", "3 0", OidOf('r')));
  EXPECT_EQ(RootOf(IndexOf(kPaths, named + ExtensionOf("EOIE", Big32(entries_end) + OidOf('h')))),
            "malformed cache-tree");
  for (const std::size_t offset : {std::size_t{0}, std::size_t{11}, entries_end - 1, entries_end + 1,
                                   entries_end + good.size(), std::size_t{0xffffffff}}) {
    const std::string root = RootOf(with_marker(offset));
    EXPECT_TRUE(root == "r" || root == "no cache-tree") << offset << ": " << root;
  }
}

}  // namespace
}  // namespace sluice::git
