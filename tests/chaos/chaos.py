"""A place of its own for the program, faults to try it with, and what must hold whatever happens there."""
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

DEPLOY = os.environ["EROS_DEPLOY"]
SERVER = os.environ["EROS_LOCAL_BIGQUERY"]
VERIFIER = pathlib.Path(__file__).parent.parent / "journal" / "verify-journal.py"
CAPTIONS = "200"
# EROS_CHAOS=N: N times as many of each; EROS_CHAOS_SEED=N: that one again. The short form is one sample: what fails in it belongs
# to the change under test.
TIMES = int(os.environ.get("EROS_CHAOS", "1"))
SEED = int(os.environ.get("EROS_CHAOS_SEED", 1 if TIMES == 1 else random.randrange(1 << 30)))
draw = random.Random(SEED)

tests = []


def test(name):
    """Registers a function as the test of that name: it raises when something is wrong."""
    def register(function):
        tests.append((name, function))
        return function
    return register


def main():
    print(f"# seed {SEED}")
    print(f"1..{len(tests)}", flush=True)
    good = True
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} {name}", flush=True)
        except Exception:  # the test's own, or what it has found
            good = False
            print(f"not ok {number} {name}", flush=True)
            for line in traceback.format_exc().splitlines():
                print("#", line, flush=True)
    sys.exit(0 if good else 1)


class Result:
    """What one run of the program has left behind."""

    def __init__(self, status, out, err, seconds):
        self.status = status
        self.out = out
        self.err = err
        self.seconds = seconds

    def __str__(self):
        return f"status {self.status} after {self.seconds:.1f} s\n{self.out[-2000:]}\n{self.err[-2000:]}"


class Place:
    """Folders of its own for data, temporary files and the session."""

    def __init__(self, folder=None):
        self.own = folder is None
        self.path = pathlib.Path(folder or tempfile.mkdtemp(prefix="eros-chaos-"))
        self.data = self.path / "data"
        self.tmp = self.path / "tmp"
        self.runtime = self.path / "run"
        for part in (self.data, self.tmp, self.runtime):
            part.mkdir(exist_ok=True)
        self.runtime.chmod(0o700)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.own:
            shutil.rmtree(self.path, ignore_errors=True)

    def environment(self, **more):
        env = {name: value for name, value in os.environ.items()
               if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BIGQUERY_EMULATOR_HOST", "DBUS_SESSION_BUS_ADDRESS")}
        env.update(XDG_DATA_HOME=str(self.data), XDG_RUNTIME_DIR=str(self.runtime), TMPDIR=str(self.tmp), HOME=str(self.path))
        env.update({name: str(value) for name, value in more.items()})
        return env

    def start(self, *arguments, env=None, **more):
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([DEPLOY, *map(str, arguments)], env=self.environment(**(env or {})), cwd=self.path,
                                stdin=subprocess.DEVNULL, text=True, errors="replace", **more)

    def run(self, *arguments, timeout=120, env=None, **more):
        began = time.monotonic()
        process = self.start(*arguments, env=env, **more)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{arguments} was silent for {timeout} s\n{out[-1000:]}\n{err[-1000:]}") from None
        return Result(process.returncode, out or "", err or "", time.monotonic() - began)

    def new(self, name="Chaos"):
        """The id of a new deployment."""
        made = self.run("new", "--json", "--name", name, "--project", "eros-rehearsal", "--dataset", "eros_platform")
        assert made.status == 0, made
        return json.loads(made.out)["id"]

    def journals(self):
        return sorted(self.data.rglob("*.erosdeploy"))

    def leftovers(self):
        """What nobody should find: temporary files, locks, logs; how many deployments there were is kept."""
        return sorted(str(path.relative_to(self.path)) for folder in (self.data, self.tmp) for path in folder.rglob("*")
                      if path.is_file() and path.suffix not in (".erosdeploy",) and path.name != "number")


class Shim:
    """Calls that fail: in every program with this environment, while it is entered; or always, without a switch."""

    def __init__(self, rule, program, switch):
        self.env = {"LD_PRELOAD": os.environ["EROS_CHAOS_LIBRARY"], "EROS_CHAOS_SHIM": rule}
        self.switch = switch
        if program:
            self.env["EROS_CHAOS_PROGRAM"] = program
        if switch:
            self.env["EROS_CHAOS_SWITCH"] = switch

    def __enter__(self):
        self.switch.touch()
        return self

    def __exit__(self, *_):
        self.switch.unlink(missing_ok=True)


class Wire:
    """Between the program and a server: what is sent goes through REQUEST, what is answered through ANSWER."""

    def __init__(self, endpoint, request=None, answer=None):
        self.server = int(endpoint.rsplit(":", 1)[1])
        self.edits = (request, answer)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server))
            except OSError:
                return
            for source, target, edit in ((client, server, self.edits[0]), (server, client, self.edits[1])):
                threading.Thread(target=self.pass_on, args=(source, target, edit), daemon=True).start()

    @staticmethod
    def pass_on(source, target, edit):
        try:
            while data := source.recv(1 << 16):
                target.sendall(edit(data) if edit else data)
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def faults(place, call, nth=1, errno="EIO", times=1, program=None):
    """A shim that is off until it is entered, in whatever is started with its environment."""
    yield Shim(f"{call} {nth} {errno} {times}", program, place.path / "faults")


class Box:
    """A local server that keeps its data."""

    def __init__(self, place, *arguments, env=None, data=None):
        self.data = pathlib.Path(data) if data else place.path / "box"
        command = [SERVER, "--port=0", "--until-eof", f"--data={self.data}", *arguments]
        self.process = subprocess.Popen(command, env=place.environment(**(env or {})), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.endpoint = line.split()[-1] if line else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()

    def call(self, method, path, body=None, timeout=60):
        """Status and JSON of an answer"""
        import urllib.error
        import urllib.request
        request = urllib.request.Request(self.endpoint + path, json.dumps(body).encode() if body is not None else None,
                                         {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def query(self, text, timeout=60):
        return self.call("POST", "/bigquery/v2/projects/eros-rehearsal/queries",
                         {"query": text, "useLegacySql": False, "timeoutMs": 60000}, timeout)

    def end(self, seconds=20):
        """Asks it to end, and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)
