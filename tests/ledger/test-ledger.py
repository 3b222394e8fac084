#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Closes a month of a ledger on the terminal, watches it, and goes back: a deployment that the program knows nothing of but
what is in this folder. Prints the Test Anything Protocol."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import urllib.request

PROGRAM = os.environ["EROS_DEPLOY"]
SERVER = os.environ["EROS_LOCAL_BIGQUERY"]
HERE = pathlib.Path(__file__).parent
PROJECT = "ledger-books"
PLACE = f"{PROJECT}.books"
SETUP = f"""
CREATE TABLE `{PLACE}.accounts` (account STRING, name STRING);
INSERT INTO `{PLACE}.accounts` VALUES ('1000', 'Bank'), ('4000', 'Sales'), ('6000', 'Rent');
CREATE TABLE `{PLACE}.postings` (posting INT64, account STRING, amount NUMERIC, text STRING);
INSERT INTO `{PLACE}.postings` VALUES
  (1, '1000', 250.10, 'sale'), (2, '4000', -250.10, 'sale'), (3, '6000', 99.90, 'rent'), (4, '1000', -99.90, 'rent');
"""
POSTINGS = f"SELECT COUNT(*), SUM(amount) FROM `{PLACE}.postings`"


class Close:
    """The steps, in their order; each relies on the ones before."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.file = str(self.folder / "close.erosdeploy")
        self.server = subprocess.Popen([SERVER, f"--project={PROJECT}", "--until-eof"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.url = self.server.stdout.readline().split()[-1]
        self.call("POST", f"bigquery/v2/projects/{PROJECT}/datasets",
                  {"datasetReference": {"projectId": PROJECT, "datasetId": "books"}, "location": "US"})
        self.call("POST", f"storage/v1/b?project={PROJECT}", {"name": "ledger-backups", "location": "US"})
        self.query(SETUP)

    def call(self, method, path, body):
        request = urllib.request.Request(f"{self.url}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"},
                                         method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def query(self, sql):
        answer = self.call("POST", f"bigquery/v2/projects/{PROJECT}/queries",
                           {"query": sql, "useLegacySql": False, "timeoutMs": 60000, "location": "US"})
        assert answer["jobComplete"], answer
        return [[cell["v"] for cell in row["f"]] for row in answer.get("rows", [])]

    def new(self, name, folder, file):
        self.run(0, "new", "--name", name, "--runbook", str(folder / "runbook.json"), "--file", str(file), "--project", PROJECT,
                 "--dataset", "books", "--location", "US", "--bucket", "ledger-backups", connect=False)

    def refused(self, folder, why):
        words = [PROGRAM, "new", "--name", "Wrong", "--runbook", str(folder / "runbook.json"), "--file", str(self.folder / "wrong.erosdeploy")]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 1 and why in done.stderr, f"{done.returncode}: {done.stderr}"
        assert not (self.folder / "wrong.erosdeploy").exists()

    def run(self, status, command, *arguments, connect=True, file=None):
        words = [PROGRAM, command, *([str(file or self.file)] if command != "new" else []), *arguments]
        done = subprocess.run(words + (["--endpoint", self.url] if connect else []), capture_output=True, text=True,
                              check=False, timeout=300)
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def ticked(self):
        state = json.loads(self.run(0, "status", "--json", connect=False))
        return {item["id"] for phase in state["phases"] for item in phase["items"] if item["mark"] == "ticked"}

    def the_runbook_brings_its_steps(self):
        copy = self.folder / "runbook"
        shutil.copytree(HERE, copy)
        self.new("October", copy, self.file)
        # The deployment has them from here on.
        shutil.rmtree(copy)

    def it_waits_for_a_sound_and_saved_ledger(self):
        said = self.run(3, "deploy", "control")
        assert "The books are sound and saved" in said, said
        self.run(0, "check", "prepare.balanced")

    def the_books_are_backed_up(self):
        said = self.run(0, "backup")
        assert "Snapshot of postings" in said, said
        assert {"prepare.backup.done", "prepare.backup.kept"} <= self.ticked()
        # What a restore test is to show is about a backup that there was before.
        assert "prepare.backup.restored" not in self.ticked()
        said = self.run(0, "backup")
        assert "prepare.backup.restored" in self.ticked(), said

    def what_is_no_set_of_steps_is_refused(self):
        assert "“accruals”, “close”, “control”" in self.run(2, "deploy", "phase1")

    def what_is_judged_of_no_query_is_refused(self):
        copy = self.folder / "wrong"
        shutil.copytree(HERE, copy)
        step = copy / "sql/monitoring/10-balance/step.json"
        step.write_text(step.read_text().replace('"of": "balance"', '"of": "balances"'))
        self.refused(copy, "step.json: $.verify.accounts.of: names a query that verify.sql does not have")

    def what_no_operation_does_proves_nothing(self):
        copy = self.folder / "unproved"
        for name, old, new, why in (
                ("backup", '"restore-test"', '"restore-tset"', "$.proves: “restore-tset” is not a step of that operation; known are: "),
                ("rollback", '"restore"', '"compare/postngs"', "$.proves: “compare/postngs” is not a step of that operation"),
                ("rollback", '"reopen.restored"', '"reopen.restord"', "“reopen.restord” is not the id of a check box"),
                ("monitoring/10-balance", '"watch.posted"', '"watch.posts"', "“watch.posts” is not the id of a check box"),
                ("control/10-balances", '"close.control.', '"close.kontrol.', "is not the id of a check box")):
            shutil.copytree(HERE, copy)
            step = copy / "sql" / name / "step.json"
            assert old in step.read_text(), step
            step.write_text(step.read_text().replace(old, new))
            self.refused(copy, why)
            shutil.rmtree(copy)
        shutil.copytree(HERE, copy)
        (copy / "sql/monitoring/step.json").write_text('{"proves": {"balance": ["watch.balanced"]}}')
        self.refused(copy, "the steps of “monitoring” say in their own step.json what they prove")

    def a_runbook_without_monitoring_watches_nothing(self):
        copy = self.folder / "blind"
        shutil.copytree(HERE, copy)
        shutil.rmtree(copy / "sql/monitoring")
        other = self.folder / "blind.erosdeploy"
        self.new("Blind", copy, other)
        said = self.run(1, "monitor", "--once", file=other)
        assert "the runbook has no query in" in said, said

    def three_phases_are_deployed_in_their_order(self):
        said = self.run(3, "deploy", "close")
        assert "What comes before is done" in said, said
        self.run(0, "deploy", "control")
        self.run(0, "deploy", "accruals")
        assert self.query(POSTINGS) == [["8", "0"]], self.query(POSTINGS)
        said = self.run(0, "deploy", "close")
        assert "1 period closed" in said or "Closed period" in said, said
        assert self.query(f"SELECT COUNT(*) FROM `{PLACE}.closed_periods`") == [["1"]]

    def its_own_numbers_are_watched(self):
        said = self.run(0, "monitor", "--once")
        assert "8 postings, difference 0" in said, said
        assert "1 closed since" in said and "3 of 3 accounts have postings" in said, said
        assert {"close.control.done", "close.accruals.balanced", "close.close.done", "watch.balanced", "watch.posted"} <= self.ticked()

    def its_own_ways_are_compared(self):
        said = self.run(5, "compare")
        assert "balance: " in said and "5 runs; " in said, said

    def a_number_that_passes_its_threshold_is_said(self):
        self.query(f"INSERT INTO `{PLACE}.postings` VALUES (9, '1000', 1, 'a mistake')")
        said = self.run(1, "monitor", "--once")
        assert "difference is 1, expected = 0" in said, said
        assert "A posting without its counterpart (1 wrong in 9 rows; limit > 0 rows)" in said, said
        # A deployment that goes on now would stop at the same number.
        assert "difference is 1, expected = 0" in self.run(1, "deploy", "close")
        self.query(f"DELETE FROM `{PLACE}.postings` WHERE posting = 9")
        self.run(0, "resume")

    def one_step_is_taken_back_and_done_again(self):
        self.run(0, "revert", "close/20-periods")
        self.run(0, "deploy", "close")

    def the_books_are_reopened(self):
        said = self.run(0, "rollback", "--reason", "an accrual is wrong", "--authority", "Ada Lovelace", "--confirm", "ROLLBACK")
        assert "Open the periods again" in said, said
        assert self.query(POSTINGS) == [["4", "0"]], self.query(POSTINGS)
        for table in ("control_totals", "trial_balance", "closed_periods"):
            assert self.query(f"SELECT COUNT(*) FROM `{PLACE}.INFORMATION_SCHEMA.TABLES` WHERE table_name = '{table}'") == [["0"]], table

    def each_step_that_was_run_has_a_name_that_a_runbook_may_use(self):
        copy = self.folder / "named"
        for kind in ("backup", "rollback"):
            shutil.copytree(HERE, copy)
            step = copy / "sql" / kind / "step.json"
            step.write_text('{"proves": {"nothing": []}}')
            words = [PROGRAM, "runbook", "--runbook", str(copy / "runbook.json")]
            said = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60).stderr
            shutil.rmtree(copy)
            known = {name.split("/")[0] for name in said.strip().split("known are: ")[1].split(", ")}
            journal = sqlite3.connect(self.file)
            rows = [json.loads(body) for (body,) in journal.execute("SELECT body FROM event WHERE kind IN ('operation.started', 'step.started')")]
            journal.close()
            ids = {row["id"] for row in rows if row.get("operation") == kind}
            steps = {row["step"].split("/")[0] for row in rows if "step" in row and row["id"] in ids}
            # What is cleared has its name from the runbook, and what deploying steps restore that of their set.
            steps -= {"periods", "close", "control", "accruals"}
            assert steps and steps <= known, steps - known

    def all_of_it_is_on_record(self):
        assert {"reopen.restored", "reopen.compared"} <= self.ticked()
        self.run(0, "verify", connect=False)
        status = self.run(0, "status", connect=False)
        for text in ("Before the close", "The close", "After the close"):
            assert text in status, status

    def end(self):
        self.server.stdin.close()
        self.server.wait(30)


def main():
    steps = [name for name in vars(Close) if not name.startswith("_") and name not in ("call", "query", "new", "refused", "run", "ticked", "end")]
    print(f"1..{len(steps)}")
    close = Close()
    failed = False
    for number, name in enumerate(steps, 1):
        title = name.replace("_", " ")
        if failed:
            print(f"ok {number} {title} # SKIP what it relies on failed")
            continue
        try:
            getattr(close, name)()
            print(f"ok {number} {title}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed = True
            traceback.print_exc()
            print(f"not ok {number} {title}", flush=True)
    close.end()
    sys.exit(1 if failed else 0)


main()
