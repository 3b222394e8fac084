#!/usr/bin/env python3
"""Nothing is silent: what a request asks for is done, or refused by name."""
# SPDX-License-Identifier: GPL-3.0-or-later
import box

DATASETS = box.PROJECT + "/datasets"
ONE = {"projectId": "eros-rehearsal", "datasetId": "one"}
OLD_DAY, NEW_DAY = "2024-01-01", "2024-01-02"


def started():
    server = box.Box()
    server.json("POST", DATASETS, {"datasetReference": {"datasetId": "one"}})
    return server


def table(name):
    return ONE | {"tableId": name}


def fields(**kinds):
    return {"fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}


def make(server, name, schema, **more):
    return server.json("POST", DATASETS + "/one/tables", {"tableReference": table(name), "schema": schema, **more})


def by_day(server, name):
    make(server, name, fields(d="DATE", v="INTEGER"), timePartitioning={"type": "DAY", "field": "d"})
    server.query(f"INSERT one.{name} VALUES ('{OLD_DAY}', 1), ('{NEW_DAY}', 2), ('{NEW_DAY}', 3)")


def rows(server, name):
    return server.query(f"SELECT CAST(d AS STRING), v FROM one.{name} ORDER BY d, v")


def put(server, name, text):
    if server.send("GET", "/storage/v1/b/files")[0] == 404:
        server.json("POST", "/storage/v1/b?project=p", {"name": "files"})
    if isinstance(text, str):
        text = text.encode()
    server.json("POST", f"/upload/storage/v1/b/files/o?uploadType=media&name={name}", text, 200, {"Content-Type": "text/csv"})
    return f"gs://files/{name}"


def load(server, name, uri, **more):
    return {"load": {"destinationTable": table(name), "sourceUris": [uri], **more}}


def done(server, configuration):
    job = server.job(configuration)
    assert "errorResult" not in job["status"], job["status"]
    return job


# ---- partitions ---------------------------------------------------------------------------------------------------------


def a_query_writes_one_partition():
    with started() as server:
        by_day(server, "p")
        sql = {"query": f"SELECT DATE '{NEW_DAY}' AS d, 9 AS v", "useLegacySql": False}
        done(server, {"query": sql | {"destinationTable": table("p$20240102"), "writeDisposition": "WRITE_TRUNCATE"}})
        assert rows(server, "p") == [[OLD_DAY, "1"], [NEW_DAY, "9"]]
        done(server, {"query": sql | {"destinationTable": table("p$20240102"), "writeDisposition": "WRITE_APPEND"}})
        assert rows(server, "p") == [[OLD_DAY, "1"], [NEW_DAY, "9"], [NEW_DAY, "9"]]
        server.failed({"query": sql | {"destinationTable": table("p$20240103"), "writeDisposition": "WRITE_APPEND"}}, "20240103")
        server.failed({"query": sql | {"destinationTable": table("p$20240102"), "writeDisposition": "WRITE_EMPTY"}},
                      "Already Exists")
        server.failed({"query": sql | {"destinationTable": table("p$2024"), "writeDisposition": "WRITE_APPEND"}}, "2024")
        names = [t["tableReference"]["tableId"] for t in server.json("GET", DATASETS + "/one/tables")["tables"]]
        assert names == ["p"], names


def a_load_writes_one_partition():
    with started() as server:
        by_day(server, "p")
        uri = put(server, "day.csv", f"{NEW_DAY},7\n")
        done(server, load(server, "p$20240102", uri, writeDisposition="WRITE_TRUNCATE"))
        assert rows(server, "p") == [[OLD_DAY, "1"], [NEW_DAY, "7"]]
        server.failed(load(server, "p$20240101", uri, writeDisposition="WRITE_TRUNCATE"), "20240101")
        assert rows(server, "p") == [[OLD_DAY, "1"], [NEW_DAY, "7"]]


def a_copy_reads_and_writes_one_partition():
    with started() as server:
        by_day(server, "p")
        by_day(server, "q")
        done(server, {"copy": {"sourceTable": table("p$20240102"), "destinationTable": table("part")}})
        assert rows(server, "part") == [[NEW_DAY, "2"], [NEW_DAY, "3"]]
        server.query("DELETE FROM one.p WHERE v = 3")
        done(server, {"copy": {"sourceTable": table("p$20240102"), "destinationTable": table("q$20240102"),
                               "writeDisposition": "WRITE_TRUNCATE"}})
        assert rows(server, "q") == [[OLD_DAY, "1"], [NEW_DAY, "2"]]


def rows_are_streamed_read_and_deleted_by_partition():
    with started() as server:
        by_day(server, "p")
        place = DATASETS + "/one/tables/p$20240102"
        server.json("POST", place + "/insertAll", {"rows": [{"json": {"d": NEW_DAY, "v": 5}}]})
        server.refused("POST", place + "/insertAll", {"rows": [{"json": {"d": OLD_DAY, "v": 6}}]}, "20240102")
        assert server.json("GET", place + "/data")["totalRows"] == "3"
        server.refused("GET", place, None, "20240102")
        assert server.send("DELETE", place)[0] == 204
        assert rows(server, "p") == [[OLD_DAY, "1"]]
        make(server, "plain", fields(a="INTEGER"))
        server.refused("DELETE", DATASETS + "/one/tables/plain$20240102", None, "not partitioned")


def what_is_loaded_lies_in_the_partition_of_its_day():
    with started() as server:
        make(server, "t", fields(a="INTEGER"), timePartitioning={"type": "DAY"})
        today = server.query("SELECT FORMAT_DATE('%Y%m%d', CURRENT_DATE())")[0][0]
        server.json("POST", DATASETS + f"/one/tables/t${today}/insertAll", {"rows": [{"json": {"a": 1}}]})
        server.refused("POST", DATASETS + "/one/tables/t$20240101/insertAll", {"rows": [{"json": {"a": 2}}]}, "20240101")
        assert server.json("GET", DATASETS + f"/one/tables/t${today}/data")["totalRows"] == "1"
        assert server.json("GET", DATASETS + "/one/tables/t$20240101/data")["totalRows"] == "0"
        assert server.send("DELETE", DATASETS + f"/one/tables/t${today}")[0] == 204
        assert server.query("SELECT COUNT(*) FROM one.t") == [["0"]]


def a_range_has_partitions_too():
    with started() as server:
        make(server, "r", fields(id="INTEGER"), rangePartitioning={
            "field": "id", "range": {"start": "0", "end": "100", "interval": "10"}})
        server.query("INSERT one.r VALUES (5), (15), (25)")
        assert server.send("DELETE", DATASETS + "/one/tables/r$10")[0] == 204
        assert server.query("SELECT id FROM one.r ORDER BY id") == [["5"], ["25"]]
        server.refused("DELETE", DATASETS + "/one/tables/r$11", None, "11")


# ---- destinations -------------------------------------------------------------------------------------------------------


def a_job_makes_the_table_that_it_describes():
    with started() as server:
        sql = {"query": f"SELECT DATE '{NEW_DAY}' AS d, 'k' AS k", "useLegacySql": False}
        layout = {"timePartitioning": {"type": "MONTH", "field": "d"}, "clustering": {"fields": ["k"]}}
        done(server, {"query": sql | layout | {"destinationTable": table("m")}})
        uri = put(server, "m.csv", f"{NEW_DAY},x\n")
        done(server, load(server, "l", uri, schema=fields(d="DATE", k="STRING"), **layout, destinationTableProperties={
            "description": "loaded", "labels": {"a": "b"}}))
        for name in ("m", "l"):
            made = server.json("GET", DATASETS + "/one/tables/" + name)
            assert made["timePartitioning"]["type"] == "MONTH" and made["clustering"] == {"fields": ["k"]}, made
        assert (made["description"], made["labels"]) == ("loaded", {"a": "b"})
        server.failed({"query": sql | {"destinationTable": table("m"), "writeDisposition": "WRITE_APPEND",
                                       "timePartitioning": {"type": "DAY", "field": "d"}}}, "partitioning")
        done(server, {"query": sql | {"destinationTable": table("m"), "writeDisposition": "WRITE_TRUNCATE"}})
        assert "timePartitioning" in server.json("GET", DATASETS + "/one/tables/m")


def a_table_grows_where_a_job_allows_it():
    with started() as server:
        make(server, "g", {"fields": [{"name": "a", "type": "INTEGER", "mode": "REQUIRED"}]})
        uri = put(server, "g.csv", "1,x\n")
        wider = {"fields": [{"name": "a", "type": "INTEGER"}, {"name": "b", "type": "STRING"}]}
        server.failed(load(server, "g", uri, schema=wider), "field: b")
        done(server, load(server, "g", uri, schema=wider,
                          schemaUpdateOptions=["ALLOW_FIELD_ADDITION", "ALLOW_FIELD_RELAXATION"]))
        assert [f.get("mode", "NULLABLE") for f in server.json("GET", DATASETS + "/one/tables/g")["schema"]["fields"]] == [
            "NULLABLE", "NULLABLE"]
        done(server, {"query": {"query": "SELECT 2 AS a, 'y' AS b, 3 AS c", "useLegacySql": False,
                                "destinationTable": table("g"), "writeDisposition": "WRITE_APPEND",
                                "schemaUpdateOptions": ["ALLOW_FIELD_ADDITION"]}})
        assert server.query("SELECT a, b, c FROM one.g ORDER BY a") == [["1", "x", None], ["2", "y", "3"]]
        server.failed(load(server, "g", uri, schema=wider, writeDisposition="WRITE_TRUNCATE",
                           schemaUpdateOptions=["ALLOW_FIELD_ADDITION"]), "Schema update options")


def only_a_query_has_a_destination():
    with started() as server:
        make(server, "t", fields(a="INTEGER"))
        for sql, word in (("DECLARE x INT64; SELECT x", "scripts"), ("INSERT one.t VALUES (1)", "DML"),
                          ("CREATE TABLE one.u (a INT64)", "DDL")):
            server.failed({"query": {"query": sql, "useLegacySql": False, "destinationTable": table("d")}}, word)
        server.failed({"query": {"query": "INSERT one.t VALUES (1)", "useLegacySql": False,
                                 "createDisposition": "CREATE_IF_NEEDED"}}, "create disposition")
        server.failed({"query": {"query": "SELECT 1", "useLegacySql": False,
                                 "connectionProperties": [{"key": "dataset_project_id", "value": "x"}]}}, "dataset_project_id")


def a_data_sets_defaults_hold_for_its_new_tables():
    with started() as server:
        server.json("PATCH", DATASETS + "/one", {"defaultTableExpirationMs": "7200000", "defaultPartitionExpirationMs": "86400000"})
        assert "expirationTime" in make(server, "plain", fields(a="INTEGER"))
        assert make(server, "own", fields(a="INTEGER"), expirationTime="4102444800000")["expirationTime"] == "4102444800000"
        made = make(server, "days", fields(d="DATE"), timePartitioning={"type": "DAY", "field": "d"})
        assert made["timePartitioning"]["expirationMs"] == "86400000" and "expirationTime" not in made, made
        server.query("CREATE TABLE one.by_sql (a INT64)")
        assert "expirationTime" in server.json("GET", DATASETS + "/one/tables/by_sql")


# ---- loads --------------------------------------------------------------------------------------------------------------


def csv_is_read_as_the_job_says():
    with started() as server:
        two = fields(a="STRING", b="STRING")
        for number, (text, more, expected) in enumerate((
                ("'x,y',z\n", {"quote": "'"}, [["x,y", "z"]]), ('"x",z\n', {"quote": ""}, [['"x"', "z"]]),
                ("x\n", {"allowJaggedRows": True}, [["x", None]]), ('"x\ny",z\n', {"allowQuotedNewlines": True}, [["x\ny", "z"]]),
                ("NIL,-\n", {"nullMarkers": ["NIL", "-"]}, [[None, None]]), ("x|y\n", {"fieldDelimiter": "|"}, [["x", "y"]]),
                ("é,z\n".encode("latin-1"), {"encoding": "ISO-8859-1"}, [["é", "z"]]),
                ("é,z\n".encode("utf-16-le"), {"encoding": "UTF-16LE"}, [["é", "z"]]),
                ("x,y,z\n", {"ignoreUnknownValues": True}, [["x", "y"]]))):
            done(server, load(server, f"t{number}", put(server, f"f{number}", text), schema=two, **more))
            got = server.query(f"SELECT a, b FROM one.t{number}")
            assert got == expected, (more, got)
        for text, more, word in (('"x\ny",z\n', {}, "allowQuotedNewlines"), ("x\n", {}, "Too few"), ("x,y,z\n", {}, "Too many"),
                                 ("x,y\n", {"encoding": "EBCDIC"}, "encoding"), ("x,y\n", {"quote": "ab"}, "quote"),
                                 ("x,y\n", {"nullMarker": "a", "nullMarkers": ["b"]}, "nullMarkers"),
                                 ("x,y\n", {"hivePartitioningOptions": {"mode": "AUTO"}}, "hivePartitioningOptions"),
                                 ("x,y\n", {"sourceFormat": "ORC"}, "ORC"), ("x,y\n", {"timeZone": "UTC"}, "timeZone"),
                                 ("x,y\n", {"sourceFormat": "NEWLINE_DELIMITED_JSON", "quote": "'"}, "quote")):
            server.failed(load(server, "no", put(server, "no.csv", text), schema=two, **more), word)


def columns_are_detected():
    with started() as server:
        for number, (text, more, names, kinds) in enumerate((
                ("id,when,how\n1,2024-01-02,1.5\n2,2024-01-03,2\n", {}, "id when how", "INTEGER DATE FLOAT"),
                ("1,x,true\n", {}, "int64_field_0 string_field_1 bool_field_2", "INTEGER STRING BOOLEAN"),
                ("about\nid,t\n1,2024-01-02 03:04:05\n", {"skipLeadingRows": "2"}, "id t", "INTEGER TIMESTAMP"),
                ('{"a":1,"b":["x"],"c":{"d":1.5}}\n{"a":2}\n', {"sourceFormat": "NEWLINE_DELIMITED_JSON"}, "a b c",
                 "INTEGER STRING RECORD"))):
            done(server, load(server, f"d{number}", put(server, f"d{number}", text), autodetect=True, **more))
            schema = server.json("GET", DATASETS + f"/one/tables/d{number}")["schema"]["fields"]
            assert " ".join(f["name"] for f in schema) == names, (text, schema)
            assert " ".join(f["type"] for f in schema) == kinds, (text, schema)
        assert server.query("SELECT COUNT(*), SUM(id) FROM one.d0") == [["2", "3"]]
        assert server.query("SELECT id FROM one.d2") == [["1"]]
        assert server.query("SELECT SUM(c.d) FROM one.d3") == [["1.5"]]


# ---- patches ------------------------------------------------------------------------------------------------------------


def a_patch_changes_what_it_names():
    with started() as server:
        by_day(server, "p")
        place = DATASETS + "/one/tables/p"
        patched = server.json("PATCH", place, {"timePartitioning": {"expirationMs": "86400000"}})
        assert patched["timePartitioning"] == {"type": "DAY", "field": "d", "expirationMs": "86400000"}, patched
        server.refused("PATCH", place, {"timePartitioning": {"type": "MONTH"}}, "partitioning")
        make(server, "plain", fields(d="DATE"))
        server.refused("PATCH", DATASETS + "/one/tables/plain", {"timePartitioning": {"type": "DAY", "field": "d"}},
                       "non partitioned")
        server.json("POST", DATASETS + "/one/tables", {"tableReference": table("v"),
                                                       "view": {"query": "SELECT 1 AS a", "useLegacySql": False}})
        server.json("PATCH", DATASETS + "/one/tables/v", {"schema": {"fields": [
            {"name": "a", "type": "INTEGER", "description": "one"}]}})
        assert server.json("GET", DATASETS + "/one/tables/v")["schema"]["fields"][0]["description"] == "one"
        server.refused("PATCH", DATASETS + "/one/tables/v", {"schema": fields(b="STRING")}, "view")
        server.refused("PATCH", DATASETS + "/one/tables/v", {"view": {"query": "SELECT 1", "useLegacySql": True}}, "egacy")
        view = server.json("POST", DATASETS + "/one/tables", {"tableReference": table("mv"), "materializedView": {
            "query": "SELECT COUNT(*) AS n FROM one.p", "refreshIntervalMs": "60000"}})
        assert view["materializedView"]["refreshIntervalMs"] == "60000"


def what_the_server_has_not_got_is_refused_by_name():
    with started() as server:
        tables = DATASETS + "/one/tables"
        reference = {"tableReference": table("x"), "schema": fields(a="INTEGER")}
        for member, value in (("externalDataConfiguration", {"sourceFormat": "CSV"}), ("encryptionConfiguration", {"kmsKeyName": "k"}),
                              ("maxStaleness", "0-0 0 1:0:0"),
                              ("biglakeConfiguration", {"fileFormat": "PARQUET"})):
            server.refused("POST", tables, reference | {member: value}, member)
        make(server, "t", fields(a="INTEGER"))
        server.refused("POST", tables + "/t/insertAll", {"templateSuffix": "_x", "rows": [{"json": {"a": 1}}]}, "templateSuffix")
        query = {"query": "SELECT 1", "useLegacySql": False}
        for member, value in (("tableDefinitions", {"e": {"sourceFormat": "CSV"}}), ("continuous", True),
                              ("userDefinedFunctionResources", [{"inlineCode": "x"}])):
            server.refused("POST", box.PROJECT + "/jobs", {"configuration": {"query": query | {member: value}}}, member)
        server.refused("POST", DATASETS, {"datasetReference": {"datasetId": "y"}, "isCaseInsensitive": True}, "isCaseInsensitive")
        server.refused("GET", tables + "?alt=proto", None, "alt")
        server.refused("GET", tables + "?maxResult=1", None, "maxResult")
        server.refused("GET", DATASETS + "/one?callback=f", None, "callback")
        server.json("POST", box.PROJECT + "/queries", query | {"createSession": False, "continuous": None})


box.run([a_query_writes_one_partition, a_load_writes_one_partition, a_copy_reads_and_writes_one_partition,
         rows_are_streamed_read_and_deleted_by_partition, what_is_loaded_lies_in_the_partition_of_its_day, a_range_has_partitions_too, a_job_makes_the_table_that_it_describes,
         a_table_grows_where_a_job_allows_it, only_a_query_has_a_destination, a_data_sets_defaults_hold_for_its_new_tables, csv_is_read_as_the_job_says,
         columns_are_detected, a_patch_changes_what_it_names, what_the_server_has_not_got_is_refused_by_name])
