#!/usr/bin/env bash
# SIGKILL at random moments under load: bare, on a disk that drops what was not synced, and on one
# that tears it; and with fsync planted away, which must be found. --soak: 200 kills each.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
. ./dev source
kills=5; [ "${1:-}" = --soak ] && kills=200
compile release store_kill unsynced
for disk in real drop tear; do
  python3 tests/kill/kill_test.py --bin build/release --kills $kills --disk $disk
  if [ -f tests/server/county.py ]; then
    python3 tests/kill/kill_test.py --bin build/release --target server --kills $kills --disk $disk
  fi
done
python3 tests/kill/kill_test.py --bin build/release --kills 5 --disk drop --plant skip-fsync
