#!/bin/bash
# Installs what is missing, builds, and runs all tests.
#
#   ./cmake/test.sh [PRESET] [CTEST ARGUMENTS…]     # the preset is release unless named
set -euo pipefail
case "${1-}" in
  -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  -*) echo "test.sh: name a preset before the arguments of ctest; see test.sh --help" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
. cmake/packages.sh
install_packages build
preset=${1:-release}
shift || true
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" -- -k 0
ctest --preset "$preset" -j "$(nproc)" "$@"
