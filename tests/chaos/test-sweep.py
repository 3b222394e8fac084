#!/usr/bin/env python3
"""Every command that works on a file, with every call failing once or from then on: whole journals, true words, no remains."""
# SPDX-License-Identifier: GPL-3.0-or-later
import collections
import json
import os
import shutil
import subprocess
import sys

from chaos import Place, TIMES, VERIFIER, draw, main, test

RUNS = 24
BOX = "preparation.environment.client"
FIELD = "detail.lead-contact"
LONGEST_S = 20  # of a machine that does other things meanwhile; 5 s is what a person waits
ERRORS = {"write": ["ENOSPC", "EIO", "EINTR", "SHORT"], "fsync": ["EIO", "ENOSPC"], "rename": ["EIO", "ENOSPC"],
          "link": ["EIO", "ENOSPC"], "mmap": ["ENOMEM", "EIO"], "truncate": ["ENOSPC", "EIO"], "allocate": ["ENOSPC", "EIO"],
          "unlink": ["EIO"]}
# What belongs beside a journal, and may stay there until the next command where the disk fails at the end
BESIDE = (".erosdeploy-wal", ".erosdeploy-shm", ".erosdeploy-lock")
# Each command, and how many events it adds
COMMANDS = {
    "new": (("new", "--name", "Second", "--project", "eros-rehearsal", "--dataset", "d"), 0),
    "note": (("note", "{file}", BOX, "noted"), 1),
    "tick": (("tick", "{file}", BOX), 1),
    "skip": (("skip", "{file}", BOX, "not needed here"), 1),
    "undo": (("undo", "{file}"), 1),
    "status": (("status", "{file}"), 0),
    "list": (("list",), 0),
    "verify": (("verify", "{file}"), 0),
    "report": (("report", "{file}", "--output", "{place}/report.pdf"), 0),
}


def events_of(path):
    """How many events there are, if the journal is good by a verifier that shares nothing with the program"""
    checked = subprocess.run([sys.executable, VERIFIER, path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, f"{path}: {checked.stdout}{checked.stderr}"
    return json.loads(checked.stdout)["events"]


class Sweep:
    """A deployment to begin with, and what each command calls when nothing fails."""

    def __init__(self, place):
        self.place = place
        self.name = place.new()
        assert place.run("note", self.name, BOX, "before").status == 0
        self.file = place.journals()[0]
        self.events = events_of(self.file)
        self.calls = {name: self.count(name) for name in COMMANDS}

    def begin(self, place):
        file = place.data / "eros-deploy" / self.file.name
        file.parent.mkdir()
        shutil.copy(self.file, file)
        return file

    @staticmethod
    def arguments(name, place, file):
        return [part.format(file=file, place=place.path) for part in COMMANDS[name][0]]

    def count(self, name):
        with Place() as place:
            counts = place.path / "counts"
            file = self.begin(place)
            done = place.run(*self.arguments(name, place, file),
                             env={"LD_PRELOAD": os.environ["EROS_CHAOS_LIBRARY"], "EROS_CHAOS_COUNT": counts,
                                  "EROS_CHAOS_PROGRAM": "eros-deploy"})
            assert done.status == 0, (name, done)
            found = collections.Counter()
            for line in counts.read_text().splitlines():
                call, number = line.split()
                found[call] += int(number)
            # Where no thread can be started, GLib itself ends a program.
            return {call: number for call, number in found.items() if number > 0 and call in ERRORS}

    def draw(self):
        name = draw.choice([name for name, calls in self.calls.items() if calls])
        call = draw.choice(list(self.calls[name]))
        nth = draw.randint(1, self.calls[name][call])
        return name, call, nth, draw.choice(ERRORS[call]), draw.choice([1, 1, 3, -1])

    def run(self, name, call, nth, error, times):
        with Place() as place:
            file = self.begin(place)
            rule = f"{call} {nth} {error} {times}"
            arguments = self.arguments(name, place, file)
            done = place.run(*arguments, env={"LD_PRELOAD": os.environ["EROS_CHAOS_LIBRARY"], "EROS_CHAOS_SHIM": rule,
                                              "EROS_CHAOS_PROGRAM": "eros-deploy"}, timeout=60)
            try:
                self.judge(place, file, name, call, done)
                again = place.run(*arguments)
                # What is done already is refused.
                assert again.status == 0 or done.status == 0, f"without the fault: {again}"
                assert not place.leftovers() or call in ("unlink", "rename"), place.leftovers()
                if done.status != 0:
                    self.judge_end(place, file, name)
            except AssertionError as problem:
                raise AssertionError(f"{name} with {rule}: {problem}\n{done}") from None
            return done.status

    def judge(self, place, file, name, call, done):
        added = COMMANDS[name][1]
        assert done.status >= 0, "ended by a signal"
        assert done.seconds < LONGEST_S, "silence"
        assert done.status == 0 or done.err.strip(), "no word"
        for journal in place.journals():
            events_of(journal)
        assert events_of(file) == self.events + (added if done.status == 0 else 0), "not what it said"
        if name == "new":
            assert len(place.journals()) == (2 if done.status == 0 else 1), "not what it said"
        if name == "report":
            self.judge_report(place, call, done)
        remains = [path for path in place.leftovers() if not path.endswith(BESIDE) and call not in ("unlink", "rename")]
        assert not remains, remains

    @staticmethod
    def judge_report(place, call, done):
        reports = sorted(place.path.glob("*.pdf*"))
        # Where only its folder could not be synced it is there, and nobody vouches that it stays.
        assert len(reports) == (1 if done.status == 0 or "is written whole" in done.err else 0), reports
        for report in reports:
            checked = place.run("verify", report)
            assert checked.status == 0, checked

    def judge_end(self, place, file, name):
        assert events_of(file) == self.events + COMMANDS[name][1], "not the same end"
        if name == "report":
            assert (place.path / "report.pdf").exists()


@test("/chaos/sweep/whatever-call-fails-journals-are-whole-and-words-true")
def sweep():
    with Place() as place:
        sweep = Sweep(place)
        kinds = sum(len(calls) for calls in sweep.calls.values())
        print(f"# {sum(sum(calls.values()) for calls in sweep.calls.values())} calls of {kinds} kinds in {len(COMMANDS)} commands")
        results, problems = collections.Counter(), []
        for _ in range(RUNS * TIMES):
            drawn = sweep.draw()
            try:
                results[sweep.run(*drawn)] += 1
            except AssertionError as problem:
                problems.append(str(problem))
        print(f"# {RUNS * TIMES} runs: {results[0]} not disturbed, {sum(results.values()) - results[0]} refused, {len(problems)} wrong")
        assert not problems, "\n\n".join(problems[:10])


main()
