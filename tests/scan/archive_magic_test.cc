// What hides something is told from text that begins the same.
#include "scan/archive_magic.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <string_view>

namespace sluice::scan {
namespace {

using namespace std::string_literals;

std::string Compressed(const std::string& text, int level) {
  std::string bytes(compressBound(text.size()), '\0');
  uLongf size = bytes.size();
  compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(),
            level);
  bytes.resize(size);
  return bytes;
}

std::string Letters(std::size_t count) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < count) text += static_cast<char>('a' + random() % 26);
  return text;
}

// The end of a zip with one entry, whose directory has `directory` bytes from `offset` on.
std::string EndOfZip(char directory, char offset, const std::string& comment = "") {
  return "PK\5\6\0\0\0\0\1\0\1\0"s + directory + "\0\0\0"s + offset + "\0\0\0"s + static_cast<char>(comment.size()) +
         "\0"s + comment;
}

std::string Header7z() {
  const std::string rest("\x10\0\0\0\0\0\0\0\x20\0\0\0\0\0\0\0\1\2\3\4", 20);
  auto crc = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(rest.data()), 20));
  std::string header = "7z\xbc\xaf\x27\x1c\0\4"s;
  for (int i = 0; i < 4; ++i, crc >>= 8U) header += static_cast<char>(crc & 0xffU);
  return header + rest;
}

std::string Pointer(const std::string& more = "") {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') + "\nsize 12\n" + more;
}

