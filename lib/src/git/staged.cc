#include "sluice/git/staged.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/ascii.h"
#include "git/change.h"
#include "git/entry_diff.h"
#include "git/git_plumbing.h"
#include "git/git_process.h"
#include "git/index_file.h"
#include "git/object_store.h"
#include "git/tree.h"

extern char** environ;

namespace sluice::git {
namespace {

constexpr std::size_t kStreamPiece = 1U << 20U;

Error Unsupported(std::string message) { return {ErrorCode::kUnsupported, "", std::move(message)}; }

bool Exists(const std::string& path) {
  struct stat status {};
  // What cannot be looked at is there, and fails when it is opened.
  return ::stat(path.c_str(), &status) == 0 || errno != ENOENT;
}

bool IsRegularFile(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// A regular file of git's own, whole. (No stream: a static program would start the locales of libstdc++ for it.)
std::optional<std::string> ReadFile(const std::string& path, std::uint64_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd.IsOpen() || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) return std::nullopt;
  std::string text(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t size = 0;
  while (size <= max_bytes) {
    if (size == text.size()) text.resize(2 * size);
    const ssize_t got = ::read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) {
      text.resize(size);
      return text;
    }
    size += static_cast<std::size_t>(got);
  }
  return std::nullopt;
}
std::optional<std::string> ReadSmallFile(const std::string& path) { return ReadFile(path, 1U << 20U); }

// The oids in a file of one per line, such as MERGE_HEAD.
Result<std::vector<Oid>> ReadOidLines(const std::string& path) {
  const std::optional<std::string> text = ReadSmallFile(path);
  if (!text) return Error{ErrorCode::kIncomplete, path, "cannot be read"};
  std::vector<Oid> oids;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::optional<Oid> oid = ParseOid(rest.substr(0, end));
    if (!oid) return Error{ErrorCode::kIncomplete, path, "is not a list of commits"};
    oids.push_back(*oid);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return oids;
}

// The oids of FETCH_HEAD that `git pull` merges: "<oid>\t\t<where from>", or with "not-for-merge" between the tabs.
// What cannot be read names none.
std::vector<Oid> ReadFetchHead(const std::string& path) {
  const std::optional<std::string> text = ReadSmallFile(path);
  std::vector<Oid> oids;
  for (std::string_view rest = text ? *text : std::string_view(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t tab = std::min(line.find('\t'), line.size());
    const std::optional<Oid> oid = ParseOid(line.substr(0, tab));
    if (oid && line.substr(tab).starts_with("\t\t")) oids.push_back(*oid);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return oids;
}

// What `git merge` names in its environment: GITHEAD_<oid>=<what the person called it>, for each head that it merges.
std::vector<Oid> MergeHeadsOfEnvironment() {
  constexpr std::string_view kPrefix = "GITHEAD_";
  std::vector<Oid> oids;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    std::string_view name = *variable;
    name = name.substr(0, name.find('='));
    if (!name.starts_with(kPrefix)) continue;
    if (const std::optional<Oid> oid = ParseOid(name.substr(kPrefix.size()))) oids.push_back(*oid);
  }
  std::sort(oids.begin(), oids.end());
  return oids;
}

}  // namespace

std::string_view ToString(Way way) {
  switch (way) {
    case Way::kAuto:
      return "auto";
    case Way::kCacheTree:
      return "cache-tree";
    case Way::kEntries:
      return "entries";
    case Way::kGit:
      return "git";
  }
  return "";
}

struct Repository::Impl {
  explicit Impl(const OpenOptions& options) : git(options.directory), cat_file(git) {}

  Result<void> Open(const OpenOptions& options);
  Result<StagedChange> Staged(const StagedOptions& options);
  Result<std::string> ReadBlob(const Oid& oid, std::uint64_t max_bytes);
  Result<std::optional<FoundEntry>> Find(std::string_view path);
  Result<std::optional<FoundEntry>> FindInHead(std::string_view path);

  // The parents beside HEAD, as they are named.
  Result<std::vector<Oid>> OtherParents(bool merging);
  Result<bool> IsUnborn();
  // True when there is no index, and HEAD is unborn: then nothing is staged. An error when there should be one.
  Result<bool> HasNoIndex();
  std::string IndexPath() const;
  // The trees of HEAD (nullopt: unborn) and of the others.
  Result<std::vector<std::optional<Oid>>> ParentTrees(const std::vector<Oid>& others);

  Result<StagedChange> ByWay(Way way, const std::vector<Oid>& others);
  Result<StagedChange> ByCacheTree(const IndexFile& found, const std::vector<std::optional<Oid>>& parents);
  Result<StagedChange> ByEntries(const IndexFile& found, const std::vector<std::optional<Oid>>& parents);
  Result<StagedChange> ByGit(const std::vector<Oid>& others);

