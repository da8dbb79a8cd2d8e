#!/bin/sh
# Faults planted by hand: each *.patch in tests/sim/plants is applied to a copy of the sources, and
# the simulator has to find it within 500 seeds. A simulator that finds nothing proves nothing.
#   tests/sim/plants.sh [NAME…]      (all when none is named)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || set -- $(ls "$root"/tests/sim/plants | sed -n 's/\.patch$//p')
missed=""
for name in "$@"; do
  copy=$root/build/plants/$name
  rm -rf "$copy/src" "$copy/sim" "$copy/tests"
  mkdir -p "$copy/tests"
  (cd "$root" && cp -r CMakeLists.txt CMakePresets.json src sim "$copy/" && cp -r tests/sim tests/kill "$copy/tests/")
  patch -s -p1 -d "$copy" < "$root/tests/sim/plants/$name.patch"
  (cd "$copy" && export CCACHE_BASEDIR="$copy" CCACHE_NOHASHDIR=1 && cmake --preset dev > cmake.log && ninja -C build/dev tocsin_sim > ninja.log)
  if "$copy/build/dev/tocsin_sim" --seeds 500 > "$copy/found.txt"; then
    echo "$name: NOT found within 500 seeds"
    missed="$missed $name"
  else
    echo "$name: $(sed -n 's/^seed /found by seed /p' "$copy/found.txt" | head -1)"
  fi
done
[ -z "$missed" ]
