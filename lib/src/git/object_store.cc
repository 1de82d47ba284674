#include "git/object_store.h"

#include <git2.h>
#include <git2/sys/repository.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace sluice::git {
namespace {

Error NotFollowed(std::string message) { return {ErrorCode::kUnsupported, "", std::move(message)}; }

Error Libgit2Error() {
  const git_error* last = git_error_last();
  return NotFollowed(std::string("libgit2: ") +
                     (last != nullptr && last->message != nullptr ? last->message : "failed"));
}

// As git has it, a variable that is set and empty is set; none of these is meaningful empty.
std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Variables that move a part of the repository to where libgit2 would not look.
Result<void> CheckEnvironment(const OpenOptions& options) {
  for (const char* name : {"GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_REFERENCE_BACKEND"}) {
    if (std::getenv(name) != nullptr) return NotFollowed(std::string(name) + " is set");
  }
  if (Env("GIT_ALTERNATE_OBJECT_DIRECTORIES").find('"') != std::string::npos) {
    return NotFollowed("GIT_ALTERNATE_OBJECT_DIRECTORIES is quoted");
  }
  if (options.directory.empty()) return {};
  for (const char* name : {"GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}) {
    if (std::getenv(name) != nullptr) return NotFollowed(std::string(name) + " is set, for another directory");
  }
  return {};
}

bool SameFile(const std::string& a, const std::string& b) {
  struct stat status_a {};
  struct stat status_b {};
  return ::stat(a.c_str(), &status_a) == 0 && ::stat(b.c_str(), &status_b) == 0 && status_a.st_dev == status_b.st_dev &&
         status_a.st_ino == status_b.st_ino;
}

bool IsFile(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

git_oid ToGit(const Oid& oid) {
  git_oid result;
  git_oid_fromraw(&result, oid.bytes.data());
  return result;
}

struct FreeObject {
  void operator()(git_odb_object* object) const { git_odb_object_free(object); }
};
using Object = std::unique_ptr<git_odb_object, FreeObject>;

Result<Object> ReadObject(git_odb* odb, const Oid& oid) {
  if (oid.size != kSha1Size) return NotFollowed("not a SHA-1 object");
  const git_oid id = ToGit(oid);
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb, &id) != 0) return Libgit2Error();
  return Object(object);
}

std::string_view Bytes(const Object& object) {
  return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
}

// The oid in the first line of a commit ("tree <hex>") or of a tag ("object <hex>").
std::optional<Oid> FirstLineOid(std::string_view text, std::string_view key) {
  if (!text.starts_with(key)) return std::nullopt;
  text.remove_prefix(key.size());
  if (text.size() <= 2 * kSha1Size || text[2 * kSha1Size] != '\n') return std::nullopt;
  return ParseOid(text.substr(0, 2 * kSha1Size));
}

// config.worktree, which libgit2 does not read, can make a repository bare or move its working tree. git's
// sparse-checkout puts there what does not matter to us.
Result<void> CheckWorktreeConfig(git_repository* repository, const std::string& git_dir) {
  const std::string path = git_dir + "config.worktree";
  if (!IsFile(path)) return {};
  git_config* raw = nullptr;
  git_config* snapshot = nullptr;
  int enabled = 0;
  if (git_repository_config_snapshot(&snapshot, repository) != 0) return Libgit2Error();
  git_config_get_bool(&enabled, snapshot, "extensions.worktreeconfig");
  git_config_free(snapshot);
  if (enabled == 0) return {};
  if (git_config_open_ondisk(&raw, path.c_str()) != 0) return Libgit2Error();
  bool moves = false;
  for (const char* key : {"core.bare", "core.worktree"}) {
    git_config_entry* entry = nullptr;
    const int found = git_config_get_entry(&entry, raw, key);
    git_config_entry_free(entry);
    moves = moves || found != GIT_ENOTFOUND;
  }
  git_config_free(raw);
  if (moves) return NotFollowed("config.worktree moves the working tree");
  return {};
}

}  // namespace

void StartLibgit2() {
  static const bool started = [] {
    git_libgit2_init();
    // Those that change nothing about HEAD, index and objects. Never "refstorage": without its reader, HEAD would look
    // unborn. "objectformat" only works for SHA-1.
    std::array<const char*, 4> extensions = {"worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
    // git has checked what it wrote; verifying again costs more than reading.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    return true;
  }();
  (void)started;
}

void ObjectStore::FreeRepository::operator()(git_repository* repository) const { git_repository_free(repository); }
void ObjectStore::FreeOdb::operator()(git_odb* odb) const { git_odb_free(odb); }

Result<std::unique_ptr<ObjectStore>> ObjectStore::Open(const OpenOptions& options) {
  if (Result<void> usual = CheckEnvironment(options); !usual) return usual.error();
  StartLibgit2();
  std::unique_ptr<ObjectStore> store(new ObjectStore);
  if (Result<void> opened = store->OpenRepository(options); !opened) return opened.error();
  if (Result<void> opened = store->OpenObjects(); !opened) return opened.error();
  return store;
}

Result<void> ObjectStore::OpenRepository(const OpenOptions& options) {
  // In a hook, git has checked the owner, and knows more ways to allow it than libgit2 does (safe.directory=*).
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, options.in_hook ? 0 : 1);
  const std::string git_dir = Env("GIT_DIR");
  const std::string ceiling = Env("GIT_CEILING_DIRECTORIES");
  const std::string start = !git_dir.empty() ? git_dir : options.directory.empty() ? "." : options.directory;
  unsigned flags = git_dir.empty() ? 0U : unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  if (!Env("GIT_DISCOVERY_ACROSS_FILESYSTEM").empty()) flags |= GIT_REPOSITORY_OPEN_CROSS_FS;
  git_repository* repository = nullptr;
  if (git_repository_open_ext(&repository, start.c_str(), flags, ceiling.c_str()) != 0) return Libgit2Error();
  repository_.reset(repository);
  const char* workdir = git_repository_workdir(repository);
  if (git_repository_is_bare(repository) != 0 || workdir == nullptr) return NotFollowed("the repository is bare");
  top_ = workdir;
  // With GIT_DIR alone, git takes the current directory for the top.
  if (!git_dir.empty() && !SameFile(top_, ".")) return NotFollowed("GIT_DIR is set away from the working tree");
  while (top_.size() > 1 && top_.back() == '/') top_.pop_back();
  git_dir_ = git_repository_path(repository);
  return CheckWorktreeConfig(repository, git_dir_);
}

