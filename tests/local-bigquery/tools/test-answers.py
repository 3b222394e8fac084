#!/usr/bin/env python3
"""Holds the server against FILE.answers: what BigQuery's documentation says of files, policies, sessions, options.

A line of such a file begins with what it is:
  > SQL            is asked; > {a} SQL in session a, which the first such line begins
  = [[…]]          the rows that it answers with, in this order; ~ in any order; nothing needs to be said of none
  ! REASON: WORDS  it is refused; more words behind ` … `
  + NAME TEXT      puts an object into the bucket `files`; the text is JSON
  @ NAME TEXT      what such an object holds
  # …              a remark
"""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import sys
import urllib.parse

import box

ENOUGH = 60  # answers in a file
ME = "me@example.com"
OBJECT = "/storage/v1/b/files/o/%s?alt=media"
UPLOAD = "/upload/storage/v1/b/files/o?uploadType=media&name=%s"


def plain(value):
    if isinstance(value, dict):
        return [plain(cell["v"]) for cell in value["f"]]
    if isinstance(value, list):
        return [plain(item["v"]) for item in value]
    return value


class Asked:
    """A server, and what it said last."""

    def __init__(self, server):
        self.server, self.sessions, self.answer, self.sql = server, {}, None, None

    def ask(self, sql):
        body = {"useLegacySql": False}
        if sql.startswith("{"):
            name, sql = sql[1:].split("} ", 1)
            if name in self.sessions:
                body["connectionProperties"] = [{"key": "session_id", "value": self.sessions[name]}]
            else:
                body["createSession"] = True
        self.sql, body["query"] = sql, sql
        status, _, data = self.server.send("POST", box.PROJECT + "/queries", body)
        self.answer = json.loads(data)
        if body.get("createSession") and status == 200:
            self.sessions[name] = self.answer["sessionInfo"]["sessionId"]

    def rows(self):
        assert "error" not in self.answer, f"{self.sql}: {self.answer['error']['message']}"
        return [plain(row) for row in self.answer.get("rows", [])]

    def check(self, mark, text):
        if mark == "!":
            reason, words = text.split(": ", 1)
            assert "error" in self.answer, f"{self.sql}: is not refused"
            error = self.answer["error"]
            assert error["errors"][0]["reason"] == reason, f"{self.sql}: {error}"
            for word in words.split(" … "):
                assert word in error["message"], f"{self.sql}: {word} is not in {error['message']}"
        elif mark == "@":
            name, held = text.split(" ", 1)
            status, _, data = self.server.send("GET", OBJECT % urllib.parse.quote(name, ""))
            assert (status, data.decode()) == (200, json.loads(held)), f"{name}: {status} {data}"
        else:
            got, wanted = self.rows(), json.loads(text)
            same = got == wanted if mark == "=" else sorted(map(str, got)) == sorted(map(str, wanted))
            assert same, f"{self.sql}: {got} and not {wanted}"


def steps_of(path):
    """(mark, text) of each line; what is asked and not answered for is to be done without an error."""
    said = True
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            mark, text = line[:1], line[2:].rstrip("\n")
            if mark in (">", "@") and not said:
                yield "done", ""
            said = said and mark != ">" or mark in ("=", "~", "!", "@")
            if mark in (">", "+", "=", "~", "!", "@"):
                yield mark, text
    if not said:
        yield "done", ""


def take(asked, mark, text):
    if mark == ">":
        asked.ask(text)
    elif mark == "+":
        name, content = text.split(" ", 1)
        asked.server.json("POST", UPLOAD % urllib.parse.quote(name, ""), json.loads(content).encode())
    elif mark == "done":
        asked.rows()
    else:
        asked.check(mark, text)


def hold(path):
    wrong, n_answers = [], 0
    with box.Box("--user", ME) as server:
        server.json("POST", box.PROJECT + "/datasets", {"datasetReference": {"datasetId": "d"}})
        server.json("POST", "/storage/v1/b?project=p", {"name": "files"})
        asked = Asked(server)
        for mark, text in steps_of(path):
            n_answers += mark in ("=", "~", "!", "@")
            try:
                take(asked, mark, text)
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, "\n".join(wrong)
    assert n_answers >= ENOUGH, f"{n_answers} answers"


def of_file(path):
    def test():
        hold(path)
    test.__name__ = os.path.basename(path)
    return test


box.run([of_file(path) for path in sys.argv[1:]])
