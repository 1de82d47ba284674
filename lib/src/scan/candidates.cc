// The hot path. What dominates is Hyperscan itself; the callback only notes where a trigger ended, and merges the ends
// of one trigger that are close together, so that a hostile file of nothing but triggers needs no more memory than
// 1/64 of its size. No allocation but the vector's growth, no formatting, no RE2 until the scan is over.
// Measure with: build/release/benchmarks/scan_benchmark
#include "scan/candidates.h"

#include <algorithm>
#include <limits>

namespace sluice::scan {

namespace {

constexpr std::size_t kMergeBytes = 64;

struct Collector {
  std::vector<Candidate>* candidates;
  std::vector<std::uint32_t>* last_of;
  std::uint32_t first;  // Of the database's expressions.
  std::size_t base;     // Of the block in the text.
};

int OnMatch(unsigned number, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,  // NOLINT
            void* context) {
  auto& collector = *static_cast<Collector*>(context);
  const std::uint32_t id = collector.first + number;
  const std::size_t end = collector.base + to;
  std::uint32_t& last = (*collector.last_of)[id];
  if (last < collector.candidates->size()) {
    Candidate& candidate = (*collector.candidates)[last];
    // Ends come in order, except where blocks overlap.
    if (end <= candidate.last_end + kMergeBytes) {
      candidate.last_end = std::max(candidate.last_end, end);
      candidate.first_end = std::min(candidate.first_end, end);
      return 0;
    }
  }
  last = static_cast<std::uint32_t>(collector.candidates->size());
  collector.candidates->push_back({id, end, end});
  return 0;
}

// Hyperscan takes a 32-bit length; longer text goes in blocks that overlap by more than any trigger is long.
constexpr std::size_t kMaxBlock = std::size_t{1} << 30U;
constexpr std::size_t kOverlap = 65536;

}  // namespace

const hs_database_t* CandidateFinder::Prepare(engine::Group group) {
  const hs_database_t*& ready = ready_[static_cast<std::size_t>(group)];
  if (ready != nullptr) return ready;
  const hs_database_t* triggers = database_->Triggers(group);
  if (triggers == nullptr) return nullptr;
  // Grows what there is, or frees it.
  hs_scratch_t* scratch = scratch_.release();
  const bool fits = hs_alloc_scratch(triggers, &scratch) == HS_SUCCESS;
  scratch_.reset(scratch);
  if (!fits) {
    ready_ = {};
    return nullptr;
  }
  return ready = triggers;
}

bool CandidateFinder::FindGroup(engine::Group group, std::string_view text, std::span<const View> views,
                                std::vector<Candidate>* candidates) {
  if (views.empty() || database_->image.count_of(group) == 0) return true;
  const hs_database_t* triggers = Prepare(group);
  if (triggers == nullptr) return false;
  const std::size_t known = candidates->size();
  const auto first = static_cast<std::uint32_t>(database_->image.first_of(group));
  for (const View& view : views) {
    for (std::size_t begin = view.begin; begin < view.end; begin += kMaxBlock) {
      const std::string_view block = text.substr(begin, std::min(view.end - begin, kMaxBlock + kOverlap));
      Collector collector = {candidates, &last_of_, first, begin};
      // The callback never stops the scan and the arguments are right, so it cannot fail.
      hs_scan(triggers, block.data(), static_cast<unsigned>(block.size()), 0, scratch_.get(), OnMatch, &collector);
    }
  }
  for (std::size_t i = known; i < candidates->size(); ++i) last_of_[(*candidates)[i].expression] = kNone;
  return true;
}

bool CandidateFinder::FindAnywhere(std::string_view text, bool paths, std::vector<Candidate>* candidates) {
  candidates->clear();
  const View whole = {0, text.size()};
  const bool found = FindGroup(engine::Group::kEverywhere, text, {&whole, 1}, candidates);
  return (!paths || FindGroup(engine::Group::kPaths, text, {&whole, 1}, candidates)) && found;
}

bool CandidateFinder::FindAround(std::string_view text, std::span<const View> dense,
                                 std::vector<Candidate>* candidates) {
  return FindGroup(engine::Group::kDense, text, dense, candidates);
}

}  // namespace sluice::scan
