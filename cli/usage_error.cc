#include "usage_error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/nearest_name.h"
#include "base/repeated_name.h"

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

// Why, when the library only says that something is missing or too much; else "". What is no name of ours may be a
// secret in the wrong place: it is not repeated.
std::string Cause(const CLI::App& at, const std::string& command) {
  const std::vector<std::string> rest = at.remaining();
  const std::vector<std::string> verbs = Verbs(at);
  if (rest.empty()) return "";
  const std::string& word = rest.front();
  if (word.starts_with("--")) {
    const std::string name = word.substr(2, word.find('=') - 2);
    return fmt::format("`{}` has no option {}{}", command, IsLikeAName(name) ? "--" + name : "of that name",
                       DidYouMean(name, LongOptions(at), "--"));
  }
  if (word.size() > 1 && word.starts_with('-')) return fmt::format("`{}` has no option -{}", command, word[1]);
  if (verbs.empty()) return fmt::format("`{}` takes fewer arguments", command);
  const std::string shown = IsLikeAName(word) ? fmt::format("`{} {}`", command, word) : "of that name";
  return fmt::format("there is no command {}{}", shown, DidYouMean(word, verbs));
}

// The library's own messages repeat an argument that is not what it should be. Options have validators of ours, so only
// flags are left: "Could not convert: --quiet = X".
std::string FlagCause(const CLI::ParseError& error) {
  const std::string_view what = error.what();
  if (dynamic_cast<const CLI::ConversionError*>(&error) == nullptr) return "";
  const std::size_t name = what.find("--");
  return fmt::format("{} takes no value",
                     name == std::string_view::npos ? "a flag" : what.substr(name, what.find(' ', name) - name));
}

}  // namespace

CLI::Validator OneOf(const std::vector<std::string>& names) {
  const auto check = [names](const std::string& argument) {
    const bool is_one = std::find(names.begin(), names.end(), argument) != names.end();
    return is_one ? "" : fmt::format("is one of {}", fmt::join(names, ", "));
  };
  return {check, fmt::format("{{{}}}", fmt::join(names, ","))};
}

CLI::Validator NumberFrom(unsigned least, unsigned most) {
  const auto check = [least, most](const std::string& argument) {
    unsigned number = 0;
    const char* const end = argument.data() + argument.size();
    const auto [last, error] = std::from_chars(argument.data(), end, number);
    const bool is_right = error == std::errc() && last == end && number >= least && number <= most;
    return is_right ? "" : fmt::format("is a number from {} to {}", least, most);
  };
  return {check, fmt::format("from {} to {}", least, most)};
}

std::string UsageLine(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  std::string command = "sluice";
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().back();
    command += " " + at->get_name();
  }
  std::string cause = Cause(*at, command);
  if (cause.empty()) cause = FlagCause(error);
  if (cause.empty()) cause = error.what();
  return fmt::format("{}{} `{} --help`", cause, cause.ends_with('?') ? " See" : "; see", command);
}

}  // namespace sluice::cli
