// "-----BEGIN …-----" blocks, in all the ways that people put them into source code.
#ifndef SLUICE_CHECKS_ARMOR_H_
#define SLUICE_CHECKS_ARMOR_H_

#include <optional>
#include <string>
#include <string_view>

namespace sluice::checks {

// A block with everything taken away that is no part of it: indentation, comment marks, quotes and the operators that
// join quoted lines, and line breaks whether real, escaped ("\n", "\\n"), percent-encoded or XML's.
struct Armor {
  std::string label;              // "RSA PRIVATE KEY".
  std::string body;               // Base64 characters, without padding.
  std::string checksum;           // OpenPGP's 4 characters after "=", or empty.
  bool encrypted = false;         // Header lines say so ("DEK-Info", "Proc-Type: 4,ENCRYPTED").
  bool has_end = false;           // The "-----END" was in sight.
  bool clean = true;              // Nothing was left over; false for "...", "<snip>", "${KEY}".
  std::size_t content_bytes = 0;  // Between the two lines, as it stood.
};

// The first block whose label has "PRIVATE KEY" in it, else the first block; nullopt when there is none, or `text` is
// longer than 64 KiB.
[[nodiscard]] std::optional<Armor> FindArmor(std::string_view text);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_ARMOR_H_
