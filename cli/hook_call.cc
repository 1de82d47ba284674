// Invariants:
//  1. A construct that is not understood makes the answer less sure, never surer: `sluice hook status` would say
//     "scanned" where a commit with a secret is made.
//  2. Nothing is expanded or run. A hook is anybody's program.
#include "hook_call.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace sluice::cli {

namespace {

constexpr std::string_view kProgramName = "sluice-hook";

bool IsWordPart(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; }

bool HasWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !IsWordPart(text[at - 1])) && (end == text.size() || !IsWordPart(text[end]))) return true;
  }
  return false;
}

bool Names(std::string_view line, std::string_view hook) {
  const std::size_t program = line.find(kProgramName);
  return program != std::string_view::npos && HasWord(line.substr(program + kProgramName.size()), hook);
}

// --- Commands --------------------------------------------------------------------------------------------------------

std::string Unquoted(std::string_view word) {
  std::string plain(word);
  std::erase_if(plain, [](char c) { return c == '\'' || c == '"' || c == '\\'; });
  return plain;
}

// "1>&2", "<file": of the command that has it, not an argument.
bool IsRedirection(std::string_view word) {
  const std::size_t sign = word.find_first_not_of("0123456789");
  return sign != std::string_view::npos && (word[sign] == '<' || word[sign] == '>' || word.substr(sign, 2) == "&>");
}

bool IsAssignment(std::string_view word) {
  const std::size_t name = word.find_first_of("='\"$");
  return name != 0 && name != std::string_view::npos && word[name] == '=';
}

// From the command's name on, without quotes: what `"exit" 0`, `command exit 0` and `2>&1 exit 0` have in common.
std::vector<std::string> PlainWords(const std::vector<std::string>& words) {
  std::vector<std::string> plain;
  bool is_target = false;  // Of a redirection.
  for (const std::string& quoted : words) {
    std::string word = Unquoted(quoted);
    const bool is_before = plain.empty() && (std::exchange(is_target, false) || IsAssignment(quoted) ||
                                             IsRedirection(quoted) || word == "command" || word == "builtin");
    if (!is_before) {
      plain.push_back(std::move(word));
    } else if (IsRedirection(quoted)) {
      is_target = quoted.find_last_of("<>&") + 1 == quoted.size();
    }
  }
  return plain;
}

// What stands between two commands.
enum class Joint { kNext, kAnd, kOr, kPipe, kBackground };

struct Command {
  std::vector<std::string> words;  // With their quotes.
  std::vector<std::string> plain;  // See PlainWords().
  std::string lead;                // The reserved words before them, such as "if !".
  std::string defines;             // The name, when it is the head of a function.
  std::size_t depth = 0;           // Of ifs, loops, groups, subshells and functions around it.
  bool in_subshell = false;
  Joint before = Joint::kNext;
  Joint after = Joint::kNext;
};

// Takes a script apart at what a shell takes it apart at: newlines, operators, parentheses and reserved words.
class Splitter {
 public:
  explicit Splitter(std::string_view script) : rest_(script) {}

  // nullopt when something is left open, so that nothing is known of what is inside of what.
  std::optional<std::vector<Command>> Split() {
    while (!rest_.empty() && !lost_) TakeOne();
    EndCommand(Joint::kNext);
    if (lost_ || !open_.empty()) return std::nullopt;
    return std::move(commands_);
  }

 private:
  void TakeOne() {
    const char c = rest_.front();
    if (c == '\\') return rest_.starts_with("\\\n") ? Drop(2) : Keep(2);
    if (c == '\'' || c == '"') return Keep(ClosingQuote() + 1);
    if (c == '#' && word_.empty()) return Drop(std::min(rest_.find('\n'), rest_.size()));
    if (c == ' ' || c == '\t' || c == '\r') return EndWordAt(1);
    if (rest_.starts_with("<<")) return TakeHereDocument();
    if (IsRedirection()) return Keep(1);
    if (c == '(') return Open();
    if (c == ')') return Close();
    if (const std::size_t size = OperatorSize(); size != 0) return TakeOperator(size);
    Keep(1);
  }

  void Drop(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }

  void Keep(std::size_t count) {
    word_ += rest_.substr(0, count);
    Drop(count);
  }

