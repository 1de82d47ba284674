#include "scan/archive_magic.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"
#include "base/little_endian.h"

namespace sluice::scan {

namespace {

using namespace std::string_view_literals;

// The end of a zip (APPNOTE.TXT 4.3.16): signature, numbers of disks, entries on this one and on all, size and offset
// of the directory, and a comment behind it. In a zip of more than 4 GiB the end of another kind stands before it.
bool EndsInZip(std::string_view tail, std::uint64_t size) {
  constexpr std::size_t kEndBytes = 22;
  constexpr std::string_view kEnd = "PK\5\6";
  constexpr std::string_view kLargeEnd = "PK\6\7";
  constexpr std::size_t kLargeEndBytes = 20;
  // The last byte of the signature stands in no text.
  for (std::size_t at = tail.find('\6'); at != std::string_view::npos; at = tail.find('\6', at + 1)) {
    if (at + 1 < kEnd.size() || tail.substr(at + 1 - kEnd.size(), kEnd.size()) != kEnd) continue;
    const std::size_t begin = at + 1 - kEnd.size();
    if (tail.size() - begin < kEndBytes) return false;
    const std::string_view end = tail.substr(begin);
    if (begin >= kLargeEndBytes && tail.substr(begin - kLargeEndBytes).starts_with(kLargeEnd)) return true;
    const std::uint32_t entries = LittleEndian(end, 8, 2);
    const std::uint64_t directory_end = std::uint64_t{LittleEndian(end, 12, 4)} + LittleEndian(end, 16, 4);
    if (LittleEndian(end, 4, 2) == 0 && entries > 0 && entries == LittleEndian(end, 10, 2) &&
        directory_end <= size - tail.size() + begin && LittleEndian(end, 20, 2) <= end.size() - kEndBytes) {
      return true;
    }
  }
  return false;
}

// The header of a 7z: signature, version, and a checksum of the rest of it.
bool Is7z(std::string_view bytes) {
  constexpr std::size_t kHeaderBytes = 32;
  constexpr std::size_t kChecked = 12;
  if (bytes.size() < kHeaderBytes || !bytes.starts_with("7z\xbc\xaf\x27\x1c")) return false;
  const auto* checked = reinterpret_cast<const Bytef*>(bytes.data() + kChecked);
  return crc32(0, checked, kHeaderBytes - kChecked) == LittleEndian(bytes, 8, 4);
}

// The mark of a RAR, of version 4 or 5, with the header of an archive behind it: programs have the mark alone in them,
// too.
bool IsRarWithHeader(std::string_view bytes) {
  return bytes.size() > 13 && LooksLikeRar(bytes) &&
         ((bytes[6] == '\0' && bytes[9] == 's') || (bytes[6] == '\1' && bytes[7] == '\0' && bytes[13] == '\1'));
}

bool IsProgram(std::string_view head) { return head.starts_with("MZ") || head.starts_with("\177ELF"); }

// Of a program that unpacks what stands behind it. Where it ends itself is not asked; nor does libarchive.
Container BehindProgram(std::string_view head) {
  if (!IsProgram(head)) return Container::kNone;
  const std::string_view program = head.substr(0, kArchiveProgramBytes);
  for (std::size_t at = program.find("7z\xbc\xaf"); at != std::string_view::npos;
       at = program.find("7z\xbc\xaf", at + 1)) {
    if (Is7z(program.substr(at))) return Container::kAppendedArchive;
  }
  for (std::size_t at = program.find("Rar!"); at != std::string_view::npos; at = program.find("Rar!", at + 1)) {
    if (IsRarWithHeader(program.substr(at))) return Container::kRar;
  }
  return Container::kNone;
}

// Two bytes are too few to tell: text begins with "x^". So what they announce must unpack.
bool IsZlib(std::string_view head, bool is_whole) {
  if (head.size() < 8 || head[0] != 'x' || "\x01\x5e\x9c\xda"sv.find(head[1]) == std::string_view::npos) return false;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return false;
  std::array<Bytef, 4096> plain{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(head.data()));  // NOLINT: zlib does not write there.
  stream.avail_in = static_cast<uInt>(std::min(head.size(), kArchiveHeadBytes));
  int result = Z_OK;
  while (result == Z_OK && stream.avail_in > 0) {
    stream.next_out = plain.data();
    stream.avail_out = plain.size();
    result = inflate(&stream, Z_NO_FLUSH);
  }
  inflateEnd(&stream);
  return result == Z_STREAM_END || (result == Z_OK && !is_whole);
}

// git-lfs/docs/spec.md: a few lines, the version first.
bool IsLfsPointer(std::string_view head, std::uint64_t size) {
  constexpr std::uint64_t kMaxBytes = 1024;
  return size < kMaxBytes &&
         (head.starts_with("version https://git-lfs.github.com/spec/v") ||
          head.starts_with("version https://hawser.github.com/spec/v")) &&
         !LfsOid(head).empty();
}

// Readers take one that has a little of something else before it, too.
bool IsPdf(std::string_view head, std::string_view tail) {
  constexpr std::string_view kBegin = "%PDF-";
  if (head.starts_with(kBegin)) return true;
  while (!tail.empty() && static_cast<unsigned char>(tail.back()) <= ' ') tail.remove_suffix(1);
  return tail.ends_with("%%EOF") && head.substr(0, kArchiveHeadBytes).find(kBegin) != std::string_view::npos;
}

// Is there a byte that stands in no text?
bool HoldsBinary(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0 && c < '\a'; });
}

