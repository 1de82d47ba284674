#ifndef SLUICE_SCAN_VIEW_H_
#define SLUICE_SCAN_VIEW_H_

#include <cstddef>

namespace sluice::scan {

// A stretch [begin, end) of text.
struct View {
  std::size_t begin;
  std::size_t end;
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_VIEW_H_
