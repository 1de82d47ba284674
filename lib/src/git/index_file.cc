#include "git/index_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

namespace sluice::git {
namespace {

constexpr std::size_t kHeaderSize = 12;
// Times, device, inode, mode, owner, size (40 bytes), the oid and the flags.
constexpr std::size_t kModeOffset = 24;
constexpr std::size_t kOidOffset = 40;
constexpr std::size_t kFlagsOffset = 60;
constexpr std::size_t kFixedEntrySize = 62;
constexpr std::uint32_t kFlagExtended = 0x4000;
constexpr std::uint32_t kFlagNameMask = 0x0fff;
constexpr std::uint32_t kFlagIntentToAdd = 0x2000;
constexpr std::size_t kExtensionHeader = 8;
constexpr std::size_t kEnclosingReach = std::size_t{256} << 10U;
constexpr std::size_t kEndMarkerSize = kExtensionHeader + 4 + kSha1Size;
// Bounds the search for the cache-tree in a file made to look like many of them.
constexpr std::size_t kMaxExtensionSteps = 100'000;

std::uint32_t Big32(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24U | std::uint32_t{p[1]} << 16U | std::uint32_t{p[2]} << 8U | p[3];
}

std::uint32_t Big16(const std::uint8_t* p) { return std::uint32_t{p[0]} << 8U | p[1]; }

bool HasSignature(const std::uint8_t* p, const char* signature) { return std::memcmp(p, signature, 4) == 0; }

Error NotUnderstood(std::string message) { return {ErrorCode::kUnsupported, "index", std::move(message)}; }

Error CannotRead(const std::string& path, const std::string& cause) {
  return {ErrorCode::kIncomplete, path, "cannot read the index: " + cause};
}

std::string ErrnoText() { return std::generic_category().message(errno); }

// Reads the parts of the TREE extension in order.
class CacheTreeReader {
 public:
  struct Head {
    std::string_view name;
    std::optional<std::uint64_t> entry_count;
    std::uint64_t subtree_count = 0;
    const std::uint8_t* oid = nullptr;  // nullptr when invalid.
  };

  explicit CacheTreeReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool AtEnd() const { return offset_ == bytes_.size(); }

  // "<name>\0<entries> <subtrees>\n<oid>"; -1 entries, and then no oid, for a directory whose tree is not known.
  std::optional<Head> ReadHead() {
    Head head;
    const std::uint8_t* name = bytes_.data() + offset_;
    const void* end = AtEnd() ? nullptr : std::memchr(name, 0, bytes_.size() - offset_);
    if (end == nullptr) return std::nullopt;
    const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - name);
    head.name = {reinterpret_cast<const char*>(name), length};
    offset_ += length + 1;
    const bool invalid = offset_ < bytes_.size() && bytes_[offset_] == '-';
    if (invalid) ++offset_;
    const std::optional<std::uint64_t> entries = ReadNumber(' ');
    const std::optional<std::uint64_t> subtrees = ReadNumber('\n');
    // Each subtree takes bytes: a number beyond them is a lie, and bounds every loop over them.
    if (!entries || !subtrees || *subtrees > bytes_.size() - offset_) return std::nullopt;
    head.subtree_count = *subtrees;
    if (invalid) return *entries == 1 ? std::optional(head) : std::nullopt;
    if (bytes_.size() - offset_ < kSha1Size) return std::nullopt;
    head.entry_count = entries;
    head.oid = bytes_.data() + offset_;
    offset_ += kSha1Size;
    return head;
  }

  // Passes `count` nodes and all below them.
  bool SkipNodes(std::uint64_t count) {
    while (count > 0) {
      const std::optional<Head> head = ReadHead();
      if (!head) return false;
      count += head->subtree_count;
      --count;
    }
    return true;
  }

