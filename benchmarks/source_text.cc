#include "source_text.h"

#include <fmt/format.h>

#include <array>
#include <random>
#include <string_view>

namespace sluice::benchmarks {

namespace {

constexpr std::array<std::string_view, 64> kNouns = {
    "buffer", "index",  "node",   "request", "response", "path",    "name",   "value",   "length", "offset", "state",
    "config", "handle", "stream", "packet",  "record",   "entry",   "table",  "cursor",  "result", "status", "error",
    "count",  "limit",  "width",  "height",  "color",    "event",   "timer",  "thread",  "queue",  "lock",   "page",
    "block",  "header", "field",  "column",  "row",      "query",   "cache",  "filter",  "range",  "source", "target",
    "parent", "child",  "client", "server",  "session",  "message", "option", "context", "object", "array",  "string",
    "number", "width",  "parser", "writer",  "reader",   "scope",   "symbol", "format",  "token"};
constexpr std::array<std::string_view, 24> kVerbs = {
    "get",   "set",  "read",  "write", "open", "close", "find",  "parse", "make",  "copy", "update", "remove",
    "check", "init", "reset", "apply", "load", "store", "merge", "split", "start", "stop", "send",   "receive"};
// The words that rules look for, in the company they have in code that holds no secret.
constexpr std::array<std::string_view, 10> kSensitiveLines = {"  password = getpass.getpass(prompt)",
                                                              "  const char *token = next_token(&cursor);",
                                                              "  if (key == NULL || key->length == 0) return -EINVAL;",
                                                              "  auth_token: ${{ secrets.DEPLOY_TOKEN }}",
                                                              "  api_key = os.environ[\"SERVICE_API_KEY\"]",
                                                              "  // The secret is derived from the master key below.",
                                                              "  user.setPassword(form.get(\"password\"));",
                                                              "  \"authorization\": \"Bearer \" + accessToken,",
                                                              "  url = \"https://github.com/acme/project/issues/1234\"",
                                                              "  sha256 = hashlib.sha256(data).hexdigest()"};

class Author {
 public:
  explicit Author(std::uint32_t seed) : random_(seed) {}

  std::string Function() {
    std::string text = Comment();
    text += fmt::format("static int {}_{}({} *{}, size_t {}) {{\n", Verb(), Noun(), Noun(), Noun(), Noun());
    const unsigned lines = 4 + Below(24);
    for (unsigned i = 0; i < lines; ++i) text += Line();
    return text + "  return 0;\n}\n\n";
  }

 private:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::string_view Noun() { return kNouns[Below(kNouns.size())]; }
  std::string_view Verb() { return kVerbs[Below(kVerbs.size())]; }

  std::string Comment() {
    std::string text = "//";
    const unsigned words = 6 + Below(12);
    for (unsigned i = 0; i < words; ++i) text += fmt::format(" {}", i % 3 == 1 ? Verb() : Noun());
    return text + ".\n";
  }

  std::string Line() {
    if (Below(60) == 0) return fmt::format("{}\n", kSensitiveLines[Below(kSensitiveLines.size())]);
    switch (Below(7)) {
      case 0:
        return fmt::format("  {} = {}_{}({}, {});\n", Noun(), Verb(), Noun(), Noun(), Below(4096));
      case 1:
        return fmt::format("  if ({}->{} > {}) {{\n    {}->{} = {};\n  }}\n", Noun(), Noun(), Below(100), Noun(),
                           Noun(), Noun());
      case 2:
        return fmt::format("  log.debug(\"{} {}: %s\", {}.{});\n", Verb(), Noun(), Noun(), Noun());
      case 3:
        return fmt::format("  for (int i = 0; i < {}; i++) {}[i] = 0x{:08x};\n", Noun(), Noun(), random_());
      case 4:
        return fmt::format("  const {{ {}, {} }} = await this.{}.{}();\n", Noun(), Noun(), Noun(), Verb());
      case 5:
        return fmt::format("  - {}: \"{}/{}/{}.yml\"\n", Noun(), Noun(), Noun(), Verb());
      default:
        return fmt::format("  self.{}_{} = {}[\"{}\"] or {}\n", Verb(), Noun(), Noun(), Noun(), Below(1000));
    }
  }

  std::mt19937 random_;
};

}  // namespace

std::string MakeSourceText(std::size_t bytes, std::uint32_t seed) {
  Author author(seed);
  std::string text;
  while (text.size() < bytes) text += author.Function();
  text.resize(bytes);
  return text;
}

}  // namespace sluice::benchmarks
