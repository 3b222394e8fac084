#!/usr/bin/env python3
"""Writes C strings with discovery documents, without their prose: make-discovery.py NAME=DISCOVERY… > TABLE.h

What of it is told is decided when somebody asks: the server leaves out the methods that it has not."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import sys

DROPPED = {"description", "enumDescriptions", "documentationLink", "icons", "mtlsRootUrl", "endpoints",
           "ownerDomain", "ownerName", "fullyEncodeReservedExpansion", "deprecated", "enumDeprecated"}


def plain(value, named):
    """Without prose; what stands under a name of the document's own keeps it, whatever it is called."""
    if isinstance(value, list):
        return [plain(item, False) for item in value]
    if not isinstance(value, dict):
        return value
    own = {"schemas", "properties", "parameters", "resources", "methods", "scopes"}
    return {key: plain(item, not named and key in own) for key, item in value.items() if named or key not in DROPPED}


for argument in sys.argv[1:]:
    name, _, path = argument.partition("=")
    with open(path, encoding="utf-8") as file:
        text = json.dumps(plain(json.load(file), False), separators=(",", ":"), ensure_ascii=True)
    print(f"static const char {name.upper()}[] =")
    while text:
        head, text = text[:100], text[100:]
        print("  " + json.dumps(head))
    print(";")
