#!/usr/bin/env python3
"""Google's own command-line tools, step by step: test-steps.py STEPS [FROM [TO]]; see bq.steps. Skips without the tools.

Each step is a process or three of theirs: without EROS_TOOLS=full only the first few are taken, the checklist's.

A step that is refused counts as passed where the steps say how it is refused: in words that name what is refused."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FILES = {
    "monitor.sql": "SELECT 'caption_bank' AS table_name, COUNT(*) AS n FROM eros_platform.caption_bank;\n",
    "schema.json": '[{"name":"id","type":"INTEGER","mode":"REQUIRED"},{"name":"name","type":"STRING","description":'
                   '"what it is called"},{"name":"tags","type":"STRING","mode":"REPEATED"}]',
    "def.json": '{"sourceFormat":"CSV","sourceUris":["gs://eros-platform-backups/x.csv"],"schema":{"fields":'
                '[{"name":"a","type":"STRING"}]}}',
    "rows.csv": '1,one\n2,"two, too"\n', "head.csv": "id,name\n7,seven\n",
    "rows.json": '{"id":1,"name":"one"}\n{"id":2,"name":"two"}\n',
    "rows.tsv": "left\tright\n", "rows.pipe": "a|NIL\nb|c\n", "quote.csv": "'x,y',z\n", "jagged.csv": "a,b\nc\n",
    "wide.csv": "a,b,c\n", "newline.csv": '"a\nb",c\n', "nested.json": '{"id":1,"name":"n","tags":["x","y"]}\n',
    "part.csv": "2025-01-02,a\n", "three.csv": "3,three,more\n", "p1.csv": "2025-01-02,a,1\n2025-01-02,b,2\n",
    "a.txt": "alpha\n", "b.txt": "beta\n", "a-local.txt": "local\n", "empty": "", "odd name %.txt": "odd\n",
    "tree/x": "x", "tree/deep/y": "y", "tree/deep/er/z": "z",
    "lifecycle.json": '{"rule":[{"action":{"type":"Delete"},"condition":{"age":90}}]}',
    "cors.json": '[{"origin":["*"],"method":["GET"],"maxAgeSeconds":60}]',
}


def read_steps(path):
    """(command, texts that it prints, texts with which it fails or None)"""
    steps = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], [], []))
        elif line[:1] in (">", "!"):
            steps[-1][1 if line[0] == ">" else 2].append(line[2:])
    return steps


def do_step(command, printed, refused):
    """What is wrong with it; None if nothing is."""
    try:
        done = subprocess.run(["bash", "-c", "set -o pipefail; " + command], capture_output=True, text=True, errors="replace", timeout=90,
                              stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return "it hangs"
    said = done.stdout + done.stderr
    if refused and done.returncode == 0:
        return "not refused:\n" + said
    if not refused and done.returncode != 0:
        return f"status {done.returncode}:\n{said}"
    # bq breaks its lines, at blanks and behind hyphens.
    forms = [said, " ".join(said.split()), "".join(line.strip() for line in said.splitlines())]
    missing = [text for text in printed + refused if not any(text in form for form in forms)]
    return f"does not say {missing}:\n{said}" if missing else None


def do_all(path, first, last):
    steps = read_steps(path)
    print(f"1..{len(steps)}")
    failed = 0
    for number, (command, printed, refused) in enumerate(steps, 1):
        if not first <= number <= last:
            print(f"ok {number} # SKIP not asked for: EROS_TOOLS=full")
            continue
        wrong = do_step(command, printed, refused)
        for line in (wrong or "").splitlines()[:30]:
            print("#", line)
        failed += wrong is not None
        print(f"{'not ok' if wrong else 'ok'} {number} - {command.replace('#', '')}", flush=True)
    print(f"# {len(steps) - failed} of {len(steps)} steps pass")
    return failed != 0


def main():
    steps = pathlib.Path(__file__).resolve().parent / sys.argv[1]
    few = 10 ** 6 if os.environ.get("EROS_TOOLS") == "full" else 8
    first, last = [int(word) for word in sys.argv[2:4] + [1, few][len(sys.argv[2:4]):]]
    missing = [tool for tool in ("bq", "gsutil", "gcloud") if shutil.which(tool) is None]
    if missing:
        print(f"1..0 # SKIP {', '.join(missing)} of google-cloud-cli not installed")
        return 0
    if "EROS_BIGQUERY_LOCAL_URL" in os.environ:
        return do_all(steps, first, last)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        pathlib.Path(folder, "latin.csv").write_bytes("é\n".encode("latin-1"))
        pathlib.Path(folder, "big.bin").write_bytes(bytes(range(256)) * 60000)
        pathlib.Path(folder, "empty-tree").mkdir()
        return subprocess.run([os.environ["EROS_LOCAL_BIGQUERY"], "run", "--sample", "eros:50", "--", sys.executable, __file__,
                               *sys.argv[1:]], cwd=folder, env=os.environ | {"HOME": folder}, check=False).returncode


sys.exit(main())
