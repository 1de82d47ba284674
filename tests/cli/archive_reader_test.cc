// What archives made to do harm come to: each is bounded, and what was not read is named.
#include "archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/git_fixture.h"

namespace sluice::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

struct Member {
  std::string name;
  std::string bytes;
  unsigned type = AE_IFREG;
};

// An archive of that format ("zip", "gnutar", "7zip", …), compressed by those filters in order.
std::string Pack(const std::string& format, const std::vector<Member>& members,
                 const std::vector<std::string>& filters = {}, const char* options = nullptr) {
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  EXPECT_EQ(archive_write_set_format_by_name(writer.get(), format.c_str()), ARCHIVE_OK) << format;
  for (const std::string& filter : filters) {
    EXPECT_EQ(archive_write_add_filter_by_name(writer.get(), filter.c_str()), ARCHIVE_OK) << filter;
  }
  archive_write_set_bytes_per_block(writer.get(), 0);
  if (options != nullptr) {
    EXPECT_EQ(archive_write_set_options(writer.get(), options), ARCHIVE_OK) << archive_error_string(writer.get());
    archive_write_set_passphrase(writer.get(), "p");
  }
  std::string packed(8U << 20U, '\0');
  std::size_t used = 0;
  archive_write_open_memory(writer.get(), packed.data(), packed.size(), &used);
  for (const Member& member : members) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_filetype(entry.get(), member.type);
    archive_entry_set_perm(entry.get(), 0644);
    if (member.type == AE_IFLNK) {
      archive_entry_set_symlink(entry.get(), member.bytes.c_str());
    } else {
      archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.bytes.size()));
    }
    EXPECT_EQ(archive_write_header(writer.get(), entry.get()), ARCHIVE_OK) << archive_error_string(writer.get());
    if (member.type == AE_IFREG) archive_write_data(writer.get(), member.bytes.data(), member.bytes.size());
  }
  EXPECT_EQ(archive_write_close(writer.get()), ARCHIVE_OK);
  packed.resize(used);
  return packed;
}

std::string Gzip(const std::string& bytes) { return Pack("raw", {{"x", bytes}}, {"gzip"}); }

class Read final : public ArchiveVisitor {
 public:
  explicit Read(const std::string& packed, const ArchiveLimits& limits = {}) {
    const std::string path = folder_.path() + "/a";
    tests::WriteFile(path, packed);
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ReadArchive(fd, "a", limits, this);
    close(fd);
  }
  void Begin(const std::string& path) override { now_ = path; }
  void Append(std::string_view piece) override {
    members[now_] += piece;
    bytes += piece.size();
  }
  void End() override {}
  void Skip(const std::string& path, const std::string& reason) override { skipped.emplace_back(path, reason); }
  void Note(const std::string& path, std::string_view note) override { noted.emplace_back(path, note); }

  std::map<std::string, std::string> members;
  std::vector<std::pair<std::string, std::string>> skipped;
  std::vector<std::pair<std::string, std::string>> noted;
  std::size_t bytes = 0;

 private:
  tests::TemporaryFolder folder_;
  std::string now_;
};

TEST(ArchiveReader, ReadsEveryFormat) {
  const struct {
    const char* format;
    std::vector<std::string> filters;
  } cases[] = {{"zip", {}},      {"gnutar", {}},        {"pax", {"gzip"}},      {"ustar", {"bzip2"}},
               {"pax", {"xz"}},  {"pax", {"lzma"}},     {"pax", {"lzip"}},      {"pax", {"zstd"}},
               {"pax", {"lz4"}}, {"pax", {"compress"}}, {"cpio", {"gzip"}},     {"newc", {"gzip"}},
               {"arbsd", {}},    {"7zip", {}},          {"pax", {"gzip", "xz"}}};
  for (const auto& c : cases) {
    const Read read(Pack(c.format, {{"one", "1\n"}, {"two", "22\n"}}, c.filters));
    EXPECT_THAT(read.members, ElementsAre(Pair("a!one", "1\n"), Pair("a!two", "22\n"))) << c.format;
    EXPECT_THAT(read.skipped, IsEmpty()) << c.format;
  }
}