  // Where the quote that begins here ends.
  std::size_t ClosingQuote() {
    const char quote = rest_.front();
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) return i;
      if (rest_[i] == '\\' && quote == '"') ++i;
    }
    lost_ = true;
    return rest_.size();
  }

  // The '&' or '|' of ">&2", "<&3", "&>file" and ">|file".
  [[nodiscard]] bool IsRedirection() const {
    const char c = rest_.front();
    const char previous = word_.empty() ? ' ' : word_.back();
    if (c == '&') return previous == '>' || previous == '<' || rest_.starts_with("&>");
    return c == '|' && previous == '>';
  }

  // Its text is no commands. It begins after this line; of two in one line, the last one ends both.
  void TakeHereDocument() {
    constexpr std::string_view kHereString = "<<<";
    const bool is_shift = open_.size() > 1 && open_.substr(open_.size() - 2) == "((";
    if (rest_.starts_with(kHereString)) return Keep(kHereString.size());
    Keep(2);
    if (is_shift) return;
    if (rest_.starts_with('-')) Keep(1);
    std::string_view name = rest_;
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    name = name.substr(0, name.find_first_of(" \t\r\n;&|()<>"));
    here_end_ = Unquoted(name);
  }

  void SkipHereDocument() {
    while (!rest_.empty()) {
      std::string_view line = rest_.substr(0, rest_.find('\n'));
      Drop(line.size() + 1);
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == *here_end_) return here_end_.reset();
    }
    lost_ = true;
  }

  [[nodiscard]] std::size_t OperatorSize() const {
    for (const std::string_view two : {"&&", "||", ";;", "|&"}) {
      if (rest_.starts_with(two)) return two.size();
    }
    return std::string_view("\n;&|").find(rest_.front()) != std::string_view::npos ? 1 : 0;
  }

  void TakeOperator(std::size_t size) {
    const std::string_view text = rest_.substr(0, size);
    const bool ends_line = text == "\n";
    EndCommand(text == "&&"                  ? Joint::kAnd
               : text == "||"                ? Joint::kOr
               : text == "|" || text == "|&" ? Joint::kPipe
               : text == "&"                 ? Joint::kBackground
                                             : Joint::kNext);
    Drop(size);
    if (ends_line && here_end_) SkipHereDocument();
  }

  void Open() {
    EndWord();
    // "name()" and "function name()".
    const std::size_t inside = rest_.find_first_not_of(" \t", 1);
    if (!words_.empty() && inside != std::string_view::npos && rest_[inside] == ')') defines_ = Unquoted(words_.back());
    EndCommand(Joint::kNext);
    open_ += '(';
    Drop(1);
  }

  // One that closes nothing ends the pattern of a case.
  void Close() {
    EndCommand(Joint::kNext);
    if (open_.ends_with('(')) {
      open_.pop_back();
    } else {
      lost_ = !open_.ends_with('c');
    }
    Drop(1);
  }

  void EndWordAt(std::size_t space) {
    EndWord();
    Drop(space);
  }

  void EndWord() {
    if (word_.empty()) return;
    const std::string word = std::exchange(word_, "");
    if (!words_.empty() || !TakeReserved(word)) words_.push_back(word);
  }

  // Reserved words are such only where a command begins.
  bool TakeReserved(std::string_view word) {
    struct Reserved {
      std::string_view word;
      char opens = 0;
      char closes = 0;
    };
    static constexpr std::array<Reserved, 15> kReserved = {{{"if", 'i', 0},
                                                            {"fi", 0, 'i'},
                                                            {"for", 'd', 0},
                                                            {"while", 'd', 0},
                                                            {"until", 'd', 0},
                                                            {"select", 'd', 0},
                                                            {"done", 0, 'd'},
                                                            {"case", 'c', 0},
                                                            {"esac", 0, 'c'},
                                                            {"{", '{', 0},
                                                            {"}", 0, '{'},
                                                            {"then", 0, 0},
                                                            {"elif", 0, 0},
                                                            {"else", 0, 0},
                                                            {"!", 0, 0}}};
    const auto* const found =
        std::find_if(kReserved.begin(), kReserved.end(), [&](const Reserved& one) { return one.word == word; });
    if (found == kReserved.end() && word != "do") return false;
    lead_.append(lead_.empty() ? "" : " ").append(word);
    if (found == kReserved.end()) return true;
    if (found->opens != 0) open_ += found->opens;
    if (found->closes == 0) return true;
    lost_ = lost_ || !open_.ends_with(found->closes);
    if (!lost_) open_.pop_back();
    return true;
  }

  void EndCommand(Joint joint) {
    EndWord();
    if (words_.empty() && lead_.empty()) {
      // A newline after an operator ends nothing.
      if (joint != Joint::kNext) before_ = joint;
      return;
    }
    if (words_.size() > 1 && words_[0] == "function") defines_ = Unquoted(words_[1]);
    commands_.push_back({.words = words_,
                         .plain = PlainWords(words_),
                         .lead = std::exchange(lead_, ""),
                         .defines = std::exchange(defines_, ""),
                         .depth = open_.size(),
                         .in_subshell = open_.find('(') != std::string::npos,
                         .before = before_,
                         .after = joint});
    words_.clear();
    before_ = joint == Joint::kBackground ? Joint::kNext : joint;
  }

  std::string_view rest_;
  std::vector<Command> commands_;
  std::vector<std::string> words_;  // Of the command that is being read; as are the next four.
  std::string word_;
  std::string lead_;
  std::string defines_;
  Joint before_ = Joint::kNext;
  std::string open_;                     // A letter for each if, loop, case, group and subshell around it.
  std::optional<std::string> here_end_;  // The line that ends the here-document of this line.
  bool lost_ = false;
};

