#!/usr/bin/env python3
"""Writes C tables of the members that a request's body may have, and of the parameters that a query may have:
make-members.py MEMBERS DISCOVERY… > TABLE.h

A row says what comes of it, as MEMBERS says, and the schema of what stands there; maps and free objects have none."""
# SPDX-License-Identifier: GPL-3.0-or-later
import fnmatch
import json
import re
import sys

ROOTS = ["Job", "QueryRequest", "Dataset", "Table", "Routine", "TableDataInsertAllRequest", "TestIamPermissionsRequest",
         "TransferConfig", "Bucket", "Object", "ComposeRequest", "RowAccessPolicy", "BatchDeleteRowAccessPoliciesRequest"]
# Where a handler answers for a method whose parameters are only the standard ones.
KINDS = {"read": "READ", "kept": "READ", "nothing": "NOTHING", "refused": "REFUSED"}

documents = []
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        documents.append(json.load(file))
schemas = {name: schema for document in documents for name, schema in document["schemas"].items()}
said, complaints = {}, []
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        words = line.split("#")[0].split()
        for word in words[2:]:
            name, _, harmless = word.partition("=")
            said[(words[1], name)] = (words[0], harmless)

members = {}


def add(name, schema):
    """Its members; nested objects without a name of their own get one. What is refused or ignored is not looked into."""
    for extra in [key[1] for key in said if key[0] == name and key[1].startswith("+")]:
        members[(name, extra[1:])] = (said[(name, extra)], None)
    for member, kind in schema.get("properties", {}).items():
        if (name, member) in members:
            continue
        what = said.get((name, member))
        if what is None:
            complaints.append(f"member {name}.{member}")
            continue
        inner = kind.get("items", kind)
        target = inner.get("$ref")
        if target is not None and "properties" not in schemas[target]:
            target = None
        nested = f"{name}.{member}"
        if target is None and "properties" in inner:
            target = nested
        members[(name, member)] = (what, target if what[0] == "read" else None)
        if what[0] == "read" and target is not None:
            add(target, schemas.get(target, inner))


def methods_of(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods_of(inner)


def find(method, name):
    """What is said of a parameter, by the most particular line."""
    found = [key for key in said if key[1].lstrip("+") == name and fnmatch.fnmatchcase(method, key[0])]
    return said[max(found, key=lambda key: (len(key[0]), key[0]))] if found else None


parameters = {}


def add_parameters(document, method):
    path = method.get("flatPath", method["path"])
    paths = [document["servicePath"] + path]
    if "mediaUpload" in method:
        paths.append(method["mediaUpload"]["protocols"]["simple"]["path"].lstrip("/"))
    names = set(document["parameters"])
    names |= {name for name, kind in method.get("parameters", {}).items() if kind["location"] == "query"}
    names |= {key[1][1:] for key in said if key[1].startswith("+") and fnmatch.fnmatchcase(method["id"], key[0])}
    for name in names:
        what = find(method["id"], name)
        if what is None:
            complaints.append(f"parameter {method['id']} {name}")
            continue
        for place in paths:
            parameters[(method["httpMethod"] + " " + re.sub(r"\{[^}]*\}", "{}", place), name)] = what


for root in ROOTS:
    add(root, schemas[root])
for document in documents:
    for method in methods_of(document):
        add_parameters(document, method)
if complaints:
    sys.exit("not in " + sys.argv[1] + ":\n  " + "\n  ".join(complaints))


def text(value):
    return json.dumps(value) if value else "NULL"


# Python sorts as strcmp () does.
print("static const Member MEMBERS[] = {")
for (name, member), ((kind, harmless), target) in sorted(members.items()):
    print(f'  {{ "{name}", "{member}", {text(target)}, {KINDS[kind]}, {text(harmless)} }},')
print("};\n\nstatic const Member PARAMETERS[] = {")
for (place, name), (kind, harmless) in sorted(parameters.items()):
    print(f'  {{ "{place}", "{name}", NULL, {KINDS[kind]}, {text(harmless)} }},')
print("};")
