#include "manager_file.h"

#include <yaml.h>

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

// --- YAML ------------------------------------------------------------------------------------------------------------

// A mapping (keys and their nodes), a list (nodes without keys) or a scalar.
struct Node {
  std::string key;
  std::string text;  // Of a scalar.
  std::vector<Node> children;
  bool is_list = false;

  [[nodiscard]] const Node* Find(std::string_view name) const {
    const auto found =
        std::find_if(children.begin(), children.end(), [&](const Node& child) { return child.key == name; });
    return is_list || found == children.end() ? nullptr : &*found;
  }
};

// Takes libyaml's events. Aliases, anchors, tags, merge keys, keys that come twice or are no scalars, several documents
// and what is too deep or too long are not read: nullopt.
class YamlReader {
 public:
  explicit YamlReader(std::string_view yaml) {
    // More than anybody writes; of many %TAG lines libyaml compares each to each, for 17 s in a file of 1 MiB.
    constexpr std::size_t kMaxBytes = std::size_t{128} << 10U;
    can_read_ = yaml_parser_initialize(&parser_) != 0 && yaml.size() <= kMaxBytes;
    if (can_read_) {
      yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(yaml.data()), yaml.size());
    }
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;
  ~YamlReader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  std::optional<Node> Read() {
    Node top;
    if (Next() != YAML_STREAM_START_EVENT) return std::nullopt;
    if (Next() == YAML_DOCUMENT_START_EVENT) {
      Next();
      if (!ReadNode(0, &top) || Next() != YAML_DOCUMENT_END_EVENT) return std::nullopt;
      Next();
    }
    if (event_.type != YAML_STREAM_END_EVENT) return std::nullopt;
    return top;
  }

 private:
  // YAML_NO_EVENT where it cannot be read.
  yaml_event_type_t Next() {
    yaml_event_delete(&event_);
    if (!can_read_ || yaml_parser_parse(&parser_, &event_) == 0) event_ = {};
    return event_.type;
  }