// --- What they do ----------------------------------------------------------------------------------------------------

bool Is(const Command& command, std::string_view name) { return !command.plain.empty() && command.plain[0] == name; }

bool Prints(const Command& command) { return Is(command, "echo") || Is(command, "printf"); }

bool IsExec(const Command& command) {
  return Is(command, "exec") && command.plain.size() > 1 && !IsRedirection(command.plain[1]);
}

bool Exits(const Command& command) { return Is(command, "exit") || Is(command, "return") || IsExec(command); }

// `exit` and `exit $?` end with the status of the command before.
bool ExitsWithStatus(const Command& command) {
  if (!Is(command, "exit")) return false;
  return command.plain.size() == 1 || IsRedirection(command.plain[1]) || command.plain[1] == "$?";
}

// Git sees the status modulo 256.
bool ExitsWithFailure(const Command& command) {
  if (!Is(command, "exit") || command.plain.size() < 2) return false;
  const std::string& status = command.plain[1];
  constexpr std::size_t kMaxDigits = 3;
  return status.size() <= kMaxDigits && status.find_first_not_of("0123456789") == std::string::npos &&
         status.find_first_not_of('0') != std::string::npos && status != "256" && status != "512" && status != "768";
}

// `trap 'exit 0' EXIT` has the last word.
bool TrapsWithExit(const Command& command) {
  return Is(command, "trap") && command.plain.size() > 1 && HasWord(command.plain[1], "exit");
}

// `. ./lib.sh`, `eval "$(…)"`: what is in there may end the script. Husky's own file is known.
bool RunsUnseen(const Command& command) {
  if (Is(command, "eval")) return true;
  return (Is(command, ".") || Is(command, "source")) && command.plain.size() > 1 &&
         command.plain[1].find("husky.sh") == std::string::npos;
}

// Behind these, sluice-hook may look at another repository or another index than git. A hook is started at the top.
bool LeadsElsewhere(const Command& command) {
  if (command.in_subshell) return false;
  if (Is(command, "cd") || Is(command, "pushd") || Is(command, "popd") || Is(command, "chdir")) {
    return command.plain.size() != 2 || command.plain[1] != "$(git rev-parse --show-toplevel)";
  }
  // Set, exported, unset or read.
  return std::any_of(command.words.begin(), command.words.end(), [](const std::string& word) {
    const std::string plain = Unquoted(word);
    return IsGitVariable(std::string_view(plain).substr(0, plain.find('=')));
  });
}

// Whether sluice-hook, or what is known of a shell's own commands, may mean something else in this script.
bool Redefines(const Command& command) {
  constexpr std::array<std::string_view, 8> kTrusted = {kProgramName, "exit", "exec",    "set",
                                                        "return",     "trap", "command", "cd"};
  const auto is_trusted = [&](std::string_view name) {
    return std::find(kTrusted.begin(), kTrusted.end(), name.substr(name.rfind('/') + 1)) != kTrusted.end();
  };
  if (!command.defines.empty()) return is_trusted(command.defines);
  return Is(command, "alias") && std::any_of(command.plain.begin() + 1, command.plain.end(), [&](const auto& word) {
           return is_trusted(std::string_view(word).substr(0, word.find('=')));
         });
}

