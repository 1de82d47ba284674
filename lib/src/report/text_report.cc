// Text: what compilers print, so that every editor jumps, then the masked line, then what to do next.
//
//   src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]
//      14 | key="AKIA************MNOP"
//         |      ^~~~~~~~~~~~~~~~~~~~
//         = checksum verified
//   src/sample.sh:3:6: note: suppressed: AWS access key id [aws-access-key-id]: from AWS' documentation
//
// Every text in it may come from a hostile repository (paths, and rules of a configuration): all of it goes through
// AppendDisplay.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/counted.h"
#include "report/paste.h"
#include "report/render.h"
#include "report/utf8.h"

namespace sluice::report {
namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::size_t kGutterWidth = 5;

// The masked line as a terminal shows it, and the caret line below it.
struct Underlined {
  std::string text;
  std::string caret;
};

Underlined Underline(const Finding& finding) {
  Underlined result;
  const std::string_view context = finding.context;
  const std::size_t begin = finding.context_column;
  const std::size_t length = begin < context.size() ? std::min(finding.context_length, context.size() - begin) : 0;
  for (std::size_t offset = 0; offset < context.size();) {
    const CodePoint code_point = DecodeUtf8(context.substr(offset));
    const bool tab = code_point.value == '\t';
    const std::size_t before = result.text.size();
    std::size_t width = 1;
    if (tab) {
      result.text.push_back('\t');
    } else {
      AppendDisplay(context.substr(offset, code_point.length), &result.text);
      const bool shown = code_point.valid && !SteersTerminal(code_point.value);
      width = shown ? DisplayWidth(code_point.value) : result.text.size() - before;
    }
    if (offset < begin) {
      // A tab below a tab: the caret stands right at any tab width.
      result.caret.append(width, tab ? '\t' : ' ');
    } else if (offset < begin + length) {
      result.caret.append(width, '~');
      if (offset == begin && width > 0) result.caret[result.caret.size() - width] = '^';
    }
    offset += code_point.length;
  }
  if (length == 0) result.caret.clear();
  return result;
}

// Where the text that accepts a finding can stand without breaking the file, or becoming a part of the value.
enum class Comments { kAlways, kSometimes, kNever };

// As the name of a file says.
Comments CommentsIn(std::string_view path) {
  constexpr std::string_view kNever[] = {
      ".json", ".jsonl",  ".ndjson", ".geojson", ".webmanifest", ".map",     ".har",    ".ipynb", ".csv",
      ".tsv",  ".pem",    ".key",    ".p8",      ".pk8",         ".ppk",     ".crt",    ".cer",   ".der",
      ".p12",  ".pfx",    ".jks",    ".asc",     ".gpg",         ".png",     ".jpg",    ".jpeg",  ".gif",
      ".pdf",  ".sqlite", ".db",     ".pgpass",  ".properties",  ".service", ".socket", ".timer", ".mount"};
  // Some readers of these take a comment behind a value, or some of their instructions do.
  constexpr std::string_view kSometimes[] = {".env", "dockerfile", "containerfile", "env.list"};
  const std::string lower = LowerCase(path);
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  if (std::any_of(std::begin(kNever), std::end(kNever), ends)) return Comments::kNever;
  const bool is_sometimes = std::any_of(std::begin(kSometimes), std::end(kSometimes), ends) ||
                            name.starts_with(".env.") || name.starts_with("dockerfile.");
  return is_sometimes ? Comments::kSometimes : Comments::kAlways;
}

// Why something was not scanned, and what a person can do about it.
struct Cause {
  std::string_view begin;  // Of the reason.
  std::string_view advice;
  bool is_of_content = true;  // Of a file that can as well be left out.
};

// Longer ones before their beginnings.
constexpr Cause kCauses[] = {
    {"archive: more than", "An archive is over a limit: unpack it, and scan what comes out."},
    {"archive: larger than", "An archive is over a limit: unpack it, and scan what comes out."},
    {"archive: it grows", "An archive is over a limit: unpack it, and scan what comes out."},
    {"archive: ", "An archive cannot be read (damaged, cut off, with a password): unpack it, and scan what comes out."},
    {"more than", "There are more findings than are kept: deal with those that are shown, then scan again."},
    {"more is encoded", "A file holds more encoded text than is decoded: look at it yourself."},
    {"unmerged", "Resolve the conflict, stage the file, and try again.", false},
    {"a pipe", "Replace the pipe by a file.", false},
    {"Permission denied", "A file may not be read by you: change its permissions (chmod u+r FILE), then try again."},
    {"No such file", "A file was gone when it was its turn: try again."},
    {"changed into", "A file was replaced when it was its turn: try again."},
    {"rule ", "A rule cannot be used: install sluice again.", false},
    {"blob ", "git cannot read a file's content: `git fsck` says what is missing or damaged."},
};

// Nothing is known but the reason itself.
constexpr Cause kOtherCause = {"", "Remove the cause named above, then try again."};

const Cause& CauseOf(std::string_view reason) {
  const auto* const cause = std::find_if(std::begin(kCauses), std::end(kCauses),
                                         [&](const Cause& each) { return reason.starts_with(each.begin); });
  return cause == std::end(kCauses) ? kOtherCause : *cause;
}

class TextWriter {
 public:
  TextWriter(const Report& report, const RenderOptions& options) : report_(report), options_(options) {}

