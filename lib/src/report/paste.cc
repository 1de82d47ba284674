#include "report/paste.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "report/utf8.h"
#include "sluice/report.h"

namespace sluice::report {

namespace {

constexpr std::size_t kMostColumns = 100;

// A word as any POSIX shell takes it. REQUIRES: DisplayPath(word) == word.
std::string ShellWord(std::string_view word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+@%,=-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "'";
}

// A pathspec that means exactly this path, from whatever folder of the working tree it is typed in. Behind ":/" git
// takes more punctuation for more of what it calls magic: ":/_config.yml" is an error.
std::string Pathspec(std::string_view path) {
  constexpr std::string_view kMagic = "!\"#%&',-/:;<=>@^_`~";
  const bool is_plain = path.find_first_of("*?[\\") == std::string_view::npos && path.find_first_of(kMagic) != 0;
  return (is_plain ? ":/" : ":(top,literal)") + std::string(path);
}

// What could not be shown in a word, by way of printf: `$'…'` is not known to every shell, and "$(…)" would lose a line
// end at the end of a name.
std::string PipedCommand(std::string_view command, std::string_view pathspec) {
  std::string format;
  while (!pathspec.empty()) {
    const CodePoint code_point = DecodeUtf8(pathspec);
    const std::string_view bytes = pathspec.substr(0, code_point.length);
    if (!code_point.valid || SteersTerminal(code_point.value) || bytes == "'") {
      for (const char byte : bytes) {
        fmt::format_to(std::back_inserter(format), "\\{:03o}", static_cast<unsigned char>(byte));
      }
    } else {
      format += bytes;
      if (bytes == "\\" || bytes == "%") format += bytes;
    }
    pathspec.remove_prefix(code_point.length);
  }
  return fmt::format("printf '{}\\0' | xargs -0 {}", format, command);
}

}  // namespace

std::vector<std::string> GitCommands(std::string_view command, std::span<const std::string_view> paths) {
  std::vector<std::string> commands;
  std::vector<std::string> piped;
  for (const std::string_view path : paths) {
    const std::string pathspec = Pathspec(path);
    if (DisplayPath(pathspec) != pathspec) {
      piped.push_back(PipedCommand(command, pathspec));
      continue;
    }
    const std::string word = ShellWord(pathspec);
    if (commands.empty() || commands.back().size() + word.size() >= kMostColumns) commands.emplace_back(command);
    commands.back() += " " + word;
  }
  commands.insert(commands.end(), std::make_move_iterator(piped.begin()), std::make_move_iterator(piped.end()));
  return commands;
}

std::string TomlGlob(std::string_view path) {
  constexpr std::string_view kSpecial = "*?[\\";
  std::string glob = "\"/";
  while (!path.empty()) {
    const CodePoint code_point = DecodeUtf8(path);
    const std::string_view bytes = path.substr(0, code_point.length);
    if (!code_point.valid) {
      glob += '?';
    } else if (SteersTerminal(code_point.value)) {
      fmt::format_to(std::back_inserter(glob), "\\U{:08X}", static_cast<std::uint32_t>(code_point.value));
    } else {
      if (kSpecial.find(bytes[0]) != std::string_view::npos) glob += "\\\\";
      if (bytes == "\"" || bytes == "\\") glob += '\\';
      glob += bytes;
    }
    path.remove_prefix(code_point.length);
  }
  return glob + "\"";
}

}  // namespace sluice::report
