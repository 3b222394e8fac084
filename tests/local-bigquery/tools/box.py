"""A server for a test, and calls of it without any library of Google's."""
# SPDX-License-Identifier: GPL-3.0-or-later
import http.client
import json
import os
import subprocess
import sys
import traceback

PROJECT = "/bigquery/v2/projects/eros-rehearsal"


class Box:
    """A running server; `with Box ("--sample", "eros:50") as box`."""

    def __init__(self, *arguments):
        program = os.environ["EROS_LOCAL_BIGQUERY"]
        self.process = subprocess.Popen([program, "--until-eof", *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.host = self.url.removeprefix("http://")
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=20)

    def send(self, method, path, body=None, headers=None):
        """One call over the kept connection; (status, headers, bytes)."""
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=60)
            try:
                self.connection.request(method, path, body=body, headers=headers)
                answer = self.connection.getresponse()
                data = answer.read()
                return answer.status, answer.headers, data
            except (ConnectionError, http.client.HTTPException):
                self.connection = None
                if attempt == 2:
                    raise

    def json(self, method, path, body=None, status=200, headers=None):
        got, _, data = self.send(method, path, body, headers)
        assert got == status, f"{method} {path}: {got}, not {status}: {data[:600]!r}"
        return json.loads(data) if data else None

    def refused(self, method, path, body, *words, status=(400, 501)):
        """The call is refused, in words that name what is refused."""
        got, _, data = self.send(method, path, body)
        text = data.decode()
        assert got in status, f"{method} {path}: {got}, not refused: {text[:600]}"
        message = json.loads(text)["error"]["message"]
        for word in words:
            assert word in message, f"{method} {path}: {word} is not in {message}"
        return message

    def query(self, sql, **more):
        answer = self.json("POST", PROJECT + "/queries", {"query": sql, "useLegacySql": False, **more})
        return [[cell["v"] for cell in row["f"]] for row in answer.get("rows", [])]

    def job(self, configuration, upload=None):
        """Runs a job to its end; the resource."""
        job = self.json("POST", PROJECT + "/jobs", {"configuration": configuration})
        path = PROJECT + "/jobs/" + job["jobReference"]["jobId"]
        while job["status"]["state"] != "DONE":
            job = self.json("GET", path)
        return job

    def failed(self, configuration, *words):
        """The job is refused, at once or at its end, in words that name what is refused."""
        got, _, data = self.send("POST", PROJECT + "/jobs", {"configuration": configuration})
        answer = json.loads(data)
        if got == 200:
            path = PROJECT + "/jobs/" + answer["jobReference"]["jobId"]
            while answer["status"]["state"] != "DONE":
                answer = self.json("GET", path)
            assert "errorResult" in answer["status"], f"done, not refused: {json.dumps(configuration)}"
            message = answer["status"]["errorResult"]["message"]
        else:
            message = answer["error"]["message"]
        for word in words:
            assert word in message, f"{word} is not in {message}"
        return message


def run(tests):
    """Runs functions as TAP; their names are their sentences."""
    print(f"1..{len(tests)}")
    failed = False
    for number, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed = True
            for line in traceback.format_exc().splitlines():
                print("#", line)
            print(f"not ok {number} - {name}", flush=True)
    sys.exit(failed)