// Words, also of a script in quotes: `sh -c "git add -u"`.
std::vector<std::string> AllWords(const Command& command) {
  std::vector<std::string> words;
  for (const std::string& plain : command.plain) {
    std::istringstream stream(plain);
    for (std::string word; stream >> word;) words.push_back(word);
  }
  return words;
}

// `git add -u`: what it stages is committed. The options of git itself may come before. Of programs, those that stage
// what they format.
bool Stages(const Command& command) {
  constexpr std::array<std::string_view, 10> kVerbs = {"add",     "stage", "apply",        "stash", "checkout",
                                                       "restore", "reset", "update-index", "merge", "read-tree"};
  constexpr std::array<std::string_view, 4> kPrograms = {"lint-staged", "nano-staged", "pretty-quick",
                                                         "git-format-staged"};
  if (Prints(command)) return false;
  const std::vector<std::string> words = AllWords(command);
  // "npx lint-staged@15", "./node_modules/.bin/lint-staged".
  if (std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        std::string_view name = std::string_view(word).substr(word.rfind('/') + 1);
        name = name.substr(0, name.find_first_of("@;"));
        return std::find(kPrograms.begin(), kPrograms.end(), name) != kPrograms.end();
      })) {
    return true;
  }
  const auto git = std::find_if(words.begin(), words.end(),
                                [](const std::string& word) { return word == "git" || word.ends_with("/git"); });
  return std::any_of(git, words.end(), [&](const std::string& word) {
    return std::find(kVerbs.begin(), kVerbs.end(), word) != kVerbs.end();
  });
}

bool IsInForeground(const Command& command) {
  return command.after != Joint::kPipe && command.after != Joint::kBackground;
}

bool BeginsBranch(const Command& command) { return command.lead.starts_with("el"); }  // elif, else

// The program, as written without quotes, when the command is `[NAME=VALUE…] [exec] sluice-hook HOOK …`.
std::optional<std::string> ProgramOf(const Command& command, std::string_view hook) {
  auto word = std::find_if_not(command.words.begin(), command.words.end(), IsAssignment);
  if (word != command.words.end() && *word == "exec") ++word;
  if (command.words.end() - word < 2 || Unquoted(word[1]) != hook) return std::nullopt;
  std::string program = Unquoted(*word);
  const std::string_view name = std::string_view(program).substr(program.rfind('/') + 1);
  if (name != kProgramName) return std::nullopt;
  return program;
}

// Such as `sh -c "sluice-hook pre-commit"` or `timeout 9 sluice-hook pre-commit`, but not what is only printed.
bool NamesCall(const Command& command, std::string_view hook) {
  if (Prints(command)) return false;
  std::string line;
  for (const std::string& word : command.words) line.append(word).append(" ");
  return Names(line, hook);
}

class Judge {
 public:
  Judge(const std::vector<Command>& commands, std::string_view hook, bool error_exit)
      : commands_(commands),
        hook_(hook),
        error_exit_(error_exit),
        staging_end_(
            static_cast<std::size_t>(commands.rend() - std::find_if(commands.rbegin(), commands.rend(), Stages))),
        redefines_(std::any_of(commands.begin(), commands.end(), Redefines)) {}

  HookCall SurestCall() {
    HookCall surest;
    for (std::size_t i = 0; i < commands_.size(); ++i) {
      leads_elsewhere_ = leads_elsewhere_ || LeadsElsewhere(commands_[i]);
      HookCall call = CallAt(i);
      if (call.effect > surest.effect) surest = std::move(call);
      may_have_ended_ = may_have_ended_ || MayPassCommit(i);
      traps_with_exit_ = traps_with_exit_ || TrapsWithExit(commands_[i]);
      TakeSet(commands_[i]);
    }
    return surest;
  }

