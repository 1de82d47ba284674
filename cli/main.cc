// sluice: what people and CI run.
#include <fmt/format.h>
#include <git2.h>
#include <sys/resource.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "explain_command.h"
#include "hook_command.h"
#include "output.h"
#include "rules_command.h"
#include "scan_command.h"
#include "sluice/database.h"
#include "sluice/version.h"
#include "usage_error.h"

namespace {

constexpr int kIncompleteExit = 3;

// One file for each `--rules`: a list would swallow the paths that follow it.
void AddRuleFiles(CLI::App* app, std::vector<std::string>* files, const std::string& description) {
  app->add_option("--rules", *files, description + "; may be repeated")->type_name("FILE")->allow_extra_args(false);
}

void AddScan(CLI::App* app, int* code) {
  auto arguments = std::make_shared<sluice::cli::ScanArguments>();
  CLI::App* scan = app->add_subcommand("scan", "Scan files and folders, the staged change, or standard input");
  scan->add_option("path", arguments->paths, "Files and folders (default: .)");
  auto* staged = scan->add_flag("--staged", arguments->staged, "Exactly what the next commit would contain");
  auto* from_stdin = scan->add_flag("--stdin", arguments->from_stdin, "One buffer, such as an unsaved editor buffer");
  scan->add_option("--stdin-filename", arguments->stdin_filename, "The name that --stdin is reported under")
      ->needs(from_stdin);
  staged->excludes(from_stdin)->excludes("path");
  from_stdin->excludes("path");
  scan->add_option("--format", arguments->format, "text, json or sarif")
      ->check(sluice::cli::OneOf({"text", "json", "sarif"}));
  scan->add_option("--output,-o", arguments->output, "Write the report to this file instead of stdout");
  scan->add_option("--config", arguments->config, "Configuration to use instead of .sluice.toml at the top");
  AddRuleFiles(scan, &arguments->rule_files, "A rule file of your own, beside the default rules");
  scan->add_flag("--no-default-rules", arguments->no_default_rules, "Only the rules of --rules and the configuration");
  scan->add_flag("--no-ignore", arguments->no_ignore, "Also what .gitignore leaves out");
  scan->add_option("--jobs,-j", arguments->jobs, "Threads (default: one for each processor)")
      ->check(sluice::cli::NumberFrom(1, 256));
  scan->add_flag("--quiet,-q", arguments->quiet, "Only the report");
  scan->add_flag("--show-secrets", arguments->show_secrets, "Unmasked values; on a terminal only");
  scan->add_option("--color", arguments->color, "auto, always or never")
      ->check(sluice::cli::OneOf({"auto", "always", "never"}));
  scan->add_option("--engine", arguments->engine, "auto, or re2: the same findings without Hyperscan, slower")
      ->check(sluice::cli::OneOf({"auto", "re2"}));
  scan->callback([arguments, code] { *code = sluice::cli::RunScan(*arguments); });
}

void AddRules(CLI::App* app, int* code) {
  CLI::App* rules = app->add_subcommand("rules", "List, explain, validate, test and measure rule packs");
  rules->require_subcommand(1);
  auto arguments = std::make_shared<sluice::cli::RulesArguments>();
  const auto add = [&](const char* name, const char* description, int (*run)(const sluice::cli::RulesArguments&)) {
    CLI::App* verb = rules->add_subcommand(name, description);
    verb->callback([arguments, code, run] { *code = run(*arguments); });
    return verb;
  };
  CLI::App* list = add("list", "The rules in force here, a line each", sluice::cli::ListRules);
  CLI::App* show = add("show", "One rule in full, or the offline checks that rules may name", sluice::cli::ShowRule);
  CLI::App* check = add("check", "Validate rule files (default: the built-in packs)", sluice::cli::CheckRules);
  CLI::App* test = add("test", "Run the examples of rule files (default: the built-in packs)", sluice::cli::TestRules);
  CLI::App* cost = add("cost", "Time and candidates of each rule on a corpus", sluice::cli::CostOfRules);
  list->add_option("word", arguments->words, "Only rules with all of these in their id, pack, description or tags");
  show->add_option("id", arguments->id, "The rule's id; without one, the checks that rules may name");
  for (CLI::App* verb : {list, show}) {
    verb->add_option("--format", arguments->format, "text or json")->check(sluice::cli::OneOf({"text", "json"}));
  }
  for (CLI::App* verb : {list, show})
    AddRuleFiles(verb, &arguments->files, "A rule file, instead of the default rules");
  AddRuleFiles(cost, &arguments->files, "A rule file, beside the default rules");
  for (CLI::App* verb : {check, test}) verb->add_option("file", arguments->files, "Rule files");
  cost->add_option("corpus", arguments->corpus, "Files and folders (default: .)");
}

void AddExplain(CLI::App* app, int* code) {
  auto arguments = std::make_shared<sluice::cli::ExplainArguments>();
  CLI::App* explain = app->add_subcommand("explain", "Which rules looked at a place, and what became of what they saw");
  auto* place = explain->add_option("place", arguments->place,
                                    "PATH:LINE, or PATH for the whole file; 'ARCHIVE!MEMBER:LINE' for what is in one");
  auto* text = explain->add_option("--text", arguments->text, "A piece of text instead of a file");
  explain->add_option("--filename", arguments->name, "The name that --text is judged under")->needs(text);
  AddRuleFiles(explain, &arguments->rule_files, "A rule file of your own, beside the default rules");
  place->excludes(text);
  explain->callback([arguments, text, code] {
    if (arguments->place.empty() && text->count() == 0) throw CLI::RequiredError("PATH:LINE or --text");
    *code = sluice::cli::Explain(*arguments);
  });
}

int PrintVersion() {
  int major = 0;
  int minor = 0;
  int revision = 0;
  git_libgit2_version(&major, &minor, &revision);
  const std::string text =
      fmt::format("sluice {}\nHyperscan {}\nlibgit2 {}.{}.{}\nRE2 of the system\nrules {}\n", sluice::Version(),
                  sluice::EngineVersion(), major, minor, revision, sluice::Database::Default().size());
  const sluice::Result<void> written = sluice::cli::WriteReport("", text);
  return written ? 0 : sluice::cli::Fail({written.error()});
}

int Run(int argc, char** argv) {
  CLI::App app("Stops secrets at the moment they would enter history.", "sluice");
  app.require_subcommand(1);
  int code = 0;
  AddScan(&app, &code);
  AddRules(&app, &code);
  AddExplain(&app, &code);
  sluice::cli::AddHookVerbs(&app, &code);
  app.add_subcommand("version", "sluice and what it is built on")->callback([&code] { code = PrintVersion(); });
  app.add_flag_callback(
      "--version", [] { throw CLI::CallForVersion(std::string("sluice ").append(sluice::Version()), 0); },
      "Print the version");
  app.footer("Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 something could not be scanned.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return sluice::cli::Fail({{sluice::ErrorCode::kUsage, "", sluice::cli::UsageLine(app, error)}});
  }
  return code;
}

// Masking takes memory, which may be what there is none of.
int Stop(const std::exception& failure) noexcept {
  try {
    return sluice::cli::Fail({{sluice::ErrorCode::kIncomplete, "", failure.what()}});
  } catch (const std::exception&) {
    sluice::cli::SayLine("sluice: out of memory");
  }
  return kIncompleteExit;
}

}  // namespace

int main(int argc, char** argv) {
  // A crash must not leave the scanned bytes on disk.
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  sluice::cli::HandleSignals();
  try {
    return Run(argc, argv);
  } catch (const std::exception& failure) {
    return Stop(failure);
  }
}
