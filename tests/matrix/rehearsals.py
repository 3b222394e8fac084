"""A server of its own, a rehearsal against it, and what both have to say for themselves afterwards."""
# SPDX-License-Identifier: GPL-3.0-or-later
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

SERVER = os.environ["EROS_LOCAL_BIGQUERY"]
DEPLOY = os.environ["EROS_DEPLOY"]
PROJECT = "/bigquery/v2/projects/eros-rehearsal"
DATASET = PROJECT + "/datasets/eros_platform"
CAPTIONS = "500"
# What a rehearsal makes anew each time: times of a backup, the random end of a job's id.
STAMP = re.compile(r"\d{8}_\d{6}")
RANDOM = re.compile(r"-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def say(number, good, name, why=""):
    print(f"{'ok' if good else 'not ok'} {number} {name}", flush=True)
    for line in str(why).splitlines() if not good else []:
        print("#", line, flush=True)
    return good


class Server:
    """eros-bigquery-local with the sample data, signed in to with a key."""

    def __init__(self, with_key=False):
        self.folder = tempfile.TemporaryDirectory()
        self.key = pathlib.Path(self.folder.name, "key.json")
        command = [SERVER, "--port=0", "--until-eof", "--sample=eros:" + CAPTIONS]
        self.process = subprocess.Popen(command + ([f"--issue-key={self.key}"] if with_key else []),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().split()[-1]
        self.with_key = with_key
        self.token = None
        self.requests = []

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.with_key:
            headers["Authorization"] = "Bearer " + self.sign_in()
        request = urllib.request.Request(self.endpoint + path, json.dumps(body).encode() if body is not None else None,
                                         headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"{}")

    def sign_in(self):
        if self.token is None:
            key = json.loads(self.key.read_text())
            form = f"grant_type=refresh_token&refresh_token={key['refresh_token']}"
            with urllib.request.urlopen(key["token_uri"], form.encode()) as answer:
                self.token = json.load(answer)["access_token"]
        return self.token

    def fault(self, **rule):
        self.call("POST", "/_local/faults", rule)

    def no_faults(self):
        self.call("DELETE", "/_local/faults")

    def read_requests(self):
        """All that have arrived since the server was started; it keeps ten thousand of them."""
        since = self.requests[-1]["number"] if self.requests else 0
        new = self.call("GET", f"/_local/requests?since={since}")["requests"]
        self.requests += [r for r in new if not r["path"].startswith("/_local/")]
        return self.requests

    def pages(self, path, member):
        token = ""
        while token is not None:
            answer = self.call("GET", path + (f"&pageToken={token}" if token else ""))
            yield from answer.get(member, [])
            token = answer.get("nextPageToken")

    def jobs(self):
        """How often each statement of the rehearsal has run well: (operation, step) and the number of its jobs, child jobs aside."""
        runs = collections.Counter()
        for job in self.pages(PROJECT + "/jobs?projection=full&allUsers=true&maxResults=1000", "jobs"):
            labels = job["configuration"].get("labels", {})
            if "eros-step" in labels and "parentJobId" not in job.get("statistics", {}) and "errorResult" not in job["status"]:
                runs[labels["eros-operation"], labels["eros-step"]] += 1
        return runs

    def queries(self):
        """Which of these only read."""
        return {(job["configuration"]["labels"]["eros-operation"], job["configuration"]["labels"]["eros-step"])
                for job in self.pages(PROJECT + "/jobs?projection=full&allUsers=true&maxResults=1000", "jobs")
                if "eros-step" in job["configuration"].get("labels", {})
                and job["statistics"].get("query", {}).get("statementType") == "SELECT"}

    def find_incomplete_jobs(self):
        """Jobs of the rehearsal without a time limit, a location, or a label that says where they belong."""
        wrong = []
        for job in self.pages(PROJECT + "/jobs?projection=full&allUsers=true&maxResults=1000", "jobs"):
            configuration, labels = job["configuration"], job["configuration"].get("labels", {})
            if "parentJobId" in job.get("statistics", {}):
                continue
            if "eros-deployment" not in labels and job["jobReference"]["jobId"].startswith("eros-"):
                wrong.append(f"{job['jobReference']['jobId']} would be taken for somebody else's")
            # What only looks, and is no step, says at most that it is the program's own.
            if not any(labels.values()):
                continue
            missing = [name for name in ("eros-deployment", "eros-operation", "eros-phase", "eros-step") if not labels.get(name)]
            missing += [] if int(configuration.get("jobTimeoutMs", 0)) > 0 else ["jobTimeoutMs"]
            missing += [] if job["jobReference"].get("location") == "US" else ["location"]
            wrong += [f"{job['jobReference']['jobId']} has no {', '.join(missing)}"] if missing else []
        return wrong

    def tables(self):
        """What the data set holds: names without the times of backups, and how many rows."""
        found = {}
        for table in self.pages(DATASET + "/tables?maxResults=1000", "tables"):
            name = table["tableReference"]["tableId"]
            described = self.call("GET", DATASET + "/tables/" + name)
            found[STAMP.sub("TIME", name)] = (described["type"], described.get("numRows"), len(described["schema"]["fields"]))
        for routine in self.pages(DATASET + "/routines?maxResults=1000", "routines"):
            found[routine["routineReference"]["routineId"]] = (routine["routineType"],)
        return found


class Rehearsal:
    def __init__(self, server, folder):
        self.server = server
        self.file = pathlib.Path(folder, "rehearsal.eros")
        self.report = pathlib.Path(folder, "report.pdf")

    def run(self, patience=0.5, preload=None, timeout=300, **environment):
        """Begins it, or goes on with it. Its exit status, and what it said."""
        command = [DEPLOY, "rehearse", "--endpoint", self.server.endpoint, "--file", str(self.file), "--output", str(self.report),
                   "--patience", str(patience)]
        full = {**os.environ, "LC_ALL": "C.UTF-8", **environment}
        if self.server.with_key:
            command += ["--sign-in", "default"]
            full["GOOGLE_APPLICATION_CREDENTIALS"] = str(self.server.key)
        if preload is not None:
            full["LD_PRELOAD"] = preload
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=full, timeout=timeout)
        return done.returncode, done.stdout, done.stderr

    def verify(self):
        done = subprocess.run([DEPLOY, "verify", str(self.file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        return done.returncode == 0, done.stdout

    def marks(self):
        """Every item of the runbook, and how it stands."""
        done = subprocess.run([DEPLOY, "status", "--json", str(self.file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True, check=True)
        found = {}

        def walk(node):
            if isinstance(node, dict):
                if "mark" in node and "id" in node:
                    found[node["id"]] = (node["mark"], node.get("outcome"))
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)

        walk(json.loads(done.stdout))
        return found


class Expected:
    """A rehearsal that nothing disturbs."""

    def __init__(self, with_key=False):
        with Server(with_key) as server, tempfile.TemporaryDirectory() as folder:
            rehearsal = Rehearsal(server, folder)
            code, output, errors = rehearsal.run(patience=5)
            if code != 0:
                sys.exit(f"an undisturbed rehearsal failed:\n{output}\n{errors}")
            self.requests = list(server.read_requests())
            self.incomplete = server.find_incomplete_jobs()
            self.jobs, self.marks, self.tables = server.jobs(), rehearsal.marks(), server.tables()


def find_double_runs(server):
    """Ids of jobs that the server says it has begun more than once."""
    begun = collections.Counter(r["jobId"] for r in server.read_requests()
                                if r["method"] == "POST" and r["path"].endswith("/jobs") and r["status"] == 200)
    return [job for job, times in begun.items() if times > 1]


def differences(what, expected, found):
    lines = []
    for key in sorted(set(expected) | set(found), key=str):
        if expected.get(key) != found.get(key):
            lines.append(f"{what} {key}: {expected.get(key)} expected, {found.get(key)} found")
    return lines
