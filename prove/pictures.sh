#!/usr/bin/env bash
# Every picture of results in the demo, looked at in a real browser: on a screen and on a telephone, through its
# accessibility tree, and held against WCAG 2.1 AA (axe). Needs npm, and Chromium (or the root that can install it).
#   prove/pictures.sh [FOLDER]      leaves the pictures in FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
CHROMIUM=$(command -v chromium || true)
if [ -z "$CHROMIUM" ]; then
  apt-get install -y --no-install-recommends chromium >/dev/null
  CHROMIUM=$(command -v chromium)
fi
export CHROMIUM
npm ci --prefix prove/browser --ignore-scripts --no-audit --no-fund >/dev/null
cargo build -q -p klankbord-api
program=${CARGO_TARGET_DIR:-$PWD/target}/debug/klankbord
look=$PWD/prove/browser
home=$(mktemp -d)
folder=$(realpath -m "${1:-$home/pictures}")
mkdir -p "$folder"
cd "$home"
# A free port, so that nobody else's service is looked at.
port=$(python3 -c 'import socket; free = socket.socket(); free.bind(("127.0.0.1", 0)); print(free.getsockname()[1])')
export KLANKBORD_SERVER__PORT=$port KLANKBORD_LOG__FILTER=warn KLANKBORD_LIMITS__ENABLED=false
"$program" serve --demo >"$home/log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait "$service" 2>/dev/null || true; rm -rf "$home"' EXIT
for _ in $(seq 240); do
  if curl -sf "http://127.0.0.1:$port/v1/information-pages" >/dev/null; then break; fi
  kill -0 "$service" || { cat "$home/log"; exit 1; }
  sleep 1
done
node "$look/pictures.mjs" "http://127.0.0.1:$port" \
  "$("$program" demo token officer-jij)" "$("$program" demo token panel-1)" "$folder"
