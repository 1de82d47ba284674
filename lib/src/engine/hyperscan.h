// Owning handles for Hyperscan's objects, and the one place that compiles and loads its databases.
#ifndef SLUICE_ENGINE_HYPERSCAN_H_
#define SLUICE_ENGINE_HYPERSCAN_H_

#include <hs.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sluice/result.h"

namespace sluice::engine {

struct HsDatabaseFree {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct HsScratchFree {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using HsDatabase = std::unique_ptr<hs_database_t, HsDatabaseFree>;
using HsScratch = std::unique_ptr<hs_scratch_t, HsScratchFree>;

// One trigger expression; its place in the list is its number in matches.
struct Expression {
  std::string pattern;  // Hyperscan syntax.
  bool ignore_case = false;
  std::string rule_id = {};  // One that asks for it, for messages: the pattern is a part of a file.
};

// True when the linked Hyperscan runs on this processor.
[[nodiscard]] bool PlatformIsSupported();

// Compiles for the generic platform: one database serves every processor, at the same speed (DESIGN section 3), so a
// database can be embedded at build time. Without start-of-match, which costs ten times the speed.
Result<HsDatabase> Compile(const std::vector<Expression>& expressions);

Result<std::vector<std::byte>> Serialize(const hs_database_t* database);
// The bytes come from Serialize() of this very version; Hyperscan checks a CRC, nothing more.
Result<HsDatabase> Deserialize(std::span<const std::byte> bytes);

// Identifies what serialised bytes depend on: version, platform, layout of this program.
[[nodiscard]] std::string BuildTag();

}  // namespace sluice::engine

#endif  // SLUICE_ENGINE_HYPERSCAN_H_
