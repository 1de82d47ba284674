#!/bin/bash
# The hook as a whole process, against git, in repositories that it makes itself.
#
#   benchmarks/hook.sh [FOLDER FOR THE RUN]      # default: benchmarks/runs/<date>-<machine kind>
#
# Answers are checked before the clock starts: the hook must pass the clean change and block the planted key. Needs
# hyperfine; builds `release` when needed. Ratios within one run are what counts: the machine is noisy.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
command -v hyperfine >/dev/null || { echo "hook.sh: hyperfine is missing: apt-get install hyperfine" >&2; exit 2; }
[ -x build/release/hook/sluice-hook ] || { cmake --preset release >/dev/null && cmake --build --preset release >/dev/null; }
hook=$top/build/release/hook/sluice-hook
sluice=$top/build/release/cli/sluice
kind=$(nproc)-core-$(uname -m)
run=${1:-benchmarks/runs/$(date +%F)-$kind}
mkdir -p "$run"
run=$(cd "$run" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home XDG_CACHE_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
git config --global user.name bench
git config --global user.email bench@example.invalid
git config --global gc.auto 0
git config --global init.defaultBranch main
key=AK; key=${key}IAQYLPMN5HFZ7R2SWX

# make_repository NAME FILES: FILES tracked files of source text in folders of 20, packed.
make_repository() {
  git init -q "$work/$1"
  awk -v files="$2" 'BEGIN {
    print "commit refs/heads/main\ncommitter b <b@example.invalid> 1700000000 +0000\ndata 4\ninit"
    for (i = 0; i < files; i++) {
      text = ""
      for (j = 0; j < 20; j++) text = text "static int value_" i "_" j "(int x) { return x + " i * j "; }\n"
      printf "M 100644 inline d%d/d%d/f%d.c\ndata %d\n%s\n", i / 400, (i / 20) % 20, i, length(text), text
    }
  }' | git -C "$work/$1" fast-import --quiet
  git -C "$work/$1" reset -q --hard
}

# stage_five NAME: a line more in five files, staged, with the cache-tree as `git commit` leaves it for its hook.
stage_five() {
  local file n=0
  for file in $(git -C "$work/$1" ls-files | awk 'NR % 97 == 1' | head -n 5); do
    echo "static int added_$n(void) { return $n; }" >>"$work/$1/$file"
    n=$((n + 1))
  done
  git -C "$work/$1" add -u
  git -C "$work/$1" write-tree >/dev/null
}

# must CODE COMMAND…: checks an answer.
must() {
  local want=$1 code=0
  shift
  "$@" >/dev/null 2>&1 || code=$?
  [ "$code" = "$want" ] || { echo "hook.sh: '$*' gave $code, not $want" >&2; exit 1; }
}

median() { awk -F, -v n="$2" 'NR == n + 1 { printf "%.2f", $4 * 1000 }' "$1"; }
report=$run/hook.md
{
  echo "# The hook as a whole process"
  echo
  echo "$(date +%F), $kind, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); $(git --version);" \
    "$("$sluice" version | head -n 3 | paste -sd, | sed 's/,/, /g'); $(hyperfine --version). Medians, milliseconds."
  echo "Made by \`benchmarks/hook.sh\`."
  echo
  echo "| tracked files | hook, 5 staged | git diff --cached -U0 | ratio | demanded |"
  echo "|---|---|---|---|---|"
} >"$report"

for files in 1000 20000 100000; do
  name=r$files
  make_repository $name $files
  cp "$work/$name/d0/d0/f0.c" "$work/original"
  echo "$key" >>"$work/$name/d0/d0/f0.c"
  git -C "$work/$name" add -u
  cd "$work/$name"
  must 1 "$hook" pre-commit
  cp "$work/original" d0/d0/f0.c
  git add -u
  cd "$top"
  stage_five $name
  cd "$work/$name"
  must 0 "$hook" pre-commit
  [ "$(git diff --cached --name-only | wc -l)" = 5 ]
  hyperfine -N --warmup 20 --runs 200 --export-csv "$work/csv" "$hook pre-commit" "git diff --cached -U0" >/dev/null 2>&1
  cd "$top"
  a=$(median "$work/csv" 1) b=$(median "$work/csv" 2)
  case $files in 1000) demanded="<= 1.5" ;; 100000) demanded="<= 0.5" ;; *) demanded="" ;; esac
  echo "| $files | $a | $b | $(awk "BEGIN { printf \"%.2f\", $a / $b }") | $demanded |" >>"$report"
done

