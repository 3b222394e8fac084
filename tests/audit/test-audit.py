#!/usr/bin/env python3
"""Does a check notice each way to make its line false, and stay quiet where the data set is healthy?

Each is tried on the same data, which is put back from copies in between. A draw of them, or all with EROS_TEST_LONG."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import ways

PROJECT, SET = "eros-rehearsal", "eros_platform"
BUCKET = "/storage/v1/b/eros-platform-backups"
DRAWN = 5
TABLES = (ways.BANK, ways.STATS, ways.HELD, ways.LOG)


class World:
    def __init__(self, folder):
        self.folder = folder
        self.server = subprocess.Popen([os.environ["EROS_LOCAL_BIGQUERY"], "--port=0", "--until-eof", "--sample=eros:5000"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.server.stdout.readline().split()[-1]
        for table in TABLES:
            self.sql(f"CREATE SNAPSHOT TABLE D.{table}_kept CLONE D.{table}")
            # What was there before the deployment.
            self.sql(f"CREATE SNAPSHOT TABLE D.{table}_backup_20250101_000000 CLONE D.{table}")

        self.call("POST", f"/bigquery/v2/projects/{PROJECT}/datasets", {"datasetReference": {"projectId": PROJECT, "datasetId": "eros_empty"}})
        self.call("POST", f"/storage/v1/b?project={PROJECT}", {"name": "eros-backups-in-europe", "location": "EU"})

    def close(self):
        self.server.stdin.close()
        self.server.wait()

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.endpoint + path, json.dumps(body).encode() if body is not None else None,
                                         {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"{}")

    def sql(self, text):
        answer = self.call("POST", f"/bigquery/v2/projects/{PROJECT}/queries",
                           {"query": text.replace("D.", f"{SET}."), "useLegacySql": False, "timeoutMs": 60000})
        assert answer.get("jobComplete"), text

    def apply(self, change):
        """SQL; a method on the bucket; what is denied; or another place to look at."""
        self.place = {}
        if isinstance(change, str):
            self.sql(change)
        elif isinstance(change, tuple):
            self.call(change[0], BUCKET)
        elif "deny" in change:
            self.call("POST", "/_local/permissions", {**change, **({"resource": change["resource"].format(set=SET)} if "resource" in change else {})})
        else:
            self.place = change

    def put_back(self, change):
        self.call("DELETE", "/_local/permissions")
        if not isinstance(change, str):
            change = ""
        for table in TABLES:
            if f"D.{table}" in change:
                self.sql(f"DROP TABLE IF EXISTS D.{table}; CREATE TABLE D.{table} AS SELECT * FROM D.{table}_kept")
        for kind in re.findall(r"CREATE (\w+) D.other", change):
            self.sql(f"DROP {kind} D.other")
        for stamp in re.findall(r"_backup_(\d+_\d+) CLONE", change):
            self.sql(f"DROP SNAPSHOT TABLE D.{ways.BANK}_backup_{stamp}")
        try:
            self.call("GET", BUCKET)
        except urllib.error.HTTPError:
            self.call("POST", f"/storage/v1/b?project={PROJECT}", {"name": "eros-platform-backups", "location": "US"})

    def run(self, *arguments):
        done = subprocess.run([os.environ["EROS_DEPLOY"], *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder})
        return done

    def check(self, *items):
        """Outcome, sentence and mark of each of these."""
        file = str(pathlib.Path(self.folder, "audit.erosdeploy"))
        pathlib.Path(file).unlink(missing_ok=True)
        place = {"dataset": SET, "bucket": "eros-platform-backups", **self.place}
        endpoint = place.pop("endpoint", self.endpoint)
        self.run("new", "--name", "Audit", "--environment", "staging", "--project", PROJECT, "--file", file,
                 *(word for name, value in place.items() for word in (f"--{name}", value)))
        done = self.run("check", "--json", "--sign-in", "none", "--endpoint", endpoint, file, *items)
        assert done.returncode in (0, 1, 4, 5), done.stderr
        said = json.loads(done.stdout)
        # Where nobody answers no check is begun: the command itself says so.
        if isinstance(said, dict):
            return {item: ("error", said["error"]["message"], "open") for item in items}
        return {item["id"]: (item["outcome"], item.get("summary"), item["mark"]) for item in said}


def draw(all_of_them, how_many):
    return all_of_them if os.environ.get("EROS_TEST_LONG") else random.sample(all_of_them, how_many)


def main():
    # One sample, but for who asks for another: what fails in it belongs to the change under test.
    seed = int(os.environ.get("EROS_TEST_SEED", 1))
    random.seed(seed)
    bad, healthy = draw(ways.WAYS, DRAWN), draw(ways.HEALTHY, DRAWN)
    print(f"# seed {seed}; {len(bad)} of {len(ways.WAYS)} ways, {len(healthy)} of {len(ways.HEALTHY)} healthy changes")
    print(f"1..{len(bad) + len(healthy)}", flush=True)
    number = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        for what, item, change in bad:
            number += 1
            world.apply(change)
            outcome, summary, mark = world.check(item)[item]
            # A warning ticks nothing either.
            noticed = outcome in ("fail", "error", "warning") and mark != "ticked"
            failed += not noticed
            print(f"{'ok' if noticed else 'not ok'} {number} noticed: {what}\n# {outcome}: {summary}", flush=True)
            world.put_back(change)
        for what, change in healthy:
            number += 1
            world.apply(change)
            alarms = {item: said for item, said in world.check("validation.health").items() if said[0] != "pass"}
            failed += bool(alarms)
            print(f"{'ok' if not alarms else 'not ok'} {number} quiet: {what}" + "".join(f"\n# {k}: {v}" for k, v in alarms.items()), flush=True)
            world.put_back(change)
        world.close()
    sys.exit(failed > 0)


main()
