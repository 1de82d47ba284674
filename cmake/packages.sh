# The one list of what sluice needs, by Debian 12's names. Source it, then call `install_packages build` (or `check`).
#
# Why these: Hyperscan matches many patterns at once at GB/s; RE2 confirms in linear time; libgit2 reads repositories
# in process; toml++ and CLI11 and fmt and nlohmann-json are the plain choices for their formats; mbed TLS has SHA-256
# and big numbers, a static archive, and libgit2 already needs it; zlib reads gzip, and with PCRE2 it is what libgit2's
# archive needs; libarchive reads every archive format there is; libyaml reads what lefthook and pre-commit are told,
# without recursing on hostile nesting.
BUILD_PACKAGES="g++ cmake ninja-build pkg-config git
  libhyperscan-dev libgit2-dev libtomlplusplus-dev libfmt-dev libre2-dev libcli11-dev libmbedtls-dev
  nlohmann-json3-dev libarchive-dev libyaml-dev zlib1g-dev libpcre2-dev libgtest-dev libgmock-dev libbenchmark-dev"
# What only the checks of .ci/run need.
CHECK_PACKAGES="clang-tidy-14 clang-format-14"

# install_packages build|check: installs what is missing; silent when nothing is.
install_packages() {
  local wanted=$BUILD_PACKAGES missing="" package
  [ "$1" = check ] && wanted="$BUILD_PACKAGES $CHECK_PACKAGES"
  for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  echo "installing:$missing"
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -q >/dev/null
  # shellcheck disable=SC2086  # A list of names.
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing >/dev/null
}
