#include "checks/private_der.h"

#include <initializer_list>
#include <vector>

#include "checks/der.h"
#include "checks/mpi.h"

namespace sluice::checks {
namespace {

using Elements = std::vector<DerElement>;

bool StartsWithTags(const Elements& elements, std::initializer_list<std::uint8_t> tags) {
  if (elements.size() < tags.size()) return false;
  std::size_t i = 0;
  for (const std::uint8_t tag : tags) {
    if (elements[i++].tag != tag) return false;
  }
  return true;
}

bool AllIntegers(const Elements& elements) {
  for (const DerElement& element : elements) {
    if (element.tag != kDerInteger || element.content.empty()) return false;
  }
  return true;
}

bool IsVersion(const DerElement& element, char version) {
  return element.tag == kDerInteger && element.content.size() == 1 && element.content[0] == version;
}

// Version, n, e, d, p, q, … or fewer: a public key is n and e.
DerKind ClassifyIntegers(const Elements& elements) {
  if (elements.size() == 2) return DerKind::kPublic;
  if (elements.size() == 6 && IsVersion(elements[0], 0)) return DerKind::kPrivate;  // DSA: p, q, g, y, x.
  if (elements.size() < 9 || (!IsVersion(elements[0], 0) && !IsVersion(elements[0], 1))) return DerKind::kBroken;
  const std::optional<bool> holds = AreFactors(elements[4].content, elements[5].content, elements[1].content);
  if (!holds) return DerKind::kPrivate;
  return *holds ? DerKind::kConsistentRsa : DerKind::kForgedRsa;
}

bool IsAlgorithm(const DerElement& element) {
  std::string_view content = element.content;
  const std::optional<DerElement> oid = element.tag == kDerSequence ? ReadDer(&content) : std::nullopt;
  return oid && oid->tag == kDerOid;
}

// Version, algorithm, and an OCTET STRING that for RSA holds a PKCS#1 key; for others it is as it is.
DerKind ClassifyPkcs8(const Elements& elements) {
  if (!IsAlgorithm(elements[1]) || elements[2].content.empty()) return DerKind::kBroken;
  const std::optional<Elements> inner = ReadDerSequence(elements[2].content);
  // Nine integers are RSA; one alone is DH or the old form of DSA.
  if (!inner || inner->size() < 9 || !AllIntegers(*inner)) return DerKind::kPrivate;
  return ClassifyIntegers(*inner);
}

// SEC 1: version 1, the key, and optionally [0] the curve's OID and [1] the public key.
bool IsSec1(const Elements& elements) {
  if (!StartsWithTags(elements, {kDerInteger, kDerOctetString}) || !IsVersion(elements[0], 1)) return false;
  const std::size_t size = elements[1].content.size();
  return size >= 20 && size <= 66;
}

DerKind ClassifyElements(const Elements& elements) {
  if (elements.empty()) return DerKind::kBroken;
  if (AllIntegers(elements)) return ClassifyIntegers(elements);
  const bool version = IsVersion(elements[0], 0) || IsVersion(elements[0], 1);
  if (version && StartsWithTags(elements, {kDerInteger, kDerSequence, kDerOctetString})) return ClassifyPkcs8(elements);
  if (IsSec1(elements)) return DerKind::kPrivate;
  if (StartsWithTags(elements, {kDerSequence, kDerOctetString}) && elements.size() == 2) {
    return IsAlgorithm(elements[0]) ? DerKind::kEncrypted : DerKind::kBroken;
  }
  // A public key: algorithm, BIT STRING. A certificate or a request: SEQUENCE, SEQUENCE, BIT STRING.
  if (StartsWithTags(elements, {kDerSequence, kDerBitString})) return DerKind::kPublic;
  if (StartsWithTags(elements, {kDerSequence, kDerSequence, kDerBitString})) return DerKind::kPublic;
  return DerKind::kBroken;
}

// The first element inside of a SEQUENCE that goes on beyond the end of `bytes`. Private keys begin with a version of
// 0 or 1, encrypted ones with an algorithm; certificates with a long SEQUENCE.
DerKind ClassifyBeginning(std::string_view bytes) {
  const std::optional<std::size_t> claimed = ClaimedDerSize(bytes);
  if (!claimed || *claimed <= bytes.size() || static_cast<unsigned char>(bytes[0]) != kDerSequence) {
    return DerKind::kBroken;
  }
  const auto length = static_cast<unsigned char>(bytes[1]);
  std::string_view rest = bytes.substr(length < 0x80 ? 2 : 2 + (length & 0x7FU));
  if (rest.empty()) return DerKind::kBroken;
  const bool is_sequence = static_cast<unsigned char>(rest[0]) == kDerSequence;
  const std::optional<DerElement> first = ReadDer(&rest);
  if (!first) return is_sequence ? DerKind::kPublic : DerKind::kBroken;
  if (IsVersion(*first, 0) || IsVersion(*first, 1)) return DerKind::kTruncated;
  if (!IsAlgorithm(*first)) return is_sequence ? DerKind::kPublic : DerKind::kBroken;
  const bool octets = !rest.empty() && static_cast<unsigned char>(rest[0]) == kDerOctetString;
  return octets ? DerKind::kTruncated : DerKind::kPublic;
}

}  // namespace

DerKind ClassifyDer(std::string_view bytes) {
  const std::optional<Elements> elements = ReadDerSequence(bytes);
  return elements ? ClassifyElements(*elements) : ClassifyBeginning(bytes);
}

}  // namespace sluice::checks