  std::string Write() {
    for (const Finding& finding : report_.findings) {
      if (finding.status == FindingStatus::kNew) WriteFinding(finding);
    }
    for (const Finding& finding : report_.findings) {
      if (finding.status == FindingStatus::kSuppressed) WriteSuppressed(finding);
    }
    for (const Skipped& skipped : report_.skipped) {
      if (skipped.incomplete || skipped.noted) WriteSkipped(skipped);
    }
    if (options_.hints) WriteHints();
    return std::move(out_);
  }

 private:
  void Show(std::string_view text) { AppendDisplay(text, &out_); }

  void Colored(std::string_view color, std::string_view text) {
    if (options_.color) out_.append(color);
    Show(text);
    if (options_.color) out_.append(kReset);
  }

  void WritePlace(const Finding& finding) {
    std::string place = finding.path.empty() ? "sluice" : finding.path;
    if (finding.line > 0) place += fmt::format(":{}", finding.line);
    if (finding.line > 0 && finding.column > 0) place += fmt::format(":{}", finding.column);
    Colored(kBold, place + ":");
    out_.push_back(' ');
  }

  // One line: where, and the reason that a person gave.
  void WriteSuppressed(const Finding& finding) {
    WritePlace(finding);
    Show("note: suppressed: " + finding.message + " [" + finding.rule_id + "]");
    const std::string& reason = finding.suppression.reason;
    Show(reason.empty() ? " (no reason given)" : ": " + reason);
    out_.push_back('\n');
  }

  void WriteFinding(const Finding& finding) {
    const std::string_view level_color = finding.blocks ? kRed : kYellow;
    WritePlace(finding);
    Colored(level_color, finding.blocks ? "error:" : "warning:");
    out_.push_back(' ');
    Show(finding.message);
    Show(" [" + finding.rule_id + "]");
    out_.push_back('\n');
    WriteContext(finding, level_color);
    if (!finding.note.empty()) WriteRemark(finding.note);
    if (!finding.hint.empty()) WriteRemark(finding.hint);
    if (options_.show_secrets && !finding.secret.empty()) WriteRemark("secret: " + finding.secret);
  }

  void WriteContext(const Finding& finding, std::string_view level_color) {
    if (finding.context.empty()) {
      if (!finding.preview.empty()) WriteRemark(finding.preview);
      return;
    }
    const Underlined line = Underline(finding);
    out_ += fmt::format("{:>{}} | {}\n", finding.line, kGutterWidth, line.text);
    if (line.caret.empty()) return;
    const std::size_t gutter = std::max(kGutterWidth, fmt::to_string(finding.line).size());
    out_ += fmt::format("{:>{}} | ", "", gutter);
    if (options_.color) out_.append(level_color);
    out_ += line.caret;
    if (options_.color) out_.append(kReset);
    out_.push_back('\n');
  }

  void WriteRemark(std::string_view remark) {
    out_ += fmt::format("{:>{}} = ", "", kGutterWidth);
    Show(remark);
    out_.push_back('\n');
  }

  void WriteSkipped(const Skipped& skipped) {
    Colored(kBold, (skipped.path.empty() ? "sluice" : skipped.path) + ":");
    out_.push_back(' ');
    if (!skipped.incomplete) {
      Colored(kYellow, "note:");
    } else {
      Colored(kRed, skipped.partly ? "not fully scanned:" : "not scanned:");
    }
    out_.push_back(' ');
    Show(skipped.reason);
    out_.push_back('\n');
  }

