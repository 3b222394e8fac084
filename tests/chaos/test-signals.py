#!/usr/bin/env python3
"""Signals at any moment: the program ends by itself, and what it leaves is whole or not there."""
# SPDX-License-Identifier: GPL-3.0-or-later
import shutil
import signal
import subprocess
import sys
import time

from chaos import CAPTIONS, Place, TIMES, VERIFIER, draw, main, test

SIGNALS = 12
ENDS_S = 30  # of a machine that does other things meanwhile


def strike(place, arguments, longest):
    """Starts the program, and sends it a signal at a moment within LONGEST seconds; its exit status and the signal."""
    number = draw.choice([signal.SIGINT, signal.SIGTERM])
    process = place.start(*arguments, stdout=subprocess.DEVNULL)
    time.sleep(draw.uniform(0, longest))
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"{arguments} does not end after {number!r}") from None
    # Before it listens, the system ends it in the signal's name.
    assert process.returncode >= 0 or process.returncode == -number, (arguments, number, process.returncode, err[-1000:])
    for journal in place.journals():
        checked = subprocess.run([sys.executable, VERIFIER, journal], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, (arguments, number, checked.stdout)
    return process.returncode


@test("/chaos/signals/a-report-that-is-cut-off-is-whole-or-not-there")
def reports():
    with Place() as place:
        name = place.new()
        began = time.monotonic()
        assert place.run("report", name, "--output", place.path / "whole.pdf").status == 0
        longest = 1.2 * (time.monotonic() - began)
        for _ in range(SIGNALS * TIMES):
            strike(place, ("report", name, "--output", place.path / "report.pdf"), longest)
            assert len(list(place.path.glob("*.pdf*"))) <= 2 and not list(place.path.glob(".*pdf*")), list(place.path.iterdir())
            if (place.path / "report.pdf").exists():
                checked = place.run("verify", place.path / "report.pdf")
                assert checked.status == 0, checked
                (place.path / "report.pdf").unlink()


@test("/chaos/signals/a-rehearsal-that-is-cut-off-leaves-a-whole-journal-and-no-server")
def rehearsals():
    for _ in range(max(2, SIGNALS * TIMES // 4)):
        with Place() as place:
            strike(place, ("rehearse", "--captions", CAPTIONS), 6)
            deadline = time.monotonic() + ENDS_S
            while subprocess.run(["pgrep", "-f", str(place.path)], stdout=subprocess.DEVNULL, check=False).returncode == 0:
                assert time.monotonic() < deadline, "the server goes on"
                time.sleep(0.1)
            shutil.rmtree(place.data)


main()