// (Its writer gives some members a few NULs more.)
TEST(ArchiveReader, ReadsXar) {
  const Read read(Pack("xar", {{"one", std::string(100, '1')}, {"two", "2\n"}}));
  EXPECT_THAT(read.members, ElementsAre(Pair("a!one", std::string(100, '1')), Pair("a!two", StartsWith("2\n"))));
  EXPECT_THAT(read.skipped, IsEmpty());
}

// Nothing is unpacked, so a name is only a name, and a link only its text.
TEST(ArchiveReader, NamesAndLinksLeadNowhere) {
  const Read read(Pack("pax", {{"../../up", "1"}, {"/etc/root", "2"}, {"link", "../../../etc/passwd", AE_IFLNK}}));
  EXPECT_THAT(read.members,
              ElementsAre(Pair("a!../../up", "1"), Pair("a!/etc/root", "2"), Pair("a!link", "../../../etc/passwd")));
  EXPECT_THAT(read.skipped, IsEmpty());
}

TEST(ArchiveReader, NamesEncryptedMembers) {
  const Read read(Pack("zip", {{"one", "1\n"}}, {}, "zip:encryption=aes256"));
  EXPECT_THAT(read.members, IsEmpty());
  ASSERT_THAT(read.skipped, SizeIs(1));
  EXPECT_EQ(read.skipped[0].first, "a!one");
  EXPECT_THAT(read.skipped[0].second, StartsWith("archive: "));
}

// Every cut of every kind is named, or gives what the whole gives.
TEST(ArchiveReader, NamesWhatIsCutOff) {
  for (const std::string& whole : {Pack("zip", {{"one", std::string(300, '1')}, {"two", "2\n"}}),
                                   Pack("pax", {{"one", std::string(3000, '1')}, {"two", "2\n"}}, {"gzip"}),
                                   Pack("7zip", {{"one", "1\n"}}), Pack("newc", {{"one", "1\n"}}, {"xz"})}) {
    const Read all(whole);
    // With fewer bytes it does not look like an archive.
    for (std::size_t size = 12; size < whole.size(); ++size) {
      const Read read(whole.substr(0, size));
      if (read.skipped.empty()) {
        EXPECT_EQ(read.members, all.members) << size << " of " << whole.size();
      }
    }
  }
}

TEST(ArchiveReader, NothingCompressedIsNothing) {
  // (Its writer of lz4 dies of an empty one.)
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
    const std::string empty = Pack("raw", {{"x", ""}}, {filter});
    EXPECT_THAT(Read(empty).skipped, IsEmpty()) << filter;
    const std::string some = Pack("raw", {{"x", "some\n"}}, {filter});
    // With fewer bytes it does not look like one.
    for (std::size_t size = 14; size < some.size() - 4; ++size) {
      const Read read(some.substr(0, size));
      EXPECT_TRUE(!read.skipped.empty() || read.bytes == 5) << filter << " " << size << " of " << some.size();
    }
  }
}

TEST(ArchiveReader, SizesThatLieEndSomewhere) {
  std::string zip = Pack("zip", {{"one", std::string(100, '1')}}, {}, nullptr);
  // Both sizes of the local header and of the central directory say 4 GiB.
  for (std::size_t at = 0; at + 4 <= zip.size(); ++at) {
    const std::string_view here = std::string_view(zip).substr(at, 4);
    if (here == "PK\3\4") zip.replace(at + 18, 8, 8, '\xff');
    if (here == "PK\1\2") zip.replace(at + 20, 8, 8, '\xff');
  }
  const Read lying(zip);
  EXPECT_LE(lying.bytes, 1000U);
  EXPECT_THAT(lying.skipped, Not(IsEmpty()));
  std::string tar = Pack("gnutar", {{"one", std::string(100, '1')}});
  tar.replace(124, 11, "77777777777");
  // Its own checksum, of all bytes with blanks in its place.
  tar.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(tar[i]);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  tar.replace(148, 7, text, 7);
  EXPECT_THAT(Read(tar).skipped, Not(IsEmpty()));
}