  void WriteHints() {
    switch (report_.GetVerdict()) {
      case Verdict::kClean:
        return;
      case Verdict::kIncomplete:
        WriteWaysToScan();
        return;
      case Verdict::kFindings:
        WriteNextSteps();
    }
  }

  void WriteWaysToScan() {
    out_ += "\nWhat was not scanned is not known to be clean, so this stops here. What to do:\n";
    std::vector<std::string_view> advice;
    std::vector<std::string> without;
    const auto add = [](auto text, auto* list) {
      if (std::find(list->begin(), list->end(), text) == list->end()) list->push_back(std::move(text));
    };
    for (const Skipped& skipped : report_.skipped) {
      if (!skipped.incomplete) continue;
      const Cause& cause = CauseOf(skipped.reason);
      add(cause.advice, &advice);
      if (skipped.path.empty() || !cause.is_of_content) continue;
      const std::string_view file = skipped.archive.empty() ? skipped.path : skipped.archive;
      add(GlobOf(file, skipped.path_is_masked), &without);
    }
    for (const std::string_view text : advice) out_ += fmt::format("  - {}\n", text);
    if (!without.empty()) WriteExclude("  - Where a file need not be scanned, leave it out", without);
  }

  // Exact commands, never the way around the check.
  void WriteNextSteps() {
    std::vector<const Finding*> stopping;
    for (const Finding& finding : report_.findings) {
      if (Stops(finding)) stopping.push_back(&finding);
    }
    out_ += fmt::format("\n{} to deal with. What to do:\n", Counted(stopping.size(), "finding"));
    WriteTakeOut(stopping);
    WriteRotate(stopping);
    WriteAccept(stopping);
  }

  void WriteTakeOut(const std::vector<const Finding*>& all_stopping) {
    std::vector<const Finding*> stopping;
    for (const Finding* finding : all_stopping) {
      if (finding->line > 0) stopping.push_back(finding);
    }
    std::string_view number = "  1. ";
    if (stopping.size() < all_stopping.size()) {
      out_ += "  1. Where the name of a file holds the value, give the file another name, and stage it under that.\n";
      if (stopping.empty()) return;
      number = "     ";
    }
    out_ += number;
    if (!options_.staged) {
      out_ += "Take the value out of the file; let the program read it from its environment or a secret store.\n";
      return;
    }
    std::vector<std::string_view> paths;
    bool all = true;
    for (const Finding* finding : stopping) {
      if (finding->path_is_masked) {
        // The commands need its name, which is not shown.
        all = false;
      } else if (std::find(paths.begin(), paths.end(), finding->path) == paths.end()) {
        paths.push_back(finding->path);
      }
    }
    WriteStageAgain(paths, all);
    switch (options_.leave_out) {
      case LeaveOut::kMerging:
        out_ += "     or give the merge up:\n       git merge --abort\n";
        return;
      case LeaveOut::kOwnIndex:
        out_ += "     or leave the file out of this commit, by naming the others:\n       git commit -- FILE…\n";
        return;
      case LeaveOut::kReset:
        break;
    }
    // `git restore --staged` fails before the first commit; this works there too.
    if (!all || paths.size() > kMostPaths) {
      out_ += "     or unstage everything (the files stay as they are on disk):\n       git reset -q\n";
      return;
    }
    const bool one = paths.size() == 1;
    out_ += fmt::format("     or leave {} out of this commit ({} on disk):\n", one ? "the file" : "the files",
                        one ? "it stays as it is" : "they stay as they are");
    WriteCommands("git reset -q --", paths);
  }

  // `all`: the paths are those of all files.
  void WriteStageAgain(const std::vector<std::string_view>& paths, bool all) {
    if (paths.size() > kMostPaths) {
      out_ +=
          "Take the values out of the files, then stage them again, with whatever else has changed in files that git "
          "knows:\n       git add -u :/\n";
      return;
    }
    out_ += paths.size() > 1 ? "Take the values out of the files, then stage them again"
                             : "Take the value out of the file, then stage it again";
    out_ += paths.empty() ? "\n" : ":\n";
    WriteCommands("git add", paths);
    if (!all && !paths.empty()) out_ += "     and so each file whose name holds a value, which is not shown here\n";
  }

