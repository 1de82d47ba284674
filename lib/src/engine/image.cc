#include "engine/image.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/sha256.h"
#include "engine/hyperscan.h"
#include "rules/regex_facts.h"

namespace sluice::engine {

namespace {

constexpr std::array<char, 8> kMagic = {'s', 'l', 'u', 'i', 'c', 'e', '\x01', '\n'};
constexpr std::size_t kAlignment = 8;
// Longer matches of no rule are looked for between records.
constexpr std::size_t kMaxRecordValue = 512;

std::array<char, 32> BuildDigest() {
  const Sha256Digest digest = Sha256OfParts({BuildTag()});
  std::array<char, 32> bytes{};
  std::memcpy(bytes.data(), digest.data(), bytes.size());
  return bytes;
}

constexpr std::size_t Align(std::size_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

// A literal as a Hyperscan expression that matches just that.
std::string EscapeLiteral(std::string_view literal) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string escaped;
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsAlnum(c)) {
      escaped += c;
    } else {
      escaped += "\\x";
      escaped += kDigits[byte >> 4U];
      escaped += kDigits[byte & 15U];
    }
  }
  return escaped;
}

// A provider's name, or its beginning that tells enough; a space in it is written as nothing, '_', '-', '.' or ' '.
// Hyperscan looks for the last eight bytes of a literal, in each way that they are written, and then for the rest:
// "amespace" stands everywhere, "poral_nam" does not.
std::string NameExpression(std::string_view name) {
  constexpr std::size_t kLookedFor = 8;
  constexpr std::size_t kOfSecondWord = 3;
  if (const std::size_t space = name.find(' '); space != std::string_view::npos) {
    const std::size_t enough = std::max(kLookedFor, space + 1 + kOfSecondWord);
    name = name.substr(0, enough < name.size() && name[enough - 1] == ' ' ? enough + 1 : enough);
  }
  std::string expression;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find(' ', begin), name.size());
    if (begin > 0) expression += "[ _.\\-]?";
    expression += EscapeLiteral(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return expression;
}

// Nothing for no expressions. Nothing either without Hyperscan, where RE2 needs no triggers; a cache entry of that kind
// is compiled again where there is Hyperscan.
Result<std::vector<std::byte>> CompileAndSerialize(const std::vector<Expression>& expressions) {
  if (expressions.empty() || !PlatformIsSupported()) return std::vector<std::byte>();
  const Result<HsDatabase> database = Compile(expressions);
  if (!database) return database.error();
  return Serialize(database->get());
}

// One of them stands in front of each value that is looked for between records. What begins with fewer letters than
// four stands in any base64.
std::vector<std::string> RecordLiterals(const Rule& rule) {
  if (rule.prefilter.empty()) return rule.triggers;
  std::string literal = LiteralPrefix(GroupExpression(rule.regex, rule.group));
  const bool is_rare =
      literal.size() >= 4 || (literal.size() == 3 && !std::all_of(literal.begin(), literal.end(), IsAlnum));
  if (!is_rare) return {};
  return {std::move(literal)};
}

