#!/usr/bin/env bash
# Signing in (SQLite, release build, whole process): existing and absent accounts can't be told apart by time,
# and twenty sign-ins a second don't hold up the rest.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release -p klankbord-api
program=$PWD/target/release/klankbord
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
# Limits stay on, but for the one caller that asks for lists all the while.
export KLANKBORD_SERVER__PORT=18098 KLANKBORD_LOG__FILTER=warn
export KLANKBORD_LIMITS__CALLER__PER_MINUTE=60000 KLANKBORD_LIMITS__CALLER__BURST=10000
"$program" demo >/dev/null
python3 - "$program" <<'PY'
import http.client, json, multiprocessing, signal, statistics, subprocess, sys, threading, time
program = sys.argv[1]
child = subprocess.Popen([program, "serve", "--demo"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
PASSWORD = "een lange zin om te onthouden"

def call(method, path, body=None, token=None, source=None):
    connection = http.client.HTTPConnection("127.0.0.1", 18098, timeout=20, source_address=source)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    begun = time.perf_counter()
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    taken = (time.perf_counter() - begun) * 1000
    connection.close()
    return answer.status, taken, text, answer.headers

def sign_in(address, source, password="dit is het vast niet"):
    return call("POST", "/v1/sessions", {"emailAddress": address, "password": password}, source=(source, 0))

try:
    for _ in range(200):
        try:
            call("GET", "/v1/information-pages")
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    admin = subprocess.check_output([program, "demo", "token", "admin"], text=True).split()[-1]
    for number in range(20):
        body = {"emailAddress": f"here-{number}@demo.klankbord.example", "displayName": "Proef", "password": PASSWORD}
        status, _, text, _ = call("POST", "/v1/accounts", body, admin)
        assert status == 201, text

    # Twenty accounts of each kind, ten tries each, in turn; each try from an address of its own, for one address
    # may try only so often.
    times = {"here": [], "absent": []}
    for turn in range(10):
        for number in range(20):
            for kind in ("here", "absent") if (turn + number) % 2 else ("absent", "here"):
                status, taken, text, _ = sign_in(f"{kind}-{number}@demo.klankbord.example", f"127.1.{turn}.{2 + number}")
                assert status == 401, (status, text)
                times[kind].append(taken)
    here, absent = (statistics.median(times[kind]) for kind in ("here", "absent"))
    print(f"sign-in refused: existing {here:.2f} ms, absent {absent:.2f} ms (medians of {len(times['here'])} each), "
          f"difference {abs(here - absent):.2f} ms (bound 5 ms)")
    assert abs(here - absent) < 5

    def p99(seconds):
        taken, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end:
            status, one, text, _ = call("GET", "/v1/organisations", token=admin)
            assert status == 200, text
            taken.append(one)
            time.sleep(0.01)
        return sorted(taken)[int(len(taken) * 0.99)], len(taken)

    quiet, quietly = p99(10)
    answers = []
    def offer(number):
        source = f"127.0.{number // 250}.{2 + number % 250}"
        status, _, _, headers = sign_in(f"offered-{number}@demo.klankbord.example", source)
        answers.append((status, headers.get("Retry-After")))
    # In a process of its own: threads of this one would hold up its clock.
    told, tell = multiprocessing.Pipe(duplex=False)
    def flood():
        waiting = []
        begun = time.perf_counter()
        for number in range(200):
            time.sleep(max(0, begun + number / 20 - time.perf_counter()))
            thread = threading.Thread(target=offer, args=(number,))
            thread.start()
            waiting.append(thread)
        for thread in waiting:
            thread.join()
        tell.send(answers)
    flooding = multiprocessing.get_context("fork").Process(target=flood)
    flooding.start()
    busy, busily = p99(10)
    answers.extend(told.recv())
    flooding.join()
    counted = {status: sum(1 for one, _ in answers if one == status) for status, _ in answers}
    print(f"twenty sign-ins a second for ten seconds: {counted}")
    assert all(status in (401, 429) for status, _ in answers)
    assert all(wait for status, wait in answers if status == 429)
    assert len(answers) == 200
    print(f"p99 of a list: {quiet:.1f} ms unloaded ({quietly} calls), {busy:.1f} ms meanwhile ({busily} calls), "
          f"{busy / quiet:.1f} times (bound 3)")
    assert busy < 3 * quiet

    # A hundred at once are more than may wait: the excess is told to come back.
    answers.clear()
    crowd = [threading.Thread(target=offer, args=(1000 + number,)) for number in range(100)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    counted = {status: sum(1 for one, _ in answers if one == status) for status, _ in answers}
    print(f"a hundred sign-ins at once: {counted}")
    assert counted.get(429, 0) > 0
    assert all(wait for status, wait in answers if status == 429)
finally:
    child.send_signal(signal.SIGTERM)
    child.wait(30)
PY
