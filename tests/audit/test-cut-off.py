#!/usr/bin/env python3
"""Verification that is cut off leaves no trace in the data: killed at each border between two requests.

A proxy counts what is asked; when the border is reached the program is killed, with the request on its way or answered and the
answer lost. A few borders, or all of them with EROS_TEST_LONG."""
# SPDX-License-Identifier: GPL-3.0-or-later
import http.client
import http.server
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time

DEPLOY, SERVER = os.environ["EROS_DEPLOY"], os.environ["EROS_LOCAL_BIGQUERY"]
PROJECT, SET = "eros-rehearsal", "eros_platform"
DRAWN = 6


class Proxy(http.server.ThreadingHTTPServer):
    """Hands on what it is asked, and kills the program at a border: before (“request”) or after (“answer”) it was handed on."""
    daemon_threads = True

    def __init__(self, server):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = server.split("//")[1]
        self.lock = threading.Lock()
        self.program, self.border, self.after, self.count = None, 0, False, 0

    def handle_error(self, request, client_address):
        pass

    def begin(self, border, after):
        self.border, self.after, self.count, self.program = border, after, 0, None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def relay(self):
        proxy = self.server
        with proxy.lock:
            proxy.count += 1
            is_border = proxy.count == proxy.border
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if is_border and not proxy.after:
            proxy.program.kill()
        connection = http.client.HTTPConnection(proxy.target)
        connection.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
        answer = connection.getresponse()
        data = answer.read()
        if is_border:
            proxy.program.kill()
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = relay


class World:
    def __init__(self, folder):
        self.folder = folder
        self.server = subprocess.Popen([SERVER, "--port=0", "--until-eof", "--sample=eros:300"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
        self.endpoint = self.server.stdout.readline().split()[-1]
        self.proxy = Proxy(self.endpoint)
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        self.file = str(pathlib.Path(folder, "cut.erosdeploy"))
        self.env = {**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder}

    def close(self):
        self.proxy.shutdown()
        self.server.stdin.close()
        self.server.wait()

    def start(self, *arguments, endpoint):
        return subprocess.Popen([DEPLOY, *arguments, "--sign-in", "none", "--endpoint", endpoint], env=self.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *arguments, endpoint=None):
        program = self.start(*arguments, endpoint=endpoint or self.endpoint)
        output = program.communicate(timeout=120)[0]
        assert program.returncode == 0, (arguments, output[-2000:])

    def sql(self, text):
        connection = http.client.HTTPConnection(self.endpoint.split("//")[1])
        connection.request("POST", f"/bigquery/v2/projects/{PROJECT}/queries",
                           json.dumps({"query": text, "useLegacySql": False, "timeoutMs": 60000}), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        assert answer.get("jobComplete"), answer
        return [[cell["v"] for cell in row["f"]] for row in answer.get("rows", [])]

    def state(self):
        """Every table with its rows, and every routine and view."""
        tables = self.sql(f"SELECT table_name, table_type FROM {SET}.INFORMATION_SCHEMA.TABLES ORDER BY 1")
        rows = [(name, self.sql(f"SELECT COUNT(*), BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM {SET}.{name} AS t"))
                for name, kind in tables if kind == "BASE TABLE"]
        return tables, rows, self.sql(f"SELECT routine_name, FARM_FINGERPRINT(routine_definition) FROM {SET}.INFORMATION_SCHEMA.ROUTINES ORDER BY 1")

    def wait_for_jobs(self):
        """What the server still does for whoever was killed."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection(self.endpoint.split("//")[1])
            connection.request("GET", f"/bigquery/v2/projects/{PROJECT}/jobs?maxResults=20&stateFilter=running&stateFilter=pending&allUsers=true")
            jobs = json.loads(connection.getresponse().read()).get("jobs", [])
            if not jobs:
                return
            time.sleep(0.05)
        raise AssertionError(f"jobs are still running: {jobs}")


def cut(world, border, after):
    """Returns whether the border was reached."""
    world.proxy.begin(border, after)
    with world.proxy.lock:
        program = world.proxy.program = world.start("verify-steps", world.file, endpoint=world.endpoint_of_proxy)
    program.communicate(timeout=120)
    return program.returncode == -signal.SIGKILL


def main():
    seed = int(os.environ.get("EROS_TEST_SEED", 1))
    random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder)
        world.endpoint_of_proxy = f"http://127.0.0.1:{world.proxy.server_port}"
        subprocess.run([DEPLOY, "new", "--name", "Cut", "--environment", "staging", "--project", PROJECT, "--dataset", SET, "--bucket",
                        "eros-platform-backups", "--file", world.file], env=world.env, check=True, stdout=subprocess.DEVNULL)
        for phase in ("phase1", "phase2"):
            world.run("deploy", world.file, phase, "--override-name", "Ada", "--override-reason", "a test")
        before = world.state()
        world.proxy.begin(0, False)
        world.run("verify-steps", world.file, endpoint=world.endpoint_of_proxy)
        n = world.proxy.count
        assert world.state() == before, "an undisturbed verification has left a trace"
        cuts = [(border, after) for border in range(1, n + 1) for after in (False, True)]
        if not os.environ.get("EROS_TEST_LONG"):
            cuts = sorted(random.sample(cuts, DRAWN))
        print(f"# seed {seed}; {len(cuts)} of {2 * n} cuts, at {n} requests")
        print(f"1..{len(cuts)}", flush=True)
        failed = 0
        for number, (border, after) in enumerate(cuts, 1):
            was_cut = cut(world, border, after)
            world.wait_for_jobs()
            is_same = world.state() == before
            failed += not is_same
            print(f"{'ok' if is_same else 'not ok'} {number} {'after the answer to' if after else 'before'} request {border}"
                  f"{'' if was_cut else ', which was not reached'}", flush=True)
            if not is_same:
                print(f"# {[row for row in world.state()[1] if row not in before[1]]}")
        world.close()
    raise SystemExit(failed > 0)


main()
