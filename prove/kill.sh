#!/usr/bin/env bash
# 200 times `kill -9` during writes, on both databases: no acknowledged write lost, none half there, none twice.
set -euo pipefail
cd "$(dirname "$0")/.."
export KLANKBORD_TEST_KILLS="${1:-200}" KLANKBORD_TEST_REQUIRE_POSTGRES=1
cargo test -p klankbord-tests process::kill -- --nocapture --test-threads=1
