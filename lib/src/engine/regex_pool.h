// Expressions that several rules share, each compiled when one of them first needs it.
#ifndef SLUICE_ENGINE_REGEX_POOL_H_
#define SLUICE_ENGINE_REGEX_POOL_H_

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "rules/regex_facts.h"

namespace sluice::engine {

// Any thread may use it.
class RegexPool {
 public:
  // REQUIRES: `expression` outlives the pool. Look at ok(): the expression is not checked before.
  const RE2& Get(std::string_view expression) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<RE2>& regex = compiled_[expression];
    if (regex == nullptr) {
      regex = std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), RegexOptions());
    }
    return *regex;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string_view, std::unique_ptr<RE2>> compiled_;
};

}  // namespace sluice::engine

#endif  // SLUICE_ENGINE_REGEX_POOL_H_
