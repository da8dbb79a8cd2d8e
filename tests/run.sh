#!/usr/bin/env bash
# Every test, called by ./dev test. CI samples what is long; --soak runs it in full.
# Each check prints one line; the last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
soak= ; [ "${1:-}" = --soak ] && soak=1
. ./dev source; set +e
passed=0 failed=0
mkdir -p build/test-logs
# However this ends, its last line says how it went.
closed= ; trap '[ -n "$closed" ] || echo "$passed passed, $((failed + 1)) failed"' EXIT

# run_one NAME COMMAND…: runs it and leaves its log, and beside it how it ended and after how many seconds.
run_one() {
  local log="build/test-logs/${1//[^a-zA-Z0-9_-]/_}.log" begin=$SECONDS; shift
  "$@" >"$log" 2>&1
  echo "$? $((SECONDS - begin))" >"$log.end"
}

# report NAME: one line for what run_one left; the log of a failed one is shown. One that cannot run here ends with 77
# and says why.
report() {
  local name=$1 log="build/test-logs/${1//[^a-zA-Z0-9_-]/_}.log" code=1 seconds=0
  read -r code seconds <"$log.end"; rm -f "$log.end"
  if [ "$code" = 0 ]; then
    passed=$((passed + 1)); echo "ok    $name ($seconds s)"
  elif [ "$code" = 77 ]; then
    tail -n 1 "$log"
  else
    failed=$((failed + 1)); echo "FAIL  $name ($seconds s)"; tail -n 40 "$log" | sed 's/^/      /'
  fi
}

check() { run_one "$@"; report "$1"; }

# start NAME COMMAND…: runs beside others, one a core; `reports` waits for all and reports them in their order.
started=()
start() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  run_one "$@" &
  started+=("$1")
}
reports() {
  wait
  local name
  for name in "${started[@]}"; do if [ "$name" = unit ]; then report_gtest unit; else report "$name"; fi; done
  started=()
}

# report_gtest NAME: every test counted by itself.
report_gtest() {
  local name=$1 log="build/test-logs/$1.log" code=1 seconds=0 good bad
  read -r code seconds <"$log.end"; rm -f "$log.end"
  good=$(grep -c '^\[       OK \]' "$log"); bad=$(grep -cE '^\[  FAILED  \] [^ ]+ \(' "$log")
  grep -E '^\[  SKIPPED \] [^ ]+ \(' "$log" | sed 's/^\[  SKIPPED \]/skip /; s/ (.*//'
  [ "$code" -ne 0 ] && [ "$bad" = 0 ] && bad=1
  passed=$((passed + good)); failed=$((failed + bad))
  echo "$([ "$code" = 0 ] && echo ok || echo FAIL)    $name: $good tests passed, $bad failed ($seconds s)"
  [ "$code" = 0 ] || grep -B25 -E '^\[  FAILED  \]|ERROR: |runtime error' "$log" | tail -n 80 | sed 's/^/      /'
}

say "what is needed"
need $build_packages $test_packages
mkdir -p build

check format bash -c 'git ls-files "*.cpp" "*.h" | xargs clang-format-22 --dry-run --Werror'
check tidy python3 tools/tidy.py

say "the program (release)"
build_program || { echo "FAIL  build"; exit 1; }
say "the web desk"
build_web
check web bash -c 'cd web && npm test --silent'

say "tests with address and undefined-behaviour sanitisers"
fuzz_targets=$(cd tests/fuzz && ls *.cpp | sed 's/\.cpp$//; s/^/fuzz_/')
sim_target=; ls sim/*.cpp >/dev/null 2>&1 && sim_target=tocsin_sim
bench_targets=$(cd bench && ls *.cpp | sed 's/\.cpp$//')  # they are not run here, but a change must not break them
compile fuzz unit_tests $sim_target $fuzz_targets $bench_targets || { echo "FAIL  build of the tests"; exit 1; }
# Leaks are looked for by the fuzz targets and the simulator; the servers in the unit tests are torn down with
# connections still open, which the leak checker takes for leaks.
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_leaks=0
start unit build/fuzz/unit_tests --gtest_brief=0
if [ -n "$sim_target" ]; then
  start "simulator" env ASAN_OPTIONS=detect_leaks=1 build/fuzz/tocsin_sim --seeds "$([ -n "$soak" ] && echo 5000 || echo 200)"
fi
for target in $fuzz_targets; do
  name=${target#fuzz_}
  # Debian's TOML library has undefined behaviour on some characters outside quotes (U+FFFE); the file is the operator's own.
  if [ "$name" = config ] && [ -z "$soak" ]; then echo "skip  fuzz config (known faults of the TOML library; ./dev soak runs it)"; continue; fi
  corpus=tests/fuzz/corpus/$name; mkdir -p "build/fuzz-new/$name"
  seconds=$([ -n "$soak" ] && echo 600 || echo 5) seed=$([ -n "$soak" ] && echo 0 || echo 1)  # CI repeats, soak explores
  start "fuzz $name" env ASAN_OPTIONS=detect_leaks=1 build/fuzz/$target -max_total_time=$seconds -seed=$seed -rss_limit_mb=3000 -timeout=20 -error_exitcode=1 -verbosity=0 -print_final_stats=0 \
    -artifact_prefix="build/fuzz-new/$name/" "build/fuzz-new/$name" $([ -d "$corpus" ] && echo "$corpus")
done
reports

say "tools and standards"
check "sample files and county maker" python3 -m unittest discover -q -s tests/tools
shared=${TOCSIN_SHARED:-../shared}
if [ -d "$shared/check" ]; then
  check "hj212 frames" python3 "$shared/check/frames.py" hj212 "$shared/data/hj212/frames.jsonl" "$PWD/build/tocsin"
  check "hj212 streams" python3 "$shared/check/streams.py" "$shared/data/hj212/frames.jsonl" "$shared/data/hj212/streams.jsonl" "$PWD/build/tocsin"
else
  echo "skip  hj212 frames and streams (no ../shared here)"
fi
for script in tests/more/*.sh; do
  [ -f "$script" ] && start "$(basename "$script" .sh)" bash "$script" ${soak:+--soak}
done
reports

closed=1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