// Collects the sections of an image.
class Builder {
 public:
  void Add(const Rule& rule) {
    RuleRecord record{};
    record.id = Text(rule.id);
    record.pack = Text(rule.pack);
    record.description = Text(rule.description);
    record.remediation = Text(rule.remediation);
    record.regex = Text(rule.regex);
    record.relaxed = Text(Relaxed(rule.regex));
    record.check = Text(rule.check);
    record.reject = List(rule.reject);
    record.include_paths = LowerList(rule.include_paths);
    record.exclude_paths = LowerList(rule.exclude_paths);
    record.tags = List(rule.tags);
    record.references = List(rule.references);
    record.near = List(rule.near);
    record.words = List(rule.words);
    record.pairs = List(rule.pairs);
    const bool is_sure = rule.confidence == Confidence::kHigh && rule.near.empty() && !rule.triggers_ignore_case;
    if (is_sure && rule.max_length <= kMaxRecordValue) record.literals = List(RecordLiterals(rule));
    record.min_length = rule.min_length;
    record.alphabet = rule.alphabet;
    record.near_is_common = rule.near_is_common ? 1 : 0;
    record.is_fallback = rule.is_fallback ? 1 : 0;
    record.random = rule.random ? 1 : 0;
    record.dense = rule.dense ? 1 : 0;
    record.fixtures = rule.fixtures ? 1 : 0;
    record.strong = static_cast<std::uint8_t>(rule.strong);
    record.name_triggers = !rule.near.empty() && rule.triggers.empty() ? 1 : 0;
    record.max_length = rule.max_length;
    record.group = static_cast<std::uint32_t>(rule.group);
    record.min_entropy = static_cast<float>(rule.min_entropy);
    record.severity = static_cast<std::uint8_t>(rule.severity);
    record.confidence = static_cast<std::uint8_t>(rule.confidence);
    record.placeholders = rule.placeholders ? 1 : 0;

    const auto number = static_cast<std::uint32_t>(rules_.size());
    rules_.push_back(record);
    ids_.push_back(rule.id);
    const Group group = rule.dense ? Group::kDense : !rule.include_paths.empty() ? Group::kPaths : Group::kEverywhere;
    if (!rule.prefilter.empty()) {
      rules_of_[{group, rule.prefilter, false}].push_back(number);
    }
    if (record.name_triggers != 0) {
      for (const std::string& name : rule.near) rules_of_[{group, NameExpression(name), true}].push_back(number);
    }
    for (const std::string& trigger : rule.triggers) {
      rules_of_[{group, EscapeLiteral(trigger), rule.triggers_ignore_case}].push_back(number);
    }
  }

  Result<std::vector<std::byte>> Finish() {
    std::array<std::vector<Expression>, kGroups> groups;
    std::vector<ExpressionRecord> expressions;
    std::vector<std::uint32_t> index;
    for (const auto& [key, numbers] : rules_of_) {
      groups[static_cast<std::size_t>(key.group)].push_back({key.pattern, key.ignore_case, ids_[numbers.front()]});
      expressions.push_back({static_cast<std::uint32_t>(index.size()), static_cast<std::uint32_t>(numbers.size())});
      index.insert(index.end(), numbers.begin(), numbers.end());
    }
    Header header{};
    std::array<std::vector<std::byte>, kGroups> engines;
    for (std::size_t group = 0; group < kGroups; ++group) {
      Result<std::vector<std::byte>> engine = CompileAndSerialize(groups[group]);
      if (!engine) return engine.error();
      engines[group] = std::move(*engine);
      header.expressions_of[group] = static_cast<std::uint32_t>(groups[group].size());
      header.engine_bytes[group] = static_cast<std::uint32_t>(engines[group].size());
    }

    header.magic = kMagic;
    header.build = BuildDigest();
    header.rule_count = static_cast<std::uint32_t>(rules_.size());
    header.expression_count = static_cast<std::uint32_t>(expressions.size());
    header.index_count = static_cast<std::uint32_t>(index.size());
    header.list_count = static_cast<std::uint32_t>(lists_.size());
    header.text_bytes = static_cast<std::uint32_t>(text_.size());
    Append(&header, sizeof header);
    Append(rules_.data(), rules_.size() * sizeof(RuleRecord));
    Append(expressions.data(), expressions.size() * sizeof(ExpressionRecord));
    Append(index.data(), index.size() * sizeof(std::uint32_t));
    Append(lists_.data(), lists_.size() * sizeof(TextRef));
    Append(text_.data(), text_.size());
    for (const std::vector<std::byte>& engine : engines) Append(engine.data(), engine.size());
    const std::uint64_t total = image_.size();
    std::memcpy(image_.data() + offsetof(Header, total_bytes), &total, sizeof total);
    return std::move(image_);
  }

