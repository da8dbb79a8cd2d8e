#!/usr/bin/env bash
# Measures, called by ./dev bench: prints the machine, then one JSON line a figure, each of several rounds with median and
# spread. Progress goes to stderr. The load is made on the same machine as what is measured.
#   ./dev bench                  everything, about 20 minutes; keeps the lines in build/bench/figures.jsonl
#   ./dev bench PART…            parts, store, county, growth, peer
#   ROUNDS SECONDS_EACH EVENTS READINGS RECORDS PEER_FRAMES   make it smaller or larger
#   ./dev bench report           writes tables and pictures of docs/benchmarks.md from the lines kept
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. ./dev source
figures=build/bench/figures.jsonl
if [ "${1:-}" = report ]; then exec python3 bench/report.py "$figures"; fi
need $build_packages libgtest-dev librapidcheck-dev python3
mkdir -p build/bench
say "building the benchmarks" >&2
compile bench tocsin county_load http_load mqtt_load fill_log hj212_codec log_bench reading_store_bench >&2

machine() {
  printf '{"bench":"machine","cpu":"%s","cores":%s,"memory_mb":%s,"date":"%s","commit":"%s","load_before":"%s"}\n' \
    "$(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)" "$(nproc)" "$(awk '/MemTotal/ {print int($2/1024)}' /proc/meminfo)" \
    "$(date -u +%F)" "$(git rev-parse --short HEAD 2>/dev/null || echo none)" "$(cut -d' ' -f1 /proc/loadavg)"
}

part() {
  case $1 in
    parts) build/bench/hj212_codec; build/bench/log_bench --records "${RECORDS:-1000000}" ;;
    store)
      local telemetry="${TOCSIN_SHARED:-../shared}/data/telemetry" scratch
      [ -d "$telemetry" ] || say "no recorded telemetry at $telemetry: bytes a reading are measured on made-up readings only" >&2
      scratch=$(mktemp -d)
      for _ in $(seq "${ROUNDS:-3}"); do build/bench/reading_store_bench "$scratch" "$telemetry" "${READINGS:-10000000}"; done
      rm -rf "$scratch" ;;
    county) python3 bench/county_bench.py ;;
    growth) python3 bench/growth_bench.py ;;
    peer)
      { command -v mosquitto >/dev/null || (need mosquitto) || say "mosquitto cannot be installed"; } >&2
      { command -v npm >/dev/null || (need nodejs npm) || say "npm cannot be installed"; } >&2
      python3 bench/peer_bench.py ;;
    *) say "parts: parts store county growth peer" >&2; return 2 ;;
  esac
}

[ $# -gt 0 ] || set -- parts store county growth peer
begin=$SECONDS
{
  machine
  for one in "$@"; do
    say "measuring: $one ($(( (SECONDS - begin) / 60 )) min so far)" >&2
    part "$one" || say "$one ended with status $?" >&2
  done
} | tee "$figures.new"
mv "$figures.new" "$figures"
say "measured in $(( (SECONDS - begin) / 60 )) min; ./dev bench report writes them into docs/benchmarks.md" >&2
