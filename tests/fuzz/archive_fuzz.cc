// Whatever an archive says, reading it ends within its limits, starts no program, writes no file, and what was not read
// is named. (libFuzzer)
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "archive_reader.h"

namespace sluice::cli {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// Counts what comes, and that it comes in order.
class Counter final : public ArchiveVisitor {
 public:
  void Begin(const std::string& path) override {
    Require(!is_open_ && path.starts_with("a!"));
    is_open_ = true;
    ++members_;
  }
  void Append(std::string_view piece) override {
    Require(is_open_);
    bytes_ += piece.size();
  }
  void End() override {
    Require(is_open_);
    is_open_ = false;
  }
  void Skip(const std::string& path, const std::string& reason) override {
    Require(!is_open_ && path.starts_with("a") && !reason.empty());
  }
  void Note(const std::string& path, std::string_view note) override { Skip(path, std::string(note)); }

  void CheckAgainst(const ArchiveLimits& limits) const {
    Require(!is_open_);
    Require(members_ <= limits.max_members);
    // A symlink's target is not counted.
    Require(bytes_ <= limits.max_bytes + limits.max_members * 65536);
  }

 private:
  bool is_open_ = false;
  std::uint64_t members_ = 0;
  std::uint64_t bytes_ = 0;
};

void ReadAll(int fd) {
  ArchiveLimits limits;
  limits.max_bytes = 4U << 20U;
  limits.max_nested_bytes = 1U << 20U;
  limits.max_members = 100;
  Counter counter;
  ReadArchive(fd, "a", limits, &counter);
  counter.CheckAgainst(limits);
}

}  // namespace
}  // namespace sluice::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The reader wants a file: it looks at the end of some archives first.
  static const int fd = memfd_create("archive", MFD_CLOEXEC);
  sluice::cli::Require(fd >= 0 && ftruncate(fd, 0) == 0);
  sluice::cli::Require(pwrite(fd, data, size, 0) == static_cast<ssize_t>(size));
  sluice::cli::ReadAll(fd);
  return 0;
}
