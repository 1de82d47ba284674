// The members of archives and compressed files, through libarchive, which is in Debian. It reads them all; RAR is left
// out, since its parsers are where most of its faults were found, and named.
//
// Nothing is written to disk, so names such as "../x" and links are only names, and no program is started. Depth, size,
// number and ratio are bounded; whatever was not read is named.
#ifndef SLUICE_ARCHIVE_READER_H_
#define SLUICE_ARCHIVE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::cli {

struct ArchiveLimits {
  int max_depth = 3;                                          // Archives in archives.
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;          // Of all members of one file.
  std::uint64_t max_nested_bytes = std::uint64_t{64} << 20U;  // Of an archive in an archive: it is kept in memory.
  std::uint64_t max_members = 100'000;
  std::uint64_t max_ratio = 1000;  // Of what comes out to what goes in, beyond 64 MiB.
};

// Receives what is in an archive. Paths are "archive.zip!folder/member", and "notes.txt.gz!notes.txt" for what is only
// compressed.
class ArchiveVisitor {
 public:
  ArchiveVisitor() = default;
  ArchiveVisitor(const ArchiveVisitor&) = delete;
  ArchiveVisitor& operator=(const ArchiveVisitor&) = delete;
  virtual ~ArchiveVisitor() = default;
  virtual void Begin(const std::string& path) = 0;
  virtual void Append(std::string_view piece) = 0;
  virtual void End() = 0;
  // Around the members of the member that has just ended, which is an archive itself.
  virtual void BeginNested() {}
  virtual void EndNested() {}
  // A member, or the rest of the archive, that was not read, and why.
  virtual void Skip(const std::string& path, const std::string& reason) = 0;
  // A member that holds what is not looked into, as a person is told.
  virtual void Note(const std::string& path, std::string_view note) = 0;
};

// Visits the members of the file open at `fd` (from its beginning), which is reported as `path`. REQUIRES:
// scan::IsOpened() says so, or it is a RAR.
void ReadArchive(int fd, const std::string& path, const ArchiveLimits& limits, ArchiveVisitor* visitor);

}  // namespace sluice::cli

#endif  // SLUICE_ARCHIVE_READER_H_