 private:
  [[nodiscard]] HookCall CallAt(std::size_t i) const {
    std::optional<std::string> program = ProgramOf(commands_[i], hook_);
    if (!program) return {NamesCall(commands_[i], hook_) ? CallEffect::kMayGoOn : CallEffect::kNone, ""};
    const CallEffect effect = EffectOf(i);
    return {effect == CallEffect::kStops && MayStageAfter(i) ? CallEffect::kMayStage : effect, std::move(*program)};
  }

  // Nothing comes after `exec`.
  [[nodiscard]] bool MayStageAfter(std::size_t i) const { return !IsExec(commands_[i]) && i < staging_end_; }

  [[nodiscard]] CallEffect EffectOf(std::size_t i) const {
    const Command& call = commands_[i];
    if (may_have_ended_ || leads_elsewhere_ || redefines_) return CallEffect::kMaySkip;
    if (call.depth == 1 && call.lead.starts_with("if") && call.before == Joint::kNext) {
      return !traps_with_exit_ && call.lead == "if !" && ThenExits(i) ? CallEffect::kStops : CallEffect::kMayGoOn;
    }
    if (call.depth != 0 || call.before == Joint::kOr) return CallEffect::kMaySkip;
    return !traps_with_exit_ && FailureEndsScript(i) ? CallEffect::kStops : CallEffect::kMayGoOn;
  }

  // REQUIRES: the call is in no other command, and runs unless a command before it in an && list failed.
  [[nodiscard]] bool FailureEndsScript(std::size_t i) const {
    const Command& call = commands_[i];
    if (!call.lead.empty() || call.before == Joint::kPipe) return false;
    if (IsExec(call) && call.before == Joint::kNext) return IsInForeground(call);
    std::size_t last = i;
    while (commands_[last].after == Joint::kAnd && commands_[last].depth == 0 && last + 1 < commands_.size()) ++last;
    if (commands_[last].depth != 0) return false;
    if (commands_[last].after == Joint::kOr) return OrExits(last + 1);
    if (commands_[last].after != Joint::kNext) return false;
    if (last + 1 == commands_.size()) return true;
    // A failure before the last command of an && list ends no script.
    if (error_exit_ && last == i && call.before == Joint::kNext) return true;
    const Command& next = commands_[last + 1];
    return next.depth == 0 && next.lead.empty() && ExitsWithStatus(next) && IsInForeground(next);
  }

  // `|| exit 1` or `|| { …; exit 1; }`.
  [[nodiscard]] bool OrExits(std::size_t i) const {
    if (i >= commands_.size()) return false;
    const Command& next = commands_[i];
    if (next.lead == "{") return BlockExits(i) || (ExitsWithStatus(next) && RunsInThisShell(i));
    return next.depth == 0 && next.lead.empty() && IsInForeground(next) &&
           (ExitsWithStatus(next) || ExitsWithFailure(next));
  }

  // `; then …; exit 1`. The status that a plain `exit` ends with is that of `! sluice-hook`.
  [[nodiscard]] bool ThenExits(std::size_t i) const {
    return commands_[i].after == Joint::kNext && i + 1 < commands_.size() && commands_[i + 1].lead == "then" &&
           BlockExits(i + 1);
  }

  // Whether the commands from `i` to the end of what they are in come to an `exit` that fails.
  [[nodiscard]] bool BlockExits(std::size_t i) const {
    const std::size_t depth = commands_[i].depth;
    for (std::size_t at = i; at < commands_.size() && commands_[at].depth >= depth; ++at) {
      const Command& command = commands_[at];
      if (at != i && command.depth == depth && BeginsBranch(command)) return false;
      if (!Exits(command)) continue;
      return command.depth == depth && (at == i || command.before == Joint::kNext) && RunsInThisShell(at) &&
             ExitsWithFailure(command);
    }
    return false;
  }

  // Neither the command nor the block it is in is part of a pipe or in the background: `exit` would end only that.
  [[nodiscard]] bool RunsInThisShell(std::size_t i) const {
    if (!IsInForeground(commands_[i])) return false;
    const auto end = std::find_if(commands_.begin() + static_cast<std::ptrdiff_t>(i), commands_.end(),
                                  [&](const Command& command) { return command.depth < commands_[i].depth; });
    return end == commands_.end() || IsInForeground(*end);
  }

