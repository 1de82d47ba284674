// Is a file an archive or compressed, or a pointer to what is elsewhere? Its bytes then say nothing about what is in
// it.
#ifndef SLUICE_SCAN_ARCHIVE_MAGIC_H_
#define SLUICE_SCAN_ARCHIVE_MAGIC_H_

#include <cstddef>
#include <string_view>

namespace sluice::scan {

// How many of a file's first bytes LooksLikeArchive() wants.
inline constexpr std::size_t kArchiveHeadBytes = 512;

// By the first bytes: zip (jar, docx…), tar, 7z, gzip, bzip2, xz, lzma, lzip, zstd, lz4, compress (.Z), ar (deb), rpm,
// cab, rar.
[[nodiscard]] bool LooksLikeArchive(std::string_view head);
[[nodiscard]] bool LooksLikeRar(std::string_view head);

// A whole file: what git LFS commits in place of one that it keeps outside of history, and pushes beside it
// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
[[nodiscard]] bool IsLfsPointer(std::string_view bytes);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_ARCHIVE_MAGIC_H_
