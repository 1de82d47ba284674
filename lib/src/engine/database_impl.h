#ifndef SLUICE_ENGINE_DATABASE_IMPL_H_
#define SLUICE_ENGINE_DATABASE_IMPL_H_

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/compiled_rule.h"
#include "engine/hyperscan.h"
#include "engine/image.h"
#include "rules/regex_facts.h"
#include "sluice/database.h"

namespace sluice {

struct Database::Impl {
  // Built on a rule's first candidate: most commits meet none, and an expression costs 20 to 100 µs. Large ones take
  // milliseconds; these are compiled only when their relaxed form matches.
  struct LazyRule {
    std::once_flag once;
    std::unique_ptr<engine::CompiledRule> compiled;
    std::once_flag relaxed_once;
    std::unique_ptr<RE2> relaxed;
    std::once_flag value_once;
    std::unique_ptr<RE2> value;
  };

  // Loaded when it is first looked for: most commits hold no dense value and no file that a rule is for, and Hyperscan
  // checks and copies every byte.
  struct LazyTriggers {
    std::once_flag once;
    engine::HsDatabase loaded;
  };

  // The database of an image. An embedded one always loads: should the Hyperscan at hand not be the one it was built
  // with, its triggers are left out and RE2 looks at everything. One from elsewhere is loaded whole, so that a damaged
  // cache is noticed where it can still be replaced.
  static Result<std::unique_ptr<Impl>> Load(std::span<const std::byte> bytes, engine::Image::Origin origin);

  // The triggers of a group that has some; null when Hyperscan does not take them.
  const hs_database_t* Triggers(engine::Group group) const {
    LazyTriggers& lazy = triggers[static_cast<std::size_t>(group)];
    std::call_once(lazy.once, [&] {
      if (auto loaded = engine::Deserialize(image.engine_bytes(group))) lazy.loaded = std::move(*loaded);
    });
    return lazy.loaded.get();
  }

  const engine::CompiledRule& Compiled(std::size_t index) const {
    LazyRule& lazy = rules[index];
    std::call_once(lazy.once,
                   [&] { lazy.compiled = std::make_unique<engine::CompiledRule>(image.rule(index), &pool); });
    return *lazy.compiled;
  }

  // What matches wherever the rule's expression does, or null.
  const RE2* Relaxed(std::size_t index) const {
    const std::string_view expression = image.Text(image.record(index).relaxed);
    if (expression.empty()) return nullptr;
    LazyRule& lazy = rules[index];
    std::call_once(lazy.relaxed_once, [&] {
      lazy.relaxed = std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), RegexOptions());
    });
    return lazy.relaxed->ok() ? lazy.relaxed.get() : nullptr;
  }

  // What the rule's secret is like, whatever stands around it.
  const RE2& Value(std::size_t index) const {
    LazyRule& lazy = rules[index];
    std::call_once(lazy.value_once, [&] {
      const RuleInfo info = image.rule(index);
      lazy.value = std::make_unique<RE2>(GroupExpression(std::string(info.regex), info.group), RegexOptions());
    });
    return *lazy.value;
  }

  std::vector<std::byte> owned_bytes;  // Empty when the image is borrowed.
  std::span<const std::byte> bytes;
  engine::Image image;
  mutable std::array<LazyTriggers, engine::kGroups> triggers;
  // False without a rule, and where Hyperscan does not support the processor: RE2 looks at everything.
  bool uses_hyperscan = false;
  std::unique_ptr<LazyRule[]> rules;
  mutable engine::RegexPool pool;
};

}  // namespace sluice

#endif  // SLUICE_ENGINE_DATABASE_IMPL_H_
