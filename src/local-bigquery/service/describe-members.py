#!/usr/bin/env python3
"""Writes the table of docs/local-bigquery.md from members.txt: describe-members.py [--check] MEMBERS DOCUMENT

With --check it only looks whether the document has the table of today."""
# SPDX-License-Identifier: GPL-3.0-or-later
import sys

BEGIN, END = "<!-- from members.txt: describe-members.py -->", "<!-- end -->"

refused = {}
counts = dict.fromkeys(("read", "kept", "nothing", "refused"), 0)
with open(sys.argv[-2], encoding="utf-8") as file:
    for line in file:
        words = line.split("#")[0].split()
        if len(words) > 2:
            counts[words[0]] += len(words) - 2
            if words[0] == "refused":
                refused.setdefault(words[1], []).extend(word.lstrip("+").partition("=")[0] for word in words[2:])
lines = [BEGIN, "", f"{counts['read']} are read, {counts['kept']} kept, {counts['nothing']} change nothing, "
         f"{counts['refused']} are refused:", "", "| of | refused |", "|---|---|"]
lines += [f"| `{where}` | {', '.join(f'`{name}`' for name in sorted(names))} |" for where, names in refused.items()]
table = "\n".join(lines + ["", END])
with open(sys.argv[-1], encoding="utf-8") as file:
    document = file.read()
head, rest = document.split(BEGIN, 1)
whole = head + table + rest.split(END, 1)[1]
if sys.argv[1] == "--check":
    sys.exit(0 if whole == document else f"{sys.argv[-1]} is older than {sys.argv[-2]}: describe-members.py writes it anew")
with open(sys.argv[-1], "w", encoding="utf-8") as file:
    file.write(whole)
