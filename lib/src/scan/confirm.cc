#include "scan/confirm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "checks/checks.h"
#include "scan/dense.h"
#include "scan/evidence.h"
#include "scan/near.h"
#include "scan/randomness.h"

namespace sluice::scan {

namespace {

Confidence OneStepLower(Confidence confidence) {
  return confidence == Confidence::kHigh ? Confidence::kMedium : Confidence::kLow;
}

Confidence OneStepHigher(Confidence confidence) {
  return confidence == Confidence::kLow ? Confidence::kMedium : Confidence::kHigh;
}

// An expression of a rule for a person: its beginning, and not when it spells out the value.
std::string Shown(std::string_view expression, std::string_view secret) {
  constexpr std::size_t kMostBytes = 72;
  std::string plain = LowerCase(expression);
  std::erase(plain, '\\');
  if (plain.find(LowerCase(secret)) != std::string::npos) return "(it holds the value)";
  if (expression.size() <= kMostBytes) return std::string(expression);
  return std::string(expression.substr(0, kMostBytes)) + "…";
}

// Why a value is dropped.
struct Reason {
  std::string text;
  std::string_view expression;  // As in Step.
};

// The confidence that remains after all evidence, or nullopt when the value is no secret; `why`, when not null, then
// receives the reason.
std::optional<Confidence> Judge(const engine::CompiledRule& rule, std::string_view secret, std::string_view whole,
                                std::string* note, Reason* why) {
  const auto drop = [&](const auto& reason) -> std::optional<Confidence> {
    if (why != nullptr) why->text = reason();
    return std::nullopt;
  };
  if (rule.info.dense && !HoldsDenseRun(secret)) {
    return drop([] { return std::string("it holds no 14 letters and digits in a row that are well mixed"); });
  }
  Confidence confidence = rule.info.confidence;
  if (rule.check != nullptr) {
    checks::Outcome outcome = rule.check->run(secret, whole);
    *note = std::move(outcome.note);
    switch (outcome.verdict) {
      case checks::Verdict::kRejected:
        return drop(
            [&] { return fmt::format("the check {} fails{}{}", rule.info.check, note->empty() ? "" : ": ", *note); });
      case checks::Verdict::kVerified:
        return Confidence::kHigh;
      case checks::Verdict::kDoubtful:
        confidence = OneStepLower(confidence);
        break;
      case checks::Verdict::kUnknown:
      case checks::Verdict::kPlausible:
        break;
    }
  }
  if (rule.info.min_entropy > 0 && ShannonEntropy(secret) < rule.info.min_entropy) {
    return drop([&] {
      return fmt::format("its entropy of {:.2f} bits a byte is below {:.2f}", ShannonEntropy(secret),
                         rule.info.min_entropy);
    });
  }
  if (rule.info.random && !LooksRandom(secret)) {
    return drop([&] { return fmt::format("it looks written by a person (randomness {:.2f})", Randomness(secret)); });
  }
  if (rule.info.placeholders && IsPlaceholder(secret)) {
    return drop([] { return std::string("it is a placeholder or a reference"); });
  }
  const bool is_strong = rule.info.strong != StrongPassword::kAny && IsStrongPassword(secret);
  if (rule.info.strong == StrongPassword::kRequired && !is_strong) {
    constexpr std::string_view kWhy = "it is no strong password: ten characters of three kinds, or eight of four";
    return drop([&] { return std::string(kWhy); });
  }
  for (const std::string_view reject : rule.info.reject) {
    // One that does not compile drops nothing.
    if (!RE2::PartialMatch(re2::StringPiece(secret.data(), secret.size()), rule.pool->Get(reject))) continue;
    if (why != nullptr) why->expression = reject;
    return drop([&] { return "the rule rejects what matches " + Shown(reject, secret); });
  }
  return rule.info.strong == StrongPassword::kSurer && is_strong ? OneStepHigher(confidence) : confidence;
}

constexpr std::size_t kMaxRetries = 64;  // In each of
constexpr std::size_t kRetryBytes = 4096;

}  // namespace

void Confirm(const engine::CompiledRule& rule, std::string_view text, View view, std::size_t most_matches,
             std::vector<Match>* matches, std::vector<Step>* steps) {
  const re2::StringPiece whole_text(text.data(), text.size());
  const int group = rule.info.group;
  std::array<re2::StringPiece, 1> only_whole;
  std::vector<re2::StringPiece> with_group;
  re2::StringPiece* pieces = only_whole.data();
  if (group > 0) {
    with_group.resize(static_cast<std::size_t>(group) + 1);
    pieces = with_group.data();
  }
  // A value that is none may hold the beginning of one that is ("password = 'x' # password = …"), so the search goes on
  // inside of it; not without end, or a hostile text would be read once for each of its bytes.
  std::size_t retries = kMaxRetries;
  std::size_t counted_from = view.begin;
  View dropped = {view.end, view.end};
  for (std::size_t at = view.begin; at < view.end && matches->size() < most_matches;) {
    if (!rule.regex.Match(whole_text, at, view.end, RE2::UNANCHORED, pieces, group + 1)) return;
    const re2::StringPiece whole = pieces[0];
    // A group that took no part in the match (an alternative without it) leaves the whole as the secret.
    const re2::StringPiece secret = pieces[group].data() == nullptr ? whole : pieces[group];
    const auto whole_begin = static_cast<std::size_t>(whole.data() - text.data());
    const auto begin = static_cast<std::size_t>(secret.data() - text.data());
    const std::size_t end = begin + secret.size();
    // Go on behind the secret, not behind the match: what delimits this one may delimit the next one too.
    at = std::max(end, whole_begin + 1);
    if (secret.empty()) continue;
    const auto drop = [&] {
      if (whole_begin > counted_from + kRetryBytes) {
        counted_from = whole_begin;
        retries = kMaxRetries;
      }
      if (retries == 0) return;
      --retries;
      dropped = {begin, end};
      at = whole_begin + 1;
    };
    // The same value, of a match that begins later.
    if (dropped.begin == begin && dropped.end == end) {
      at = std::max(begin, whole_begin + 1);
      continue;
    }

    std::string note;
    Reason why;
    const auto tell = [&](std::string outcome) {
      if (steps != nullptr) {
        steps->push_back({&rule, begin, end, std::move(outcome), false, Confidence::kLow, why.expression});
      }
    };
    // An expression may say that a value is so long or longer. Longer than the rule says is none, however much of the
    // text is at hand.
    if (whole.size() > rule.info.max_length) {
      tell(fmt::format("it is longer than the rule's {} bytes", rule.info.max_length));
      drop();
      continue;
    }
    auto confidence = Judge(rule, text.substr(begin, secret.size()), text.substr(whole_begin, whole.size()), &note,
                            steps != nullptr ? &why : nullptr);
    if (!confidence) {
      tell(std::move(why.text));
      drop();
      continue;
    }
    // What a provider's own rule knows by its shape is one whatever it is called.
    if (rule.info.is_fallback && HasPassingKey(text, begin)) {
      tell("its key names a token that opens nothing, such as that of a page or a form");
      drop();
      continue;
    }
    if (rule.info.is_fallback && IsOperatorOfVariable(text, begin)) {
      tell("it begins with the operator of a shell's variable, as in ${NAME:-default}");
      drop();
      continue;
    }
    std::size_t distance = 0;
    if (!rule.info.near.empty()) {
      const NearResult near = FindNear(text, begin, end, {rule.info.near, rule.info.near_is_common, rule.info.words});
      if (near.nearness == Nearness::kNone) {
        tell("no name of the provider stands near it, or its key says that it is something else");
        drop();
        continue;
      }
      if (near.nearness == Nearness::kLoose) confidence = OneStepLower(*confidence);
      distance = near.distance;
    }
    if (steps != nullptr) {
      steps->push_back(
          {&rule, begin, end,
           fmt::format("kept, at {} confidence{}{}", ToString(*confidence), note.empty() ? "" : ": ", note), true,
           *confidence});
    }
    matches->push_back({&rule, begin, end, *confidence, std::move(note), distance});
  }
}

}  // namespace sluice::scan
