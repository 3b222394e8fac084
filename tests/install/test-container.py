#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that the image is made of holds all that the server needs: it answers from there. Prints the Test Anything
Protocol."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(os.environ["EROS_SOURCE_ROOT"])
folder = pathlib.Path(tempfile.mkdtemp())
enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
image = folder / "image"
print("1..2")
try:
    subprocess.run([ROOT / "scripts/container-root", sys.argv[1], image], check=True, timeout=120, stdin=subprocess.DEVNULL)
    if subprocess.run([*enter, image, "/usr/bin/eros-bigquery-local", "--version"], check=False, capture_output=True, timeout=60).returncode:
        print("ok 1 # SKIP no other root can be entered here\nok 2 # SKIP")
        sys.exit(0)
    server = subprocess.Popen([*enter, image, "/usr/bin/eros-bigquery-local", "--project=image", "--until-eof"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]})
    url = server.stdout.readline().split()[-1]
    query = "SELECT FORMAT_TIMESTAMP('%H', TIMESTAMP '2025-07-01 12:00:00 UTC', 'Europe/Berlin')"
    request = urllib.request.Request(f"{url}/bigquery/v2/projects/image/queries",
                                     json.dumps({"query": query, "useLegacySql": False, "timeoutMs": 30000}).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        rows = json.load(answer)["rows"]
    server.stdin.close()
    right = rows[0]["f"][0]["v"] == "14"
    print(f"{'ok' if right else 'not ok'} 1 - it answers, and knows the time zones")
    print(f"{'ok' if server.wait(timeout=60) == 0 else 'not ok'} 2 - it ends when it is told to")
    sys.exit(0 if right and server.returncode == 0 else 1)
finally:
    shutil.rmtree(folder, ignore_errors=True)