TEST(ArchiveMagic, NamesWhatHidesSomething) {
  const std::string program = "\177ELF" + Letters(100'000);
  const struct {
    std::string bytes;
    Container container;
  } cases[] = {
      {"PK\3\4" + Letters(100), Container::kArchive},
      {"xar!\0\x1c\0\1"s + Letters(100), Container::kArchive},
      {program + EndOfZip(60, 40), Container::kAppendedArchive},
      {"#!/usr/bin/env python3\n" + Letters(100) + EndOfZip(60, 40), Container::kAppendedArchive},
      {"Cr24" + Letters(100) + EndOfZip(60, 40, "a comment"), Container::kAppendedArchive},
      {"Cr24" + Letters(100) + EndOfZip(60, 40, "PK\5\6"), Container::kAppendedArchive},
      {Letters(100) + "PK\6\7" + std::string(16, '\0') + EndOfZip(-1, -1), Container::kAppendedArchive},
      {program + Header7z() + Letters(100), Container::kAppendedArchive},
      {"MZ" + Letters(0x5fff0) + Header7z() + Letters(100), Container::kAppendedArchive},
      {program + "Rar!\x1a\x07\0abs"s + Letters(100), Container::kRar},
      {program + "Rar!\x1a\x07\1\0abcde\1"s + Letters(100), Container::kRar},
      {"Rar!\x1a\x07\0"s, Container::kRar},
      {Compressed(Letters(40), 1), Container::kZlib},
      {Compressed(Letters(40), 6), Container::kZlib},
      {Compressed(Letters(4000), 9), Container::kZlib},
      {"%PDF-1.7\n" + Letters(100), Container::kPdf},
      {"\n\n%PDF-1.7\n" + Letters(2000) + "\n%%EOF\r\n", Container::kPdf},
      {Letters(600) + "koly\0\0\0\4"s + std::string(504, '\0'), Container::kDiskImage},
      {"MSWIM\0\0\0"s + Letters(100), Container::kDiskImage},
      {"hsqs" + Letters(24) + "\4\0\0\0"s + Letters(100), Container::kDiskImage},
      {"sqsh" + Letters(24) + "\0\3\0\1"s + Letters(100), Container::kDiskImage},
      {std::string(0x8001, '\0') + "CD001" + Letters(100'000), Container::kDiskImage},
      {"#!/bin/sh\n# This script was generated using Makeself 2.5.0\n" + Letters(100) + "\x1f\x8b\x08\0"s +
           Letters(400),
       Container::kSelfUnpacking},
      {"PGDMP\1\x0e\0"s + Letters(100), Container::kDatabaseDump},
      {"\x02\x21\x4c\x18" + Letters(100), Container::kArchive},
      {"Cr24\3\0\0\0"s + Letters(100) + EndOfZip(60, 40) + Letters(60'000), Container::kAppendedArchive},
      {Letters(900) + "\n%PDF-1.7\n" + Letters(2000) + "\n%%EOF\r\n", Container::kPdf},
      {"# v2 git bundle\n0123 refs/heads/main\n\nPACK", Container::kGitBundle},
      {"PACK\0\0\0\2\0\0\0\1"s, Container::kGitPack},
      {Pointer(), Container::kLfsPointer},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ContainerOf(c.bytes), c.container) << c.bytes.substr(0, 40);
    EXPECT_FALSE(NoteOn(c.container).empty());
    for (const std::size_t piece : {c.bytes.size(), std::size_t{200'000}}) {
      ContainerSniffer sniffer;
      for (std::size_t at = 0; at < c.bytes.size(); at += piece)
        sniffer.Append(std::string_view(c.bytes).substr(at, piece));
      // What stands far behind the beginning of a program is seen in a first piece that is large.
      if (piece == c.bytes.size() || c.bytes.size() < 300'000) {
        EXPECT_EQ(sniffer.Finish(), c.container) << c.bytes.substr(0, 40);
      }
    }
  }
}

TEST(ArchiveMagic, TextHidesNothing) {
  const std::string zipped = Compressed(Letters(4000), 6);
  std::string broken = zipped;
  broken.replace(10, 100, 100, 'x');
  for (const std::string& bytes :
       {""s, "x"s, "x^2 + y^2 = z^2\n"s, "x^" + Letters(1000), "x\xda\xaa\xd8\xa7 and more text behind it"s,
        "PACK your things, and go\n"s, "hsqs is how squashfs begins, and sqsh where it is of another order\n"s,
        "PGDMP\n"s, "MSWIM is a format\n"s,
        "#!/bin/sh\n# This script was generated using Makeself $VERSION\n" + Letters(9000), "# v2 git bundles are\n"s,
        "xar! is a cry\n"s, "MZ, 7z\xbc\xaf\x27\x1c and Rar!\x1a\x07 are how they begin, the one with a checksum"s,
        "\177ELF" + Letters(100) + "7z\xbc\xaf\x27\x1c" + Letters(100) + "Rar!\x1a\x07\0"s + Letters(100),
        "see https://example.com/a.pdf, which begins with %PDF-1.4 and ends with %%EOF as all do\n"s, broken,
        // The signature alone, a directory that would begin before the file, no entries, and a comment that is cut.
        Letters(100) + "PK\5\6", Letters(30) + EndOfZip(60, 40), Letters(100) + "PK\5\6" + std::string(18, '\0'),
        Letters(100) + EndOfZip(60, 40, "a comment").substr(0, 28), Pointer(Letters(1000)),
        "version https://git-lfs.github.com/spec/v1 is how a pointer begins\n"s}) {
    EXPECT_EQ(ContainerOf(bytes), Container::kNone) << bytes.substr(0, 60);
  }
}

// Each of the bytes that a signature ends with is looked at, and no more than the last of a file.
TEST(ArchiveMagic, TheEndOfAZipIsLookedForInTheLastBytesOnly) {
  const std::string end = EndOfZip(60, 40);
  EXPECT_EQ(ContainerOf("a" + Letters(1 << 20) + end), Container::kAppendedArchive);
  EXPECT_EQ(ContainerOf("a" + Letters(100) + end + Letters(16 << 10)), Container::kAppendedArchive);
  EXPECT_EQ(ContainerOf("a" + Letters(2000) + end + Letters(17 << 10)), Container::kNone);
  EXPECT_EQ(ContainerOf("\0"s + Letters(2000) + end + Letters(17 << 10)), Container::kAppendedArchive);
  EXPECT_EQ(ContainerOf("\0"s + Letters(2000) + end + Letters(65 << 10)), Container::kNone);
  EXPECT_EQ(ContainerOf("a" + Letters(100) + end + std::string(8000, '\6')), Container::kAppendedArchive);
}

}  // namespace
}  // namespace sluice::scan
