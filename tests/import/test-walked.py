#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each imported checklist is conducted on the terminal: every box ticked, every blank filled in, every sign-off signed, the
report written. A query in one of them looks at the BigQuery in the box. Prints the Test Anything Protocol."""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.environ["EROS_DEPLOY"]
CHECKLISTS = sorted((pathlib.Path(__file__).parent / "checklists").glob("*.md"))
FOLDER = pathlib.Path(tempfile.mkdtemp())
TODAY = datetime.date.today().isoformat()
VALUES = {"text": "Ada", "identifier": "books", "number": "12", "bytes": "12 MiB", "money": "1.50", "percentage": "12",
          "date": TODAY, "time": "14:30", "timestamp": f"{TODAY} 14:30", "email": "ada@example.com",
          "phone": "+49 30 1234567"}
os.environ.update(XDG_DATA_HOME=str(FOLDER / "data"), XDG_CONFIG_HOME=str(FOLDER / "config"), HOME=str(FOLDER))


def run(*words, status=0):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=120, cwd=FOLDER)
    assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout if status == 0 else done.stderr


def list_elements(runbook):
    for parent in [*runbook["phases"], {"sections": runbook.get("appendix", [])}]:
        for section in parent["sections"]:
            yield from section["elements"]


def is_signed(element):
    types = [field["type"] for field in element.get("fields", [])]
    return element["kind"] == "sign-off" or (element["kind"] == "check" and "text" in types and "time" in types)


def walk(checklist):
    runbook_file, record = FOLDER / f"{checklist.stem}.json", FOLDER / f"{checklist.stem}.erosdeploy"
    said = json.loads(run("runbook", "import", checklist, "-o", runbook_file, "--json"))
    runbook = json.loads(runbook_file.read_text(encoding="utf-8"))
    elements = list(list_elements(runbook))
    boxes = [element for element in elements if element["kind"] == "check"]
    assert len(boxes) == said["boxes"], (len(boxes), said["boxes"])
    run("new", "--name", checklist.stem, "--runbook", runbook_file, "--file", record, "--lead", "Ada", "--email", "ada@example.com")
    for field in [field for element in elements for field in element.get("fields", [])]:
        run("set", record, field["id"], field.get("choices", [VALUES.get(field["type"])])[0])
    for element in elements:
        if is_signed(element):
            run("sign", record, element["id"], "Ada")
        elif element["kind"] == "check":
            run("tick", record, element["id"])
    status = json.loads(run("status", record, "--json"))
    assert "incomplete" not in json.dumps(status), status
    run("report", record, "--unsigned", "-o", FOLDER / "report.pdf")
    words = " ".join(subprocess.run(["pdftotext", FOLDER / "report.pdf", "-"], capture_output=True, text=True, check=True).stdout.split())
    assert runbook["title"] in words, words[:300]


def check_queries():
    checklist = FOLDER / "queries.md"
    checklist.write_text("# Look\n- [ ] None without an id\n  ```sql\n  -- expect: 0 rows\n  SELECT caption_id FROM caption_bank "
                         "WHERE caption_id IS NULL;\n  ```\n- [ ] None at all\n  ```sql\n  -- expect: n = 0\n  SELECT COUNT(*) AS n "
                         "FROM `caption_bank`\n  ```\n- [ ] Named twice\n  ```sql\n  -- expect: n > 0\n  WITH bank AS (SELECT * FROM caption_bank) "
                         "SELECT COUNT(*) AS n FROM bank WHERE 'from nowhere' IS NOT NULL\n  ```\n", encoding="utf-8")
    run("runbook", "import", checklist)
    run("new", "--name", "Look", "--runbook", "queries.json", "--file", "queries.erosdeploy")
    text = run("check", "./queries.erosdeploy", "--captions", "200", "--json", status=1)
    items = {item["id"]: item for item in find_items(json.loads(run("status", "./queries.erosdeploy", "--json")))}
    good, bad = items["look.look.none-without-an-id"], items["look.look.none-at-all"]
    assert items["look.look.named-twice"]["mark"] == "ticked", text
    assert good["mark"] == "ticked" and bad["mark"] != "ticked", (good, bad, text)


def find_items(node):
    if isinstance(node, dict):
        if "mark" in node:
            yield node
        for child in node.values():
            yield from find_items(child)
    elif isinstance(node, list):
        for child in node:
            yield from find_items(child)


def check_files():
    checklist, runbook = FOLDER / "own.md", FOLDER / "own.json"
    checklist.write_text("# Own\n- [ ] one\n", encoding="utf-8")
    said = run("runbook", "import", checklist, "--dry-run")
    assert "Boxes: 1," in said and not runbook.exists(), said
    run("runbook", "import", checklist)
    first = runbook.read_text(encoding="utf-8")
    checklist.write_text("# Own\n- [ ] zero\n- [ ] one\n", encoding="utf-8")
    said = run("runbook", "import", checklist)
    assert "1 new, 0 gone" in said, said
    assert (FOLDER / "own.json~").read_text(encoding="utf-8") == first
    assert json.loads(first)["phases"][0]["sections"][0]["elements"][0]["id"] in runbook.read_text(encoding="utf-8")
    (FOLDER / "notes.txt").write_text("mine", encoding="utf-8")
    said = run("runbook", "import", checklist, "-o", FOLDER / "notes.txt", status=1)
    assert "notes.txt" in said and (FOLDER / "notes.txt").read_text(encoding="utf-8") == "mine", said
    run("runbook", "import", FOLDER / "none.md", status=1)
    run("runbook", "import", status=2)
    run("runbook", "imprt", checklist, status=2)


tests = [(f"{path.stem} is conducted to its report", lambda path=path: walk(path)) for path in CHECKLISTS]
tests += [("a query ticks its box when it answers as expected, and not otherwise", check_queries),
          ("a second import keeps the ids and a copy; what is no runbook is left alone", check_files)]
print(f"1..{len(tests)}")
failures = 0
for number, (name, test) in enumerate(tests, 1):
    try:
        test()
        print(f"ok {number} - {name}", flush=True)
    except Exception:  # pylint: disable=broad-except
        failures += 1
        print("\n".join("# " + line for line in traceback.format_exc().splitlines()))
        print(f"not ok {number} - {name}", flush=True)
sys.exit(1 if failures else 0)