 private:
  std::optional<std::uint64_t> ReadNumber(std::uint8_t terminator) {
    std::uint64_t number = 0;
    const std::size_t begin = offset_;
    while (offset_ < bytes_.size() && bytes_[offset_] >= '0' && bytes_[offset_] <= '9' && offset_ - begin < 12) {
      number = number * 10 + (bytes_[offset_] - static_cast<std::uint64_t>('0'));
      ++offset_;
    }
    if (offset_ == begin || offset_ == bytes_.size() || bytes_[offset_] != terminator) return std::nullopt;
    ++offset_;
    return number;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t offset_ = 0;
};

bool ReadNode(CacheTreeReader& reader, std::size_t depth, CacheTreeNode& node) {
  const std::optional<CacheTreeReader::Head> head = reader.ReadHead();
  if (!head || depth > kMaxTreeDepth) return false;
  node.name = head->name;
  node.entry_count = head->entry_count;
  if (head->oid != nullptr) node.oid = Oid::FromSha1(head->oid);
  if (head->entry_count && depth > 0) return reader.SkipNodes(head->subtree_count);
  for (std::uint64_t i = 0; i < head->subtree_count; ++i) {
    if (!ReadNode(reader, depth + 1, node.children.emplace_back())) return false;
    if (node.children.back().name.empty()) return false;
  }
  const auto by_name = [](const CacheTreeNode& a, const CacheTreeNode& b) { return a.name < b.name; };
  std::sort(node.children.begin(), node.children.end(), by_name);
  return true;
}

}  // namespace

Result<IndexFile> IndexFile::Open(const std::string& path) {
  // Not blocking: a fifo in the place of the index must not hang a commit.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return CannotRead(path, ErrnoText());
  struct stat status {};
  const bool known = ::fstat(fd, &status) == 0;
  if (!known || !S_ISREG(status.st_mode) || status.st_size == 0) {
    ::close(fd);
    return CannotRead(path, known && S_ISREG(status.st_mode) ? "it is empty" : "it is not a regular file");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  // git replaces the file and never writes into it, so the mapping stays as it is.
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const std::string cause = data == MAP_FAILED ? ErrnoText() : "";
  ::close(fd);
  if (data == MAP_FAILED) return CannotRead(path, cause);
  const std::shared_ptr<const void> mapping(data, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  Result<IndexFile> index = Parse({static_cast<const std::uint8_t*>(data), size});
  if (index) index->mapping_ = mapping;
  return index;
}

Result<IndexFile> IndexFile::Parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kHeaderSize + kSha1Size || !HasSignature(bytes.data(), "DIRC")) {
    return NotUnderstood("not an index file");
  }
  IndexFile index;
  index.bytes_ = bytes;
  index.version_ = Big32(bytes.data() + 4);
  index.entry_count_ = Big32(bytes.data() + 8);
  if (index.version_ < 2 || index.version_ > 4) {
    return NotUnderstood("index version " + std::to_string(index.version_));
  }
  return index;
}

// Those that change nothing about the entries. git passes over an unknown one in upper case, but what it holds could
// look like a cache-tree to us: such an index is left to git.
constexpr const char* kKnownExtensions[] = {"REUC", "UNTR", "FSMN", "EOIE", "IEOT"};

Result<IndexExtensions> IndexFile::ReadExtensions(std::size_t offset) const {
  IndexExtensions found;
  std::size_t steps = 0;
  while (offset != limit()) {
    if (offset > limit() || limit() - offset < kExtensionHeader || ++steps > kMaxExtensionSteps) {
      return NotUnderstood("the extensions do not end where they should");
    }
    const std::uint8_t* header = bytes_.data() + offset;
    const std::size_t size = Big32(header + 4);
    offset += kExtensionHeader;
    if (size > limit() - offset) return NotUnderstood("an extension is larger than the file");
    if (HasSignature(header, "TREE")) {
      found.tree = bytes_.subspan(offset, size);
    } else if (HasSignature(header, "link")) {
      found.split = true;
    } else if (HasSignature(header, "sdir")) {
      found.sparse = true;
    } else if (!std::any_of(std::begin(kKnownExtensions), std::end(kKnownExtensions),
                            [&](const char* known) { return HasSignature(header, known); })) {
      found.unknown.assign(reinterpret_cast<const char*>(header), 4);
    }
    offset += size;
  }
  return found;
}

// "EOIE", the last extension, says where the entries end; git writes it when index.threads is set.
std::optional<IndexExtensions> IndexFile::ExtensionsByEndMarker() const {
  if (limit() < kHeaderSize + kEndMarkerSize) return std::nullopt;
  const std::uint8_t* marker = bytes_.data() + limit() - kEndMarkerSize;
  if (!HasSignature(marker, "EOIE") || Big32(marker + 4) != kEndMarkerSize - kExtensionHeader) return std::nullopt;
  const std::size_t offset = Big32(marker + kExtensionHeader);
  if (offset < kHeaderSize || offset > limit() - kEndMarkerSize) return std::nullopt;
  Result<IndexExtensions> found = ReadExtensions(offset);
  if (!found || !MayBeginExtensions(offset)) return std::nullopt;
  return std::move(*found);
}

// The entries in front of the extensions end with NULs. And what begins inside of a larger extension is that one's
// business: git passes over one that it does not know, and a cache-tree in it is not the index's.
bool IndexFile::MayBeginExtensions(std::size_t offset) const {
  if (entry_count_ > 0 && bytes_[offset - 1] != 0) return false;
  const std::size_t reach = offset > kHeaderSize + kEnclosingReach ? offset - kEnclosingReach : kHeaderSize;
  for (std::size_t at = reach; at + kExtensionHeader <= offset; ++at) {
    const std::uint8_t* header = bytes_.data() + at;
    const auto is_upper = [](std::uint8_t c) { return c >= 'A' && c <= 'Z'; };
    if (!is_upper(header[0]) || !is_upper(header[1]) || !is_upper(header[2]) || !is_upper(header[3])) continue;
    const std::size_t end = at + kExtensionHeader + Big32(header + 4);
    if (end > offset && end <= limit() && ReadExtensions(end)) return false;
  }
  return true;
}

// Backwards from the end: the cache-tree is near it. "TREE" also occurs in paths; only one from which a row of
// extensions leads exactly to the checksum, and that starts like a cache-tree, is one.
std::optional<IndexExtensions> IndexFile::ExtensionsByScan() const {
  const std::uint8_t* const begin = bytes_.data() + kHeaderSize;
  std::size_t candidates = 0;
  std::size_t length = limit() - kHeaderSize;
  while (length > 0) {
    const void* at = ::memrchr(begin, 'T', length);
    if (at == nullptr) return std::nullopt;
    const auto* header = static_cast<const std::uint8_t*>(at);
    const auto position = static_cast<std::size_t>(header - begin);
    length = position;
    const std::size_t room = limit() - kHeaderSize - position;
    if (room < kExtensionHeader + 1 || !HasSignature(header, "TREE") || header[kExtensionHeader] != 0) continue;
    if (Big32(header + 4) > room - kExtensionHeader) continue;
    if (++candidates > 64) return std::nullopt;
    Result<IndexExtensions> found = ReadExtensions(kHeaderSize + position);
    if (found && found->tree && CacheTreeReader(*found->tree).ReadHead()) {
      if (!MayBeginExtensions(kHeaderSize + position)) return std::nullopt;
      return std::move(*found);
    }
  }
  return std::nullopt;
}

// "link" is the one extension that git writes before TREE.
bool IndexFile::HasLinkBefore(const std::uint8_t* extension) const {
  const std::uint8_t* const begin = bytes_.data() + kHeaderSize;
  auto length = static_cast<std::size_t>(extension - kExtensionHeader - begin);
  while (const void* at = ::memrchr(begin, 'l', length)) {
    const auto* header = static_cast<const std::uint8_t*>(at);
    const auto room = static_cast<std::size_t>(extension - header);
    if (room >= 2 * kExtensionHeader && HasSignature(header, "link") &&
        Big32(header + 4) == room - 2 * kExtensionHeader) {
      return true;
    }
    length = static_cast<std::size_t>(header - begin);
  }
  return false;
}

Result<CacheTreeRoot> IndexFile::FindCacheTree() const {
  std::optional<IndexExtensions> found = ExtensionsByEndMarker();
  if (!found) found = ExtensionsByScan();
  if (!found || !found->tree) return NotUnderstood("no cache-tree");
  if (!found->unknown.empty()) return NotUnderstood("unknown extension '" + found->unknown + "'");
  const std::optional<CacheTreeReader::Head> head = CacheTreeReader(*found->tree).ReadHead();
  if (!head || !head->name.empty()) return NotUnderstood("malformed cache-tree");
  CacheTreeRoot root{std::nullopt, *found->tree};
  if (!head->entry_count) return root;
  // A last guard against bytes that only look like a cache-tree, and against a writer who forgot to invalidate it. The
  // number in a split index is that of both files together.
  const std::uint8_t* payload = found->tree->data();
  if (*head->entry_count != entry_count_ && !found->split && !HasLinkBefore(payload)) {
    return NotUnderstood("the cache-tree does not cover the entries");
  }
  root.oid = Oid::FromSha1(head->oid);
  return root;
}

std::size_t IndexFile::EntrySize(std::size_t offset) const {
  if (offset > limit() || limit() - offset < kFixedEntrySize + 1) return 0;
  const std::uint8_t* entry = bytes_.data() + offset;
  const std::size_t available = limit() - offset;
  const std::uint32_t flags = Big16(entry + kFlagsOffset);
  std::size_t name_offset = kFixedEntrySize;
  if ((flags & kFlagExtended) != 0) {
    if (version_ < 3) return 0;
    name_offset += 2;
    if (available <= name_offset) return 0;
  }
  std::size_t length = flags & kFlagNameMask;
  if (length == kFlagNameMask) {
    const void* end = std::memchr(entry + name_offset, 0, available - name_offset);
    if (end == nullptr) return 0;
    length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - entry) - name_offset;
  }
  // One to eight NULs, up to a multiple of eight.
  const std::size_t size = (name_offset + length + 8) & ~std::size_t{7};
  return size <= available && length > 0 && entry[name_offset + length] == 0 ? size : 0;
}

