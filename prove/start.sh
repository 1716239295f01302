#!/usr/bin/env bash
# How long from start to the first answer on an existing demo database (SQLite, release build, whole process),
# and how much memory the service holds at rest.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release -p klankbord-api
program=$PWD/target/release/klankbord
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
# A free port, so that nobody else's service is measured.
port=$(python3 -c 'import socket; free = socket.socket(); free.bind(("127.0.0.1", 0)); print(free.getsockname()[1])')
export KLANKBORD_SERVER__PORT=$port KLANKBORD_LOG__FILTER=warn KLANKBORD_LIMITS__ENABLED=false
"$program" demo >/dev/null
python3 - "$program" "${1:-20}" "$port" <<'PY'
import http.client, os, signal, statistics, subprocess, sys, time
program, runs, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
times, memory = [], []
for _ in range(runs):
    begun = time.perf_counter()
    child = subprocess.Popen([program, "serve", "--demo"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/v1/information-pages")
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            answer.read()
            break
        except (ConnectionRefusedError, ConnectionResetError):
            assert child.poll() is None, "the service ended by itself"
            time.sleep(0.001)
    times.append((time.perf_counter() - begun) * 1000)
    time.sleep(2)
    with open(f"/proc/{child.pid}/status") as status:
        memory += [int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")]
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
for name, values, unit, bound in (("start to first answer", times, "ms", 300), ("memory at rest", memory, "MB", 40)):
    low, middle, high = min(values), statistics.median(values), max(values)
    print(f"{name}: min {low:.1f}, median {middle:.1f}, max {high:.1f} {unit} over {runs} runs (bound {bound} {unit})")
    assert high < bound, name
PY
