// Prints what the next commit adds, as each way sees it; run by the hooks of the tests' repositories, where git has set
// the environment.
//
//   git_probe [--hook] [--merging] [--directory DIR] [--read PATH]… WAY…
//
// One line per fact, names in hexadecimal, so that no name can break a line.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/git/staged.h"

// libgit2 1.5 does not free what it matches the extensions of a repository with. Only LeakSanitizer asks for this.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2\n"; }  // NOLINT

namespace {

using sluice::Error;
using sluice::ErrorCode;
using sluice::Result;
using sluice::git::OpenOptions;
using sluice::git::Repository;
using sluice::git::StagedChange;
using sluice::git::StagedFile;
using sluice::git::StagedOptions;
using sluice::git::StagedSkip;
using sluice::git::Way;

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    hex += pair;
  }
  return hex.empty() ? "-" : hex;
}

const char* CodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kConfig:
      return "config";
    case ErrorCode::kIncomplete:
      return "incomplete";
    case ErrorCode::kUnsupported:
      return "unsupported";
  }
  return "";
}

void PrintError(const Error& error) { std::printf("error %s %s\n", CodeName(error.code), error.ToString().c_str()); }

void PrintFile(Repository& repository, const StagedFile& file) {
  std::string old_oids;
  for (const std::string& oid : file.old_oids) old_oids += (old_oids.empty() ? "" : ",") + (oid.empty() ? "-" : oid);
  const Result<std::string> bytes = repository.ReadBlob(file.oid);
  const std::string size = bytes ? std::to_string(bytes->size()) : "unreadable";
  std::printf("file %o %s %s %s %s\n", file.mode, file.oid.c_str(), old_oids.c_str(), size.c_str(),
              Hex(file.path).c_str());
}

void PrintChange(Repository& repository, const StagedChange& change) {
  std::printf("way %s\nwhy %s\n", std::string(ToString(change.way)).c_str(), change.why_not_faster.c_str());
  for (const StagedFile& file : change.files) PrintFile(repository, file);
  for (const StagedSkip& skip : change.skipped) {
    std::printf("skip %d %s %s\n", skip.incomplete ? 1 : 0, Hex(skip.path).c_str(), skip.reason.c_str());
  }
  std::printf("deleted %zu\nrenamed %zu\n", change.deleted, change.renamed);
}

void PrintRead(Repository& repository, const std::string& path) {
  const Result<std::optional<std::string>> bytes = repository.ReadStaged(path);
  if (!bytes) {
    PrintError(bytes.error());
  } else {
    std::printf("read %s %s\n", Hex(path).c_str(), *bytes ? Hex(**bytes).c_str() : "none");
  }
}

Way ParseWay(std::string_view name) {
  for (const Way way : {Way::kCacheTree, Way::kEntries, Way::kGit}) {
    if (ToString(way) == name) return way;
  }
  return Way::kAuto;
}

}  // namespace

int main(int argc, char** argv) {
  OpenOptions open;
  StagedOptions staged;
  std::vector<std::string> reads;
  std::vector<Way> ways;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--hook") {
      open.in_hook = true;
    } else if (argument == "--merging") {
      staged.merging = true;
    } else if (argument == "--directory" && i + 1 < argc) {
      open.directory = argv[++i];
    } else if (argument == "--read" && i + 1 < argc) {
      reads.emplace_back(argv[++i]);
    } else {
      ways.push_back(ParseWay(argument));
    }
  }
  for (const Way way : ways) {
    std::printf("forced %s\n", std::string(ToString(way)).c_str());
    Result<Repository> repository = Repository::Open(open);
    if (!repository) {
      PrintError(repository.error());
      continue;
    }
    std::printf("top %s\n", Hex(repository->top()).c_str());
    staged.way = way;
    const Result<StagedChange> change = repository->Staged(staged);
    if (!change) {
      PrintError(change.error());
      continue;
    }
    PrintChange(*repository, *change);
    for (const std::string& path : reads) PrintRead(*repository, path);
  }
  return 0;
}
