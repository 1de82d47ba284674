// What speaks against a value being a secret.
#ifndef SLUICE_SCAN_EVIDENCE_H_
#define SLUICE_SCAN_EVIDENCE_H_

#include <string_view>

namespace sluice::scan {

// Shannon entropy of the bytes of `text`, bits per byte (0 for the empty text).
[[nodiscard]] double ShannonEntropy(std::string_view text);

// True for what people write where a secret would stand: documented samples (…EXAMPLE), "changeme", "<your-key>", runs
// of one character, counting ("abcdefgh", "1234567890"), and references to a value kept elsewhere ("${VAR}",
// "{{ .Values.key }}", "$(cat key)", "os.environ[…]"). In a long value of the characters of tokens it is enough that
// such a part stands in it; of what may be a password it must be the whole: people do put "example" into theirs, and
// "12345678" is one.
[[nodiscard]] bool IsPlaceholder(std::string_view value);

// True for what a password generator makes, or a person who takes pains: ten characters or more, of three kinds (small
// letters, capitals, digits, others), eight of all four (with one of "!@#$%^&*"), or twenty small letters and digits;
// not most of them the same, and without a word that samples have ("test").
[[nodiscard]] bool IsStrongPassword(std::string_view value);

// The word in the names of the file and its folders that says that it is a test or documentation ("tests"); empty when
// there is none. Values there are made up far more often than elsewhere, so rules that know no provider are less sure
// of them.
[[nodiscard]] std::string_view WordOfTests(std::string_view path);
[[nodiscard]] inline bool IsTestOrDocumentation(std::string_view path) { return !WordOfTests(path).empty(); }

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_EVIDENCE_H_
