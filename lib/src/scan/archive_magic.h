// Is a file an archive or compressed? Its bytes then say nothing about what is in it.
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

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_ARCHIVE_MAGIC_H_