// A zip may stand behind what begins as a text, too; but most texts are long.
std::size_t TailBytesOf(std::string_view head) {
  const bool is_binary = head.substr(0, kArchiveHeadBytes).find('\0') != std::string_view::npos;
  return is_binary ? kArchiveTailBytes : kTextTailBytes;
}

// The first volume descriptor of ISO 9660 stands behind sixteen sectors of 2 KiB.
constexpr std::size_t kIsoMark = 0x8001;
constexpr std::size_t kIsoBytes = kIsoMark + 5;
bool IsIso(std::string_view head) { return head.size() > kIsoMark && head.substr(kIsoMark).starts_with("CD001"); }

// The superblock of squashfs has its major and minor version at 28, in the order of bytes that its magic tells.
bool IsSquashfs(std::string_view head) {
  constexpr std::size_t kVersion = 28;
  constexpr std::uint32_t kNewest = 4;
  if (head.size() < kVersion + 4) return false;
  const bool is_big = head.starts_with("sqsh");
  if (!is_big && !head.starts_with("hsqs")) return false;
  const std::uint32_t major = LittleEndian(head, kVersion + (is_big ? 1 : 0), 1);
  const std::uint32_t high = LittleEndian(head, kVersion + (is_big ? 0 : 1), 1);
  return high == 0 && major >= 1 && major <= kNewest;
}

bool IsDiskImage(std::string_view head) { return IsSquashfs(head) || head.starts_with("MSWIM\0\0\0"sv) || IsIso(head); }

// A dump of pg_dump in its own format: signature and version. Its tables are compressed.
bool IsPgDump(std::string_view head) { return head.starts_with("PGDMP\1"); }

// The script says who made it; what it unpacks stands behind it.
bool IsMakeself(std::string_view head, std::string_view tail) {
  constexpr std::size_t kEnd = 512;
  return head.starts_with("#!") &&
         head.substr(0, kArchiveHeadBytes).find("generated using Makeself") != std::string_view::npos &&
         HoldsBinary(tail.substr(tail.size() - std::min(tail.size(), kEnd)));
}

Container ByHead(std::string_view head, bool is_whole) {
  if (LooksLikeRar(head)) return Container::kRar;
  if (LooksLikeArchive(head)) return Container::kArchive;
  if (head.starts_with("# v2 git bundle\n") || head.starts_with("# v3 git bundle\n")) return Container::kGitBundle;
  if (head.starts_with("PACK\0\0\0\2"sv) || head.starts_with("PACK\0\0\0\3"sv)) return Container::kGitPack;
  if (IsPgDump(head)) return Container::kDatabaseDump;
  if (IsDiskImage(head)) return Container::kDiskImage;
  if (IsZlib(head, is_whole)) return Container::kZlib;
  return BehindProgram(head);
}

Container ByTail(std::string_view tail, std::uint64_t size) {
  constexpr std::size_t kImageEndBytes = 512;
  if (EndsInZip(tail, size)) return Container::kAppendedArchive;
  if (tail.size() >= kImageEndBytes && tail.substr(tail.size() - kImageEndBytes).starts_with("koly\0\0\0\4"sv)) {
    return Container::kDiskImage;
  }
  return Container::kNone;
}

}  // namespace

