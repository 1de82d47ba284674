#include "sluice/rule.h"

namespace sluice {

std::string_view ToString(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return "low";
    case Severity::kMedium:
      return "medium";
    case Severity::kHigh:
      return "high";
    case Severity::kCritical:
      return "critical";
  }
  return "high";
}

std::string_view ToString(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "high";
}

std::string_view ToString(StrongPassword strong) {
  switch (strong) {
    case StrongPassword::kAny:
      return "";
    case StrongPassword::kSurer:
      return "surer";
    case StrongPassword::kRequired:
      return "required";
  }
  return "";
}

}  // namespace sluice