 private:
  // Equal texts (packs, tags, remediations) are stored once.
  TextRef Text(const std::string& text) {
    const auto [known, is_new] = texts_.emplace(text, static_cast<std::uint32_t>(text_.size()));
    if (is_new) text_ += text;
    return {known->second, static_cast<std::uint32_t>(text.size())};
  }

  ListRef List(const std::vector<std::string>& texts) {
    const ListRef list = {static_cast<std::uint32_t>(lists_.size()), static_cast<std::uint32_t>(texts.size())};
    for (const std::string& text : texts) lists_.push_back(Text(text));
    return list;
  }

  // Globs that are held against a path in lower case.
  ListRef LowerList(std::vector<std::string> texts) {
    for (std::string& text : texts) text = LowerCase(text);
    return List(texts);
  }

  void Append(const void* data, std::size_t bytes) {
    const std::size_t offset = image_.size();
    image_.resize(Align(offset + bytes));
    if (bytes != 0) std::memcpy(image_.data() + offset, data, bytes);
  }

  std::vector<RuleRecord> rules_;
  std::vector<std::string> ids_;  // Of rules_.
  struct Trigger {
    Group group;
    std::string pattern;
    bool ignore_case;
    auto operator<=>(const Trigger&) const = default;
  };

  // Ordered, so that the same rules give the same image, group by group.
  std::map<Trigger, std::vector<std::uint32_t>> rules_of_;
  std::vector<TextRef> lists_;
  std::map<std::string, std::uint32_t> texts_;
  std::string text_;
  std::vector<std::byte> image_;
};

// Hands out the sections of an image one after the other; null once one does not fit.
class SectionReader {
 public:
  explicit SectionReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <typename T>
  bool Take(std::size_t count, std::span<const T>* section) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlignment);
    if (offset_ > bytes_.size() || count > (bytes_.size() - offset_) / sizeof(T)) return false;
    *section = {reinterpret_cast<const T*>(bytes_.data() + offset_), count};
    offset_ = Align(offset_ + count * sizeof(T));
    return true;
  }

  [[nodiscard]] bool AtEnd() const { return offset_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::size_t offset_ = 0;
};

bool TakeEngines(SectionReader* reader, const Header& header,
                 std::array<std::span<const std::byte>, kGroups>* engines) {
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (!reader->Take(header.engine_bytes[group], &(*engines)[group])) return false;
  }
  return true;
}

Error NotAnImage(const char* cause) { return {ErrorCode::kConfig, "", cause}; }

}  // namespace

Result<std::vector<std::byte>> Image::Build(const RuleSet& rules) {
  Builder builder;
  for (const Rule& rule : rules.rules()) builder.Add(rule);
  return builder.Finish();
}

Result<Image> Image::Validate(std::span<const std::byte> bytes, Origin origin) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % kAlignment != 0) return NotAnImage("not aligned to 8 bytes");
  SectionReader reader(bytes);
  std::span<const Header> header;
  if (!reader.Take(1, &header) || header[0].magic != kMagic) return NotAnImage("not a compiled rule database");
  if (origin == Origin::kAnywhere && header[0].build != BuildDigest()) return NotAnImage("made by another version");
  if (header[0].total_bytes != bytes.size()) return NotAnImage("truncated");

  Image image;
  std::span<const char> text;
  if (!reader.Take(header[0].rule_count, &image.rules_) ||
      !reader.Take(header[0].expression_count, &image.expressions_) ||
      !reader.Take(header[0].index_count, &image.index_) || !reader.Take(header[0].list_count, &image.lists_) ||
      !reader.Take(header[0].text_bytes, &text) || !TakeEngines(&reader, header[0], &image.engines_) ||
      !reader.AtEnd()) {
    return NotAnImage("corrupt: a section does not fit");
  }
  image.text_ = std::string_view(text.data(), text.size());
  std::size_t expressions = 0;
  for (std::size_t group = 0; group < kGroups; ++group) {
    image.first_of_[group] = expressions;
    image.count_of_[group] = header[0].expressions_of[group];
    expressions += image.count_of_[group];
  }

  const auto list_is_sound = [&](TextRef ref) {
    return ref.offset <= text.size() && ref.length <= text.size() - ref.offset;
  };
  const auto expression_is_sound = [&](const ExpressionRecord& record) {
    return record.first <= image.index_.size() && record.count <= image.index_.size() - record.first;
  };
  if (expressions != image.expressions_.size() ||
      !std::all_of(image.lists_.begin(), image.lists_.end(), list_is_sound) ||
      !std::all_of(image.expressions_.begin(), image.expressions_.end(), expression_is_sound) ||
      !std::all_of(image.index_.begin(), image.index_.end(),
                   [&](std::uint32_t rule) { return rule < image.rules_.size(); }) ||
      !std::all_of(image.rules_.begin(), image.rules_.end(),
                   [&](const RuleRecord& rule) { return image.RuleIsSound(rule); })) {
    return NotAnImage("corrupt: a number is out of range");
  }
  return image;
}

