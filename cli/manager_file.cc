#include "manager_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace sluice::cli {

namespace {

// --- YAML, as far as such files need it ------------------------------------------------------------------------------

// A mapping (keys and their nodes), a list (nodes without keys) or a scalar.
struct Node {
  std::string key;
  std::string text;  // Of a scalar: without quotes; a flow list as it is written.
  std::vector<Node> children;
  bool is_list = false;

  [[nodiscard]] const Node* Find(std::string_view name) const {
    const auto found =
        std::find_if(children.begin(), children.end(), [&](const Node& child) { return child.key == name; });
    return is_list || found == children.end() ? nullptr : &*found;
  }
};

// Blocks of mappings and lists, scalars in one line and literal blocks. Anchors, tags, flow mappings, several documents
// and what else there is are not read: nullopt.
class BlockReader {
 public:
  explicit BlockReader(std::string_view yaml) {
    while (!yaml.empty()) {
      const std::size_t end = std::min(yaml.find('\n'), yaml.size());
      std::string_view line = yaml.substr(0, end);
      yaml.remove_prefix(std::min(end + 1, yaml.size()));
      line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
      const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
      lines_.push_back({indent, line.substr(indent)});
    }
    if (!lines_.empty() && lines_[0].indent == 0 && lines_[0].text == "---") lines_[0].text = "";
  }

  std::optional<Node> Read() {
    Node top;
    SkipBlank();
    if (at_ < lines_.size()) ReadBlock(lines_[at_].indent, 0, &top);
    if (is_lost_ || at_ < lines_.size()) return std::nullopt;
    return top;
  }

 private:
  struct Line {
    std::size_t indent;
    std::string_view text;
  };

  static bool IsItem(std::string_view text) { return text == "-" || text.starts_with("- "); }

  void SkipBlank() {
    while (at_ < lines_.size() && (lines_[at_].text.empty() || lines_[at_].text.starts_with('#'))) ++at_;
  }

  // The lines from here on that stand at `indent`, with what is below them.
  void ReadBlock(std::size_t indent, std::size_t depth, Node* node) {
    constexpr std::size_t kMaxDepth = 32;
    is_lost_ = is_lost_ || depth > kMaxDepth;
    node->is_list = IsItem(lines_[at_].text);
    for (SkipBlank(); !is_lost_ && at_ < lines_.size() && lines_[at_].indent == indent; SkipBlank()) {
      if (IsItem(lines_[at_].text) != node->is_list) {
        // A list may stand where the key above it does; then what follows it is of the mapping around it.
        is_lost_ = is_lost_ || !node->is_list;
        return;
      }
      Node& child = node->children.emplace_back();
      if (node->is_list) {
        ReadItem(indent, depth, &child);
      } else {
        ReadPair(indent, depth, node, &child);
      }
    }
    is_lost_ = is_lost_ || (at_ < lines_.size() && lines_[at_].indent > indent);
  }

  // What follows the '-' is a block of its own, as far in as it stands.
  void ReadItem(std::size_t indent, std::size_t depth, Node* child) {
    Line& line = lines_[at_];
    std::string_view rest = line.text.substr(1);
    const std::size_t space = std::min(rest.find_first_not_of(' '), rest.size());
    rest.remove_prefix(space);
    if (rest.empty() || rest.starts_with('#')) {
      ++at_;
      return ReadBelow(indent, /*or_list_at=*/false, depth, child);
    }
    if (!IsItem(rest) && !SplitPair(rest)) {
      ++at_;
      return ReadScalar(indent, rest, child);
    }
    line = {indent + 1 + space, rest};
    ReadBlock(line.indent, depth + 1, child);
  }

  void ReadPair(std::size_t indent, std::size_t depth, const Node* mapping, Node* child) {
    const auto pair = SplitPair(lines_[at_].text);
    ++at_;
    if (!pair) return Lose();
    // Which of two keys of one name counts is not known.
    if (mapping->Find(pair->first) != nullptr) return Lose();
    child->key = pair->first;
    if (pair->second.empty() || pair->second.starts_with('#')) {
      ReadBelow(indent, /*or_list_at=*/true, depth, child);
    } else {
      ReadScalar(indent, pair->second, child);
    }
  }

