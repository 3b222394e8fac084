#!/usr/bin/env python3
"""Long journals: time grows with the number of events, and memory stays within bounds.

EROS_GROWTH=N: up to N events instead of 24,000, with the times for that many."""
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import math
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

DEPLOY = os.environ["EROS_DEPLOY"]
VERIFIER = pathlib.Path(__file__).parent / "verify-journal.py"
MANY = int(os.environ.get("EROS_GROWTH", "24000"))
FEW = MANY // 8
EXPONENT = 1.05
NOISE = 0.45  # of times as short as these: what grows with the square is at 2
ATTEMPTS = 3  # on a machine that does other things meanwhile
MEMORY_KB = 60 * 1024
ADA = "Ada <ada@example.com>"


def netstring(value):
    value = str(value).encode()
    return b"%d:%b," % (len(value), value)


def hash_of(*parts):
    return hashlib.sha256(netstring("eros-event-1") + b"".join(map(netstring, parts))).hexdigest()


def operation(draw):
    ident = f"op-{draw.getrandbits(32):08x}"
    yield ADA, "operation.started", {"operation": "monitoring", "id": ident, "title": "Monitoring", "arguments": {}}
    for name in ("errors", "durations", "quality"):
        step = {"id": ident, "step": name}
        job = {"job_id": f"eros_{ident}_{name}", "location": "US"}
        yield "machine", "step.started", {**step, "title": name, "sql_sha256": "ab" * 32}
        yield "machine", "job.planned", {**step, **job, "project": "eros-rehearsal"}
        yield "machine", "job.ended", {**job, "outcome": "pass", "bytes_processed": 123456, "slot_ms": 17}
        yield "machine", "step.ended", {**step, "outcome": "pass", "values": {"queries": str(draw.randrange(1000))}}
    yield "machine", "operation.ended", {"operation": "monitoring", "id": ident, "outcome": "pass", "summary": "all well"}


def check(box, outcome, draw):
    evidence = {"sql": "SELECT COUNT(*) AS n FROM `p.d.t` WHERE caption IS NULL", "sql_sha256": "cd" * 32,
                "job_id": f"eros_{draw.randrange(10**9)}", "values": {"n": str(draw.randrange(1000))}}
    return "machine", "check.finished", {"element": box, "outcome": outcome, "summary": "1,234 rows", "evidence": [evidence]}


def mixed(boxes, draw):
    """What people and the machine do, in any order."""
    while True:
        kind = draw.randrange(20)
        box = draw.choice(boxes)
        if kind == 0:
            yield from operation(draw)
        elif kind < 7:
            yield ADA, "note.set", {"element": box, "text": f"Note {draw.randrange(10**6)}: who was asked, and what was said."}
        elif kind < 12:
            yield ADA, draw.choice(["item.ticked", "item.unticked"]), {"element": box}
        else:
            yield check(box, draw.choice(["pass", "pass", "fail", "error"]), draw)


def one_box(boxes, draw):
    """One box is decided over and withdrawn again and again."""
    yield check(boxes[0], "fail", draw)
    while True:
        yield ADA, "item.ticked", {"element": boxes[0]}
        yield ADA, "note.set", {"element": boxes[0], "text": "again"}
        yield ADA, "item.unticked", {"element": boxes[0]}


def boxes_of(value):
    if isinstance(value, dict):
        if value.get("kind") == "check":
            yield value["id"]
        for member in value.values():
            yield from boxes_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from boxes_of(member)


def fill(path, n_events, events):
    """Adds events to a deployment until it has that many, and returns a box of its runbook."""
    database = sqlite3.connect(path)
    database.create_function("eros_event_hash", 6, hash_of, deterministic=True)
    sequence, time, body, previous = database.execute("SELECT sequence, time, body, hash FROM event").fetchone()
    boxes = list(boxes_of(json.loads(json.loads(body)["runbook"])))
    source = events(boxes, random.Random(1))
    with database:
        while sequence < n_events:
            actor, kind, body = next(source)
            text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            sequence, time = sequence + 1, time + 1000
            row = (sequence, time, actor, kind, text, previous)
            previous = hash_of(*row)
            database.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, previous))
    database.close()
    return boxes[0]


def measure(command, env):
    """Seconds of its own time, and the most memory that it had, in KB: the best of three"""
    best = None
    for _ in range(3):
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        found = (usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        best = found if best is None else min(best, found)
    return best


def try_growth(folder, events, env):
    new = [DEPLOY, "new", "--json", "--name", "x", "--project", "eros-rehearsal", "--dataset", "d"]
    measured = {}
    for n_events in (1, FEW, MANY):
        made = subprocess.run(new, env=env, capture_output=True, check=True)
        path = json.loads(made.stdout)["file"]
        box = fill(path, n_events, events)
        for name, command in (("status", [DEPLOY, "status", path]), ("verify", [DEPLOY, "verify", path]),
                              ("note", [DEPLOY, "note", path, box, "noted"]), ("verifier", [sys.executable, VERIFIER, path])):
            measured.setdefault(name, []).append(measure(command, env))
        os.unlink(path)
    for name, ((none, _), (few, _), (many, memory)) in measured.items():
        growth = math.log(max(many - none, 0.001) / max(few - none, 0.001)) / math.log(MANY / FEW)
        print(f"# {events.__name__}, {name}: {many:.2f} s, {memory // 1024} MB for {MANY:,} events, exponent {growth:.2f}")
        assert growth < EXPONENT + NOISE, (name, growth)
        assert memory < MEMORY_KB or name == "verifier", (name, memory)


def main():
    print("1..2")
    good = True
    for number, events in enumerate((mixed, one_box), 1):
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder}
            word = "not ok"
            for _ in range(ATTEMPTS):
                try:
                    try_growth(folder, events, env)
                    word = "ok"
                    break
                except AssertionError as problem:
                    print("#", problem)
            good = good and word == "ok"
            print(f"{word} {number} /journal/growth/{events.__name__}", flush=True)
    sys.exit(0 if good else 1)


main()
