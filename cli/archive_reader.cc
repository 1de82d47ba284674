#include "archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/ascii.h"
#include "scan/archive_magic.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 18U;
// Below this much, a high ratio does no harm: a file of zeros is one.
constexpr std::uint64_t kRatioFreeBytes = std::uint64_t{64} << 20U;

struct ArchiveFree {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<archive, ArchiveFree>;

std::string Cause(archive* handle) {
  const char* message = archive_error_string(handle);
  return message != nullptr ? message : "damaged";
}

// What a compressed file that is no archive holds has no name of its own: "notes.txt" of "folder/notes.txt.gz".
std::string_view NameOfContent(std::string_view path) {
  constexpr std::array<std::string_view, 8> kExtensions = {".gz", ".bz2", ".xz", ".lzma", ".lz", ".zst", ".lz4", ".z"};
  const std::string_view name = path.substr(path.find_last_of("/!") + 1);
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  const bool is_one =
      std::find(kExtensions.begin(), kExtensions.end(), LowerCase(name.substr(dot))) != kExtensions.end();
  return is_one && dot > 0 ? name.substr(0, dot) : name;
}

using Support = int (*)(archive*);

// The compressions that this libarchive reads itself. For those that it was built without, and for lrzip, lzop and
// grzip in any case, it would start a program of that name: nothing is executed because of what a file holds.
const std::vector<Support>& Filters() {
  static const auto* const kFilters = [] {
    auto* filters = new std::vector<Support>;
    for (const Support support :
         {archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_compress,
          archive_read_support_filter_xz, archive_read_support_filter_lzma, archive_read_support_filter_lzip,
          archive_read_support_filter_zstd, archive_read_support_filter_lz4, archive_read_support_filter_rpm}) {
      const Handle handle(archive_read_new());
      if (support(handle.get()) == ARCHIVE_OK) filters->push_back(support);
    }
    return filters;
  }();
  return *kFilters;
}

// What is left for one file with all archives in it.
struct Budget {
  std::uint64_t bytes = 0;
  std::uint64_t members = 0;
};

class Reader {
 public:
  Reader(const ArchiveLimits& limits, ArchiveVisitor* visitor) : limits_(limits), visitor_(*visitor) {}

  void ReadFile(int fd, const std::string& path) {
    struct stat status {};
    char head[scan::kArchiveHeadBytes];
    const ssize_t got = pread(fd, head, sizeof head, 0);
    if (fstat(fd, &status) != 0 || got < 0) {
      visitor_.Skip(path, "archive: cannot be read again");
      return;
    }
    file_bytes_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(status.st_size));
    const std::string_view first(head, static_cast<std::size_t>(got));
    if (IsUnread(first, path)) return;
    is_appended_ = !scan::LooksLikeArchive(first);
    const Handle handle = Open();
    if (archive_read_open_fd(handle.get(), fd, kPieceBytes) != ARCHIVE_OK) {
      visitor_.Skip(path, "archive: " + Cause(handle.get()));
      return;
    }
    ReadMembers(handle.get(), path, {1, file_bytes_, scan::IsSurelyArchive(first)});
  }

 private:
  static Handle Open() {
    Handle handle(archive_read_new());
    for (const Support support : Filters()) support(handle.get());
    // Not all there are: mtree takes nearly any text for a list of files.
    for (const Support support :
         {archive_read_support_format_tar, archive_read_support_format_zip, archive_read_support_format_7zip,
          archive_read_support_format_ar, archive_read_support_format_cpio, archive_read_support_format_cab,
          archive_read_support_format_xar}) {
      support(handle.get());
    }
    // A compressed file that is no archive: one member.
    archive_read_support_format_raw(handle.get());
    // And what is empty once it is unpacked: none.
    archive_read_support_format_empty(handle.get());
    // Behind the end of an archive another may stand.
    archive_read_set_format_option(handle.get(), "tar", "read_concatenated_archives", "1");
    return handle;
  }

  // Says so when it is an archive of a kind that is not looked into.
  bool IsUnread(std::string_view head, const std::string& path) {
    if (!scan::LooksLikeRar(head)) return false;
    visitor_.Skip(path, std::string(scan::NoteOn(scan::Container::kRar)));
    return true;
  }

  // An archive as it is read.
  struct Packed {
    int depth;
    std::uint64_t bytes;
    bool is_sure;  // Its first bytes are those of an archive and nothing else.
  };

