// Does a file hold what its bytes do not show: is it an archive, compressed, a PDF, or does it only name what is stored
// elsewhere? Told by its first and last bytes, in a time that does not depend on its size.
#ifndef SLUICE_SCAN_ARCHIVE_MAGIC_H_
#define SLUICE_SCAN_ARCHIVE_MAGIC_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::scan {

enum class Container : std::uint8_t {
  kNone,
  kArchive,          // An archive, or compressed. The program looks into it.
  kAppendedArchive,  // A zip behind other content (a program, a picture, .crx), or a 7z behind a program. So, too.
  kRar,              // Also behind a program. Nobody looks into it, nor into any of the following.
  kZlib,
  kPdf,
  kDiskImage,      // .dmg, .iso, .wim, squashfs
  kSelfUnpacking,  // A script of makeself, with an archive behind it.
  kDatabaseDump,   // pg_dump -Fc
  kGitBundle,
  kGitPack,
  kLfsPointer,  // Git LFS: the content is stored elsewhere.
};

// How many of a file's first bytes tell.
inline constexpr std::size_t kArchiveHeadBytes = 1024;
// Of a program, up to where libarchive looks for a 7z behind it.
inline constexpr std::size_t kArchiveProgramBytes = 0x60000 + 32;
// How many of its last: so many may stand behind a zip, its longest comment. Libarchive looks at fewer, and so many are
// looked at here in what begins as text.
inline constexpr std::size_t kArchiveTailBytes = (std::size_t{64} << 10U) + 22;
inline constexpr std::size_t kTextTailBytes = (std::size_t{16} << 10U) + 22;

// `head` and `tail` are the first and the last bytes of a file of `size` bytes, or more than those; they may overlap.
[[nodiscard]] Container ContainerOf(std::string_view head, std::string_view tail, std::uint64_t size);
[[nodiscard]] inline Container ContainerOf(std::string_view bytes) { return ContainerOf(bytes, bytes, bytes.size()); }

// By the first bytes: zip (jar, docx…), tar, 7z, gzip, bzip2, xz, lzma, lzip, zstd, lz4 (also of its first format),
// compress (.Z), ar (deb), rpm, cab, xar (pkg), rar.
[[nodiscard]] bool LooksLikeArchive(std::string_view head);
[[nodiscard]] bool LooksLikeRar(std::string_view head);
// And by so many of them that, when it cannot be read, it is damaged: others are also those of texts and tables.
[[nodiscard]] bool IsSurelyArchive(std::string_view head);

// The SHA-256 (64 hexadecimal digits) of the content that a pointer of Git LFS stands for; empty when it has none.
[[nodiscard]] std::string_view LfsOid(std::string_view pointer);

// What a person is told when nobody looked into it: "PDF: what its compressed streams hold was not looked at".
[[nodiscard]] std::string_view NoteOn(Container container);
// Does the program look into it?
[[nodiscard]] constexpr bool IsOpened(Container container) {
  return container == Container::kArchive || container == Container::kAppendedArchive;
}

// A file in pieces; of the head, only the first piece is looked at.
class ContainerSniffer {
 public:
  void Append(std::string_view piece);
  [[nodiscard]] Container Finish() const;

 private:
  std::uint64_t size_ = 0;
  std::size_t tail_bytes_ = 0;
  std::string head_;
  std::string tail_;
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_ARCHIVE_MAGIC_H_
