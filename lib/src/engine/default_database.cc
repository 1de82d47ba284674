// The default packs, compiled at build time and linked in as they are: nothing is compiled at start.
#include <cassert>
#include <cstddef>
#include <span>
#include <utility>

#include "engine/database_impl.h"
#include "sluice/database.h"

// The assembler takes the file in; a C array of its size would cost the compiler seconds.
asm(".section .rodata\n"
    ".balign 64\n"
    ".global sluice_default_image_begin\n"
    "sluice_default_image_begin:\n"
    ".incbin \"" SLUICE_DEFAULT_IMAGE
    "\"\n"
    ".global sluice_default_image_end\n"
    "sluice_default_image_end:\n"
    ".byte 0\n"
    ".section .text\n");

extern "C" {
extern const std::byte sluice_default_image_begin[];
extern const std::byte sluice_default_image_end[];
}

namespace sluice {

const Database& Database::Default() {
  static const Database* const kDefault = [] {
    auto impl =
        Impl::Load(std::span(sluice_default_image_begin, sluice_default_image_end), engine::Image::Origin::kEmbedded);
    assert(impl.has_value());  // The tests load it: what is linked in is what was built.
    return new Database(std::move(*impl));
  }();
  return *kDefault;
}

}  // namespace sluice
