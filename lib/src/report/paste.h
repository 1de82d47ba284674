// What a person can paste: commands into a POSIX shell, patterns into .sluice.toml. Names come from a hostile
// repository: whatever they hold, a command is one line and names exactly that file.
#ifndef SLUICE_REPORT_PASTE_H_
#define SLUICE_REPORT_PASTE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::report {

// `command` ("git add") for exactly these paths of the index, from whatever folder of the working tree it is typed in:
// one line, or several that each stand alone where one would be long.
[[nodiscard]] std::vector<std::string> GitCommands(std::string_view command, std::span<const std::string_view> paths);

// The pattern for just this file, as a TOML string: "\"/config/app.json\"". TOML has no bytes that are not UTF-8: a
// name with such has a '?' in their place, which any byte matches.
[[nodiscard]] std::string TomlGlob(std::string_view path);

}  // namespace sluice::report

#endif  // SLUICE_REPORT_PASTE_H_
