#!/usr/bin/env python3
"""What the programs say when something is wrong: always something, to whoever asked, and what is so."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os

from chaos import Box, CAPTIONS, Place, faults, main, test

ITEM = "preparation.approvals.lead-approval"
# Each command that can print JSON, with what it needs beside the deployment
WITH_JSON = [("status",), ("check",), ("backup",), ("backups",), ("deploy", "phase1"), ("compare",), ("monitor", "--once"),
             ("rollback",), ("resume",), ("resume-schedules",), ("revert",), ("jobs",)]


def error_of(result):
    """The error that a program would read"""
    error = json.loads(result.out)["error"]
    assert error["status"] == result.status, result
    assert error["message"] and error["message"] in result.err, result
    return error


@test("/chaos/words/json-of-a-command-that-fails-holds-the-error")
def json_errors():
    with Place() as place:
        for command in WITH_JSON:
            result = place.run(command[0], "there-is-no-such", *command[1:], "--json")
            assert result.status not in (0, -11, -6), (command, result)
            error_of(result)
        assert error_of(place.run("no-such-command", "--json"))["kind"] == "usage"
        assert error_of(place.run("status", "--json"))["kind"] == "usage"
        assert error_of(place.run("status", "x", "--json", "--no-such-option"))["kind"] == "usage"
        assert error_of(place.run("new", "--json", "--name", "x", "--start", "yesterday"))["kind"] == "usage"
        name = place.new()
        asked = place.run("jobs", name, "--json", "--endpoint", "http://127.0.0.1:1")
        assert error_of(asked)["kind"] == "unavailable", asked
        # Nobody has asked for JSON here.
        assert place.run("status", "there-is-no-such").out == ""
        assert place.run("note", name, ITEM, "--", "--json").out == ""


@test("/chaos/words/output-that-cannot-be-written-is-no-success")
def full_output():
    with Place() as place:
        name = place.new()
        for arguments in (("status", name, "--json"), ("status", name), ("list",), ("runbook",), ("runbook", "--json"),
                          ("--help",), ("--version",), ("jobs", name, "--json")):
            with open("/dev/full", "w", encoding="utf-8") as full:
                result = place.run(*arguments, stdout=full)
            assert result.status != 0, (arguments, result)
            assert "No space left on device" in result.err, (arguments, result)


@test("/chaos/words/a-rehearsal-that-nobody-reads-stops-with-a-word")
def closed_pipe():
    with Place() as place:
        process = place.start("rehearse", "--captions", CAPTIONS)
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert process.wait(60) == 1, err
        assert "Broken pipe" in err and "eros-deploy status" in err, err
        assert not [path for path in place.leftovers() if ".rehearsal/" not in path], place.leftovers()


@test("/chaos/words/the-end-of-the-server-is-not-the-users-doing")
def server_ends():
    with Place() as place, Box(place) as box:
        status, answer = box.call("POST", "/bigquery/v2/projects/eros-rehearsal/jobs", {
            "jobReference": {"jobId": "long"}, "configuration": {"query": {"useLegacySql": False, "query":
                "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) a, UNNEST(GENERATE_ARRAY(1, 100000)) b WHERE a * b = 7"}}})
        assert status == 200, answer
        assert box.end() == 0
        with Box(place) as again:
            _, job = again.call("GET", "/bigquery/v2/projects/eros-rehearsal/jobs/long")
            message = job["status"]["errorResult"]["message"]
            assert "User" not in message and "local server" in message, message


@test("/chaos/words/the-full-disk-of-a-server-is-in-its-first-answer")
def full_server():
    with Place() as place, faults(place, "disk", errno="ENOSPC", times=-1) as shim, Box(place, env=shim.env) as box:
        assert box.query("CREATE SCHEMA d; CREATE TABLE d.t (x STRING)")[0] == 200
        with shim:
            status, answer = box.query("INSERT d.t (x) VALUES ('x')")
        assert status == 403 and answer["error"]["errors"][0]["reason"] == "quotaExceeded", answer
        assert "The disk of the local server is full" in answer["error"]["message"], answer
        status, answer = box.query("INSERT d.t (x) VALUES ('x')")
        assert status == 200, answer
        assert box.query("SELECT COUNT(*) FROM d.t")[1]["rows"][0]["f"][0]["v"] == "1"


@test("/chaos/words/no-permission-is-called-that")
def no_permission():
    if os.geteuid() == 0:
        return
    with Place() as place:
        name = place.new()
        journal = place.journals()[0]
        journal.chmod(0o444)
        result = place.run("note", name, ITEM, "x")
        assert result.status != 0 and "permission" in result.err and "read-only" not in result.err.split(".")[0], result


main()
