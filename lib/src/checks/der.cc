#include "checks/der.h"

namespace sluice::checks {
namespace {

constexpr std::size_t kMaxElements = 64;
constexpr std::size_t kMaxLengthBytes = 4;

struct Header {
  std::uint8_t tag = 0;
  std::size_t header_bytes = 0;
  std::size_t content_bytes = 0;
};

std::optional<Header> ReadHeader(std::string_view bytes) {
  // Tags of several bytes do not occur in keys.
  if (bytes.size() < 2 || (static_cast<unsigned char>(bytes[0]) & 0x1F) == 0x1F) return std::nullopt;
  Header header{static_cast<std::uint8_t>(bytes[0]), 2, static_cast<unsigned char>(bytes[1])};
  if (header.content_bytes < 0x80) return header;
  const std::size_t count = header.content_bytes & 0x7F;
  if (count == 0 || count > kMaxLengthBytes || bytes.size() < 2 + count) return std::nullopt;
  header.content_bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    header.content_bytes = (header.content_bytes << 8) | static_cast<unsigned char>(bytes[2 + i]);
  }
  header.header_bytes += count;
  return header;
}

}  // namespace

std::optional<DerElement> ReadDer(std::string_view* bytes) {
  const std::optional<Header> header = ReadHeader(*bytes);
  if (!header || bytes->size() - header->header_bytes < header->content_bytes) return std::nullopt;
  DerElement element{header->tag, bytes->substr(header->header_bytes, header->content_bytes)};
  bytes->remove_prefix(header->header_bytes + header->content_bytes);
  return element;
}

std::optional<std::size_t> ClaimedDerSize(std::string_view bytes) {
  const std::optional<Header> header = ReadHeader(bytes);
  if (!header) return std::nullopt;
  return header->header_bytes + header->content_bytes;
}

std::optional<std::vector<DerElement>> ReadDerSequence(std::string_view bytes) {
  const std::optional<DerElement> outer = ReadDer(&bytes);
  if (!outer || outer->tag != kDerSequence || !bytes.empty()) return std::nullopt;
  std::vector<DerElement> elements;
  for (std::string_view rest = outer->content; !rest.empty();) {
    const std::optional<DerElement> element = ReadDer(&rest);
    if (!element || elements.size() == kMaxElements) return std::nullopt;
    elements.push_back(*element);
  }
  return elements;
}

}  // namespace sluice::checks
