#!/usr/bin/env python3
"""Writes a C table of the members that a request's body may have: make-members.py DISCOVERY… > TABLE.c

A row is a schema, one of its members, and the schema of what stands there; maps and free objects have none."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import sys

ROOTS = ["Job", "QueryRequest", "Dataset", "Table", "Routine", "TableDataInsertAllRequest", "TestIamPermissionsRequest",
         "TransferConfig", "Bucket", "Object", "ComposeRequest"]

schemas = {}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        schemas.update(json.load(file)["schemas"])

rows = set()


def add(name, schema):
    """Its members; nested objects without a name of their own get one."""
    for member, kind in schema.get("properties", {}).items():
        inner = kind.get("items", kind)
        target = inner.get("$ref")
        if target is not None and "properties" not in schemas[target]:
            target = None
        if target is None and "properties" in inner:
            target = f"{name}.{member}"
            add(target, inner)
        elif target is not None and (name, member) not in {row[:2] for row in rows}:
            rows.add((name, member, target))
            add(target, schemas[target])
        rows.add((name, member, target or ""))


for root in ROOTS:
    add(root, schemas[root])
# Python sorts as strcmp () does.
print("static const Member MEMBERS[] = {")
for name, member, target in sorted(rows):
    if not target and any(row[:2] == (name, member) and row[2] for row in rows):
        continue
    print(f'  {{ "{name}", "{member}", {json.dumps(target) if target else "NULL"} }},')
print("};")
