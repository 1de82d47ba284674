// Result<T>: a value or an Error, spelled like std::expected.
//
//   Result<RuleSet> rules = RuleSet::Parse(files);
//   if (!rules) return rules.error();
//   Use(*rules);
//
// g++ 12 in C++20 has no std::expected; one `using` replaces this file later.
#ifndef SLUICE_RESULT_H_
#define SLUICE_RESULT_H_

#include <cassert>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sluice {

enum class ErrorCode {
  kUsage,        // The caller or the command line asked for something impossible. Exit code 2.
  kConfig,       // A rule file or configuration is wrong. Exit code 2.
  kIncomplete,   // Something could not be read or scanned. Exit code 3.
  kUnsupported,  // This way does not understand the input; another may. Exit code 3 when none does.
};

// `where` names the place ("patterns/aws.toml:7", a path, an object id) and is added once, by the code that knows
// it. `message` is one line, says the cause and what to do, and never holds a secret.
struct Error {
  ErrorCode code = ErrorCode::kIncomplete;
  std::string where;
  std::string message;

  // "where: message", or "message" when there is no place.
  [[nodiscard]] std::string ToString() const { return where.empty() ? message : where + ": " + message; }
};

// Every mistake in a set of files, in file order: a person fixes them in one go. Who reads files stops when there are
// kMostErrors: what is wrong in as many places is wrong in one.
using Errors = std::vector<Error>;
inline constexpr std::size_t kMostErrors = 100;

template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  // Implicit, so that functions `return value;` and `return Error{…};`.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  T& value() & { return *this->operator->(); }
  const T& value() const& { return *this->operator->(); }
  T&& value() && { return std::move(*this->operator->()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() {
    assert(has_value());
    return std::get_if<0>(&state_);
  }
  const T* operator->() const {
    assert(has_value());
    return std::get_if<0>(&state_);
  }

  // REQUIRES: !has_value().
  E& error() {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  const E& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, E> state_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  // REQUIRES: !has_value().
  const E& error() const {
    assert(!ok_);
    return error_;
  }

 private:
  E error_{};
  bool ok_ = true;
};

}  // namespace sluice

#endif  // SLUICE_RESULT_H_