TEST(ArchiveReader, NestedOnesAreReadToABound) {
  std::string bytes = "deep\n";
  for (int i = 0; i < 3; ++i) bytes = Pack("zip", {{"n", bytes}});
  EXPECT_THAT(Read(bytes).members, Contains(Pair("a!n!n!n", "deep\n")));
  EXPECT_THAT(Read(bytes).skipped, IsEmpty());
  bytes = Pack("zip", {{"n", bytes}});
  EXPECT_THAT(Read(bytes).skipped, ElementsAre(Pair("a!n!n!n", HasSubstr("more than 3 archives deep"))));
}

TEST(ArchiveReader, BombsEnd) {
  ArchiveLimits limits;
  limits.max_bytes = 1U << 20U;
  const std::string zeros(4U << 20U, '\0');
  // The second is not looked at any more: the limit is that of the whole file.
  const Read flat(Pack("zip", {{"one", zeros}, {"two", "2"}}), limits);
  EXPECT_LE(flat.bytes, limits.max_bytes);
  EXPECT_THAT(flat.skipped, ElementsAre(Pair("a!one", HasSubstr("more than 1048576 bytes"))));
  const std::string inner = Pack("zip", {{"one", zeros}});
  const Read nested(Pack("zip", {{"x", inner}, {"y", inner}}), limits);
  EXPECT_LE(nested.bytes, limits.max_bytes);
  EXPECT_THAT(nested.skipped, Not(IsEmpty()));
  limits.max_members = 3;
  EXPECT_THAT(Read(Pack("pax", {{"1", ""}, {"2", ""}, {"3", ""}, {"4", "x"}}), limits).skipped,
              ElementsAre(Pair("a", HasSubstr("more than 3 members"))));
  limits.max_nested_bytes = 100;
  EXPECT_THAT(Read(Pack("pax", {{"n", Pack("pax", {{"x", "1"}})}}), limits).skipped,
              ElementsAre(Pair("a!n", HasSubstr("larger than 100 bytes"))));
}

// A small archive behind much other content is no bomb.
TEST(ArchiveReader, TheRatioIsThatOfTheWholeFile) {
  std::string noise(66U << 20U, '\0');
  // 64 MiB that shrink to a twentieth, so that the ratio counts.
  for (std::size_t i = 0; i < noise.size(); i += 20) noise[i] = static_cast<char>(i * 2654435761U >> 13U);
  const Read read(Pack("pax", {{"big", noise}, {"n.zip", Pack("zip", {{"x", "1"}})}}, {"gzip"}));
  EXPECT_THAT(read.skipped, IsEmpty());
  EXPECT_THAT(read.members, Contains(Pair("a!n.zip!x", "1")));
}

// What stands behind the end of an archive, and in what is no file, is looked at too.
TEST(ArchiveReader, FindsWhatOthersPassOver) {
  const std::string two = Pack("gnutar", {{"one", "1"}}) + Pack("gnutar", {{"two", "2"}});
  EXPECT_THAT(Read(Gzip(two)).members, ElementsAre(Pair("a!one", "1"), Pair("a!two", "2")));
  std::string zip = Pack("zip", {{"folder_", "data"}});
  for (std::size_t at = zip.find("folder_"); at != std::string::npos; at = zip.find("folder_", at)) {
    zip.replace(at, 7, "folder/");
  }
  EXPECT_THAT(Read(zip).skipped, ElementsAre(Pair("a!folder/", HasSubstr("it is no file, and has data"))));
}

