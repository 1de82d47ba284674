#!/bin/sh
# consumer.sh BUILD SOURCE WORK CXX: installs BUILD below WORK and builds SOURCE against that copy in both ways.
set -eu
build=$1 source=$2 work=$3 cxx=$4
rm -rf "$work" && mkdir -p "$work"
cmake --install "$build" --prefix "$work/prefix" >/dev/null

cmake -G Ninja -S "$source" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$cxx" >"$work/log"
cmake --build "$work/build" >>"$work/log"
"$work/build/consumer" | grep -qx 'aws-access-key-id at 1:7'

PKG_CONFIG_PATH=$(find "$work/prefix" -name pkgconfig -type d)
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # Flags.
"$cxx" -std=c++20 "$source/main.cc" -o "$work/by_pkg_config" $(pkg-config --cflags --libs sluice)
"$work/by_pkg_config" | grep -qx 'aws-access-key-id at 1:7'

"$work/prefix/bin/sluice" version | grep -q '^sluice '
echo "both consumers work"