Result<void> ObjectStore::OpenObjects() {
  git_odb* odb = nullptr;
  const std::string directory = Env("GIT_OBJECT_DIRECTORY");
  const int opened =
      directory.empty() ? git_repository_odb(&odb, repository_.get()) : git_odb_open(&odb, directory.c_str());
  if (opened != 0) return Libgit2Error();
  odb_.reset(odb);
  const std::string list = Env("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    const std::string alternate = list.substr(begin, end - begin);
    // git passes over one that does not exist.
    if (!alternate.empty() && IsFile(alternate) && git_odb_add_disk_alternate(odb, alternate.c_str()) != 0) {
      return Libgit2Error();
    }
    begin = end + 1;
  }
  return {};
}

Result<std::optional<Oid>> ObjectStore::HeadCommit() {
  // libgit2 looks for the references of one worktree (refs/worktree/…) in the common directory, git does not: a HEAD
  // that points there is left to git.
  git_reference* head = nullptr;
  if (git_reference_lookup(&head, repository_.get(), "HEAD") == 0) {
    const char* target = git_reference_symbolic_target(head);
    const bool is_branch = target == nullptr || std::string_view(target).starts_with("refs/heads/");
    git_reference_free(head);
    if (!is_branch) return NotFollowed("HEAD points outside refs/heads/");
  }
  git_oid id;
  const int found = git_reference_name_to_id(&id, repository_.get(), "HEAD");
  if (found == 0) return std::optional(Oid::FromSha1(id.id));
  if (found == GIT_ENOTFOUND && git_repository_head_unborn(repository_.get()) == 1) return std::optional<Oid>();
  return Libgit2Error();
}

Result<Oid> ObjectStore::TreeOf(const Oid& commit_or_tag) {
  Oid oid = commit_or_tag;
  for (int depth = 0; depth < 16; ++depth) {
    Result<Object> object = ReadObject(odb_.get(), oid);
    if (!object) return object.error();
    const git_object_t type = git_odb_object_type(object->get());
    const bool is_tag = type == GIT_OBJECT_TAG;
    const std::optional<Oid> next = FirstLineOid(Bytes(*object), is_tag ? "object " : "tree ");
    if ((!is_tag && type != GIT_OBJECT_COMMIT) || !next) return NotFollowed(ToHex(oid) + " is no commit");
    if (!is_tag) return *next;
    oid = *next;
  }
  return NotFollowed("tags of tags, without an end");
}

Result<TreeBytes> ObjectStore::ReadTree(const Oid& oid) {
  Result<Object> object = ReadObject(odb_.get(), oid);
  if (!object) return object.error();
  if (git_odb_object_type(object->get()) != GIT_OBJECT_TREE) return NotFollowed(ToHex(oid) + " is no tree");
  const std::string_view bytes = Bytes(*object);
  return TreeBytes{std::shared_ptr<const void>(
                       object->release(),
                       [](const void* p) { git_odb_object_free(static_cast<git_odb_object*>(const_cast<void*>(p))); }),
                   {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
}

Result<std::uint64_t> ObjectStore::BlobSize(const Oid& oid) {
  if (oid.size != kSha1Size) return NotFollowed("not a SHA-1 object");
  const git_oid id = ToGit(oid);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb_.get(), &id) != 0) return Libgit2Error();
  if (type != GIT_OBJECT_BLOB) return NotFollowed(ToHex(oid) + " is no blob");
  return std::uint64_t{size};
}

Result<std::string> ObjectStore::ReadBlob(const Oid& oid, std::uint64_t max_bytes) {
  // The size first: reading takes as much memory as the object is large.
  const Result<std::uint64_t> size = BlobSize(oid);
  if (!size) return size.error();
  if (*size > max_bytes) {
    return Error{ErrorCode::kIncomplete, "blob " + ToHex(oid), "larger than " + std::to_string(max_bytes) + " bytes"};
  }
  Result<Object> object = ReadObject(odb_.get(), oid);
  if (!object) return object.error();
  if (git_odb_object_type(object->get()) != GIT_OBJECT_BLOB) return NotFollowed(ToHex(oid) + " is no blob");
  return std::string(Bytes(*object));
}

}  // namespace sluice::git
