// What people are shown of names, arguments and messages: no secret of them.
#ifndef SLUICE_HOOK_MASKER_H_
#define SLUICE_HOOK_MASKER_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/database.h"
#include "sluice/result.h"
#include "sluice/scanner.h"

namespace sluice {

// Whether the rule in force under that id asks for nothing but the value itself: no name near it, no key before it.
[[nodiscard]] bool KnowsByShape(std::span<const Database* const> databases, std::string_view id);

// Masks what a rule finds, whether or not a configuration switches it off, and what stands where a secret stands.
class Masker {
 public:
  // By the default rules and those of `databases`, which must outlive this.
  explicit Masker(std::span<const Database* const> databases = {});

  // The name of a file. Nothing but the value is masked, so that a person still finds it.
  const std::string& Path(const std::string& path);

  // A line that may hold paths and arguments.
  const std::string& Line(std::string_view line);

  // A message that may repeat a part of a file (an expression that does not compile, a misspelt key): what looks random
  // in it is masked, too.
  std::string Message(std::string_view message);

 private:
  struct Stretch {
    std::size_t begin;
    std::size_t end;
    std::string shown;  // In its place.
  };
  static std::string Mask(std::string_view text, std::vector<Stretch> secrets);
  void AddFound(std::string_view text, bool by_shape_only, std::vector<Stretch>* secrets);
  const std::vector<Stretch>& InPart(std::string_view part);

  std::vector<const Database*> databases_;
  Result<Scanner> scanner_;
  // What was asked for: names, and folders in them, come again and again.
  std::map<std::string, std::string> paths_;
  std::map<std::string, std::string, std::less<>> lines_;
  std::map<std::string, std::vector<Stretch>, std::less<>> parts_;
};

}  // namespace sluice

#endif  // SLUICE_HOOK_MASKER_H_
