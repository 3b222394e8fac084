#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project that belongs to a domain, “example.com:team”, all the way: requests, jobs, both ways to quote it in SQL, a whole
rehearsal, and back. Prints the Test Anything Protocol."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback
import urllib.parse
import urllib.request

PROGRAM = os.environ["EROS_DEPLOY"]
SERVER = os.environ["EROS_LOCAL_BIGQUERY"]
PROJECT = "example.com:team"


class Domain:
    """The steps, in their order; each relies on the ones before."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.environment = dict(os.environ, XDG_DATA_HOME=str(self.folder), EROS_PROJECT_ID=PROJECT)
        self.server = subprocess.Popen([SERVER, f"--project={PROJECT}", "--sample=eros:2000", "--until-eof"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.server.stdout.readline().split()[-1]

    def query(self, sql):
        body = {"query": sql, "useLegacySql": False, "timeoutMs": 60000, "location": "US"}
        request = urllib.request.Request(f"{self.url}/bigquery/v2/projects/{urllib.parse.quote(PROJECT, safe='')}/queries",
                                         json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer = json.load(answer)
        assert answer["jobReference"]["projectId"] == PROJECT, answer
        return [[cell["v"] for cell in row["f"]] for row in answer.get("rows", [])]

    def run(self, status, *words):
        done = subprocess.run([PROGRAM, *words, "--endpoint", self.url], capture_output=True, text=True, check=False,
                              timeout=300, cwd=self.folder, env=self.environment)
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def sql_names_it_in_each_way(self):
        for name in (f"`{PROJECT}`.eros_platform.caption_bank", f"`{PROJECT}.eros_platform.caption_bank`",
                     f"`{PROJECT}.eros_platform`.caption_bank", f"`{PROJECT}`.`eros_platform`.`caption_bank`",
                     f"`{PROJECT}:eros_platform.caption_bank`"):
            assert self.query(f"SELECT COUNT(*) FROM {name}") == [["2000"]], name
        assert self.query(f"SELECT COUNT(*) > 0 FROM `{PROJECT}.region-us`.INFORMATION_SCHEMA.JOBS") == [["true"]]
        assert self.query(f"CREATE SCHEMA `{PROJECT}.other`; CREATE TABLE `{PROJECT}.other.t` AS SELECT 1 AS x; "
                          f"SELECT x FROM `{PROJECT}`.other.t; DROP SCHEMA `{PROJECT}`.other CASCADE") is not None

    def a_rehearsal_goes_to_its_end(self):
        said = self.run(0, "rehearse")
        assert f"Project {PROJECT} is there" in said, said
        assert ", 0 open;" in said, said[-400:]

    def it_is_rolled_back(self):
        [file] = (self.folder / "eros-deploy").glob("*.erosdeploy")
        functions = f"SELECT COUNT(*) FROM `{PROJECT}.eros_platform.INFORMATION_SCHEMA.ROUTINES`"
        before = int(self.query(functions)[0][0])
        # The week of the watch is over, and time travel with it: what was counted then was kept with the backup.
        said = self.run(0, "rollback", str(file), "--reason", "to see that it goes back", "--confirm", "ROLLBACK", "--new")
        assert "All tables restored to backup state" in said, said
        assert "✔ What depends on the tables: Feedback loop" in said, said
        assert int(self.query(functions)[0][0]) < before
        assert self.query(f"SELECT COUNT(*) FROM `{PROJECT}.eros_platform.caption_bank`") == [["2000"]]

    def end(self):
        self.server.stdin.close()
        self.server.wait(30)
        shutil.rmtree(self.folder)


STEPS = [Domain.sql_names_it_in_each_way, Domain.a_rehearsal_goes_to_its_end, Domain.it_is_rolled_back]
print(f"1..{len(STEPS)}")
domain = Domain()
failed = False
for number, step in enumerate(STEPS, 1):
    name = step.__name__.replace("_", "-")
    try:
        assert not failed, "a step before has failed"
        step(domain)
        print(f"ok {number} /domain-project/{name}", flush=True)
    except Exception:
        failed = True
        print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
        print(f"not ok {number} /domain-project/{name}", flush=True)
domain.end()
sys.exit(failed)
