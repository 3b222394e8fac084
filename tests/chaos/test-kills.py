#!/usr/bin/env python3
"""Program and server killed, at any moment: what is on record goes on, and comes to the same end."""
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time

from chaos import Place, TIMES, draw, main, test

# Enough for every threshold of the monitoring: undisturbed, nothing stays open.
CAPTIONS = "500"
ROUNDS = 2
KILLS = 4


def rehearse(place, file="one.erosdeploy"):
    return place.start("rehearse", "--captions", CAPTIONS, "--file", place.data / file, "--output", place.path / "report.pdf")


def children(process):
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def kill_both(process):
    """The server first or last, or only one of the two: the other ends by itself."""
    both = [process.pid, *children(process)]
    draw.shuffle(both)
    for pid in both:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        time.sleep(draw.choice([0, 0, 0.05]))
    process.wait()
    for stream in (process.stdout, process.stderr):
        stream.close()


def last_line(out):
    """What the machine did, what stand-ins did …, without the seconds"""
    lines = [line for line in out.splitlines() if "by stand-ins" in line]
    return lines[-1].rsplit(";", 1)[0] if lines else None


def items(place):
    """Every box and field that can be marked, and how it stands"""
    status = place.run("status", place.data / "one.erosdeploy", "--json")
    assert status.status == 0, status
    found = {}

    def walk(node):
        if isinstance(node, dict) and "mark" in node and "id" in node:
            found[node["id"]] = (node["mark"], node.get("outcome"))
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(value)

    walk(json.loads(status.out))
    return found


def differences(expected, found):
    return [(name, expected.get(name), found.get(name)) for name in sorted({*expected, *found})
            if expected.get(name) != found.get(name)]


@test("/chaos/kills/a-rehearsal-that-was-killed-with-its-server-comes-to-the-same-end")
def killed_rehearsal():
    with Place() as place:
        process = rehearse(place)
        began = time.monotonic()
        out, err = process.communicate(timeout=120)
        seconds = time.monotonic() - began
        assert process.returncode == 0 and last_line(out), (out, err)
        expected, expected_items, undisturbed = last_line(out), items(place), out
    for _ in range(ROUNDS * TIMES):
        with Place() as place:
            for _ in range(KILLS):
                process = rehearse(place)
                time.sleep(draw.uniform(0.05, seconds))
                kill_both(process)
            process = rehearse(place)
            out, err = process.communicate(timeout=180)
            wrong = differences(expected_items, items(place))
            assert process.returncode == 0 and not wrong, (wrong, undisturbed[-9000:], out[-3000:], err)
            assert last_line(out) == expected, (expected, out[-3000:])
            assert not [name for name in place.leftovers() if ".rehearsal/" not in name], place.leftovers()


@test("/chaos/kills/a-rehearsal-whose-data-are-gone-says-so")
def no_data():
    with Place() as place:
        process = rehearse(place)
        out, err = process.communicate(timeout=120)
        assert last_line(out), (out, err)
        shutil.rmtree(place.data / "one.rehearsal")
        for arguments in (("rehearse", "--captions", CAPTIONS, "--file", place.data / "one.erosdeploy"),
                          ("backup", place.data / "one.erosdeploy", "--captions", CAPTIONS)):
            result = place.run(*arguments)
            assert result.status == 4 and "does not hold what is on record" in result.err, result
        (place.data / "two.rehearsal").mkdir()
        result = place.run("rehearse", "--file", place.data / "two.erosdeploy")
        assert result.status == 2 and "whose deployment is gone" in result.err, result
        assert not (place.data / "two.erosdeploy").exists()


main()
