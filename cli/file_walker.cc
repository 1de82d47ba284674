#include "file_walker.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "git/git_process.h"

namespace sluice::cli {

namespace {

struct DirectoryClose {
  void operator()(DIR* directory) const { closedir(directory); }
};

std::string Join(const std::string& folder, std::string_view name) {
  if (folder.empty() || folder == ".") return std::string(name);
  return folder.back() == '/' ? folder + std::string(name) : folder + "/" + std::string(name);
}

std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

constexpr std::string_view kIgnoreFile = ".gitignore";

// Git opens each .gitignore and would wait forever for one that is a pipe to be written to. While git lists `folder`,
// this looks for such, and opens them for writing and closes them, so that git reads an empty one.
class PipeOpener {
 public:
  explicit PipeOpener(std::string folder) : folder_(std::move(folder)), thread_([this] { Run(); }) {}
  PipeOpener(const PipeOpener&) = delete;
  PipeOpener& operator=(const PipeOpener&) = delete;
  ~PipeOpener() { Stop(); }

  // The pipes that were found, when git has ended.
  std::vector<std::string> Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    return pipes_;
  }

 private:
  void Run() {
    // Git is done before that nearly always, and then nothing is looked for.
    constexpr std::chrono::seconds kPatience(2);
    constexpr std::chrono::milliseconds kPause(100);
    if (IsStopped(kPatience)) return;
    Find();
    while (!IsStopped(kPause)) {
      for (const std::string& pipe : pipes_) {
        const git::UniqueFd writer(open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
      }
    }
  }

  bool IsStopped(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, wait, [this] { return stopped_; });
  }

  static bool IsPipe(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::symlink_status(path, error).type() == std::filesystem::file_type::fifo;
  }

  // Below the folder and in those above it.
  void Find() {
    namespace fs = std::filesystem;
    std::error_code error;
    for (fs::path above = fs::path(RealPath(folder_)).parent_path();; above = above.parent_path()) {
      for (const std::string_view name : {kIgnoreFile, std::string_view(".git/info/exclude")}) {
        if (IsPipe(above / name)) pipes_.push_back((above / name).string());
      }
      if (above == above.root_path()) break;
    }
    if (const fs::path exclude = fs::path(folder_) / ".git/info/exclude"; IsPipe(exclude)) {
      pipes_.push_back(exclude.string());
    }
    fs::recursive_directory_iterator entry(folder_, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator() && !IsStopped(std::chrono::milliseconds(0));
         entry.increment(error)) {
      if (entry->path().filename() == kIgnoreFile && IsPipe(entry->path())) pipes_.push_back(entry->path().string());
    }
  }

  std::string folder_;
  std::vector<std::string> pipes_;  // Of the thread, until it has ended.
  std::mutex mutex_;                // Of stopped_.
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;  // The last: it uses the others.
};

class Walker {
 public:
  Walker(std::string top, bool no_ignore) : top_(std::move(top)), no_ignore_(no_ignore) {}

  Result<void> Add(const std::string& path) {
    struct stat status {};
    // A link to a folder stands for it, and one to anything else only for the name that it holds.
    std::error_code loops;  // Then it is no folder either.
    if (lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode) && !std::filesystem::is_directory(path, loops)) {
      AddLink(path);
      return {};
    }
    if (stat(path.c_str(), &status) != 0) {
      return Error{ErrorCode::kUsage, DisplayPath(path),
                   path == "-" ? "standard input is read with --stdin" : std::strerror(errno)};
    }
    const std::string shown = Shown(path);
    is_below_top_ = IsBelowTop(RealPath(path));
    if (S_ISDIR(status.st_mode)) {
      const std::size_t before = Found();
      AddFolder(path, shown);
      // Who names a folder that is ignored wants it scanned, as with a file.
      if (!no_ignore_ && Found() == before) AddPlainly(path, shown);
    } else if (S_ISREG(status.st_mode)) {
      Keep({path, shown, false});
    } else {
      return Error{ErrorCode::kUsage, DisplayPath(path), "neither a file nor a folder"};
    }
    return {};
  }

  Walk Take() {
    std::sort(walk_.files.begin(), walk_.files.end(),
              [](const WalkedFile& a, const WalkedFile& b) { return a.path < b.path; });
    return std::move(walk_);
  }

 private:
  [[nodiscard]] std::size_t Found() const {
    return walk_.files.size() + walk_.skipped.size() + walk_.unreadable.size();
  }

  // `real`: without links.
  bool IsBelowTop(const std::string& real) const {
    return real == top_ || (real.starts_with(top_) && (top_ == "/" || real[top_.size()] == '/'));
  }

  // The path under which something is reported: relative to the top where it lies below it.
  std::string Shown(const std::string& path) const {
    const std::string real = RealPath(path);
    if (real == top_) return "";
    if (IsBelowTop(real)) return real.substr(top_ == "/" ? 1 : top_.size() + 1);
    std::string given = path;
    while (given.starts_with("./")) given.erase(0, 2);
    while (given.size() > 1 && given.back() == '/') given.pop_back();
    return given == "." ? "" : given;
  }

