// A cache entry is the image followed by 32 bytes: HMAC-SHA-256 of the image under a key that was made at random in the
// same folder. Hyperscan executes what it deserialises, and its own CRC stops no forger, so nothing that this user's
// sluice did not write is ever handed to it: not a file checked out from a repository, not one restored from elsewhere.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "base/sha256.h"
#include "engine/hyperscan.h"
#include "sluice/database.h"

namespace sluice {

namespace {

constexpr std::size_t kMaxEntryBytes = 64U << 20U;
constexpr std::size_t kMacBytes = 32;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool OnlyOwnerWrites(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// The bytes of a regular file that only this user can write. nullopt and a reason in `problem` otherwise; the reason
// stays empty when the file is just not there.
std::optional<std::vector<std::byte>> ReadOwn(const std::string& path, std::string* problem) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.ok()) {
    if (errno != ENOENT) *problem = std::strerror(errno);
    return std::nullopt;
  }
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    *problem = "not a regular file";
    return std::nullopt;
  }
  if (!OnlyOwnerWrites(status)) {
    *problem = "others can write it";
    return std::nullopt;
  }
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > kMaxEntryBytes) {
    *problem = "too large";
    return std::nullopt;
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

// Writes under a name of our own, then gives it its place: a reader sees the old file, the new one or none. With
// `keep_existing` a file that is there already, such as another process's key, stays.
bool WriteOwn(const std::string& path, std::string_view bytes, bool keep_existing) {
  static std::atomic<unsigned> counter{0};
  const std::string temporary = path + "." + std::to_string(getpid()) + "." + std::to_string(++counter);
  {
    const FileDescriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file.ok()) return false;
    while (!bytes.empty()) {
      const ssize_t put = write(file.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        unlink(temporary.c_str());
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  const bool placed = keep_existing ? link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST
                                    : rename(temporary.c_str(), path.c_str()) == 0;
  if (keep_existing || !placed) unlink(temporary.c_str());
  return placed;
}

bool MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), S_IRWXU);
  }
  return mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST;
}

// One folder with its key, checked once.
class Folder {
 public:
  // Why the folder cannot be used, or "".
  std::string Open(const std::string& directory) {
    directory_ = directory;
    if (!MakeFolders(directory)) return std::strerror(errno);
    struct stat status {};
    if (lstat(directory.c_str(), &status) != 0) return std::strerror(errno);
    if (!S_ISDIR(status.st_mode)) return "not a folder";
    if (!OnlyOwnerWrites(status)) return "others can write it";
    std::string problem;
    if (!ReadKey(&problem) && problem.empty() && MakeKey()) ReadKey(&problem);
    if (key_.size() == kMacBytes) return "";
    return problem.empty() ? "its key cannot be written" : "key: " + problem;
  }

  // The image in the entry `name`, if it is there and ours.
  std::optional<std::vector<std::byte>> Read(const std::string& name, std::string* problem) const {
    std::optional<std::vector<std::byte>> entry = ReadOwn(PathOf(name), problem);
    if (!entry) return std::nullopt;
    if (entry->size() <= kMacBytes) {
      *problem = "truncated";
      return std::nullopt;
    }
    const std::size_t image_bytes = entry->size() - kMacBytes;
    const std::string_view text(reinterpret_cast<const char*>(entry->data()), image_bytes);
    const Sha256Digest mac = HmacSha256(Key(), text);
    if (std::memcmp(mac.data(), entry->data() + image_bytes, kMacBytes) != 0) {
      *problem = "corrupt or foreign";
      return std::nullopt;
    }
    entry->resize(image_bytes);
    return entry;
  }

  [[nodiscard]] bool Write(const std::string& name, std::span<const std::byte> image) const {
    std::string entry(reinterpret_cast<const char*>(image.data()), image.size());
    entry += AsText(HmacSha256(Key(), entry));
    return WriteOwn(PathOf(name), entry, /*keep_existing=*/false);
  }

  [[nodiscard]] std::string PathOf(const std::string& name) const { return directory_ + "/" + name; }

 private:
  bool ReadKey(std::string* problem) {
    const std::optional<std::vector<std::byte>> key = ReadOwn(PathOf("key"), problem);
    if (key && key->size() == kMacBytes) key_ = *key;
    if (key && key->size() != kMacBytes) *problem = "damaged; delete " + PathOf("key");
    return !key_.empty();
  }

  [[nodiscard]] bool MakeKey() const {
    std::string key(kMacBytes, '\0');
    return getrandom(key.data(), key.size(), 0) == static_cast<ssize_t>(key.size()) &&
           WriteOwn(PathOf("key"), key, /*keep_existing=*/true);
  }

  [[nodiscard]] std::span<const unsigned char> Key() const {
    return {reinterpret_cast<const unsigned char*>(key_.data()), key_.size()};
  }

  std::string directory_;
  std::vector<std::byte> key_;
};

std::string EntryName(std::span<const RuleFile> files) {
  std::string digests;
  for (const RuleFile& file : files) digests += AsText(Sha256OfParts({file.name, file.bytes}));
  return Hex(Sha256OfParts({engine::BuildTag(), digests}), 32) + ".rules";
}

void Complain(std::string* complaint, const std::string& text) {
  if (complaint != nullptr) *complaint = text;
}

Result<Database, Errors> Compile(std::span<const RuleFile> files) {
  const Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  if (!rules) return rules.error();
  Result<Database> database = Database::Compile(*rules);
  if (!database) return Errors{database.error()};
  return std::move(*database);
}

}  // namespace

std::string DatabaseCache::DefaultDirectory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && cache[0] == '/') {
    return std::string(cache) + "/sluice";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    return std::string(home) + "/.cache/sluice";
  }
  return "";
}

Result<Database, Errors> DatabaseCache::Load(std::span<const RuleFile> files, std::string* complaint) const {
  Folder folder;
  if (directory_.empty()) return Compile(files);
  if (const std::string problem = folder.Open(directory_); !problem.empty()) {
    Complain(complaint, "rule cache " + directory_ + " not used: " + problem);
    return Compile(files);
  }
  const std::string name = EntryName(files);
  std::string problem;
  if (std::optional<std::vector<std::byte>> image = folder.Read(name, &problem)) {
    Result<Database> database = Database::FromImage(std::move(*image));
    if (database) return std::move(*database);
    problem = database.error().message;
  }
  if (!problem.empty()) Complain(complaint, "rule cache " + folder.PathOf(name) + " ignored: " + problem);

  Result<Database, Errors> database = Compile(files);
  if (database && !folder.Write(name, database->image())) {
    Complain(complaint, "rule cache " + folder.PathOf(name) + " not written: " + std::strerror(errno));
  }
  return database;
}

}  // namespace sluice