// What begins as an archive surely and cannot be read is named; what only looks like one is a text.
TEST(ArchiveReader, NamesWhatIsDamagedFromItsBeginning) {
  const std::string rest = std::string(9, '\xee') + std::string(5, '\1') + std::string(400, '\xee');
  for (const char* magic : {"\xed\xab\xee\xdb\3", "!<arch>\n", "!<arch>\ndebian-binary", "xar!", "BZh9", "BZh91AY&SY",
                            "\x04\x22\x4d\x18", "\x02\x21\x4c\x18", "\x28\xb5\x2f\xfd", "\xfd\x37zXZ", "\x1f\x8b\x08",
                            "7z\xbc\xaf\x27\x1c", "LZIP\1", "PK\3\4"}) {
    const std::string bytes = magic + std::string(magic == std::string_view("!<arch>\n") ? 0 : 1, '\0') + rest;
    EXPECT_THAT(Read(bytes).skipped, ElementsAre(Pair("a", StartsWith("archive: ")))) << magic;
    EXPECT_THAT(Read(Pack("pax", {{"n", bytes}})).skipped, ElementsAre(Pair("a!n", StartsWith("archive: ")))) << magic;
  }
  for (const std::string& bytes :
       {std::string("BZh9 is how one begins\n"), std::string("LZIP is another\n"), std::string("!<arch>\n"),
        std::string("]\0\0\0 is one", 10), "PK\5\6" + std::string(18, '\0'), "\x1f\x9d" + rest}) {
    EXPECT_THAT(Read(bytes).skipped, IsEmpty()) << bytes;
  }
}

// A block: how many literals it has, and these.
TEST(ArchiveReader, ReadsTheFirstFormatOfLz4) {
  const Read read("\x02\x21\x4c\x18" + std::string("\6\0\0\0\x50", 5) + "some\n");
  EXPECT_THAT(read.members, ElementsAre(Pair("a!a", "some\n")));
  EXPECT_THAT(read.skipped, IsEmpty());
}

// libarchive would start a program named lrzip for the one, and takes mail for the other.
TEST(ArchiveReader, StartsNoProgram) {
  const std::string lrzip = std::string("LRZI\0\6", 6) + std::string(18, '\0') + "rest";
  const Read read(Gzip(lrzip));
  EXPECT_THAT(read.members, ElementsAre(Pair("a!a", lrzip)));
  EXPECT_THAT(read.skipped, IsEmpty());
}

// A program that unpacks what is behind it, an archive of Python, an extension of a browser.
TEST(ArchiveReader, ReadsWhatStandsBehindOtherContent) {
  std::string program = "\177ELF";
  // libarchive looks for a 7z from there on.
  program.resize(0x27000, 'x');
  const std::string zip = Pack("zip", {{"one", "1\n"}});
  for (const std::string& bytes : {program + zip, program + Pack("7zip", {{"one", "1\n"}}),
                                   "#!/usr/bin/env python3\n" + zip, "Cr24" + std::string(300, 'x') + zip}) {
    const Read read(bytes);
    EXPECT_THAT(read.members, ElementsAre(Pair("a!one", "1\n")));
    EXPECT_THAT(read.skipped, IsEmpty());
    EXPECT_THAT(read.noted, IsEmpty());
  }
  // When it cannot be opened, and within another archive, it is named.
  for (const std::string& bytes : {program + "PK\6\7" + std::string(16, '\0') + "PK\5\6" + std::string(18, '\0'),
                                   program + "Rar!\x1a\x07" + std::string("\0abs", 5) + program}) {
    EXPECT_THAT(Read(bytes).noted, ElementsAre(Pair("a", HasSubstr("archive: "))));
  }
  EXPECT_THAT(Read(Pack("pax", {{"n", program + zip}})).noted, ElementsAre(Pair("a!n", HasSubstr("archive: "))));
}

TEST(ArchiveReader, NamesMembersThatHideSomething) {
  const Read read(Pack("pax", {{"doc", "%PDF-1.7\n"}, {"text", "words\n"}, {"b", "# v2 git bundle\n"}}));
  EXPECT_THAT(read.skipped, IsEmpty());
  EXPECT_THAT(read.noted, ElementsAre(Pair("a!doc", HasSubstr("PDF: ")), Pair("a!b", HasSubstr("git bundle: "))));
}

TEST(ArchiveReader, NamesRar) {
  const std::string rar = "Rar!\x1a\x07\x01" + std::string(40, 'x');
  EXPECT_THAT(Read(rar).skipped, ElementsAre(Pair("a", "archive: RAR is not looked into")));
  EXPECT_THAT(Read(Pack("zip", {{"r", rar}})).skipped, ElementsAre(Pair("a!r", "archive: RAR is not looked into")));
}

}  // namespace
}  // namespace sluice::cli
