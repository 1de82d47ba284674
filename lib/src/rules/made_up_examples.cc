#include "rules/made_up_examples.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "rules/shape.h"

namespace sluice {

namespace {

// {N} ACME_SHOP, {n} acme_shop, {C} AcmeShop, {c} acmeShop, {W} API_KEY, {w} api_key, {P} ApiKey, {v} the value.
constexpr std::array<std::string_view, 18> kSurroundings = {
    "{N}_{W}={v}\n",
    "{n}:\n  region: eu-1\n  {w}: \"{v}\"\n",
    "const {c}{P} = \"{v}\";\n",
    "{\"{n}\": {\"{w}\": \"{v}\", \"timeout\": 30}}\n",
    "export {N}_{W}='{v}'\n",
    "[{n}]\nhost = prod-7\n{w} = {v}\n",
    "  - name: {N}_{W}\n    value: \"{v}\"\n",
    "<add key=\"{C}{P}\" value=\"{v}\" />\n",
    "private static final String {N}_{W} = \"{v}\";\n",
    "'{n}' => [\n    '{w}' => '{v}',\n],\n",
    "docker run -e {N}_{W}={v} --rm registry.internal/worker:4\n",
    "# {n}\n{w}: {v}\n",
    "client = {C}Client({w}=\"{v}\", retries=3)\n",
    // Those in which the name is no key around the value.
    "resource \"{n}_account\" \"main\" {\n  name = \"prod\"\n  {w} = \"{v}\"\n}\n",
    "{C}.configure do |config|\n  config.{w} = \"{v}\"\nend\n",
    "cfg := {n}.Config{{P}: \"{v}\"}\n",
    "2026-03-04T10:11:12Z DEBUG {n} client started {w}={v} retries=3\n",
    "var options = new {C}Options { {P} = \"{v}\" };\r\n",
};
constexpr std::size_t kKeySurroundings = 12;

// Where such values are looked up, left out or stand for something else.
constexpr std::array<std::string_view, 4> kCounterSurroundings = {
    "{N}_{W}=${{N}_{W}}\n",
    "{n}:\n  {w}: \"<your-{n}-key>\"\n",
    "const {c}{P} = process.env.{N}_{W};\n",
    "{n}_{w}: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
};

constexpr std::array<std::string_view, 4> kKeyWords = {"api_key", "token", "secret", "access_token"};

char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// "open weather", "OpenWeather.org" -> "open_weather", "openweather_org".
std::string SnakeCase(std::string_view name) {
  std::string snake;
  for (const char c : name) {
    if (IsAlnum(c)) {
      snake += Lower(c);
    } else if (!snake.empty() && snake.back() != '_') {
      snake += '_';
    }
  }
  while (!snake.empty() && snake.back() == '_') snake.pop_back();
  return snake;
}

std::string PascalCase(std::string_view snake) {
  std::string pascal;
  bool begins = true;
  for (const char c : snake) {
    if (c != '_') pascal += begins ? Upper(c) : c;
    begins = c == '_';
  }
  return pascal;
}

std::string UpperCase(std::string text) {
  for (char& c : text) c = Upper(c);
  return text;
}

std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

RuleExample Fill(std::string_view surrounding, std::string_view name, std::string_view word, std::string_view value) {
  const std::string n = SnakeCase(name);
  const std::string w = SnakeCase(word);
  RuleExample example;
  for (std::size_t i = 0; i < surrounding.size(); ++i) {
    if (surrounding[i] != '{' || i + 2 >= surrounding.size() || surrounding[i + 2] != '}') {
      example.text += surrounding[i];
      continue;
    }
    const char what = surrounding[i + 1];
    i += 2;
    if (what == 'N') example.text += UpperCase(n);
    if (what == 'n') example.text += n;
    if (what == 'C') example.text += PascalCase(n);
    if (what == 'c') {
      std::string camel = PascalCase(n);
      if (!camel.empty()) camel[0] = Lower(camel[0]);
      example.text += camel;
    }
    if (what == 'W') example.text += UpperCase(w);
    if (what == 'w') example.text += w;
    if (what == 'P') example.text += PascalCase(w);
    if (what == 'v') {
      example.secrets.emplace_back(example.text.size(), example.text.size() + value.size());
      example.text += value;
    }
  }
  return example;
}

std::string_view WordFor(const Rule& rule, std::uint64_t seed) {
  if (!rule.words.empty()) return rule.words[seed % rule.words.size()];
  return kKeyWords[seed % kKeyWords.size()];
}

void AddCounterExamples(std::string_view name, Rule* rule) {
  const std::uint64_t hash = Hash(rule->id);
  for (const std::string_view surrounding : kCounterSurroundings) {
    rule->counter_examples.push_back(Fill(surrounding, name, WordFor(*rule, hash), ""));
  }
  const Result<Shape> shape = Shape::Parse(rule->shape);
  if (rule->near.empty()) {
    // The beginning alone, and a longer word.
    RuleExample cut;
    cut.text = "prefix = \"" + shape->Sample(hash).substr(0, shape->prefix_length()) + "\"\n";
    rule->counter_examples.push_back(std::move(cut));
  } else {
    RuleExample stranger;
    stranger.text = "build_number: 7\n\nchecksum: " + shape->Sample(hash) + "\n";
    rule->counter_examples.push_back(std::move(stranger));
  }
}

std::string_view NameFor(std::string_view provider, const Rule& rule) {
  return rule.near.empty() ? provider : std::string_view(rule.near[0]);
}

}  // namespace

std::size_t SurroundingCount(const Rule& rule) { return rule.near_is_common ? kKeySurroundings : kSurroundings.size(); }

RuleExample MakeUpExample(const Rule& rule, std::string_view name, std::size_t surrounding, std::uint64_t seed) {
  const std::string value = Shape::Parse(rule.shape)->Sample(Hash(rule.id) + seed);
  RuleExample example = Fill(kSurroundings[surrounding], name, WordFor(rule, seed), value);
  if (!rule.include_paths.empty()) example.path = rule.examples.empty() ? "" : rule.examples[0].path;
  return example;
}

void MakeUpExamples(std::string_view provider, int line, Rule* rule) {
  constexpr std::size_t kExamples = 4;
  const std::uint64_t hash = Hash(rule->id);
  const std::string_view name = NameFor(provider, *rule);
  if (rule->examples.empty()) {
    for (std::size_t i = 0; i < kExamples; ++i) {
      rule->examples.push_back(MakeUpExample(*rule, name, (hash + i * 5) % SurroundingCount(*rule), i));
    }
  }

  if (rule->counter_examples.empty()) AddCounterExamples(name, rule);
  for (RuleExample& example : rule->examples) example.line = std::max(example.line, line);
  for (RuleExample& example : rule->counter_examples) example.line = std::max(example.line, line);
}

}  // namespace sluice
