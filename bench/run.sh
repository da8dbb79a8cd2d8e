#!/usr/bin/env bash
# Measures, called by ./dev bench: prints the machine, then one JSON line a figure. Each program runs several rounds and
# prints its own median and spread. What was measured is written into docs/benchmarks.md by hand, with its date.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. ./dev source
need $build_packages libgtest-dev librapidcheck-dev
mkdir -p build
say "building the benchmarks"
targets=$(cd bench && ls *.cpp | sed 's/\.cpp$//')
compile bench tocsin $targets
printf '{"machine":"%s","cores":%s,"memory_mb":%s,"date":"%s","commit":"%s"}\n' "$(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)" "$(nproc)" \
  "$(awk '/MemTotal/ {print int($2/1024)}' /proc/meminfo)" "$(date -u +%F)" "$(git rev-parse --short HEAD 2>/dev/null || echo none)"
for target in $targets; do
  say "$target"
  timeout 900 build/bench/$target || say "$target ended with status $?"
done
say "county_bench"
TOCSIN=build/bench/tocsin python3 bench/county_bench.py
