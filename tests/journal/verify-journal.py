#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verifies a deployment's journal. Written from docs/journal.md alone, with nothing but Python's standard library.

    verify-journal.py FILE...

prints a line of JSON for each file: {"good": true, "events": 12, "head": "…"} or, with "good": false, how many events
from the first are good, and the problem. Exit status 0 when all are good, otherwise 1."""
import functools
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import struct
import sys
import tempfile
import unicodedata

NO_PREVIOUS = b"0" * 64
TEXT, INTEGER = bytes, int

TABLE = """CREATE TABLE event (
  sequence INTEGER NOT NULL PRIMARY KEY,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID"""
TRIGGERS = {
    "event_is_next": """CREATE TRIGGER event_is_next BEFORE INSERT ON event
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM event)
  OR NEW.previous IS NOT coalesce((SELECT hash FROM event ORDER BY sequence DESC LIMIT 1),
    '0000000000000000000000000000000000000000000000000000000000000000')
  OR NEW.time < coalesce((SELECT time FROM event ORDER BY sequence DESC LIMIT 1), 0)
  OR NEW.hash IS NOT eros_event_hash(NEW.sequence, NEW.time, NEW.actor, NEW.kind, NEW.body, NEW.previous)
BEGIN
  SELECT RAISE(ABORT, 'an event must continue the chain');
END""",
    "event_stays_as_it_is": """CREATE TRIGGER event_stays_as_it_is BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'an event cannot be changed');
END""",
    "event_stays": """CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'an event cannot be deleted');
END""",
}


class Bad(Exception):
    """The file is not a good journal."""


def netstring(value):
    return b"%d:%b," % (len(value), value)


def hash_of(sequence, time, actor, kind, body, previous):
    parts = [b"eros-event-1", b"%d" % sequence, b"%d" % time, actor, kind, body, previous]
    return hashlib.sha256(b"".join(map(netstring, parts))).hexdigest().encode()


def refuse(what):
    raise ValueError(what)


def check_value(value, depth=1):
    if depth > 64:
        refuse("too deep")
    if isinstance(value, str):
        if "\0" in value:
            refuse("U+0000")
    elif isinstance(value, bool) or value is None:
        pass
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            refuse("not a 64-bit integer")
    elif isinstance(value, list):
        for element in value:
            check_value(element, depth + 1)
    else:
        for name, member in value.items():
            check_value(name, depth)
            check_value(member, depth + 1)


def is_canonical_object(body):
    """One form for each value: names sorted by code point, no white space, the shortest escapes."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_float=refuse, parse_constant=refuse)
        check_value(value)
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return isinstance(value, dict) and again == text and len(body) <= 16 * 1024 * 1024
    except (ValueError, RecursionError):
        return False


@functools.lru_cache
def is_line(value):
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)


def check_header(path):
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise Bad("not a SQLite file")
    page_size, = struct.unpack_from(">H", header, 16)
    pages, = struct.unpack_from(">I", header, 28)
    version, = struct.unpack_from(">I", header, 60)
    application, = struct.unpack_from(">I", header, 68)
    if application != 0x45524F53 or version < 1000:
        raise Bad("not a journal")
    if version // 1000 > 1:
        raise Bad("a newer format")
    if not os.path.exists(path + "-wal") and size != (65536 if page_size == 1 else page_size) * pages:
        raise Bad("not of the size that its header says")


def check_event(row, tip):
    sequence, time, actor, kind, body, previous, stored = row
    if [type(value) for value in row] != [INTEGER, INTEGER] + 5 * [TEXT]:
        raise Bad("wrong type")
    if sequence != tip["sequence"] + 1:
        raise Bad("not the next number")
    if previous != tip["hash"]:
        raise Bad("does not continue the event before it")
    if stored != hash_of(sequence, time, actor, kind, body, previous):
        raise Bad("does not match its hash")
    if time < tip["time"]:
        raise Bad("older than the event before it")
    if not is_line(actor) or not is_line(kind):
        raise Bad("actor or kind is not a line of text")
    if not is_canonical_object(body):
        raise Bad("the body is not a canonical JSON object")
    tip.update(sequence=sequence, time=time, hash=stored)


def check_rows(database, tip):
    types = "typeof(sequence), typeof(time), typeof(actor), typeof(kind), typeof(body), typeof(previous), typeof(hash)"
    columns = "sequence, time, actor, kind, body, previous, hash"
    select = f"SELECT {columns}, {types} FROM event ORDER BY sequence"

    def check(row):
        # Python gives BLOB as bytes, too.
        if b"blob" in row[7:]:
            raise Bad("wrong type")
        check_event(row[:7], tip)

    try:
        for row in database.execute(select):
            check(row)
    except sqlite3.Error:
        # Python's cursor looks ahead, and loses the last good row before one that cannot be read: those one at a time.
        while row := database.execute(select + " LIMIT 1 OFFSET ?", [tip["sequence"]]).fetchone():
            check(row)


def check_schema(database):
    found = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    expected = [(b"trigger", name.encode(), b"event", sql.encode()) for name, sql in TRIGGERS.items()]
    if len(found) != 4 or set(found) != {(b"table", b"event", b"event", TABLE.encode()), *expected}:
        raise Bad("not the table and triggers of a journal")


def check_files(path):
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise Bad("not a plain file")
    for suffix in "-wal", "-shm", "-journal", "-lock":
        if os.path.lexists(path + suffix) and (suffix == "-journal" or not stat.S_ISREG(os.lstat(path + suffix).st_mode)):
            raise Bad(f"{suffix} does not belong beside it")


def verify(path, tip):
    path = os.path.realpath(path)
    check_files(path)
    check_header(path)
    if not os.path.exists(path + "-wal"):
        verify_database(path, "mode=ro&immutable=1", tip)
        return
    # SQLite would write an index beside it: in a folder of our own it may.
    with tempfile.TemporaryDirectory() as folder:
        for suffix in "", "-wal":
            shutil.copy(path + suffix, os.path.join(folder, "copy" + suffix))
        verify_database(os.path.join(folder, "copy"), "mode=ro", tip)


def verify_database(path, mode, tip):
    database = sqlite3.connect(f"{pathlib.Path(path).as_uri()}?{mode}", uri=True)
    database.text_factory = bytes
    try:
        table = database.execute("SELECT type, sql FROM sqlite_schema WHERE name = 'event'").fetchone()
        if table != (b"table", TABLE.encode()):
            raise Bad("not the table of a journal")
        check_rows(database, tip)
        check_schema(database)
        if database.execute("PRAGMA integrity_check(1)").fetchone()[0] != b"ok":
            raise Bad("damaged pages")
    finally:
        database.close()


def main(paths):
    all_good = True
    for path in paths:
        tip = {"sequence": 0, "time": 0, "hash": NO_PREVIOUS}
        answer = {"good": True}
        try:
            verify(path, tip)
        except (Bad, sqlite3.Error, OSError) as problem:
            answer = {"good": False, "problem": str(problem)}
            all_good = False
        print(json.dumps({**answer, "events": tip["sequence"], "head": tip["hash"].decode()}))
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
