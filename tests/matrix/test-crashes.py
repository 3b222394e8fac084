#!/usr/bin/env python3
"""A rehearsal that is killed before and after each request and each commit of its journal, and goes on each time.

    test-crashes.py CRASH-LIBRARY

In the end it must be like one that nobody killed: the same items ticked, the same tables, and each statement run exactly
once, by the server's account. EROS_MATRIX=full kills one rehearsal at every point there is (some 1,500 times), and then
twenty others at a twentieth of the points each; without it one is killed at a few points that are drawn."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import random
import sys
import tempfile

from rehearsals import Expected, Rehearsal, Server, differences, find_double_runs, say


def run_case(expected, library, share):
    """How often it was killed, and what is wrong with its end."""
    with Server() as server, tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(server, folder)
        seen = pathlib.Path(folder, "points")
        kills, code = 0, -9
        while code == -9:
            code, output, errors = rehearsal.run(patience=5, preload=library, EROS_CRASH_SEEN=str(seen), EROS_CRASH_SHARE=share)
            server.read_requests()
            kills += code == -9
        last = seen.read_text().splitlines()[-3:] if seen.exists() else []
        if code != 0:
            trouble = [line for line in output.splitlines() if "☐" in line or "✘" in line]
            return kills, [f"it ended with {code} after {kills} crashes, the last at {last}", *trouble[:10], *errors.splitlines()]
        whole, verdict = rehearsal.verify()
        wrong = [] if whole else [verdict]
        wrong += [f"job {job} was begun twice" for job in find_double_runs(server)]
        wrong += differences("item", expected.marks, rehearsal.marks())
        wrong += differences("table", expected.tables, server.tables())
        wrong += differences("job", expected.jobs, server.jobs())
        return kills, wrong


def main():
    library = sys.argv[1]
    # The short form takes the same sample each time, so that a failure is of the change under test; EROS_SEED=random, or a number, takes another.
    seed = os.environ.get("EROS_SEED", "20261124")
    seed = random.randrange(1 << 30) if seed == "random" else int(seed)
    print(f"# EROS_SEED={seed}")
    if os.environ.get("EROS_MATRIX") == "full":
        shares = ["0/1"] + [f"{k}/20" for k in range(20)]
    else:
        shares = [f"{random.Random(seed).randrange(100)}/100"]
    expected = Expected()
    print(f"1..{len(shares)}")
    good = True
    for number, share in enumerate(shares, 1):
        kills, wrong = run_case(expected, library, share)
        good &= say(number, not wrong and kills > 0, f"killed {kills} times, at the points {share}, and like one that was not",
                    "\n".join(wrong) or "it was never killed")
    return 0 if good else 1


sys.exit(main())