IndexEntry IndexFile::EntryAt(std::size_t offset) const {
  const std::uint8_t* data = bytes_.data() + offset;
  const std::uint32_t flags = Big16(data + kFlagsOffset);
  const bool extended = (flags & kFlagExtended) != 0;
  const auto* name = reinterpret_cast<const char*>(data + kFixedEntrySize + (extended ? 2 : 0));
  IndexEntry entry;
  const std::size_t length = flags & kFlagNameMask;
  entry.path = length == kFlagNameMask ? std::string_view(name) : std::string_view(name, length);
  entry.mode = Big32(data + kModeOffset);
  entry.oid = data + kOidOffset;
  entry.stage = static_cast<int>(flags >> 12U & 3U);
  entry.intent_to_add = extended && (Big16(data + kFixedEntrySize) & kFlagIntentToAdd) != 0;
  return entry;
}

Result<std::optional<FoundEntry>> IndexFile::Find(std::string_view path, std::span<const std::size_t> samples) const {
  const auto after =
      std::upper_bound(samples.begin(), samples.end(), path,
                       [this](std::string_view wanted, std::size_t offset) { return wanted < EntryAt(offset).path; });
  if (after == samples.begin()) return std::optional<FoundEntry>();
  std::size_t offset = *(after - 1);
  for (std::uint32_t i = 0; i < IndexCursor::kSampleStep; ++i) {
    const std::size_t size = EntrySize(offset);
    if (size == 0) break;
    const IndexEntry entry = EntryAt(offset);
    if (entry.path > path) break;
    if (entry.path == path) {
      if (entry.stage != 0) return Error{ErrorCode::kIncomplete, std::string(path), std::string(kUnmergedReason)};
      if (entry.intent_to_add) break;
      return std::optional(FoundEntry{entry.mode, Oid::FromSha1(entry.oid)});
    }
    offset += size;
  }
  return std::optional<FoundEntry>();
}

