#!/bin/bash
# Installs what is missing, builds, and runs all tests.
#
#   ./cmake/test.sh [PRESET] [CTEST ARGUMENTS…]     # the preset is release unless named
set -euo pipefail
cd "$(dirname "$0")/.."
. cmake/packages.sh
install_packages build
preset=${1:-release}
shift || true
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" -- -k 0
ctest --preset "$preset" -j "$(nproc)" "$@"
