#include "usage_error.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/nearest_name.h"

namespace sluice::cli {

namespace {

std::string DidYouMean(std::string_view name, const std::vector<std::string>& names, std::string_view before = "") {
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view nearest = NearestName(name, known);
  return nearest.empty() ? "" : fmt::format("; did you mean '{}{}'?", before, nearest);
}

std::vector<std::string> Verbs(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

std::vector<std::string> LongOptions(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

// Why, when the library only says that something is missing or too much; else "".
std::string Cause(const CLI::App& at, const std::string& command) {
  const std::vector<std::string> rest = at.remaining();
  const std::vector<std::string> verbs = Verbs(at);
  if (rest.empty()) return "";
  const std::string& word = rest.front();
  if (word.starts_with("--")) {
    const std::string name = word.substr(2, word.find('=') - 2);
    return fmt::format("`{}` has no option --{}{}", command, name, DidYouMean(name, LongOptions(at), "--"));
  }
  if (!verbs.empty() && !word.starts_with('-')) {
    return fmt::format("there is no command `{} {}`{}", command, word, DidYouMean(word, verbs));
  }
  return "";
}

}  // namespace

std::string UsageLine(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  std::string command = "sluice";
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().back();
    command += " " + at->get_name();
  }
  std::string cause = Cause(*at, command);
  if (cause.empty()) cause = error.what();
  return fmt::format("{}{} `{} --help`", cause, cause.ends_with('?') ? " See" : "; see", command);
}

}  // namespace sluice::cli