IndexCursor::IndexCursor(const IndexFile& index) : index_(index), offset_(kHeaderSize) {
  if (index.version() == 4) {
    malformed_ = true;  // Its entries share prefixes: another format.
  } else if (!AtEnd()) {
    Load();
  }
}

void IndexCursor::Load() {
  const IndexEntry previous = entry_;
  size_ = index_.EntrySize(offset_);
  if (size_ == 0) {
    malformed_ = true;
    return;
  }
  if (ordinal_ % kSampleStep == 0 && samples_.size() == ordinal_ / kSampleStep) samples_.push_back(offset_);
  entry_ = index_.EntryAt(offset_);
  const int order = previous.path.compare(entry_.path);
  malformed_ = entry_.path.find('\0') != std::string_view::npos || order > 0 ||
               (order == 0 && (previous.stage == 0 || previous.stage >= entry_.stage)) || entry_.path.front() == '/';
}

void IndexCursor::Skip(std::uint64_t count) {
  if (malformed_ || count == 0) return;
  if (count > index_.entry_count_ - ordinal_) {
    malformed_ = true;
    return;
  }
  offset_ += size_;
  ++ordinal_;
  // What costs in a large index is the memory, one cache line after the other, and the next address is known only from
  // the current entry: fetching a page ahead halves the time (12 -> 6 ms for 400,000 entries).
  for (; count > 1; --count) {
    __builtin_prefetch(index_.bytes_.data() + std::min(offset_ + 4096, index_.bytes_.size()));
    const std::size_t size = index_.EntrySize(offset_);
    if (size == 0) {
      malformed_ = true;
      return;
    }
    if (ordinal_ % kSampleStep == 0) samples_.push_back(offset_);
    offset_ += size;
    ++ordinal_;
  }
  if (ordinal_ < index_.entry_count_) Load();
}

const CacheTreeNode* CacheTreeNode::Child(std::string_view child_name) const {
  const auto child =
      std::lower_bound(children.begin(), children.end(), child_name,
                       [](const CacheTreeNode& node, std::string_view wanted) { return node.name < wanted; });
  return child != children.end() && child->name == child_name ? &*child : nullptr;
}

Result<CacheTreeNode> ParseCacheTree(std::span<const std::uint8_t> extension) {
  CacheTreeReader reader(extension);
  CacheTreeNode root;
  if (!ReadNode(reader, 0, root) || !reader.AtEnd() || !root.name.empty()) {
    return NotUnderstood("malformed cache-tree");
  }
  return root;
}

}  // namespace sluice::git
