#!/usr/bin/env bash
# Opinion groups of 10,000 people who answered 200 statements (release build): how long finding them takes (bound
# 5 s), and how far they are the groups that were planted (adjusted Rand index, bound 0.9).
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --release -p klankbord-domain ten_thousand_people -- --ignored --nocapture
