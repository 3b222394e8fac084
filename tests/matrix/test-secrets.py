#!/usr/bin/env python3
"""Where a secret must not be: the journal, the log, the report, the settings, a core dump.

Whole rehearsals, signed in, through a proxy that notes each secret that goes over the line. Afterwards all that the program
has written is searched for each of them. The program is killed in the middle of its work, too, as if it had crashed."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import http.client
import http.server
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import zlib

from rehearsals import DEPLOY, Server, say


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, server):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = urllib.parse.urlsplit(server.endpoint).netloc
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"
        self.secrets = set()
        self.on_upload = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # whoever asked has been killed

    def note(self, headers, path, sent, got):
        if headers.get("Authorization", "").startswith("Bearer "):
            self.secrets.add(headers["Authorization"][7:])
        if path.startswith("/token"):
            form = urllib.parse.parse_qs(sent.decode())
            self.secrets.update(value for name in ("assertion", "refresh_token", "client_secret") for value in form.get(name, []))
            self.secrets.add(json.loads(got).get("access_token", "no token"))
        if path.startswith("/upload") and self.on_upload is not None:
            self.on_upload()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(self.server.target)
        connection.request(self.command, self.path, body, {name: value for name, value in self.headers.items() if name != "Host"})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.server.note(self.headers, self.path, body, data)
        try:
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has been killed

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward

    def log_message(self, *_):
        pass


def no_limit():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def rehearse(proxy, credentials, home, kill=None):
    """Its exit status; all that it has written is below home."""
    log = open(home / "log", "wb")
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"),
                   "XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state"), "GSETTINGS_BACKEND": "keyfile",
                   "G_MESSAGES_DEBUG": "all", "GOOGLE_APPLICATION_CREDENTIALS": str(credentials)}
    process = subprocess.Popen([DEPLOY, "rehearse", "--endpoint", proxy.endpoint, "--sign-in", "default", "--file", "rehearsal.eros",
                                "--output", "report.pdf"], cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                               stderr=log, preexec_fn=no_limit)
    proxy.on_upload = (lambda: process.send_signal(kill)) if kill is not None else None
    code = process.wait(timeout=100)
    log.close()
    return code


def contents(path):
    """What a file holds, and what is packed in it."""
    data = path.read_bytes()
    yield data
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            yield zlib.decompressobj().decompress(data[match.end():])
        except zlib.error:
            pass


def search(home, secrets):
    found, n_files = [], 0
    for path in home.rglob("*"):
        if not path.is_file():
            continue
        n_files += 1
        for content in contents(path):
            for secret in secrets:
                for form in (secret.encode(), base64.b64encode(secret.encode()).rstrip(b"="), secret.encode().hex().encode()):
                    if form in content:
                        found.append(f"{path.relative_to(home)} holds {secret[:12]}…")
    return sorted(set(found)), n_files


def finds_what_is_there():
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        (home / "report.pdf").write_bytes(b"stream\n" + zlib.compress(b"a secret in a report") + b"\nendstream")
        (home / "settings").write_bytes(base64.b64encode(b"another secret"))
        return len(search(home, {"a secret in", "another secret"})[0]) == 2


def main():
    print("1..4")
    good = say(1, finds_what_is_there(), "a secret that is there is found")
    with Server(with_key=True) as server, tempfile.TemporaryDirectory() as folder:
        proxy = Proxy(server)
        key = json.loads(server.key.read_text())
        lines = [line for line in key["private_key"].splitlines() if len(line) > 40]
        person = {"type": "authorized_user", "client_id": "someone.apps.googleusercontent.com", "client_secret": "secret-of-the-client",
                  "refresh_token": key["refresh_token"], "token_uri": proxy.endpoint + urllib.parse.urlsplit(key["token_uri"]).path}
        for number, (name, credentials, kill) in enumerate([("a service account", key, None), ("a person", person, None),
                                                            ("a program that crashes", key, signal.SIGSEGV)], 2):
            home, file = pathlib.Path(folder, str(number)), pathlib.Path(folder, f"{number}.json")
            home.mkdir()
            file.write_text(json.dumps(credentials))
            proxy.secrets = set(lines) if credentials is key else {person["refresh_token"], person["client_secret"]}
            before = len(proxy.secrets)
            code = rehearse(proxy, file, home, kill)
            found, n_files = search(home, proxy.secrets)
            wrong = list(found)
            wrong += [] if code == (0 if kill is None else -kill) else [f"it ended with {code}", (home / "log").read_text()[-2000:]]
            wrong += [] if len(proxy.secrets) > before and n_files >= 2 else ["no secret has gone over the line"]
            if kill is None:
                wrong += [] if (home / "report.pdf").exists() and (home / "rehearsal.eros").exists() else ["there is nothing to search"]
            good &= say(number, not wrong, f"no secret of {name} is in what it wrote ({n_files} files, {len(proxy.secrets)} secrets)",
                        "\n".join(wrong))
        proxy.shutdown()
    return 0 if good else 1


sys.exit(main())
