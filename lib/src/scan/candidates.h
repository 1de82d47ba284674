// Where rules may match: the only code that runs over every byte.
#ifndef SLUICE_SCAN_CANDIDATES_H_
#define SLUICE_SCAN_CANDIDATES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/database_impl.h"
#include "engine/hyperscan.h"
#include "scan/view.h"

namespace sluice::scan {

// One or more places, close together, at which a trigger ends.
struct Candidate {
  std::uint32_t expression;  // Number of the trigger in its database.
  std::size_t first_end;     // Offsets behind the trigger.
  std::size_t last_end;
};

// Runs one database's triggers over text. One per thread: it owns the scratch memory.
class CandidateFinder {
 public:
  // REQUIRES: database.uses_hyperscan; it outlives the finder.
  explicit CandidateFinder(const Database::Impl& database)
      : database_(&database), last_of_(database.image.expression_count(), kNone) {}

  // Both give candidates in no particular order, and false when triggers that are looked for cannot be loaded or memory
  // for them is short: `candidates` then lacks some.
  //
  // Replaces `candidates` by those of `text` that are looked for everywhere; with `paths`, also by those of rules that
  // are for just such paths as this file's.
  [[nodiscard]] bool FindAnywhere(std::string_view text, bool paths, std::vector<Candidate>* candidates);
  // Adds those that are looked for around dense values only: in the views `dense`, in order and apart.
  [[nodiscard]] bool FindAround(std::string_view text, std::span<const View> dense, std::vector<Candidate>* candidates);

 private:
  bool FindGroup(engine::Group group, std::string_view text, std::span<const View> views,
                 std::vector<Candidate>* candidates);
  // The triggers of a group, ready for a scan; null when they cannot be.
  const hs_database_t* Prepare(engine::Group group);

  static constexpr std::uint32_t kNone = 0xffffffff;

  const Database::Impl* database_;
  engine::HsScratch scratch_;  // For the groups that are ready.
  std::array<const hs_database_t*, engine::kGroups> ready_ = {};
  std::vector<std::uint32_t> last_of_;  // By expression: its latest candidate; between calls kNone.
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_CANDIDATES_H_