bool Image::RuleIsSound(const RuleRecord& rule) const {
  for (const TextRef ref :
       {rule.id, rule.pack, rule.description, rule.remediation, rule.regex, rule.check, rule.relaxed}) {
    if (ref.offset > text_.size() || ref.length > text_.size() - ref.offset) return false;
  }
  for (const ListRef list : {rule.reject, rule.include_paths, rule.exclude_paths, rule.tags, rule.references, rule.near,
                             rule.words, rule.pairs, rule.literals}) {
    if (list.first > lists_.size() || list.count > lists_.size() - list.first) return false;
  }
  return rule.severity <= static_cast<std::uint8_t>(Severity::kCritical) &&
         rule.confidence <= static_cast<std::uint8_t>(Confidence::kHigh) && rule.placeholders <= 1 &&
         rule.near_is_common <= 1 && rule.is_fallback <= 1 && rule.random <= 1 && rule.name_triggers <= 1 &&
         rule.dense <= 1 && rule.fixtures <= 1 && rule.strong <= static_cast<std::uint8_t>(StrongPassword::kRequired) &&
         rule.group <= 1000;
}

std::vector<std::string_view> Image::List(ListRef ref) const {
  std::vector<std::string_view> texts;
  texts.reserve(ref.count);
  for (const TextRef text : lists_.subspan(ref.first, ref.count)) texts.push_back(Text(text));
  return texts;
}

std::size_t Image::Find(std::string_view id) const {
  std::size_t index = 0;
  while (index < rule_count() && Text(rules_[index].id) != id) ++index;
  return index;
}

RuleInfo Image::rule(std::size_t index) const {
  const RuleRecord& record = rules_[index];
  RuleInfo info;
  info.id = Text(record.id);
  info.pack = Text(record.pack);
  info.description = Text(record.description);
  info.remediation = Text(record.remediation);
  info.regex = Text(record.regex);
  info.check = Text(record.check);
  info.group = static_cast<int>(record.group);
  info.severity = static_cast<Severity>(record.severity);
  info.confidence = static_cast<Confidence>(record.confidence);
  info.placeholders = record.placeholders != 0;
  info.max_length = record.max_length;
  info.min_entropy = record.min_entropy;
  info.reject = List(record.reject);
  info.include_paths = List(record.include_paths);
  info.exclude_paths = List(record.exclude_paths);
  info.tags = List(record.tags);
  info.references = List(record.references);
  info.near = List(record.near);
  info.words = List(record.words);
  info.pairs = List(record.pairs);
  info.near_is_common = record.near_is_common != 0;
  info.is_fallback = record.is_fallback != 0;
  info.random = record.random != 0;
  info.dense = record.dense != 0;
  info.fixtures = record.fixtures != 0;
  info.strong = static_cast<StrongPassword>(record.strong);
  return info;
}

}  // namespace sluice::engine