  // Whether the script may end here and let the commit pass. REQUIRES: all before it were asked.
  [[nodiscard]] bool MayPassCommit(std::size_t i) const {
    const Command& command = commands_[i];
    if (RunsUnseen(command)) return true;
    if (!Exits(command) || ExitsWithFailure(command)) return false;
    if (Is(command, "return") && command.depth != 0) return false;  // From a function.
    return !(ExitsWithStatus(command) && command.before == Joint::kOr);
  }

  // `set -e`, `set -eu`, `set -o errexit` for the whole script; `set +e` wherever it is.
  void TakeSet(const Command& command) {
    if (!Is(command, "set")) return;
    for (std::size_t i = 1; i < command.plain.size(); ++i) {
      const std::string& word = command.plain[i];
      // The others are arguments of the script.
      if ((!word.starts_with('-') && !word.starts_with('+')) || word.substr(1).find_first_not_of('-') == word.npos)
        return;
      const bool takes_name = word.ends_with('o') && i + 1 < command.plain.size();
      const bool is_named = takes_name && command.plain[i + 1] == "errexit";
      if (takes_name) ++i;
      if (!is_named && word.find('e') == std::string::npos) continue;
      const bool is_certain = command.depth == 0 && command.before == Joint::kNext && IsInForeground(command);
      if (word.starts_with('+')) {
        error_exit_ = false;
      } else if (is_certain) {
        error_exit_ = true;
      }
    }
  }

  const std::vector<Command>& commands_;
  std::string_view hook_;
  bool error_exit_;
  bool may_have_ended_ = false;
  bool traps_with_exit_ = false;
  bool leads_elsewhere_ = false;
  std::size_t staging_end_;  // Behind the last command that stages.
  bool redefines_;
};

// --- The first line --------------------------------------------------------------------------------------------------

// The words after "#!"; none: git lets a shell run it.
std::vector<std::string_view> Interpreter(std::string_view script) {
  std::vector<std::string_view> words;
  if (!script.starts_with("#!")) return words;
  std::string_view line = script.substr(2, script.find('\n') - 2);
  while (!line.empty()) {
    const std::size_t space = std::min(line.find_first_of(" \t\r"), line.size());
    if (space != 0) words.push_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return words;
}

bool IsPosixShell(const std::vector<std::string_view>& interpreter) {
  constexpr std::array<std::string_view, 6> kShells = {"sh", "bash", "dash", "ash", "ksh", "zsh"};
  return interpreter.empty() || std::any_of(interpreter.begin(), interpreter.end(), [&](std::string_view word) {
           return std::find(kShells.begin(), kShells.end(), word.substr(word.rfind('/') + 1)) != kShells.end();
         });
}

bool AsksForErrorExit(const std::vector<std::string_view>& interpreter) {
  return std::any_of(interpreter.begin(), interpreter.end(), [](std::string_view word) {
    return word.starts_with('-') && !word.starts_with("--") && word.find('e') != std::string_view::npos;
  });
}

}  // namespace

HookCall FindHookCall(std::string_view script, std::string_view hook, ErrorExit error_exit) {
  const std::vector<std::string_view> interpreter = Interpreter(script);
  const bool is_shell = IsPosixShell(interpreter) && script.find('\0') == std::string_view::npos;
  if (!is_shell) return {NamesHookCall(script, hook) ? CallEffect::kUnknown : CallEffect::kNone, ""};
  const std::optional<std::vector<Command>> commands = Splitter(script).Split();
  if (!commands) return {NamesHookCall(script, hook) ? CallEffect::kMayGoOn : CallEffect::kNone, ""};
  return Judge(*commands, hook, error_exit == ErrorExit::kAlways || AsksForErrorExit(interpreter)).SurestCall();
}

bool IsGitVariable(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames = {
      "GIT_DIR",        "GIT_INDEX_FILE",          "GIT_WORK_TREE",
      "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
      "GIT_NAMESPACE",  "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"};
  return name.starts_with("GIT_CONFIG") || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool MayStage(std::string_view script) {
  const std::optional<std::vector<Command>> commands = Splitter(script).Split();
  return !commands || std::any_of(commands->begin(), commands->end(),
                                  [](const Command& command) { return Stages(command) || RunsUnseen(command); });
}

bool NamesHookCall(std::string_view text, std::string_view hook) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with('#') && Names(line, hook)) return true;
  }
  return false;
}

}  // namespace sluice::cli
