#!/usr/bin/env python3
"""Whoever waits is told what for, how often and until when; what cannot be cured by waiting says so at once."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import selectors
import signal
import socket
import sqlite3
import time

from chaos import Box, CAPTIONS, Place, faults, main, test

SILENCE = 5


def listen(process, seconds):
    """What it says on either stream within so many seconds, and its longest silence."""
    chosen = selectors.DefaultSelector()
    for stream in (process.stdout, process.stderr):
        os.set_blocking(stream.fileno(), False)
        chosen.register(stream, selectors.EVENT_READ)
    began = heard = time.monotonic()
    longest, said = 0, ""
    while time.monotonic() - began < seconds and process.poll() is None:
        for key, _ in chosen.select(0.2):
            more = key.fileobj.read()
            if more:
                longest = max(longest, time.monotonic() - heard)
                heard = time.monotonic()
                said += more
    return said, max(longest, time.monotonic() - heard)


def stop(process):
    for _ in range(2):  # the second one does not wait for the server's word
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    out, err = process.communicate(timeout=60)
    return (out or "") + (err or "")


def kinds(place):
    with sqlite3.connect(f"file:{place.journals()[0]}?mode=ro", uri=True) as journal:
        return [kind for kind, in journal.execute("SELECT kind FROM event ORDER BY 1")]


@test("/chaos/silence/a-server-that-fails-again-and-again-is-named-while-it-is-waited-for")
def failing_server():
    with Place() as place, Box(place, f"--sample=eros:{CAPTIONS}") as box:
        name = place.new()
        for arguments in (("check", name), ("backup", name, "--new", "--json")):
            box.call("POST", "/_local/faults", {"action": "503:backendError", "times": -1})
            process = place.start(*arguments, "--endpoint", box.endpoint)
            said, longest = listen(process, 6.5)
            if process.poll() is None:
                said += stop(process)
                assert re.search(r"attempt \d+ at \d\d:\d\d:\d\d UTC, until \d\d:\d\d:\d\d UTC: .*Ctrl\+C", said), (arguments, said)
                assert longest < SILENCE, (arguments, longest, said)
            else:
                assert process.returncode in (3, 4), (arguments, said)  # a gate, or it could not be reached
                process.communicate()
            box.call("DELETE", "/_local/faults")
        assert "service.waited-for" in kinds(place), kinds(place)
        # With the fault gone it comes to the same end.
        result = place.run("backup", name, "--endpoint", box.endpoint)
        assert result.status == 0, result


@test("/chaos/silence/a-query-that-takes-its-time-is-named-while-it-runs")
def slow_server():
    with Place() as place, Box(place, f"--sample=eros:{CAPTIONS}") as box:
        name = place.new()
        box.call("POST", "/_local/faults", {"action": "delay:8000", "path": "/queries/", "times": 1})
        process = place.start("backup", name, "--endpoint", box.endpoint)
        said, longest = listen(process, 60)
        said += (process.communicate()[0] or "")
        assert process.returncode == 0, said
        assert longest < SILENCE and "Ctrl+C" in said, (longest, said)


@test("/chaos/silence/a-server-whose-disk-is-full-ends-the-work-with-words")
def full_server():
    with Place() as place, faults(place, "disk", errno="ENOSPC", times=-1, program="eros-bigquery-local") as shim:
        with Box(place, f"--sample=eros:{CAPTIONS}", env=shim.env) as box:
            name = place.new()
            with shim:
                for arguments in (("backup", name), ("rehearse",)):
                    result = place.run(*arguments, "--endpoint", box.endpoint, timeout=60)
                    assert result.status != 0 and result.seconds < 30, result
                    assert "disk of the local server is full" in result.out + result.err, result
            assert place.run("backup", name, "--endpoint", box.endpoint).status == 0


@test("/chaos/silence/a-query-that-a-killed-server-has-lost-is-asked-again")
def lost_query():
    body = {"query": "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) a, UNNEST(GENERATE_ARRAY(1, 3000)) b WHERE a * b = 7",
            "useLegacySql": False, "requestId": "one", "timeoutMs": 100}
    with Place() as place:
        with Box(place) as box:
            status, answer = box.call("POST", "/bigquery/v2/projects/eros-rehearsal/queries", body)
            assert status == 200 and not answer["jobComplete"], answer
        with Box(place) as box:
            status, answer = box.call("POST", "/bigquery/v2/projects/eros-rehearsal/queries", {**body, "timeoutMs": 100})
            assert status == 200, answer


@test("/chaos/silence/a-bus-that-never-answers-is-not-waited-for")
def mute_bus():
    with Place() as place, socket.socket(socket.AF_UNIX) as bus:
        address = place.path / "bus"
        bus.bind(str(address))
        bus.listen(50)
        env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={address}"}
        name = place.new()
        result = place.run("report", name, "--output", place.path / "report.pdf", env=env, timeout=60)
        assert result.status == 0 and result.seconds < 20, result
        assert "message bus has not answered for 5 seconds" in result.err, result
        result = place.run("note", name, "preparation.environment.client", "noted", env=env, timeout=60)
        assert result.status == 0 and result.seconds < 20, result


main()
