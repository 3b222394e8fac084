#!/usr/bin/env python3
"""Without memory, threads or permissions: an answer, a word, or an end; never nothing."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re
import signal
import subprocess
import time

from chaos import Box, CAPTIONS, DEPLOY, Place, faults, main, test

SOMEBODY = 65534
BOX = "preparation.environment.client"


@test("/chaos/limits/new-in-a-folder-that-must-not-be-searched-says-so")
def unsearchable():
    with Place() as place:
        folder = place.data / "eros-deploy"
        folder.mkdir()
        arguments = [DEPLOY, "new", "--name", "x", "--project", "eros-rehearsal", "--dataset", "d"]
        own = os.geteuid() != 0
        folder.chmod(0o000 if own else 0o700)
        place.path.chmod(0o755)
        began = time.monotonic()
        result = subprocess.run(arguments, env=place.environment(), capture_output=True, text=True, timeout=20, check=False,
                                **({} if own else {"user": SOMEBODY, "group": SOMEBODY}))
        folder.chmod(0o700)
        assert result.returncode == 1 and "ermission" in result.stderr, result
        assert time.monotonic() - began < 5


@test("/chaos/limits/a-server-that-can-start-no-thread-answers-or-says-so")
def no_threads():
    for nth in (1, 2, 4, 6, 8):
        with Place() as place, faults(place, "thread", nth=nth, errno="EAGAIN", times=-1, program="eros-bigquery-local") as shim:
            with shim, Box(place, env=shim.env) as box:
                if box.endpoint is None:
                    box.process.wait(20)
                    assert "thread" in box.process.stderr.read(), nth
                    continue
                status, answer = box.query("SELECT 1", timeout=20)
                assert status == 200 or answer["error"]["message"], (nth, answer)
                assert box.end() in (0, 1)


@test("/chaos/limits/a-program-that-can-start-no-thread-says-so-and-does-nothing")
def no_threads_for_us():
    with Place() as place:
        name = place.new()
        for command in (["list"], ["check", name], ["report", name, "--output", place.path / "report.pdf"], ["note", name, BOX, "noted"]):
            for nth in (1, 2, 8):
                env = {"LD_PRELOAD": os.environ["EROS_CHAOS_LIBRARY"], "EROS_CHAOS_SHIM": f"thread {nth} EAGAIN -1",
                       "EROS_CHAOS_PROGRAM": "eros-deploy"}
                done = place.run(*command, env=env, timeout=20)
                assert done.status == 1 and "thread" in done.err and "Nothing was done" in done.err, (command, nth, str(done))
        assert "noted" not in place.run("status", name).out
        assert not list(place.path.glob("*.pdf*"))


@test("/chaos/limits/a-server-without-memory-ends-when-it-is-asked-to")
def no_memory():
    for room in (120, 250):
        with Place() as place, Box(place) as box:
            with open(f"/proc/{box.process.pid}/status", encoding="utf-8") as status:
                size = int(re.search(r"VmSize:\s+(\d+) kB", status.read()).group(1)) * 1024
            limit = size + (room << 16)
            subprocess.run(["prlimit", f"--pid={box.process.pid}", f"--as={limit}:{limit}"], check=True)
            try:
                box.query("SELECT ARRAY_LENGTH(ARRAY_AGG(REPEAT('x', 1000))) FROM UNNEST(GENERATE_ARRAY(1, 500000))", timeout=15)
            except OSError:
                pass  # it did not get through, or was cut off
            if box.process.poll() is None:
                box.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            box.process.wait(30)
            assert time.monotonic() - began < 20


main()