# git commit with our hook and with /bin/true, at 1,000 files: commits that change nothing staged, over and over.
{
  echo
  echo "| git commit at 1,000 files, 5 staged | ms | more than /bin/true |"
  echo "|---|---|---|"
} >>"$report"
cd "$work/r1000"
base=$(git rev-parse HEAD)
prepare="git update-ref refs/heads/main $base"
for hookname in none true sluice; do
  rm -f .git/hooks/pre-commit
  case $hookname in
    true) ln -s /bin/true .git/hooks/pre-commit ;;
    sluice) "$sluice" hook install >/dev/null && rm -f .git/hooks/pre-merge-commit ;;
  esac
  $prepare
  must 0 git commit -q -m check
  hyperfine -N --warmup 10 --runs 150 --prepare "$prepare" --export-csv "$work/csv" "git commit -q -m x" >/dev/null 2>&1
  ms=$(median "$work/csv" 1)
  [ $hookname = true ] && true_ms=$ms
  more=""
  [ $hookname = sluice ] && more="$(awk "BEGIN { printf \"%.2f\", $ms - $true_ms }") (demanded: <= 4)"
  echo "| $hookname | $ms | $more |" >>"$report"
done
cd "$top"

# The start with all rules, against this program with the packs of the commit that had rules for every tier-1
# credential and no others.
tier1=699300c
mkdir "$work/tier1"
git archive HEAD | tar -x -C "$work/tier1"
rm -r "$work/tier1/patterns/secrets"
git archive "$tier1" patterns/secrets | tar -x -C "$work/tier1"
cmake -S "$work/tier1" -B "$work/tier1/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSLUICE_BENCHMARKS=OFF >/dev/null
cmake --build "$work/tier1/build" --target sluice-hook >/dev/null
tier1_hook=$work/tier1/build/hook/sluice-hook
cd "$work/r1000"
$prepare
[ "$(git diff --cached --name-only | wc -l)" = 5 ]
must 0 "$tier1_hook" pre-commit
must 0 "$hook" pre-commit
hyperfine -N --warmup 20 --runs 400 --export-csv "$work/csv" "$tier1_hook pre-commit" "$hook pre-commit" >/dev/null 2>&1
tier1_ms=$(median "$work/csv" 1) all_ms=$(median "$work/csv" 2)
cd "$top"

# 50 custom rules, in the history already: without a cache, with it, and none. The same five files are staged.
make_repository own 1000
stage_five own
cd "$work/own"
must 0 "$hook" pre-commit
hyperfine -N --warmup 10 --runs 200 --export-csv "$work/csv" "$hook pre-commit" >/dev/null 2>&1
none=$(median "$work/csv" 1)
git stash -q
{
  printf 'format = 1\npack = "own"\n'
  for i in $(seq 50); do
    printf "[[rule]]\nid = \"own-%d\"\ndescription = \"d\"\nremediation = \"r\"\nregex = '''\\\\b(own%dkey_[0-9A-Za-z]{24,40})\\\\b'''\ngroup = 1\n" "$i" "$i"
  done
} >own.toml
printf 'format = 1\nrules = ["own.toml"]\n' >.sluice.toml
git add -A && git commit -q --no-verify -m rules && git stash pop -q && git add -u && git write-tree >/dev/null
echo "own7key_$(printf 'a1B2c3D4%.0s' 1 2 3)" >planted && git add planted && git write-tree >/dev/null
must 1 "$hook" pre-commit
git rm -q -f planted && git write-tree >/dev/null
must 0 "$hook" pre-commit
hyperfine -N --warmup 10 --runs 200 --export-csv "$work/csv" "$hook pre-commit" >/dev/null 2>&1
cached=$(median "$work/csv" 1)
hyperfine -N --warmup 3 --runs 40 --prepare "rm -rf $XDG_CACHE_HOME/sluice" --export-csv "$work/csv" "$hook pre-commit" >/dev/null 2>&1
uncached=$(median "$work/csv" 1)
cd "$top"
{
  echo
  echo "| start of the hook | ms | demanded |"
  echo "|---|---|---|"
  echo "| the rules for tier 1 alone | $tier1_ms | |"
  echo "| all rules | $all_ms | <= 0.5 more: $(awk "BEGIN { printf \"%.2f\", $all_ms - $tier1_ms }") |"
  echo "| no custom rules | $none | |"
  echo "| 50 custom rules, cached | $cached | <= 1 more: $(awk "BEGIN { printf \"%.2f\", $cached - $none }") |"
  echo "| 50 custom rules, no cache | $uncached | <= 60 |"
} >>"$report"

# Peak memory.
peak() { "$top/build/release/benchmarks/peak_memory" "$@"; }
hook_kb=$(cd "$work/r1000" && peak "$hook" pre-commit)
{
  echo
  echo "| peak memory | MB | demanded |"
  echo "|---|---|---|"
  echo "| the hook, 5 staged files | $((hook_kb / 1024)) | <= 20 |"
} >>"$report"
yes 'a line of nothing much at all, over and over again, as logs have it' | head -c 2147483648 >"$work/huge.log" || true
echo "$key" >>"$work/huge.log"
must 1 "$sluice" scan --no-ignore "$work/huge.log"
echo "| scan of one file of 2 GB | $(($(peak "$sluice" scan --no-ignore "$work/huge.log") / 1024)) | <= 128 |" >>"$report"
cat "$report"
