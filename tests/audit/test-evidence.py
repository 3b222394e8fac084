#!/usr/bin/env python3
"""What other systems are told of deployments: a signed statement, and the list of all of them, in which a gap shows."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import csv
import datetime
import io
import json
import os
import pathlib
import subprocess
import tempfile

DEPLOY = os.environ["EROS_DEPLOY"]
APPROVAL = "preparation.sign-off.product-owner"


class World:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.env = {**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder}

    def run(self, *arguments, status=0):
        done = subprocess.run([DEPLOY, *map(str, arguments)], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert done.returncode == status, (arguments, done.returncode, done.stderr)
        return done.stdout

    def new(self, name):
        return json.loads(self.run("new", "--json", "--name", name, "--environment", "staging", "--lead", "Ada, \"the\" lead"))["id"]

    def key(self):
        subprocess.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem "
                       "-subj '/CN=Ada Lovelace' -days 30 && cat k.pem c.pem > both.pem", shell=True, check=True, cwd=self.folder,
                       stderr=subprocess.DEVNULL)
        return self.folder / "both.pem"

    def file(self, id):
        return self.folder / "eros-deploy" / f"{id}.erosdeploy"


def ago(days):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def test_numbers(world):
    """deployments are numbered, and one that was taken away shows"""
    ids = [world.new(name) for name in ("One", "Two", "Three")]
    assert [c["number"] for c in json.loads(world.run("changes", "--json"))] == [1, 2, 3]
    world.file(ids[1]).unlink()
    rows = json.loads(world.run("changes", "--json"))
    assert [(c["number"], c["missing"]) for c in rows] == [(1, False), (2, True), (3, False)], rows
    assert "2  missing" in world.run("changes")
    # The newest, too, and a number is not given twice.
    world.file(ids[2]).unlink()
    assert [c["missing"] for c in json.loads(world.run("changes", "--json"))] == [False, True, True]
    world.new("Four")
    assert json.loads(world.run("changes", "--json"))[-1]["number"] == 4
    table = list(csv.DictReader(io.StringIO(world.run("changes", "--csv"))))
    assert table[0]["lead"] == "Ada, \"the\" lead" and table[1]["result"] == "missing", table
    # One that could not be made takes no number.
    world.run("new", "--name", "", status=2)
    world.new("Five")
    assert json.loads(world.run("changes", "--json"))[-1]["number"] == 5
    # Of a period: what lies outside of it is no gap.
    assert json.loads(world.run("changes", "--json", "--from", "2001-01-01", "--to", "2001-12-31")) == []
    world.run("changes", "--from", "soon", status=2)
    # When one was that is gone is not known: between those beside it.
    world.run("set", ids[0], "deployment.phase-1.start.time", f"{ago(60)}T12:00:00Z")
    rows = json.loads(world.run("changes", "--json", "--from", ago(50), "--to", ago(40)))
    assert [(c["number"], c["missing"]) for c in rows] == [(2, True), (3, True)], rows
    assert json.loads(world.run("changes", "--json", "--from", ago(90), "--to", ago(70))) == []
    # What cannot be a number is none, and keeps nobody waiting.
    counter = world.file(ids[0]).parent / "number"
    counter.write_text("9223372036854775807\n")
    six = world.new("Six")
    counter.unlink()
    os.mkfifo(counter)
    seven = world.new("Seven")
    assert {c["id"]: c["number"] for c in json.loads(world.run("changes", "--json")) if c["number"] is None} == {six: None, seven: None}


def test_statement(world):
    """a statement is signed, and its subjects are what the report carries"""
    id = world.new("One")
    world.run("tick", id, APPROVAL)
    world.run("set", id, "preparation.sign-off.people.product-owner", "Grace")
    world.run("skip", id, "preparation.sign-off.technical-lead", "There is none")  # approves nothing
    key = world.key()
    world.run("report", id, "--key", key, "-o", "report.pdf")
    verdict = json.loads(world.run("verify", "--json", "report.pdf"))[0]
    assert verdict["good"] and verdict["pages"] == "same", verdict
    assert verdict["signatures"][0]["name"] == "Ada Lovelace"
    world.run("report", id, "--key", key, "--new-key", status=2)
    world.run("attest", id, "--key", key, "-o", "statement.json")
    envelope = json.loads((world.folder / "statement.json").read_text())
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    signature = envelope["signatures"][0]
    (world.folder / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (world.folder / "sig").write_bytes(base64.b64decode(signature["sig"]))
    (world.folder / "cert").write_text(signature["certificate"])
    subprocess.run("openssl x509 -in cert -pubkey -noout > pub && openssl dgst -sha256 -verify pub -signature sig pae",
                   shell=True, check=True, cwd=world.folder, stdout=subprocess.DEVNULL)
    (world.folder / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload.replace(b"Grace", b"Irene")))
    assert subprocess.run("openssl dgst -sha256 -verify pub -signature sig pae", shell=True, cwd=world.folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1" and kind == b"application/vnd.in-toto+json"
    approval, = statement["predicate"]["approvals"]
    assert approval["id"] == APPROVAL and approval["name"] == "Grace", approval
    assert statement["predicate"]["outcome"]["result"] == "undecided"
    status = json.loads(world.run("status", "--json", id))
    assert statement["predicate"]["record"]["head"] == status["head"]


def test_expected(world):
    """what checks would be billed for is said before, and what was expected stands beside what was found, also when it passed"""
    server = subprocess.Popen([os.environ["EROS_LOCAL_BIGQUERY"], "--port=0", "--until-eof", "--sample=eros:1000"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        place = ["--sign-in", "none", "--endpoint", server.stdout.readline().split()[-1]]
        id = json.loads(world.run("new", "--json", "--name", "One", "--environment", "staging", "--project", "eros-rehearsal",
                                  "--dataset", "eros_platform", "--bucket", "eros-platform-backups"))["id"]
        events = json.loads(world.run("status", "--json", id))["events"]
        said = json.loads(world.run("check", "--dry-run", "--json", *place, id, "validation.health"))
        assert json.loads(world.run("status", "--json", id))["events"] == events, "a dry run is on record"
        found = json.loads(world.run("check", "--json", *place, id, "validation.health", status=5))  # nothing to compare counts with
        jobs = [one for item in found for one in item.get("evidence", []) if "job_id" in one]
        assert said == {"queries": len(jobs), "bytes_billed": sum(job["bytes_billed"] for job in jobs)}, (said, jobs)
        items = {item["id"]: item for phase in json.loads(world.run("status", "--json", id))["phases"] for item in phase["items"]}
        orphans = items["validation.health.orphans"]
        assert orphans["outcome"] == "pass" and orphans["expected"] == "checked_rows > 0, orphans = 0", orphans
        # And when nobody answers any more, the box about the network does not stay ticked.
        network = "preparation.environment.network"
        world.run("check", *place, id, network)
        server.stdin.close()
        server.wait()
        world.run("check", *place, id, "preparation.environment", status=4)
        items = {item["id"]: item for phase in json.loads(world.run("status", "--json", id))["phases"] for item in phase["items"]}
        assert items[network]["outcome"] == "fail" and items[network]["mark"] == "open", items[network]
    finally:
        server.stdin.close()
        server.wait()


def main():
    tests = [test_numbers, test_statement, test_expected]
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            test(World(folder))
        print(f"ok {number} {test.__doc__}", flush=True)


main()
