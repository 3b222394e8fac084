#!/usr/bin/env python3
"""Goes through the list of members and parameters: what is said to be refused is refused by name, what is said to change
nothing is taken, what is said to be read stands in the source of a handler."""
# SPDX-License-Identifier: GPL-3.0-or-later
import fnmatch
import os
import pathlib
import re

import box

SERVICE = pathlib.Path(os.environ["EROS_SOURCE_ROOT"], "src/local-bigquery/service")
DATASETS = box.PROJECT + "/datasets"
TABLES = DATASETS + "/one/tables"
QUERY = {"query": "SELECT 1", "useLegacySql": False}
BUCKET = "/storage/v1/b/things"


def job(**configuration):
    return "POST", box.PROJECT + "/jobs", {"configuration": configuration}


# How a request looks that has the members @m where they belong.
REQUESTS = {
    "Job": lambda m: ("POST", box.PROJECT + "/jobs", {"configuration": {"query": QUERY}} | m),
    "JobReference": lambda m: ("POST", box.PROJECT + "/jobs", {"configuration": {"query": QUERY}, "jobReference": m}),
    "JobConfiguration": lambda m: job(query=QUERY, **m),
    "JobConfigurationQuery": lambda m: job(query=QUERY | m),
    "JobConfigurationLoad": lambda m: job(load=m),
    "JobConfigurationTableCopy": lambda m: job(copy=m),
    "JobConfigurationExtract": lambda m: job(extract=m),
    "DestinationTableProperties": lambda m: job(load={"destinationTableProperties": m}),
    "QueryRequest": lambda m: ("POST", box.PROJECT + "/queries", QUERY | m),
    "DataFormatOptions": lambda m: ("POST", box.PROJECT + "/queries", QUERY | {"formatOptions": m}),
    "QueryParameterType": lambda m: ("POST", box.PROJECT + "/queries", QUERY | {"queryParameters": [{"parameterType": m}]}),
    "QueryParameterValue": lambda m: ("POST", box.PROJECT + "/queries", QUERY | {"queryParameters": [{"parameterValue": m}]}),
    "Dataset": lambda m: ("PATCH", DATASETS + "/one", m),
    "DatasetReference": lambda m: ("PATCH", DATASETS + "/one", {"datasetReference": m}),
    "Table": lambda m: ("PATCH", TABLES + "/t", m),
    "TableSchema": lambda m: ("PATCH", TABLES + "/t", {"schema": m}),
    "TableFieldSchema": lambda m: ("PATCH", TABLES + "/t", {"schema": {"fields": [{"name": "a", "type": "INTEGER"} | m]}}),
    "ViewDefinition": lambda m: ("PATCH", TABLES + "/t", {"view": m}),
    "MaterializedViewDefinition": lambda m: ("PATCH", TABLES + "/t", {"materializedView": m}),
    "Routine": lambda m: ("POST", DATASETS + "/one/routines", m),
    "Argument": lambda m: ("POST", DATASETS + "/one/routines", {"arguments": [m]}),
    "StandardSqlDataType": lambda m: ("POST", DATASETS + "/one/routines", {"returnType": m}),
    "TableDataInsertAllRequest": lambda m: ("POST", TABLES + "/t/insertAll", {"rows": [{"json": {}}]} | m),
    "TransferConfig": lambda m: ("POST", "/v1/projects/eros-rehearsal/locations/us/transferConfigs", m),
    "Bucket": lambda m: ("PATCH", BUCKET, m),
    "Object": lambda m: ("PATCH", BUCKET + "/o/o", m),
    "ComposeRequest": lambda m: ("POST", BUCKET + "/o/whole/compose", {"sourceObjects": [{"name": "o"}]} | m),
}


def read_list():
    """(kind, where, name)"""
    for line in (SERVICE / "members.txt").read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        for word in words[2:]:
            yield words[0], words[1], word.partition("=")[0].lstrip("+")


def started():
    server = box.Box()
    server.json("POST", DATASETS, {"datasetReference": {"datasetId": "one"}})
    server.json("POST", TABLES, {"tableReference": {"tableId": "t"}, "schema": {"fields": [{"name": "a", "type": "INTEGER"}]}})
    server.json("POST", "/storage/v1/b?project=p", {"name": "things"})
    server.json("POST", f"/upload{BUCKET}/o?uploadType=media&name=o", b"x", 200, {"Content-Type": "text/plain"})
    return server


def is_schema(where):
    return where[0].isupper()


def each_member_that_is_refused_is_named():
    with started() as server:
        seen = 0
        for kind, where, name in read_list():
            if kind == "refused" and is_schema(where):
                server.refused(*REQUESTS[where]({name: True}), name)
                seen += 1
        assert seen > 90, seen


def each_member_that_changes_nothing_is_taken():
    with started() as server:
        for kind, where, name in read_list():
            if kind == "nothing" and is_schema(where) and where in REQUESTS:
                data = server.send(*REQUESTS[where]({name: None}))[2].decode()
                assert "Unknown name" not in data and "does not have" not in data, (where, name, data)


def methods_of(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods_of(inner)


def each_parameter_that_is_refused_is_named():
    with started() as server:
        seen = 0
        methods = []
        for api, version in (("bigquery", "v2"), ("storage", "v1"), ("bigquerydatatransfer", "v1")):
            document = server.json("GET", f"/discovery/v1/apis/{api}/{version}/rest")
            methods += [(document["servicePath"], method) for method in methods_of(document)]
        for kind, where, name in read_list():
            if kind != "refused" or is_schema(where):
                continue
            for service_path, method in methods:
                own = name in method.get("parameters", {}) or where == "*"
                if not fnmatch.fnmatchcase(method["id"], where) or not own or "mediaUpload" in method:
                    continue
                if method["id"] == "storage.objects.get" and name == "alt":
                    continue
                path = "/" + service_path + re.sub(r"\{[^}]*\}", "none", method.get("flatPath", method["path"]))
                got, _, data = server.send(method["httpMethod"], f"{path}?{name}=strange")
                assert got == 400 and name in data.decode(), (method["id"], name, got, data)
                seen += 1
        assert seen > 150, seen


def what_is_read_stands_in_a_handler():
    text = "".join(path.read_text(encoding="utf-8") for path in SERVICE.glob("*.c"))
    for kind, where, name in read_list():
        if kind in ("read", "kept"):
            short = re.sub("^if(Source)?", "", name)
            assert f'"{name}"' in text or f'"{short}"' in text, f"{where}: nobody reads {name}"


box.run([each_member_that_is_refused_is_named, each_member_that_changes_nothing_is_taken,
         each_parameter_that_is_refused_is_named, what_is_read_stands_in_a_handler])