  // From the first event of a node to its last.
  bool ReadNode(int depth, Node* node) {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return ReadScalar(&node->text);
      case YAML_SEQUENCE_START_EVENT:
        node->is_list = true;
        return IsBare(event_.data.sequence_start) && ReadChildren(depth, YAML_SEQUENCE_END_EVENT, node);
      case YAML_MAPPING_START_EVENT:
        return IsBare(event_.data.mapping_start) && ReadChildren(depth, YAML_MAPPING_END_EVENT, node) &&
               HasEachKeyOnce(*node);
      default:
        return false;
    }
  }

  bool ReadChildren(int depth, yaml_event_type_t end, Node* node) {
    constexpr int kMaxDepth = 32;
    if (depth > kMaxDepth) return false;
    while (Next() != end) {
      Node& child = node->children.emplace_back();
      if (!node->is_list) {
        if (!ReadScalar(&child.key) || child.key == "<<") return false;
        Next();
      }
      if (!ReadNode(depth + 1, &child)) return false;
    }
    return true;
  }

  bool ReadScalar(std::string* text) const {
    if (event_.type != YAML_SCALAR_EVENT || !IsBare(event_.data.scalar)) return false;
    text->assign(reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length);
    return true;
  }

  template <typename Data>
  static bool IsBare(const Data& data) {
    return data.anchor == nullptr && data.tag == nullptr;
  }

  // Which of two keys of one name counts is not known.
  static bool HasEachKeyOnce(const Node& mapping) {
    std::vector<std::string_view> keys;
    for (const Node& child : mapping.children) keys.push_back(child.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool can_read_ = false;
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

// `NAME: value` of its environment that leads sluice-hook elsewhere.
bool LeadsElsewhere(const Node& command) {
  const Node* environment = command.Find("env");
  return environment != nullptr && std::any_of(environment->children.begin(), environment->children.end(),
                                               [](const Node& child) { return IsGitVariable(child.key); });
}

// Whether lefthook stages what a command or a job changed, or this does so itself.
bool MayStageMore(const Node& command) {
  const Node* fixed = command.Find("stage_fixed");
  const Node* run = command.Find("run");
  // A group of jobs, or a script elsewhere.
  if (run == nullptr) return true;
  return (fixed != nullptr && fixed->text != "false") || MayStage(run->text);
}

// Whether `other` surely ends before `call` begins. REQUIRES: both are in `section`. Jobs run in their order; commands
// in that of their names, with numbers in it taken as such, unless they have a priority.
bool ComesBefore(const Node& section, const Node& other, const Node& call) {
  const Node* parallel = section.Find("parallel");
  if (parallel != nullptr && parallel->text != "false") return false;
  if (section.Find("jobs") != nullptr) return section.Find("commands") == nullptr && &other < &call;
  constexpr std::string_view kDigits = "0123456789";
  const bool by_name = other.Find("priority") == nullptr && call.Find("priority") == nullptr &&
                       other.key.find_first_of(kDigits) == std::string::npos &&
                       call.key.find_first_of(kDigits) == std::string::npos;
  return by_name && other.key < call.key;
}

// The commands and jobs of the hook after which more may be staged than before.
std::vector<const Node*> Staging(const Node& section) {
  std::vector<const Node*> staging;
  for (const std::string_view kind : {"commands", "jobs"}) {
    const Node* commands = section.Find(kind);
    if (commands == nullptr) continue;
    for (const Node& command : commands->children) {
      if (MayStageMore(command)) staging.push_back(&command);
    }
  }
  return staging;
}

// A command or a job: nothing that leaves it out (skip, only, glob, files, exclude, tags, root…) stands beside `run`.
HookCall CallInLefthookCommand(const Node& command, std::string_view hook) {
  const Node* run = command.Find("run");
  if (run == nullptr || WaitsForFiles(run->text) || LeadsElsewhere(command)) return {};
  const bool always =
      HasOnly(command, {"name", "run", "priority", "env", "fail_text", "use_stdin", "stage_fixed", "timeout"});
  return always ? CallIn(run, hook) : HookCall();
}

// Other files have a word, too; `rc` is one that a shell runs first.
bool MayBeToldElsewhere(const Node& top) {
  constexpr std::array<std::string_view, 4> kKeys = {"extends", "remotes", "remote", "rc"};
  return std::any_of(kKeys.begin(), kKeys.end(), [&](std::string_view key) { return top.Find(key) != nullptr; });
}

// A list of names, or one.
bool Holds(const Node& list, std::span<const std::string_view> names) {
  const auto is_named = [&](const Node& node) {
    return std::find(names.begin(), names.end(), node.text) != names.end();
  };
  return list.is_list ? std::any_of(list.children.begin(), list.children.end(), is_named) : is_named(list);
}

// As the framework's YAML 1.1 has it.
bool IsTrue(const Node& node) {
  constexpr std::array<std::string_view, 9> kTrue = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"};
  return std::find(kTrue.begin(), kTrue.end(), node.text) != kTrue.end();
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
  if (always == nullptr || !IsTrue(*always)) return {};
  const Node* stages = entry.Find("stages");
  if (stages == nullptr) stages = default_stages;
  // Its older names for the same.
  const std::array<std::string_view, 2> names = {hook, hook == "pre-commit" ? "commit" : "merge-commit"};
  if (stages != nullptr && !Holds(*stages, names)) return {};
  // It is split into words and run without a shell: to that, "&&" or a second line are arguments.
  const Node* words = entry.Find("entry");
  if (words == nullptr || words->text.find_first_of("\n;&|()<>`$") != std::string::npos) return {};
  return CallIn(words, hook);
}

}  // namespace

bool HasNoWordInLefthook(std::string_view yaml, std::string_view hook) {
  const std::optional<Node> top = YamlReader(yaml).Read();
  return top && top->Find(hook) == nullptr && !MayBeToldElsewhere(*top);
}

HookCall CallInLefthookFile(std::string_view yaml, std::string_view hook) {
  HookCall call = AtMostNamed(yaml, hook);
  if (call.effect == CallEffect::kNone) return call;
  const std::optional<Node> top = YamlReader(yaml).Read();
  if (!top) return call;
  // Other files may say otherwise; so may what is read only here and there.
  if (MayBeToldElsewhere(*top)) return call;
  const Node* section = top->Find(hook);
  if (section == nullptr || !HasOnly(*section, {"parallel", "piped", "follow", "commands", "jobs", "scripts"}))
    return call;
  const std::vector<const Node*> staging = Staging(*section);
  for (const std::string_view kind : {"commands", "jobs"}) {
    const Node* commands = section->Find(kind);
    if (commands == nullptr || commands->is_list != (kind == "jobs")) continue;
    for (const Node& command : commands->children) {
      HookCall one = CallInLefthookCommand(command, hook);
      // What scripts do is not known.
      const bool may_stage = section->Find("scripts") != nullptr ||
                             std::any_of(staging.begin(), staging.end(),
                                         [&](const Node* other) { return !ComesBefore(*section, *other, command); });
      if (one.effect == CallEffect::kStops && may_stage) one.effect = CallEffect::kMayStage;
      call = Surer(std::move(call), std::move(one));
    }
  }
  return call;
}

HookCall CallInPreCommitFile(std::string_view yaml, std::string_view hook) {
  HookCall call = AtMostNamed(yaml, hook);
  if (call.effect == CallEffect::kNone) return call;
  const std::optional<Node> top = YamlReader(yaml).Read();
  if (!top) return call;
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