  void ReadMembers(archive* handle, const std::string& path, const Packed& packed) {
    // More than what holds nothing has, with its own name in it.
    constexpr std::uint64_t kMostOfNothing = 400;
    archive_entry* entry = nullptr;
    for (bool is_first = true;; is_first = false) {
      const int status = archive_read_next_header(handle, &entry);
      // A compression that fails before its first byte looks empty, too.
      if (status == ARCHIVE_EOF && is_first && archive_errno(handle) != 0) {
        visitor_.Skip(path, "archive: " + Cause(handle));
      } else if (status == ARCHIVE_EOF && is_first && packed.is_sure && packed.bytes > kMostOfNothing) {
        visitor_.Skip(path, "archive: nothing comes out of it");
      }
      if (status == ARCHIVE_EOF && is_first && packed.depth == 1 && is_appended_) NoteAppended(path);
      if (status == ARCHIVE_EOF) return;
      if (status < ARCHIVE_WARN) {
        visitor_.Skip(path, "archive: " + Cause(handle));
        return;
      }
      const bool is_raw = archive_format(handle) == ARCHIVE_FORMAT_RAW;
      if (is_raw && archive_filter_code(handle, 0) == ARCHIVE_FILTER_NONE) {
        // What only looked like an archive was scanned as it is. Two bytes do, but not the whole end of a zip.
        if (packed.depth == 1 && is_appended_) NoteAppended(path);
        if (packed.is_sure) visitor_.Skip(path, "archive: damaged, or of a form that is not read");
        return;
      }
      if (++used_.members > limits_.max_members) {
        visitor_.Skip(path, fmt::format("archive: more than {} members", limits_.max_members));
        return;
      }
      const std::string member = path + "!" + (is_raw ? std::string(NameOfContent(path)) : NameOf(entry));
      if (const char* target = archive_entry_symlink(entry); target != nullptr) {
        visitor_.Begin(member);
        visitor_.Append(target);
        visitor_.End();
        continue;
      }
      const std::uint64_t before = used_.bytes;
      if (!ReadMember(handle, member, packed.depth)) return;
      // A folder or a device has no data. When it claims some all the same, libarchive passes over it.
      const bool is_file = archive_entry_filetype(entry) == AE_IFREG || archive_entry_hardlink(entry) != nullptr;
      if (!is_raw && !is_file && archive_entry_size(entry) > 0 && used_.bytes == before) {
        visitor_.Skip(member, "archive: it is no file, and has data");
      }
    }
  }

  void NoteAppended(const std::string& path) { visitor_.Note(path, scan::NoteOn(scan::Container::kAppendedArchive)); }

  std::string NameOf(archive_entry* entry) const {
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    return name != nullptr ? name : fmt::format("member {}", used_.members);
  }

  // False when the rest of the archive cannot be read.
  bool ReadMember(archive* handle, const std::string& path, int depth) {
    std::string piece(kPieceBytes, '\0');
    std::string nested;
    scan::ContainerSniffer sniffer;
    bool is_nested = false;
    bool has_begun = false;
    for (;;) {
      const la_ssize_t got = archive_read_data(handle, piece.data(), piece.size());
      if (got < 0) {
        if (has_begun) visitor_.End();
        visitor_.Skip(path, "archive: " + Cause(handle));
        return got != ARCHIVE_FATAL;
      }
      if (got == 0) break;
      const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
      used_.bytes += bytes.size();
      if (const std::string reason = LimitReached(); !reason.empty()) {
        if (has_begun) visitor_.End();
        visitor_.Skip(path, reason);
        return false;
      }
      if (!has_begun) {
        visitor_.Begin(path);
        has_begun = true;
        is_nested = scan::LooksLikeArchive(bytes);
      }
      visitor_.Append(bytes);
      sniffer.Append(bytes);
      if (is_nested && nested.size() + bytes.size() <= limits_.max_nested_bytes) {
        nested += bytes;
      } else if (is_nested) {
        is_nested = false;
        visitor_.Skip(path, fmt::format("archive: larger than {} bytes in an archive", limits_.max_nested_bytes));
      }
    }
    if (has_begun) visitor_.End();
    if (is_nested) {
      visitor_.BeginNested();
      ReadNested(nested, path, depth + 1);
      visitor_.EndNested();
      return true;
    }
    // Had it looked like an archive from its beginning on, more would have been said.
    const scan::Container container = sniffer.Finish();
    const bool is_said = container == scan::Container::kNone || container == scan::Container::kArchive;
    if (!is_said) visitor_.Note(path, scan::NoteOn(container));
    return true;
  }

  void ReadNested(const std::string& bytes, const std::string& path, int depth) {
    if (depth > limits_.max_depth) {
      visitor_.Skip(path, fmt::format("archive: more than {} archives deep", limits_.max_depth));
      return;
    }
    if (IsUnread(bytes, path)) return;
    const Handle handle = Open();
    if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
      visitor_.Skip(path, "archive: " + Cause(handle.get()));
      return;
    }
    ReadMembers(handle.get(), path, {depth, bytes.size(), scan::IsSurelyArchive(bytes)});
  }

  std::string LimitReached() const {
    if (used_.bytes > limits_.max_bytes) return fmt::format("archive: more than {} bytes in it", limits_.max_bytes);
    // Against the whole file: an archive in an archive is small beside all that was read before it.
    if (used_.bytes > kRatioFreeBytes && used_.bytes / file_bytes_ > limits_.max_ratio) {
      return fmt::format("archive: it grows more than {} times", limits_.max_ratio);
    }
    return "";
  }

  const ArchiveLimits& limits_;
  ArchiveVisitor& visitor_;
  std::uint64_t file_bytes_ = 1;
  bool is_appended_ = false;  // To other content, with which the file begins.
  Budget used_;
};

}  // namespace

void ReadArchive(int fd, const std::string& path, const ArchiveLimits& limits, ArchiveVisitor* visitor) {
  if (lseek(fd, 0, SEEK_SET) != 0) {
    visitor->Skip(path, "archive: cannot be read again");
    return;
  }
  Reader(limits, visitor).ReadFile(fd, path);
}

}  // namespace sluice::cli
