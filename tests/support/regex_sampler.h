// Strings made from an expression: what it matches, at random.
//
//   std::optional<RegexSampler> sampler = RegexSampler::Parse("(?i)key=[0-9a-f]{8,32}");
//   std::mt19937 random(1);
//   std::string sample = sampler->Sample(&random);  // "kEy=03fa91c7"
//
// The syntax of RE2 as far as rules use it, in bytes as rules are compiled (rules/regex_facts.h). What looks around,
// such as \b, ^ and $, becomes nothing: whether it holds is to be asked of RE2.
#ifndef SLUICE_TESTS_SUPPORT_REGEX_SAMPLER_H_
#define SLUICE_TESTS_SUPPORT_REGEX_SAMPLER_H_

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tests {

class RegexSampler {
 public:
  // nullopt when there is something in it that the sampler does not know (\p{Greek}, \Q…\E, (?P<name>…)), or that is no
  // expression at all.
  static std::optional<RegexSampler> Parse(std::string_view regex);

  // The same for the same state of `random` with every standard library. Mistakes sit at the ends of counts, so these
  // are often the least and sometimes the greatest. Characters are mostly printable; half of the runs prefer letters
  // and digits, as values do.
  [[nodiscard]] std::string Sample(std::mt19937* random) const;

 private:
  class Parser;

  struct Node {
    enum class Kind { kByte, kSequence, kChoice, kRepeat };
    Kind kind = Kind::kSequence;
    std::vector<Node> children;  // Of kRepeat just one.
    int least = 0;               // Of kRepeat.
    int most = 0;
    // Of kByte: the set; what of it stands in texts, or the set when nothing does; what of that is printable, or all of
    // that; what of that is a letter or a digit, or all of that.
    std::string text;
    std::string printable;
    std::string alphanumeric;
  };

  explicit RegexSampler(Node root) : root_(std::move(root)) {}

  static void Append(const Node& node, bool prefers_alphanumeric, std::mt19937* random, std::string* sample);

  Node root_;
};

}  // namespace sluice::tests

#endif  // SLUICE_TESTS_SUPPORT_REGEX_SAMPLER_H_
