#!/bin/bash
# Shows sluice at work: installs what is missing, builds it, and lets git commit with its hook.
#
#   ./cmake/run.sh           # in a repository made for it
#   ./cmake/run.sh DIR       # in a clone of the git repository DIR, which itself is neither scanned nor changed
#
# Two commits are tried: a clean one, which passes, and one with a fake AWS key, which git refuses. The first build
# takes a few minutes.
set -euo pipefail
usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; }
case "${1-}" in
  -h | --help) usage; exit 0 ;;
  -*) echo "run.sh: there is no option $1" >&2; usage >&2; exit 2 ;;
esac
if [ $# -gt 1 ]; then usage >&2; exit 2; fi
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/cmake/packages.sh"
install_packages build
source_repository=""
if [ $# -gt 0 ]; then
  source_repository=$(git -C "$1" rev-parse --absolute-git-dir) || { echo "run.sh: $1: not a git repository" >&2; exit 2; }
fi

# build: on a terminal ninja shows each step in one line; elsewhere, every tenth of the way.
build() {
  if [ -t 1 ]; then
    cmake --build --preset release --target sluice-hook sluice-cli
    return
  fi
  NINJA_STATUS="[%p] " cmake --build --preset release --target sluice-hook sluice-cli |
    awk '/^\[ *[0-9]+%\] / { now = substr($0, 2) + 0; if (now >= mark) { printf "   %d%%\n", now; fflush(); mark = now + 10 }; next }
         { print; fflush() }'
}
echo "== build (a few minutes the first time; how much is left shows below)"
(cd "$top" && cmake --preset release | grep sluice-hook || true)
(cd "$top" && build)
sluice=$top/build/release/cli/sluice

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
repository=$work/repository
if [ -n "$source_repository" ]; then
  git clone -q --no-hardlinks "$source_repository" "$repository"
else
  git init -q "$repository"
fi
cd "$repository"
git config user.name "A newcomer"
git config user.email newcomer@example.invalid
echo
where="a repository made for it"
[ -n "$source_repository" ] && where="a clone of $1 ($(git ls-files | wc -l) tracked files)"
echo "== install the hook in $where: sluice hook install"
"$sluice" hook install

milliseconds() { echo $((($(date +%s%N) - $1) / 1000000)); }
# try WHAT EXPECTED: commits what is staged, says how long it took, and fails unless git did as expected.
try() {
  echo
  echo "== $1: git commit"
  local start code=0
  start=$(date +%s%N)
  git commit -q -m "$1" || code=$?
  echo "-> $([ $code = 0 ] && echo 'git committed' || echo "git refused (exit code $code)") in $(milliseconds "$start") ms"
  [ $code = "$2" ] || { echo "run.sh: expected exit code $2" >&2; exit 1; }
}

mkdir -p sluice-demo
printf 'import os\n\nkey = os.environ["AWS_ACCESS_KEY_ID"]\n' >sluice-demo/deploy.py
git add -f sluice-demo/deploy.py
try "a clean change" 0
# In two parts, so that this script holds no key.
printf 'import os\n\nkey = "%s%s"\n' AK IAQYLPMN5HFZ7R2SWX >sluice-demo/deploy.py
git add -f sluice-demo/deploy.py
try "a change with a fake AWS key" 1
echo
echo "sluice stopped it. Use it in your own repository: cd there, and $sluice hook install"