  void ReadBelow(std::size_t indent, bool or_list_at, std::size_t depth, Node* child) {
    SkipBlank();
    if (at_ == lines_.size()) return;
    const Line& line = lines_[at_];
    if (line.indent > indent || (or_list_at && line.indent == indent && IsItem(line.text))) {
      ReadBlock(line.indent, depth + 1, child);
    }
  }

  void ReadScalar(std::size_t indent, std::string_view text, Node* child) {
    const char first = text.front();
    if (first == '|' || first == '>') return ReadLiteral(indent, text, child);
    if (std::string_view("&*!{}%@`?").find(first) != std::string_view::npos) return Lose();
    if (first == '\'' || first == '"') {
      const std::size_t end = text.find(first, 1);
      // Of escapes and doubled quotes nothing is known.
      if (end == std::string_view::npos || text.substr(0, end).find('\\') != std::string_view::npos) return Lose();
      const std::string_view rest = text.substr(end + 1);
      const std::size_t comment = std::min(rest.find_first_not_of(' '), rest.size());
      if (comment != rest.size() && (comment == 0 || rest[comment] != '#')) return Lose();
      text = text.substr(1, end - 1);
    } else {
      text = text.substr(0, text.find(" #"));
      text = text.substr(0, text.find_last_not_of(' ') + 1);
      if (first == '[' && (!text.ends_with(']') || text.find('[', 1) != std::string_view::npos)) return Lose();
    }
    child->text = text;
    SkipBlank();
    // One that goes on in the next line.
    if (at_ < lines_.size() && lines_[at_].indent > indent) Lose();
  }

  void ReadLiteral(std::size_t indent, std::string_view header, Node* child) {
    if (header.find_first_not_of("|>-+ ") != std::string_view::npos) return Lose();
    // Folded lines are joined by spaces, but for those around an empty one and those that stand farther in.
    const bool is_folded = header.front() == '>';
    std::size_t own_indent = 0;  // That of its first line: none may stand less far in.
    bool after_empty = false;
    for (; at_ < lines_.size() && (lines_[at_].text.empty() || lines_[at_].indent > indent); ++at_) {
      const Line& line = lines_[at_];
      if (own_indent == 0) own_indent = line.indent;
      if (!line.text.empty()) {
        if (line.indent < own_indent || (is_folded && (line.indent > own_indent || after_empty))) return Lose();
        child->text.append(line.text).append(1, is_folded ? ' ' : '\n');
      }
      after_empty = line.text.empty();
    }
  }

  // "key: value" or "key:".
  static std::optional<std::pair<std::string, std::string_view>> SplitPair(std::string_view text) {
    const auto is_of_key = [](char c) { return IsAlnum(c) || c == '_' || c == '-' || c == '.'; };
    const char quote = text.starts_with('"') || text.starts_with('\'') ? text.front() : '\0';
    if (quote != '\0') text.remove_prefix(1);
    const std::size_t size =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of_key) - text.begin());
    std::string_view rest = text.substr(size);
    if (quote != '\0') {
      if (!rest.starts_with(quote)) return std::nullopt;
      rest.remove_prefix(1);
    }
    if (size == 0 || !rest.starts_with(':') || (rest.size() > 1 && rest[1] != ' ')) return std::nullopt;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return std::pair(std::string(text.substr(0, size)), rest);
  }

  void Lose() { is_lost_ = true; }

  std::vector<Line> lines_;
  std::size_t at_ = 0;
  bool is_lost_ = false;
};

// --- What they run ---------------------------------------------------------------------------------------------------

using Keys = std::initializer_list<std::string_view>;

bool HasOnly(const Node& node, Keys keys) {
  return !node.is_list && std::all_of(node.children.begin(), node.children.end(), [&](const Node& child) {
    return std::find(keys.begin(), keys.end(), child.key) != keys.end();
  });
}

// `script`, run by a shell, or the words of a command.
HookCall CallIn(const Node* script, std::string_view hook) {
  if (script == nullptr) return {};
  return FindHookCall(script->text, hook, ErrorExit::kAsWritten);
}

HookCall Surer(HookCall a, HookCall b) { return b.effect > a.effect ? std::move(b) : std::move(a); }

// What is not known to run is named at most.
HookCall AtMostNamed(std::string_view yaml, std::string_view hook) {
  return {NamesHookCall(yaml, hook) ? CallEffect::kMayLeaveOut : CallEffect::kNone, ""};
}

