#!/usr/bin/env bash
# Results of a closed consultation with 1,000,000 answers on PostgreSQL and 100,000 on SQLite (release build, over
# HTTP): p99 of reading them, from the snapshot that closing made (bound 50 ms), and how long an answer takes
# at 1,000 and at that many, in one run.
set -euo pipefail
cd "$(dirname "$0")/.."
export KLANKBORD_TEST_RESPONSES="${1:-1000000}" KLANKBORD_TEST_RESPONSES_SQLITE="${2:-100000}"
export KLANKBORD_TEST_REQUIRE_POSTGRES=1
cargo test --release -p klankbord-tests consultations::weight -- --nocapture --test-threads=1
