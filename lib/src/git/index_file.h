// A bounded reader of git's index: what it holds, without a copy of it.
//
//   Result<IndexFile> index = IndexFile::Open(path);
//   Result<CacheTreeRoot> root = index->FindCacheTree();   // the tail of the file only
//   IndexCursor cursor = index->Entries();                 // or entry by entry
//
// Format (Documentation/gitformat-index): "DIRC", version, number of entries; the entries, sorted by path; extensions
// ("TREE", length, bytes), where one whose name starts with a small letter changes the meaning of what precedes it; and
// 20 bytes of checksum. The checksum is not looked at: git does not check it on reading either, and since 2.40 may
// leave it zero (index.skipHash).
//
// Invariant: no byte outside the file is read, whatever the file says. Malformed is kUnsupported: git is then asked,
// and refuses for us.
#ifndef SLUICE_GIT_INDEX_FILE_H_
#define SLUICE_GIT_INDEX_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"
#include "git/tree.h"
#include "sluice/result.h"

namespace sluice::git {

struct IndexEntry {
  std::string_view path;
  std::uint32_t mode = 0;             // As in the file.
  const std::uint8_t* oid = nullptr;  // 20 bytes.
  int stage = 0;
  bool intent_to_add = false;
};

// The extensions that decide anything.
struct IndexExtensions {
  std::optional<std::span<const std::uint8_t>> tree;
  bool split = false;   // "link": most entries are in another file.
  bool sparse = false;  // "sdir": an entry can be a whole directory.
  std::string unknown;  // A mandatory one that we do not know.
};

// The head of the TREE extension.
struct CacheTreeRoot {
  std::optional<Oid> oid;  // The tree that a commit of this index would have; nullopt when git has to make it.
  std::span<const std::uint8_t> extension;
};

class IndexCursor;

class IndexFile {
 public:
  // kIncomplete when it cannot be read; kUnsupported when it is not understood.
  static Result<IndexFile> Open(const std::string& path);
  // `bytes` must outlive the index.
  static Result<IndexFile> Parse(std::span<const std::uint8_t> bytes);

  [[nodiscard]] std::uint32_t version() const { return version_; }
  [[nodiscard]] std::uint32_t entry_count() const { return entry_count_; }

  // Finds the cache-tree without walking the entries. kUnsupported when there is none, or none that can be trusted.
  [[nodiscard]] Result<CacheTreeRoot> FindCacheTree() const;

  // What follows the entries, from `offset` on. kUnsupported when it does not end at the checksum.
  [[nodiscard]] Result<IndexExtensions> ReadExtensions(std::size_t offset) const;

  // The entry at `path`, or nullopt (intent-to-add is no entry). kIncomplete when it is in conflict. Needs `samples` of
  // a finished walk.
  [[nodiscard]] Result<std::optional<FoundEntry>> Find(std::string_view path,
                                                       std::span<const std::size_t> samples) const;

 private:
  friend class IndexCursor;

  IndexFile() = default;
  // Where the checksum starts: nothing else reaches beyond.
  [[nodiscard]] std::size_t limit() const { return bytes_.size() - kSha1Size; }
  // With padding; 0 when no whole entry is there.
  [[nodiscard]] std::size_t EntrySize(std::size_t offset) const;
  // REQUIRES: EntrySize(offset) > 0.
  [[nodiscard]] IndexEntry EntryAt(std::size_t offset) const;
  [[nodiscard]] std::optional<IndexExtensions> ExtensionsByEndMarker() const;
  [[nodiscard]] std::optional<IndexExtensions> ExtensionsByScan() const;
  [[nodiscard]] bool MayBeginExtensions(std::size_t offset) const;
  [[nodiscard]] bool HasLinkBefore(const std::uint8_t* extension) const;

  std::shared_ptr<const void> mapping_;
  std::span<const std::uint8_t> bytes_;
  std::uint32_t version_ = 0;
  std::uint32_t entry_count_ = 0;
};

// Walks the entries in order. The index must outlive it.
class IndexCursor {
 public:
  // Every so many entries their place is noted, so that a path can be looked up afterwards.
  static constexpr std::uint32_t kSampleStep = 64;

  explicit IndexCursor(const IndexFile& index);

  [[nodiscard]] bool AtEnd() const { return ordinal_ == index_.entry_count_ || malformed_; }
  [[nodiscard]] bool IsMalformed() const { return malformed_; }
  // REQUIRES: !AtEnd().
  [[nodiscard]] const IndexEntry& entry() const { return entry_; }
  // Behind the last entry passed; where the extensions start when all are.
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::uint32_t ordinal() const { return ordinal_; }
  std::vector<std::size_t> TakeSamples() { return std::move(samples_); }

  void Next() { Skip(1); }
  // Passes `count` entries without looking at them. Malformed when there are fewer, or when the order is broken between
  // the entries at which the walk stops.
  void Skip(std::uint64_t count);

 private:
  void Load();

  const IndexFile& index_;
  std::size_t offset_;
  std::size_t size_ = 0;  // Of the current entry.
  std::uint32_t ordinal_ = 0;
  bool malformed_ = false;
  IndexEntry entry_;
  std::vector<std::size_t> samples_;
};

// A directory of the cache-tree. Below a valid one nothing is kept: its tree says all.
struct CacheTreeNode {
  std::string_view name;
  std::optional<std::uint64_t> entry_count;  // nullopt: invalid, its tree is not known.
  Oid oid;
  std::vector<CacheTreeNode> children;  // Sorted by name.

  [[nodiscard]] const CacheTreeNode* Child(std::string_view child_name) const;
};

// Parses the TREE extension. The root's children are kept even when it is valid, and its name is empty. Names point
// into `extension`.
Result<CacheTreeNode> ParseCacheTree(std::span<const std::uint8_t> extension);

}  // namespace sluice::git

#endif  // SLUICE_GIT_INDEX_FILE_H_