bool LooksLikeArchive(std::string_view head) {
  constexpr std::array kMagic = {"PK\3\4"sv,           "PK\5\6"sv,
                                 "\x1f\x8b\x08"sv,     "BZh"sv,
                                 "\xfd\x37zXZ\0"sv,    "\x28\xb5\x2f\xfd"sv,
                                 "\x04\x22\x4d\x18"sv, "\x02\x21\x4c\x18"sv,
                                 "\x1f\x9d"sv,         "LZIP"sv,
                                 "\x5d\0\0"sv,         "7z\xbc\xaf\x27\x1c"sv,
                                 "!<arch>\n"sv,        "\xed\xab\xee\xdb"sv,
                                 "MSCF\0\0\0\0"sv,     "xar!\0"sv};
  constexpr std::size_t kTarMagic = 257;
  return std::any_of(kMagic.begin(), kMagic.end(), [&](std::string_view magic) { return head.starts_with(magic); }) ||
         (head.size() > kTarMagic + 5 && head.substr(kTarMagic, 5) == "ustar") || LooksLikeRar(head);
}

bool LooksLikeRar(std::string_view head) { return head.starts_with("Rar!\x1a\x07"); }

bool IsSurelyArchive(std::string_view head) {
  constexpr std::string_view kAr = "!<arch>\n";
  if (head == kAr) return false;  // An empty one.
  if (head.starts_with(kAr)) return true;
  // Two bytes, and a small number.
  if (head.starts_with("\x1f\x9d") || head.starts_with("\x5d\0\0"sv)) return false;
  return LooksLikeArchive(head) && HoldsBinary(head.substr(0, kArchiveHeadBytes));
}

Container ContainerOf(std::string_view head, std::string_view tail, std::uint64_t size) {
  if (const Container container = ByHead(head, size <= kArchiveHeadBytes); container != Container::kNone) {
    return container;
  }
  tail.remove_prefix(tail.size() - std::min(tail.size(), TailBytesOf(head)));
  if (const Container container = ByTail(tail, size); container != Container::kNone) return container;
  if (IsPdf(head, tail)) return Container::kPdf;
  if (IsMakeself(head, tail)) return Container::kSelfUnpacking;
  return IsLfsPointer(head, size) ? Container::kLfsPointer : Container::kNone;
}

std::string_view LfsOid(std::string_view pointer) {
  constexpr std::string_view kKey = "\noid sha256:";
  constexpr std::size_t kDigits = 64;
  const std::size_t key = pointer.find(kKey);
  if (key == std::string_view::npos) return "";
  const std::string_view oid = pointer.substr(key + kKey.size(), kDigits);
  const bool is_hex = oid.size() == kDigits && std::all_of(oid.begin(), oid.end(), IsHexDigit);
  return is_hex ? oid : "";
}

std::string_view NoteOn(Container container) {
  switch (container) {
    case Container::kNone:
      return "";
    case Container::kArchive:
    case Container::kAppendedArchive:
      return "archive: what is in it was not looked at";
    case Container::kRar:
      return "archive: RAR is not looked into";
    case Container::kZlib:
      return "zlib stream: what it unpacks to was not looked at";
    case Container::kPdf:
      return "PDF: what its compressed streams hold was not looked at";
    case Container::kDiskImage:
      return "disk image: the files in it were not looked at";
    case Container::kSelfUnpacking:
      return "self-unpacking script: what it unpacks was not looked at";
    case Container::kDatabaseDump:
      return "database dump: what its compressed tables hold was not looked at";
    case Container::kGitBundle:
      return "git bundle: the objects in it were not looked at";
    case Container::kGitPack:
      return "git pack: the objects in it were not looked at";
    case Container::kLfsPointer:
      return "LFS pointer: the file that it stands for was not looked at";
  }
  return "";
}

void ContainerSniffer::Append(std::string_view piece) {
  if (size_ == 0) {
    head_ = piece.substr(0, IsProgram(piece) ? kArchiveProgramBytes : IsIso(piece) ? kIsoBytes : kArchiveHeadBytes);
    tail_bytes_ = TailBytesOf(piece);
  }
  size_ += piece.size();
  if (piece.size() >= tail_bytes_) {
    tail_ = piece.substr(piece.size() - tail_bytes_);
    return;
  }
  tail_ += piece;
  if (tail_.size() > 2 * tail_bytes_) tail_.erase(0, tail_.size() - tail_bytes_);
}

Container ContainerSniffer::Finish() const { return ContainerOf(head_, tail_, size_); }

}  // namespace sluice::scan
