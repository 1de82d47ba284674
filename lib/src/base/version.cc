#include "sluice/version.h"

#include <hs.h>

namespace sluice {

std::string_view Version() { return SLUICE_VERSION; }

std::string EngineVersion() { return hs_version(); }

}  // namespace sluice
