#include "scan/archive_magic.h"

#include <algorithm>
#include <array>

namespace sluice::scan {

using namespace std::string_view_literals;

bool LooksLikeArchive(std::string_view head) {
  constexpr std::array kMagic = {"PK\3\4"sv,
                                 "PK\5\6"sv,
                                 "\x1f\x8b\x08"sv,
                                 "BZh"sv,
                                 "\xfd\x37zXZ\0"sv,
                                 "\x28\xb5\x2f\xfd"sv,
                                 "\x04\x22\x4d\x18"sv,
                                 "\x1f\x9d"sv,
                                 "LZIP"sv,
                                 "\x5d\0\0"sv,
                                 "7z\xbc\xaf\x27\x1c"sv,
                                 "!<arch>\n"sv,
                                 "\xed\xab\xee\xdb"sv,
                                 "MSCF\0\0\0\0"sv};
  constexpr std::size_t kTarMagic = 257;
  return std::any_of(kMagic.begin(), kMagic.end(), [&](std::string_view magic) { return head.starts_with(magic); }) ||
         (head.size() > kTarMagic + 5 && head.substr(kTarMagic, 5) == "ustar") || LooksLikeRar(head);
}

bool LooksLikeRar(std::string_view head) { return head.starts_with("Rar!\x1a\x07"); }

bool IsLfsPointer(std::string_view bytes) {
  constexpr std::size_t kMoreThanAPointer = 1024;
  return bytes.size() < kMoreThanAPointer && bytes.starts_with("version https://git-lfs.github.com/spec/") &&
         bytes.find("\noid ") != std::string_view::npos;
}

}  // namespace sluice::scan