  void Keep(WalkedFile file) {
    // A file that two of the paths hold is scanned once. Below the top, paths are relative to it, others to the current
    // directory: the same words may mean two files.
    if (seen_.emplace(is_below_top_, file.path).second) walk_.files.push_back(std::move(file));
  }

  void AddLink(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    is_below_top_ = IsBelowTop(RealPath(folder));
    Keep({path, Join(Shown(folder), path.substr(slash + 1)), true});
  }

  void AddFolder(const std::string& folder, const std::string& shown) {
    if (!no_ignore_ && AddListedByGit(folder, shown)) return;
    AddPlainly(folder, shown);
  }

  // False when the folder is not in a repository that git lists.
  bool AddListedByGit(const std::string& folder, const std::string& shown) {
    // In a hook the environment names a repository and its index, but this folder is what is to be scanned: by another
    // index, what is tracked here would be ignored.
    const git::GitCommand git(folder, git::GitCommand::Repository::kDirectory);
    PipeOpener opener(folder);
    const Result<std::string> listed = git.Run({"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
    for (const std::string& pipe : opener.Stop()) {
      walk_.skipped.push_back({Shown(pipe), "a pipe: what it would have git ignore is not known", true});
    }
    if (!listed) {
      if (listed.error().code != ErrorCode::kUsage) {
        walk_.notes.push_back(DisplayPath(folder) + ": .gitignore is not honoured: " + listed.error().message);
      }
      return false;
    }
    std::string_view rest = *listed;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\0'), rest.size());
      std::string_view name = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (name.ends_with('/')) name.remove_suffix(1);
      if (IsBehindLink(folder, name)) continue;
      AddEntry(Join(folder, name), Join(shown, name), /*listed=*/true);
    }
    return true;
  }

  // Whether a link stands where one of the folders of a listed name was: then the file is gone, and behind the link
  // lies something else, perhaps outside. (The link is listed itself.)
  bool IsBehindLink(const std::string& folder, std::string_view name) {
    const std::size_t last = name.rfind('/');
    if (last == std::string_view::npos) return false;
    std::string parent = Join(folder, name.substr(0, last));
    // They are sorted: most have the parent of the one before.
    if (parent == parent_) return parent_is_behind_link_;
    parent_ = std::move(parent);
    parent_is_behind_link_ = false;
    for (std::size_t at = name.find('/'); at != std::string_view::npos; at = name.find('/', at + 1)) {
      struct stat status {};
      if (lstat(Join(folder, name.substr(0, at)).c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
        parent_is_behind_link_ = true;
      }
    }
    return parent_is_behind_link_;
  }

  // One name below a folder. A folder among those that git lists is a submodule or another repository.
  void AddEntry(const std::string& path, const std::string& shown, bool listed) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) {
      // Tracked, but deleted in the working tree: there is nothing to scan.
      if (listed && (errno == ENOENT || errno == ENOTDIR)) return;
      walk_.unreadable.push_back({shown, std::strerror(errno), true});
    } else if (S_ISLNK(status.st_mode)) {
      Keep({path, shown, true});
    } else if (S_ISREG(status.st_mode)) {
      Keep({path, shown, false});
    } else if (S_ISDIR(status.st_mode)) {
      if (listed) {
        AddFolder(path, shown);
      } else {
        AddPlainly(path, shown);
      }
    } else {
      walk_.skipped.push_back({shown, "not a file (device, pipe or socket)", false});
    }
  }

  void AddPlainly(const std::string& folder, const std::string& shown) {
    const std::unique_ptr<DIR, DirectoryClose> directory(opendir(folder.c_str()));
    if (!directory) {
      walk_.unreadable.push_back({shown, std::strerror(errno), true});
      return;
    }
    std::vector<std::string> names;
    // The end and a failure look the same but for errno.
    errno = 0;
    while (const dirent* entry = readdir(directory.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && name != ".git") names.emplace_back(name);
      errno = 0;
    }
    if (errno != 0) walk_.unreadable.push_back({shown, std::strerror(errno), true});
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) AddEntry(Join(folder, name), Join(shown, name), /*listed=*/false);
  }

  std::string top_;
  bool no_ignore_;
  std::string parent_;  // Of the last listed name, and whether it IsBehindLink().
  bool parent_is_behind_link_ = false;
  Walk walk_;
  bool is_below_top_ = false;  // The path at hand.
  std::set<std::pair<bool, std::string>> seen_;
};

}  // namespace

std::string PathBelow(const std::string& top, const std::string& path) {
  std::error_code error;
  const std::string real = std::filesystem::weakly_canonical(path, error).string();
  const std::string folder = top.ends_with('/') ? top : top + "/";
  return !error && real.starts_with(folder) ? real.substr(folder.size()) : path;
}

Result<Walk> WalkPaths(const std::vector<std::string>& paths, const std::string& top, bool no_ignore) {
  Walker walker(top, no_ignore);
  for (const std::string& path : paths) {
    if (const Result<void> added = walker.Add(path); !added) return added.error();
  }
  return walker.Take();
}

}  // namespace sluice::cli
