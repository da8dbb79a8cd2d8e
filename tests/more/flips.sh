#!/usr/bin/env bash
# Random bytes turned anywhere in log.db: verify names each. --soak: 1,000.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
export TOCSIN_FLIPS=100; [ "${1:-}" = --soak ] && TOCSIN_FLIPS=1000
build/fuzz/unit_tests --gtest_filter='VerifyTest.EveryTurnedByte*'
