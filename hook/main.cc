// sluice-hook: what git runs. Named or called as the hook it is: `sluice-hook pre-commit`, or a link of that name.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "masker.h"
#include "sluice/report.h"
#include "sluice/version.h"
#include "staged_scan.h"

namespace {

constexpr int kUsageExit = 2;
constexpr int kIncompleteExit = 3;

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void SayPlainly(std::string_view line) { WriteAll(STDERR_FILENO, std::string("sluice: ").append(line).append("\n")); }

void Say(std::string_view line) { SayPlainly(sluice::Masker().Line(line)); }

// A crash must not leave the scanned bytes on disk.
void DisableCoreDumps() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

int ScanCommit(bool merging) {
  const auto start = std::chrono::steady_clock::now();
  sluice::StagedScanOptions options;
  options.in_hook = true;
  options.merging = merging;
  sluice::Result<sluice::StagedScan, sluice::Errors> scan = sluice::ScanStaged(options);
  if (!scan) {
    for (const sluice::Error& error : scan.error()) SayPlainly(sluice::ErrorLine(error));
    SayPlainly("the commit is stopped: it was not scanned");
    return sluice::ExitCode(scan.error());
  }
  for (const std::string& note : scan->notes) Say(note);
  sluice::Report& report = scan->report;
  report.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();

  sluice::RenderOptions render;
  render.color = isatty(STDOUT_FILENO) == 1;
  render.leave_out = scan->leave_out;
  const std::string text = sluice::Render(report, sluice::Format::kText, render);
  if (!WriteAll(STDOUT_FILENO, text)) {
    // Nobody can read what was found; the verdict stands all the same.
    WriteAll(STDERR_FILENO, text);
  }
  WriteAll(STDERR_FILENO, sluice::SummaryLine(report) + "\n");
  return sluice::ExitCode(report.GetVerdict());
}

int Run(std::string_view mode) {
  if (mode == "pre-commit") return ScanCommit(/*merging=*/false);
  if (mode == "pre-merge-commit") return ScanCommit(/*merging=*/true);
  if (mode == "--version") {
    return WriteAll(STDOUT_FILENO, "sluice-hook " + std::string(sluice::Version()) + "\n") ? 0 : kIncompleteExit;
  }
  SayPlainly("usage: sluice-hook pre-commit | pre-merge-commit | --version");
  return kUsageExit;
}

// Masking takes memory, which may be what there is none of.
int Stop(const std::exception& failure) noexcept {
  try {
    SayPlainly(sluice::ErrorLine({sluice::ErrorCode::kIncomplete, "the commit is stopped", failure.what()}));
  } catch (const std::exception&) {
    WriteAll(STDERR_FILENO, "sluice: the commit is stopped: out of memory\n");
  }
  return kIncompleteExit;
}

}  // namespace

int main(int argc, char** argv) {
  DisableCoreDumps();
  // A reader of our output that has gone must not end us in the middle: the exit code is what stops the commit.
  std::signal(SIGPIPE, SIG_IGN);
  std::string_view mode = argc > 0 ? BaseName(argv[0]) : "";
  if (mode != "pre-commit" && mode != "pre-merge-commit") mode = argc > 1 ? argv[1] : "";
  try {
    return Run(mode);
  } catch (const std::exception& failure) {
    return Stop(failure);
  }
}