// "{staged_files}" in a command: without such files it is not run.
bool WaitsForFiles(std::string_view run) {
  for (std::size_t at = run.find('{'); at != std::string_view::npos; at = run.find('{', at + 1)) {
    if (at + 1 < run.size() && IsLetter(run[at + 1])) return true;
  }
  return false;
}

// A command or a job: nothing that leaves it out (skip, only, glob, files, exclude, tags, root…) stands beside `run`.
HookCall CallInLefthookCommand(const Node& command, std::string_view hook) {
  const Node* run = command.Find("run");
  if (run == nullptr || WaitsForFiles(run->text)) return {};
  const bool always =
      HasOnly(command, {"name", "run", "priority", "env", "fail_text", "use_stdin", "stage_fixed", "timeout"});
  return always ? CallIn(run, hook) : HookCall();
}

// "[a, b]" or a list in a block, as the names in it; a scalar is one.
bool Holds(const Node& list, std::span<const std::string_view> names) {
  std::vector<std::string> texts;
  for (const Node& item : list.children) texts.push_back(item.text);
  std::string_view flow = list.text;
  if (flow.starts_with('[')) flow = flow.substr(1, flow.size() - 2);
  while (!flow.empty()) {
    const std::size_t end = std::min(flow.find(','), flow.size());
    std::string text(flow.substr(0, end));
    std::erase_if(text, [](char c) { return c == ' ' || c == '"' || c == '\''; });
    texts.push_back(std::move(text));
    flow.remove_prefix(std::min(end + 1, flow.size()));
  }
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return std::find(names.begin(), names.end(), text) != names.end();
  });
}

// One hook of a local repository. Without `always_run` it would wait for files that a filter lets through, and in a
// merge for those that had a conflict.
HookCall CallInPreCommitHook(const Node& entry, const Node* default_stages, std::string_view hook) {
  if (!HasOnly(entry, {"id", "name", "entry", "language", "stages", "pass_filenames", "always_run", "require_serial",
                       "verbose", "description", "log_file", "fail_fast"})) {
    return {};
  }
  const Node* language = entry.Find("language");
  const Node* always = entry.Find("always_run");
  if (language == nullptr || (language->text != "system" && language->text != "unsupported")) return {};
  if (always == nullptr || always->text != "true") return {};
  const Node* stages = entry.Find("stages");
  if (stages == nullptr) stages = default_stages;
  // Its older names for the same.
  const std::array<std::string_view, 2> names = {hook, hook == "pre-commit" ? "commit" : "merge-commit"};
  if (stages != nullptr && !Holds(*stages, names)) return {};
  return CallIn(entry.Find("entry"), hook);
}

}  // namespace

HookCall CallInLefthookFile(std::string_view yaml, std::string_view hook) {
  HookCall call = AtMostNamed(yaml, hook);
  const std::optional<Node> top = BlockReader(yaml).Read();
  if (call.effect == CallEffect::kNone || !top) return call;
  // Other files may say otherwise; so may what is read only here and there.
  if (top->Find("extends") != nullptr || top->Find("remotes") != nullptr || top->Find("remote") != nullptr) return call;
  const Node* section = top->Find(hook);
  if (section == nullptr || !HasOnly(*section, {"parallel", "piped", "follow", "commands", "jobs", "scripts"}))
    return call;
  for (const std::string_view kind : {"commands", "jobs"}) {
    const Node* commands = section->Find(kind);
    if (commands == nullptr || commands->is_list != (kind == "jobs")) continue;
    for (const Node& command : commands->children) call = Surer(std::move(call), CallInLefthookCommand(command, hook));
  }
  return call;
}

HookCall CallInPreCommitFile(std::string_view yaml, std::string_view hook) {
  HookCall call = AtMostNamed(yaml, hook);
  const std::optional<Node> top = BlockReader(yaml).Read();
  if (call.effect == CallEffect::kNone || !top) return call;
  const Node* repositories = top->Find("repos");
  if (repositories == nullptr) return call;
  for (const Node& repository : repositories->children) {
    const Node* repo = repository.Find("repo");
    const Node* hooks = repository.Find("hooks");
    if (repo == nullptr || repo->text != "local" || hooks == nullptr) continue;
    for (const Node& entry : hooks->children) {
      call = Surer(std::move(call), CallInPreCommitHook(entry, top->Find("default_stages"), hook));
    }
  }
  return call;
}

}  // namespace sluice::cli