  void WriteCommands(std::string_view command, const std::vector<std::string_view>& paths) {
    for (const std::string& line : GitCommands(command, paths)) out_ += "       " + line + "\n";
  }

  void WriteRotate(const std::vector<const Finding*>& stopping) {
    out_ += "  2. If it was ever pushed, sent or copied, others may know it: replace it.\n";
    std::vector<std::string_view> rules;
    for (const Finding* finding : stopping) {
      if (std::find(rules.begin(), rules.end(), finding->rule_id) != rules.end()) continue;
      rules.push_back(finding->rule_id);
      if (finding->remediation.empty()) continue;
      out_ += "       ";
      Show(finding->rule_id + ": " + finding->remediation);
      out_.push_back('\n');
    }
  }

  void WriteAccept(const std::vector<const Finding*>& stopping) {
    std::vector<const Finding*> beside;
    std::vector<std::string> without;
    for (const Finding* finding : stopping) {
      const Comments comments = CommentsBeside(*finding);
      if (comments != Comments::kNever) beside.push_back(finding);
      if (comments == Comments::kAlways) continue;
      std::string glob = GlobOf(FileOf(*finding), finding->path_is_masked);
      if (std::find(without.begin(), without.end(), glob) == without.end()) without.push_back(std::move(glob));
    }
    std::string_view lead = "  3. If it is no secret";
    if (!beside.empty()) {
      WriteComment(lead, beside);
      lead = "     Where no comment can stand";
    }
    if (!without.empty()) WriteExclude(std::string(lead) + ", leave the file out", without);
  }

  void WriteExclude(std::string_view lead, const std::vector<std::string>& globs) {
    out_ += fmt::format("{} in .sluice.toml (first line: format = 1){}; nothing in it is looked at then:\n{}", lead,
                        options_.staged ? ", and stage that" : "", ExcludeLine(globs));
  }

  void WriteComment(std::string_view lead, const std::vector<const Finding*>& findings) {
    const std::string& rule = findings.front()->rule_id;
    const bool one_rule =
        std::all_of(findings.begin(), findings.end(), [&](const Finding* finding) { return finding->rule_id == rule; });
    const auto several = std::count_if(findings.begin(), findings.end(),
                                       [](const Finding* finding) { return finding->end_line > finding->line; });
    std::string_view where = "in a comment on its line";
    if (several == static_cast<std::ptrdiff_t>(findings.size())) {
      where = "in a comment alone on the line above it";
    } else if (several > 0) {
      where = "in a comment on its line (above it, where it has several lines)";
    }
    out_ += fmt::format("{}, say so and why {}{}:\n       sluice:allow ", lead, where,
                        options_.staged ? ", then stage it again" : "");
    Show(one_rule ? rule : "RULE-ID");
    out_ += " REASON\n";
  }

  // The file that is on disk.
  static std::string_view FileOf(const Finding& finding) {
    return finding.archive.empty() ? finding.path : finding.archive;
  }

  // Whether a person can write a comment beside it.
  static Comments CommentsBeside(const Finding& finding) {
    const std::string_view path = finding.path;
    if (finding.line == 0 || !finding.in_text || !finding.archive.empty()) return Comments::kNever;
    // A file that begins with a value of several lines is a key's own, whatever its name.
    if (finding.offset == 0 && finding.end_line > finding.line) return Comments::kNever;
    return CommentsIn(path);
  }

  // Where the name is not shown, a person writes it.
  static std::string GlobOf(std::string_view path, bool is_masked) { return is_masked ? "\"PATH\"" : TomlGlob(path); }

  // TOML that leaves out the files of these patterns, or the first of them.
  static std::string ExcludeLine(const std::vector<std::string>& globs) {
    std::string list;
    for (std::size_t i = 0; i < std::min(globs.size(), kMostPaths); ++i) list += (i == 0 ? "" : ", ") + globs[i];
    const std::string more =
        globs.size() > kMostPaths ? fmt::format("  # and {}", Counted(globs.size() - kMostPaths, "more file")) : "";
    return fmt::format("       exclude = [{}]{}\n", list, more);
  }

  // Of those that a command or a list names one by one.
  static constexpr std::size_t kMostPaths = 20;

  const Report& report_;
  const RenderOptions& options_;
  std::string out_;
};

}  // namespace

std::string RenderText(const Report& report, const RenderOptions& options) {
  return TextWriter(report, options).Write();
}

}  // namespace sluice::report