  GitCommand git;
  CatFile cat_file;
  std::unique_ptr<ObjectStore> store;  // Null when libgit2 does not follow this repository.
  std::string why_no_store;
  std::string top;
  std::string git_dir;  // With a trailing slash.

  // Where the tree that will be committed is read, by the way that found it.
  Way way = Way::kAuto;
  Oid root_tree;
  std::optional<IndexFile> index;
  std::vector<std::size_t> samples;
};

Result<void> Repository::Impl::Open(const OpenOptions& options) {
  Result<std::unique_ptr<ObjectStore>> opened = ObjectStore::Open(options);
  if (opened) {
    store = std::move(*opened);
    top = store->top();
    git_dir = store->git_dir();
    return {};
  }
  // libgit2 says the same of "no repository", "not yours" and "an extension that I do not know". git knows which.
  why_no_store = opened.error().ToString();
  Result<RepositoryPlace> place = FindRepository(git);
  if (!place) return place.error();
  top = std::move(place->top);
  git_dir = std::move(place->git_dir);
  return {};
}

std::string Repository::Impl::IndexPath() const {
  const char* variable = std::getenv("GIT_INDEX_FILE");
  if (variable == nullptr || *variable == '\0') return git_dir + "index";
  // git has gone to the top of the working tree when it opens it.
  return *variable == '/' ? variable : top + "/" + variable;
}

Result<bool> Repository::Impl::IsUnborn() {
  if (store != nullptr) {
    const Result<std::optional<Oid>> head = store->HeadCommit();
    if (head) return !head->has_value();
    // git would take a reference that it cannot read for one that is not there.
    return Error{ErrorCode::kIncomplete, "HEAD", head.error().message};
  }
  const Result<bool> has_head = HasHead(git);
  if (!has_head) return has_head.error();
  return !*has_head;
}

Result<bool> Repository::Impl::HasNoIndex() {
  const std::string path = IndexPath();
  // git would wait for somebody to write into a fifo of that name.
  if (IsRegularFile(path)) return false;
  if (Exists(path)) return Error{ErrorCode::kIncomplete, path, "cannot read the index: it is not a regular file"};
  const Result<bool> unborn = IsUnborn();
  if (!unborn) return unborn.error();
  if (*unborn) return true;
  // git takes it for an empty index: the next commit would delete everything, and adds nothing. But git writes the
  // index before it runs a hook, so a missing one means that we look in the wrong place, and that must not pass for
  // clean.
  const bool named = std::getenv("GIT_INDEX_FILE") != nullptr;
  return Error{ErrorCode::kIncomplete, path, named ? "GIT_INDEX_FILE names no file" : "index missing"};
}

Result<std::vector<Oid>> Repository::Impl::OtherParents(bool merging) {
  std::vector<Oid> others;
  if (const std::string path = git_dir + "MERGE_HEAD"; Exists(path)) {
    Result<std::vector<Oid>> heads = ReadOidLines(path);
    if (!heads) return heads.error();
    others = std::move(*heads);
  }
  if (!merging) return others;
  // Anybody can set a variable (lib/decisions/0007): it only counts for a commit that is in some history already.
  const std::vector<Oid> fetched = ReadFetchHead(git_dir + "FETCH_HEAD");
  for (const Oid& oid : MergeHeadsOfEnvironment()) {
    if (std::find(others.begin(), others.end(), oid) == others.end() && IsInHistory(git, oid, fetched)) {
      others.push_back(oid);
    }
  }
  return others;
}

Result<std::vector<std::optional<Oid>>> Repository::Impl::ParentTrees(const std::vector<Oid>& others) {
  std::vector<std::optional<Oid>> trees;
  const Result<std::optional<Oid>> head = store->HeadCommit();
  if (!head) return head.error();
  trees.emplace_back();
  if (*head) {
    const Result<Oid> tree = store->TreeOf(**head);
    if (!tree) return tree.error();
    trees[0] = *tree;
  }
  for (const Oid& other : others) {
    const Result<Oid> tree = store->TreeOf(other);
    if (!tree) return tree.error();
    trees.emplace_back(*tree);
  }
  return trees;
}

Result<StagedChange> Repository::Impl::Staged(const StagedOptions& options) {
  way = Way::kAuto;
  index.reset();
  const Result<bool> no_index = HasNoIndex();
  if (!no_index) return no_index.error();
  const Result<std::vector<Oid>> others = OtherParents(options.merging);
  if (!others) return others.error();
  Result<StagedChange> change = StagedChange{};
  if (*no_index) {
    change->way = options.way;
  } else if (options.way != Way::kAuto) {
    change = ByWay(options.way, *others);
    if (change && options.way == Way::kGit) change->why_not_faster = "asked for";
  } else {
    std::string why;
    change = Unsupported("");
    for (const Way candidate : {Way::kCacheTree, Way::kEntries, Way::kGit}) {
      // Only what a way does not understand, or cannot find, is left to the next.
      if (change || change.error().code != ErrorCode::kUnsupported) break;
      why = change.error().ToString();
      change = ByWay(candidate, *others);
      if (change && candidate == Way::kGit) change->why_not_faster = why;
    }
  }
  if (change && !*no_index) way = change->way;
  return change;
}

Result<StagedChange> Repository::Impl::ByWay(Way wanted, const std::vector<Oid>& others) {
  if (wanted == Way::kGit) return ByGit(others);
  if (store == nullptr) return Unsupported(why_no_store);
  Result<std::vector<std::optional<Oid>>> parents = ParentTrees(others);
  if (!parents) return parents.error();
  if (!index) {
    Result<IndexFile> opened = IndexFile::Open(IndexPath());
    if (!opened) return opened.error();
    index = std::move(*opened);
  }
  return wanted == Way::kCacheTree ? ByCacheTree(*index, *parents) : ByEntries(*index, *parents);
}

Result<StagedChange> Repository::Impl::ByCacheTree(const IndexFile& found,
                                                   const std::vector<std::optional<Oid>>& parents) {
  const Result<CacheTreeRoot> root = found.FindCacheTree();
  if (!root) return root.error();
  if (!root->oid) return Unsupported("the root of the cache-tree is not valid");
  std::vector<TreeChanges> changes(parents.size());
  for (std::size_t i = 0; i < parents.size(); ++i) {
    TreeDiff diff(*store, changes[i]);
    if (Result<void> done = diff.Run("", parents[i], root->oid); !done) return done.error();
  }
  root_tree = *root->oid;
  StagedChange result = Combine(changes);
  result.way = Way::kCacheTree;
  return result;
}

Result<StagedChange> Repository::Impl::ByEntries(const IndexFile& found,
                                                 const std::vector<std::optional<Oid>>& parents) {
  // Without a cache-tree every directory is looked at: slower than A, as fast as git.
  CacheTreeNode cache_tree;
  bool has_cache_tree = false;
  if (const Result<CacheTreeRoot> root = found.FindCacheTree()) {
    Result<CacheTreeNode> parsed = ParseCacheTree(root->extension);
    if (!parsed) return parsed.error();
    cache_tree = std::move(*parsed);
    has_cache_tree = true;
  }
  std::vector<TreeChanges> changes;
  for (const std::optional<Oid>& parent : parents) {
    Result<EntryDiffResult> diff = DiffTreeToEntries(*store, parent, found, has_cache_tree ? &cache_tree : nullptr);
    if (!diff) return diff.error();
    changes.push_back(std::move(diff->changes));
    samples = std::move(diff->samples);
  }
  StagedChange result = Combine(changes);
  result.way = Way::kEntries;
  return result;
}

Result<StagedChange> Repository::Impl::ByGit(const std::vector<Oid>& others) {
  std::vector<TreeChanges> changes;
  Result<TreeChanges> head = DiffIndex(git, std::nullopt);
  if (!head) return head.error();
  changes.push_back(std::move(*head));
  for (const Oid& other : others) {
    Result<TreeChanges> against = DiffIndex(git, other);
    if (!against) return against.error();
    changes.push_back(std::move(*against));
  }
  StagedChange result = Combine(changes);
  result.way = Way::kGit;
  return result;
}

Result<std::string> Repository::Impl::ReadBlob(const Oid& oid, std::uint64_t max_bytes) {
  if (store != nullptr) {
    Result<std::string> bytes = store->ReadBlob(oid, max_bytes);
    if (bytes || bytes.error().code != ErrorCode::kUnsupported) return bytes;
  }
  // Also a second opinion: what libgit2 cannot read, git may.
  return cat_file.Read(oid, max_bytes);
}

Result<std::optional<FoundEntry>> Repository::Impl::Find(std::string_view path) {
  switch (way) {
    case Way::kCacheTree:
      return FindInTree(*store, root_tree, path);
    case Way::kEntries:
      return index->Find(path, samples);
    default:
      return FindInIndex(git, path);
  }
}

Result<std::optional<FoundEntry>> Repository::Impl::FindInHead(std::string_view path) {
  if (store != nullptr) {
    const Result<std::optional<Oid>> head = store->HeadCommit();
    const Result<Oid> tree = head && *head ? store->TreeOf(**head) : Result<Oid>(Unsupported("no HEAD"));
    if (head && !*head) return std::optional<FoundEntry>();
    if (tree) return FindInTree(*store, *tree, path);
  }
  return FindInCommit(git, "HEAD", path);
}

Result<Repository> Repository::Open(const OpenOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  if (Result<void> opened = impl->Open(options); !opened) return opened.error();
  return Repository(std::move(impl));
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

const std::string& Repository::top() const { return impl_->top; }

bool Repository::IsMerging() const { return Exists(impl_->git_dir + "MERGE_HEAD"); }

// git's lock files: .git/index.lock of commit -a, .git/next-index-<number>.lock of commit FILE.
bool Repository::HasOwnIndex() const { return impl_->IndexPath().ends_with(".lock"); }

std::string Repository::IndexStamp() const {
  struct stat status {};
  if (::stat(impl_->IndexPath().c_str(), &status) != 0) return "";
  return std::to_string(status.st_ino) + ' ' + std::to_string(status.st_size) + ' ' +
         std::to_string(status.st_mtim.tv_sec) + ' ' + std::to_string(status.st_mtim.tv_nsec) + ' ' +
         std::to_string(status.st_ctim.tv_sec) + ' ' + std::to_string(status.st_ctim.tv_nsec);
}

Result<StagedChange> Repository::Staged(const StagedOptions& options) { return impl_->Staged(options); }

namespace {

Error NoOid(std::string_view text) {
  return {ErrorCode::kIncomplete, std::string(text.substr(0, 64)), "is no object id"};
}

}  // namespace

Result<std::string> Repository::ReadBlob(std::string_view oid, std::uint64_t max_bytes) {
  const std::optional<Oid> id = ParseOid(oid);
  if (!id) return NoOid(oid);
  return impl_->ReadBlob(*id, max_bytes);
}

Result<std::uint64_t> Repository::BlobSize(std::string_view oid) {
  const std::optional<Oid> id = ParseOid(oid);
  if (!id) return NoOid(oid);
  if (impl_->store != nullptr) {
    if (Result<std::uint64_t> size = impl_->store->BlobSize(*id)) return size;
  }
  return impl_->cat_file.Size(*id);
}

Result<void> Repository::StreamBlob(std::string_view oid, const std::function<bool(std::string_view)>& sink) {
  const std::optional<Oid> id = ParseOid(oid);
  if (!id) return NoOid(oid);
  const Result<std::uint64_t> size = BlobSize(oid);
  if (!size) return size.error();
  if (*size > kMaxBlobInMemory) return impl_->cat_file.Stream(*id, sink);
  const Result<std::string> bytes = impl_->ReadBlob(*id, kMaxBlobInMemory);
  if (!bytes) return bytes.error();
  for (std::string_view rest = *bytes; !rest.empty(); rest.remove_prefix(std::min(kStreamPiece, rest.size()))) {
    if (!sink(rest.substr(0, kStreamPiece))) break;
  }
  return {};
}

std::optional<std::string> Repository::ReadLfsObject(std::string_view sha256, std::uint64_t max_bytes) {
  constexpr std::size_t kDigits = 64;
  const bool is_hex = sha256.size() == kDigits && std::all_of(sha256.begin(), sha256.end(), IsHexDigit);
  if (!is_hex) return std::nullopt;
  // All worktrees share one store. gitrepository-layout: "commondir", relative to the folder that it is in.
  std::string common = impl_->git_dir;
  if (std::optional<std::string> relative = ReadSmallFile(common + "commondir")) {
    while (!relative->empty() && relative->back() == '\n') relative->pop_back();
    common = (relative->starts_with('/') ? *relative : common + *relative) + "/";
  }
  std::string path = common + "lfs/objects/";
  path.append(sha256.substr(0, 2)).append("/").append(sha256.substr(2, 2)).append("/").append(sha256);
  return ReadFile(path, max_bytes);
}

Result<std::optional<std::string>> Repository::ReadStaged(std::string_view path) {
  Result<std::optional<FoundEntry>> found = impl_->Find(path);
  // The tree that will be committed was there a moment ago; when it cannot be read now, git may still.
  if (!found && found.error().code == ErrorCode::kUnsupported) found = FindInIndex(impl_->git, path);
  if (!found) return found.error();
  if (!*found) return std::optional<std::string>();
  if (((*found)->mode & kModeTypeMask) != kModeRegular) {
    return Error{ErrorCode::kConfig, std::string(path), "is not a regular file"};
  }
  Result<std::string> bytes = impl_->ReadBlob((*found)->oid, kMaxBlobInMemory);
  if (!bytes) return bytes.error();
  return std::optional(std::move(*bytes));
}

Result<std::optional<std::string>> Repository::ReadCommitted(std::string_view path) {
  Result<std::optional<FoundEntry>> found = impl_->FindInHead(path);
  if (!found) return found.error();
  if (!*found || ((*found)->mode & kModeTypeMask) != kModeRegular) return std::optional<std::string>();
  Result<std::string> bytes = impl_->ReadBlob((*found)->oid, kMaxBlobInMemory);
  if (!bytes) return bytes.error();
  return std::optional(std::move(*bytes));
}

}  // namespace sluice::git
