// The bytes of a compiled database: what is embedded in the programs and kept in the cache.
//
// All numbers are little-endian (a foreign byte order fails the magic), all offsets count from the start of the image,
// every section begins at a multiple of 8:
//
//   Header            one
//   RuleRecord        × rule_count
//   ExpressionRecord  × expression_count: the triggers, group by group (see Group), each numbered as in the Hyperscan
//                     database of its group
//   u32               × index_count: rule numbers, for the expressions
//   TextRef           × list_count: the elements of the rules' lists
//   text              text_bytes, not terminated
//   Hyperscan         × kGroups, engine_bytes each, as hs_serialize_database wrote them
//
// Nothing is parsed at start: a record is read when it is asked for. Validate() checks every number once, so that
// the accessors need not.
#ifndef SLUICE_ENGINE_IMAGE_H_
#define SLUICE_ENGINE_IMAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/hyperscan.h"
#include "sluice/database.h"
#include "sluice/result.h"
#include "sluice/rule_set.h"

namespace sluice::engine {

// Where a trigger is looked for.
enum class Group : std::uint8_t {
  kEverywhere,
  kPaths,  // In files that one of its rules is for.
  kDense,  // Around dense values (scan/dense.h).
};
inline constexpr std::size_t kGroups = 3;

struct TextRef {
  std::uint32_t offset;  // Into the text section.
  std::uint32_t length;
};

struct ListRef {
  std::uint32_t first;  // Into the list section.
  std::uint32_t count;
};

struct RuleRecord {
  std::array<std::uint64_t, 4> alphabet;
  TextRef id, pack, description, remediation, regex, check;
  TextRef relaxed;  // A smaller expression that matches wherever `regex` does; or empty.
  ListRef reject, include_paths, exclude_paths, tags, references, near, words, pairs;
  ListRef literals;  // One of which every match holds; none of a rule that is not sure by its value's shape alone.
  std::uint32_t max_length;
  std::uint32_t min_length;
  std::uint32_t group;
  float min_entropy;
  std::uint8_t severity;
  std::uint8_t confidence;
  std::uint8_t placeholders;
  std::uint8_t near_is_common;
  std::uint8_t is_fallback;
  std::uint8_t random;
  std::uint8_t name_triggers;  // The triggers are the names in `near`, not texts of the value.
  std::uint8_t dense;
  std::uint8_t fixtures;
  std::uint8_t strong;
  std::array<std::uint8_t, 6> padding;
};

// The rules whose trigger this is.
struct ExpressionRecord {
  std::uint32_t first;  // Into the index section.
  std::uint32_t count;
};

struct Header {
  std::array<char, 8> magic;
  std::array<char, 32> build;  // SHA-256 of BuildTag(): another version's image is not read at all.
  std::uint64_t total_bytes;
  std::uint32_t rule_count;
  std::uint32_t expression_count;
  std::uint32_t index_count;
  std::uint32_t list_count;
  std::uint32_t text_bytes;
  std::array<std::uint32_t, kGroups> expressions_of;  // Their sum is expression_count.
  std::array<std::uint32_t, kGroups> engine_bytes;
};

class Image {
 public:
  // The image of `rules`: expressions deduplicated, compiled and serialised.
  static Result<std::vector<std::byte>> Build(const RuleSet& rules);

  enum class Origin : std::uint8_t {
    kAnywhere,
    kEmbedded,  // Linked into this program: made by this version, though perhaps with another Hyperscan.
  };

  // Checks every number in `bytes` (which must be aligned to 8 and outlive the Image).
  static Result<Image> Validate(std::span<const std::byte> bytes, Origin origin);

  [[nodiscard]] std::size_t rule_count() const { return rules_.size(); }
  // rule_count() when there is none of that id.
  [[nodiscard]] std::size_t Find(std::string_view id) const;
  // REQUIRES: index < rule_count().
  [[nodiscard]] const RuleRecord& record(std::size_t index) const { return rules_[index]; }
  [[nodiscard]] RuleInfo rule(std::size_t index) const;
  [[nodiscard]] std::size_t expression_count() const { return expressions_.size(); }
  // The rules that expression `number` triggers. REQUIRES: number < expression_count().
  [[nodiscard]] std::span<const std::uint32_t> RulesOf(std::size_t number) const {
    return index_.subspan(expressions_[number].first, expressions_[number].count);
  }
  // The expressions of a group.
  [[nodiscard]] std::size_t first_of(Group group) const { return first_of_[static_cast<std::size_t>(group)]; }
  [[nodiscard]] std::size_t count_of(Group group) const { return count_of_[static_cast<std::size_t>(group)]; }
  [[nodiscard]] std::span<const std::byte> engine_bytes(Group group) const {
    return engines_[static_cast<std::size_t>(group)];
  }
  [[nodiscard]] std::string_view Text(TextRef ref) const { return text_.substr(ref.offset, ref.length); }
  [[nodiscard]] std::vector<std::string_view> List(ListRef ref) const;

 private:
  [[nodiscard]] bool RuleIsSound(const RuleRecord& rule) const;

  std::span<const RuleRecord> rules_;
  std::span<const ExpressionRecord> expressions_;
  std::span<const std::uint32_t> index_;
  std::span<const TextRef> lists_;
  std::string_view text_;
  std::array<std::span<const std::byte>, kGroups> engines_;
  std::array<std::size_t, kGroups> first_of_{};
  std::array<std::size_t, kGroups> count_of_{};
};

}  // namespace sluice::engine

#endif  // SLUICE_ENGINE_IMAGE_H_
