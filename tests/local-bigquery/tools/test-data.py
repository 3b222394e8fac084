#!/usr/bin/env python3
"""Files, policies and sessions: EXPORT DATA and LOAD DATA, who sees which rows, what outlives a job."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import tempfile
import time

import box

DATASETS = box.PROJECT + "/datasets"
ME = "me@example.com"
POLICIES = DATASETS + "/one/tables/t/rowAccessPolicies"


def started():
    server = box.Box("--user", ME)
    server.json("POST", DATASETS, {"datasetReference": {"datasetId": "one"}})
    server.json("POST", "/storage/v1/b?project=p", {"name": "files"})
    return server


def read(server, name):
    status, _, data = server.send("GET", "/storage/v1/b/files/o/" + name.replace("/", "%2F") + "?alt=media")
    assert status == 200, (name, status)
    return data.decode()


def names(server, prefix):
    return [item["name"] for item in server.json("GET", f"/storage/v1/b/files/o?prefix={prefix}").get("items", [])]


def fails(server, sql, *words, reason=None, **more):
    got, _, data = server.send("POST", box.PROJECT + "/queries", {"query": sql, "useLegacySql": False, **more})
    assert got >= 400, f"{sql}: {got}"
    error = json.loads(data)["error"]
    for word in words:
        assert word in error["message"], f"{sql}: {word} is not in {error['message']}"
    assert reason is None or error["errors"][0]["reason"] == reason, f"{sql}: {error}"


# Files


def a_query_is_exported():
    with started() as server:
        export = "EXPORT DATA OPTIONS (uri = 'gs://files/%s', format = '%s'%s) AS %s"
        rows = "SELECT 1 AS a, 'x,y' AS b UNION ALL SELECT 2, NULL ORDER BY a"
        answer = server.json("POST", box.PROJECT + "/queries",
                             {"query": export % ("c/*.csv", "CSV", "", rows), "useLegacySql": False})
        assert "schema" not in answer and "rows" not in answer, answer
        assert read(server, "c/000000000000.csv") == 'a,b\n1,"x,y"\n2,\n'
        server.query(export % ("p/*.csv", "csv", ", header = FALSE, field_delimiter = '|'", rows))
        assert read(server, "p/000000000000.csv") == "1|x,y\n2|\n"
        server.query(export % ("j/*.json", "JSON", "", "SELECT 1 AS a, [1, 2] AS b, STRUCT('x' AS c) AS d"))
        assert json.loads(read(server, "j/000000000000.json")) == {"a": "1", "b": ["1", "2"], "d": {"c": "x"}}
        server.query(export % ("e/*.csv", "CSV", "", "SELECT 1 AS a LIMIT 0"))
        assert read(server, "e/000000000000.csv") == "a\n"


def an_export_says_what_it_has_written():
    with started() as server:
        job = server.job({"query": {"useLegacySql": False, "query": "EXPORT DATA OPTIONS (uri = 'gs://files/n/*', "
                                    "format = 'CSV', compression = 'GZIP') AS SELECT * FROM UNNEST([1, 2, 3])"}})
        query = job["statistics"]["query"]
        assert query["statementType"] == "EXPORT_DATA", query
        assert query["exportDataStatistics"] == {"fileCount": "1", "rowCount": "3"}, query
        assert names(server, "n/") == ["n/000000000000"]


def an_export_writes_over_nothing_unasked():
    with started() as server:
        sql = "EXPORT DATA OPTIONS (uri = 'gs://files/o/*.csv', format = 'CSV'%s) AS SELECT %d AS a"
        server.query(sql % ("", 1))
        fails(server, sql % ("", 2), "gs://files/o/", "overwrite", reason="invalid")
        assert read(server, "o/000000000000.csv") == "a\n1\n"
        server.query(sql % (", overwrite = TRUE", 2))
        assert read(server, "o/000000000000.csv") == "a\n2\n"


def an_export_stops_when_it_is_cancelled():
    with started() as server:
        sql = ("EXPORT DATA OPTIONS (uri = 'gs://files/big/*', format = 'JSON', compression = 'GZIP') AS "
               "SELECT a, b, REPEAT('x', 1000) AS c FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS a, "
               "UNNEST(GENERATE_ARRAY(1, 400)) AS b")
        job = server.json("POST", box.PROJECT + "/jobs", {"configuration": {"query": {"query": sql, "useLegacySql": False}}})
        path = box.PROJECT + "/jobs/" + job["jobReference"]["jobId"]
        while not names(server, "big/"):
            time.sleep(0.01)
        server.json("POST", path + "/cancel")
        while job["status"]["state"] != "DONE":
            job = server.json("GET", path)
        assert job["status"]["errorResult"]["reason"] == "stopped", job["status"]


def an_export_that_a_kill_ends_does_not_say_that_it_wrote_nothing():
    with tempfile.TemporaryDirectory() as folder:
        server = box.Box("--data", folder)
        server.json("POST", "/storage/v1/b?project=p", {"name": "files"})
        sql = ("EXPORT DATA OPTIONS (uri = 'gs://files/big/*', format = 'JSON') AS "
               "SELECT a, REPEAT('x', 1000) AS b FROM UNNEST(GENERATE_ARRAY(1, 300000)) AS a")
        job = server.json("POST", box.PROJECT + "/jobs", {"configuration": {"query": {"query": sql, "useLegacySql": False}}})
        while not names(server, "big/"):
            time.sleep(0.01)
        server.process.kill()
        server.process.wait()
        with box.Box("--data", folder) as again:
            job = again.json("GET", box.PROJECT + "/jobs/" + job["jobReference"]["jobId"])
            assert "files that it was to write may have been written" in job["status"]["errorResult"]["message"], job
            assert names(again, "big/")


def what_cannot_be_exported_is_refused():
    with started() as server:
        sql = "EXPORT DATA OPTIONS (%s) AS SELECT 1 AS a"
        fails(server, sql % "format = 'CSV'", "Option 'uri' is missing or empty.", reason="invalidQuery")
        fails(server, sql % "uri = 'gs://files/*'", "Option 'format' is missing or empty.")
        fails(server, sql % "uri = 'gs://files/*', format = 'ORC'",
              "'ORC' is not a valid value; failed to set 'format' in EXPORT DATA OPTIONS")
        fails(server, sql % "uri = 'gs://files/*', format = 'AVRO'", "AVRO", "not supported")
        fails(server, sql % "uri = 'gs://files/*', format = 'PARQUET'", "PARQUET", "not supported")
        fails(server, sql % "uri = 'gs://files/a.csv', format = 'CSV'", "wildcard")
        fails(server, sql % "uri = 'gs://nowhere/*', format = 'CSV'", "Bucket nowhere", reason="notFound")
        fails(server, sql % "uri = 'gs://files/*', format = 'CSV', colour = 'red'", "Unknown option: colour")
        fails(server, "EXPORT DATA OPTIONS (uri = 'gs://files/n*', format = 'CSV') AS SELECT [1] AS a",
              "nested schema", "a")
        assert names(server, "") == []


def files_are_loaded():
    with started() as server:
        server.query("EXPORT DATA OPTIONS (uri = 'gs://files/in/*.csv', format = 'CSV') AS "
                     "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'")
        files = "FROM FILES (format = 'CSV', uris = ['gs://files/in/*.csv'], skip_leading_rows = 1)"
        server.query("LOAD DATA INTO one.found " + files)
        assert sorted(server.query("SELECT * FROM one.found")) == [["1", "x"], ["2", "y"]]
        server.query("LOAD DATA OVERWRITE one.said (a INT64, b STRING OPTIONS (description = 'B')) CLUSTER BY a "
                     "OPTIONS (description = 'said') " + files)
        server.query("LOAD DATA INTO one.said " + files)
        assert server.query("SELECT COUNT(*) FROM one.said") == [["4"]]
        table = server.json("GET", DATASETS + "/one/tables/said")
        assert table["clustering"] == {"fields": ["a"]} and table["description"] == "said", table
        assert table["schema"]["fields"][1]["description"] == "B", table
        server.query("LOAD DATA OVERWRITE one.said " + files)
        assert server.query("SELECT COUNT(*) FROM one.said") == [["2"]]


def a_load_that_fails_leaves_the_table_as_it_was():
    with started() as server:
        server.query("CREATE TABLE one.t AS SELECT 1 AS a")
        server.query("EXPORT DATA OPTIONS (uri = 'gs://files/bad/*.csv', format = 'CSV') AS SELECT 'x' AS a")
        fails(server, "LOAD DATA OVERWRITE one.t (a INT64) FROM FILES (format = 'CSV', uris = ['gs://files/bad/*'])",
              "gs://files/bad/000000000000.csv")
        fails(server, "LOAD DATA INTO one.t FROM FILES (format = 'CSV', uris = ['gs://files/none/*'])",
              "gs://files/none/*", reason="notFound")
        fails(server, "LOAD DATA INTO one.t FROM FILES (format = 'PARQUET', uris = ['gs://files/*'])", "PARQUET",
              "not supported")
        fails(server, "LOAD DATA INTO one.t FROM FILES (format = 'CSV')", "Option 'uris' is missing or empty.")
        fails(server, "LOAD DATA INTO one.t FROM FILES (format = 'CSV', uris = ['gs://files/*'], time_zone = 'UTC')",
              "time_zone", "not supported")
        fails(server, "BEGIN TRANSACTION; LOAD DATA INTO one.t FROM FILES (format = 'CSV', uris = ['gs://files/*'])",
              "inside a transaction")
        assert server.query("SELECT * FROM one.t") == [["1"]]


# Row access policies


def with_countries(server):
    server.query("CREATE TABLE one.t AS SELECT 1 AS id, 'US' AS c UNION ALL SELECT 2, 'EU' UNION ALL SELECT 3, 'JP'")


def only_what_a_policy_grants_is_seen():
    with started() as server:
        with_countries(server)
        server.query(f"CREATE ROW ACCESS POLICY us ON one.t GRANT TO ('user:{ME}') FILTER USING (c = 'US')")
        assert server.query("SELECT id FROM one.t") == [["1"]]
        server.query("CREATE VIEW one.v AS SELECT id FROM one.t")
        assert server.query("SELECT COUNT(*) FROM one.v") == [["1"]]
        server.query("CREATE ROW ACCESS POLICY jp ON one.t GRANT TO ('domain:example.com') "
                     "FILTER USING (id IN (SELECT 3))")
        assert server.query("SELECT id FROM one.t ORDER BY id") == [["1"], ["3"]]
        server.query("CREATE OR REPLACE ROW ACCESS POLICY us ON one.t GRANT TO ('user:x@example.com') "
                     "FILTER USING (TRUE)")
        server.query("CREATE OR REPLACE ROW ACCESS POLICY jp ON one.t GRANT TO ('group:g@example.com') "
                     "FILTER USING (SESSION_USER() = 'nobody')")
        assert server.query("SELECT id FROM one.t") == []
        server.query("CREATE ROW ACCESS POLICY whole ON one.t GRANT TO ('allAuthenticatedUsers') FILTER USING (TRUE)")
        assert server.query("SELECT COUNT(*) FROM one.t") == [["3"]]
        job = server.job({"query": {"query": "DROP ALL ROW ACCESS POLICIES ON one.t", "useLegacySql": False}})
        assert job["statistics"]["query"]["ddlAffectedRowAccessPolicyCount"] == "3", job
        assert server.query("SELECT COUNT(*) FROM one.t") == [["3"]]


def who_does_not_see_all_rows_neither_copies_nor_changes_them():
    with started() as server:
        with_countries(server)
        server.query(f"CREATE ROW ACCESS POLICY us ON one.t GRANT TO ('user:{ME}') FILTER USING (c = 'US')")
        for sql in ["UPDATE one.t SET c = 'x' WHERE TRUE", "DELETE FROM one.t WHERE TRUE", "TRUNCATE TABLE one.t",
                    "MERGE one.t USING (SELECT 1 AS id) AS s ON t.id = s.id WHEN MATCHED THEN DELETE",
                    "CREATE TABLE one.u CLONE one.t", "CREATE TABLE one.u COPY one.t",
                    "CREATE SNAPSHOT TABLE one.u CLONE one.t", "SELECT * FROM `one.*`",
                    "SELECT * FROM one.t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()"]:
            fails(server, sql, "row access policies", reason="accessDenied")
        server.refused("GET", DATASETS + "/one/tables/t/data", None, "row access policies", status=(403,))
        reference = {"projectId": "eros-rehearsal", "datasetId": "one"}
        server.failed({"copy": {"sourceTable": reference | {"tableId": "t"},
                                "destinationTable": reference | {"tableId": "u"}}}, "row access policies")
        server.failed({"extract": {"sourceTable": reference | {"tableId": "t"},
                                   "destinationUris": ["gs://files/t.csv"]}}, "row access policies")
        server.query("CREATE TABLE one.like LIKE one.t")
        assert server.query("SELECT * FROM one.like") == []
        server.query("INSERT one.t SELECT 4, c FROM one.t")
        server.query("CREATE TABLE one.mine AS SELECT * FROM one.t")
        assert server.query("SELECT id FROM one.mine ORDER BY id") == [["1"], ["4"]]
        server.query("DROP ALL ROW ACCESS POLICIES ON one.t")
        assert server.query("SELECT COUNT(*) FROM one.t") == [["4"]]


def a_policy_hides_what_was_there_before_it():
    with started() as server:
        with_countries(server)
        time.sleep(0.2)
        then = int(time.time() * 1000)
        time.sleep(0.2)
        past = f"one.t FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS({then})"
        source = {"projectId": "eros-rehearsal", "datasetId": "one", "tableId": f"t@{then}"}
        server.query(f"CREATE ROW ACCESS POLICY us ON one.t GRANT TO ('user:{ME}') FILTER USING (c = 'US')")
        for change in ("DROP TABLE one.t", "CREATE TABLE one.t AS SELECT 1 AS id"):
            fails(server, f"SELECT * FROM {past}", "row access policies", reason="accessDenied")
            fails(server, f"CREATE TABLE one.u CLONE {past}", "row access policies", reason="accessDenied")
            server.failed({"copy": {"sourceTable": source, "destinationTable": source | {"tableId": "u"}}},
                          "row access policies")
            server.failed({"extract": {"sourceTable": source, "destinationUris": ["gs://files/t.csv"]}},
                          "row access policies")
            server.query(change)
        fails(server, f"SELECT * FROM {past}", "row access policies", reason="accessDenied")


def policies_are_made_as_they_are_meant():
    with started() as server:
        with_countries(server)
        fails(server, "CREATE ROW ACCESS POLICY p ON one.t FILTER USING (nothing = 1)", "Unrecognized name: nothing")
        fails(server, "CREATE ROW ACCESS POLICY p ON one.t FILTER USING (id)", "BOOL")
        fails(server, "CREATE ROW ACCESS POLICY p ON one.t GRANT TO ('me') FILTER USING (TRUE)", "Invalid grantee")
        fails(server, "DECLARE x INT64 DEFAULT 1; CREATE ROW ACCESS POLICY p ON one.t FILTER USING (id = x)",
              "variables cannot be used")
        fails(server, "CREATE ROW ACCESS POLICY p ON one.none FILTER USING (TRUE)", "one.none", reason="notFound")
        server.query("CREATE ROW ACCESS POLICY p ON one.t FILTER USING (id = 1 -- the first\n)")
        fails(server, "CREATE ROW ACCESS POLICY p ON one.t FILTER USING (TRUE)", reason="duplicate")
        server.query("CREATE ROW ACCESS POLICY IF NOT EXISTS p ON one.t FILTER USING (TRUE)")
        assert server.query("SELECT * FROM one.t") == []
        fails(server, "DROP ROW ACCESS POLICY p ON one.t", "DROP ALL ROW ACCESS POLICIES")
        fails(server, "DROP ROW ACCESS POLICY q ON one.t", "policy q", reason="notFound")
        server.query("DROP ROW ACCESS POLICY IF EXISTS q ON one.t")
        server.query("CREATE OR REPLACE TABLE one.t AS SELECT 1 AS id")
        assert server.query("SELECT * FROM one.t") == [["1"]]


def policies_are_resources():
    with started() as server:
        with_countries(server)
        body = {"rowAccessPolicyReference": {"projectId": "eros-rehearsal", "datasetId": "one", "tableId": "t",
                                             "policyId": "us"},
                "filterPredicate": "c = 'US'", "grantees": [f"user:{ME}"]}
        made = server.json("POST", POLICIES, body)
        assert made["filterPredicate"] == "c = 'US'" and made["rowAccessPolicyReference"]["policyId"] == "us", made
        assert server.query("SELECT id FROM one.t") == [["1"]]
        server.json("POST", POLICIES, body, status=409)
        server.refused("POST", POLICIES, body | {"filterPredicate": "d = 1"}, "d")
        other = body | {"rowAccessPolicyReference": {"policyId": "other"}}
        for filter_ in ("TRUE) OR (TRUE", "TRUE); DROP TABLE one.t; SELECT (1", "id = @p", "id = @@row_count", "id"):
            server.refused("POST", POLICIES, other | {"filterPredicate": filter_})
        server.refused("POST", POLICIES, other | {"grantees": ["me"]}, "Invalid grantee")
        server.refused("POST", POLICIES, other | {"grantees": [1]}, "grantees")
        server.refused("POST", POLICIES, body | {"rowAccessPolicyReference": {"policyId": "a b"}}, "a b")
        server.refused("POST", POLICIES + ":batchDelete", {"policyIds": [{}, "us"]}, "policyIds")
        server.json("PUT", POLICIES + "/us", body | {"filterPredicate": "c = 'EU'"})
        assert server.query("SELECT id FROM one.t") == [["2"]]
        assert server.json("GET", POLICIES + "/us")["filterPredicate"] == "c = 'EU'"
        server.json("GET", POLICIES + "/none", status=404)
        bindings = server.json("POST", POLICIES + "/us:getIamPolicy", {})["bindings"]
        assert bindings == [{"role": "roles/bigquery.filteredDataViewer", "members": [f"user:{ME}"]}], bindings
        for name in ("a", "b"):
            server.json("POST", POLICIES, body | {"rowAccessPolicyReference": {"policyId": name}})
        page = server.json("GET", POLICIES + "?pageSize=2")
        rest = server.json("GET", POLICIES + "?pageSize=2&pageToken=" + page["nextPageToken"])
        found = [policy["rowAccessPolicyReference"]["policyId"]
                 for policy in page["rowAccessPolicies"] + rest["rowAccessPolicies"]]
        assert sorted(found) == ["a", "b", "us"] and "nextPageToken" not in rest, found
        server.send("POST", POLICIES + ":batchDelete", {"policyIds": ["a", "b"]})
        server.refused("DELETE", POLICIES + "/us", None, "force")
        server.send("DELETE", POLICIES + "/us?force=true")
        assert server.query("SELECT COUNT(*) FROM one.t") == [["3"]]


def what_is_granted_is_kept_and_told():
    with started() as server:
        with_countries(server)
        server.query("GRANT `roles/bigquery.dataViewer`, `roles/bigquery.dataEditor` ON TABLE one.t "
                     "TO 'user:a@example.com', 'group:g@example.com'")
        server.query("REVOKE `roles/bigquery.dataViewer` ON TABLE one.t FROM 'user:a@example.com'")
        policy = server.json("POST", DATASETS + "/one/tables/t:getIamPolicy", {})
        assert policy["bindings"] == [
            {"role": "roles/bigquery.dataViewer", "members": ["group:g@example.com"]},
            {"role": "roles/bigquery.dataEditor", "members": ["user:a@example.com", "group:g@example.com"]}], policy
        server.query("GRANT `roles/bigquery.dataViewer` ON SCHEMA one TO 'user:a@example.com'")
        assert server.query("SELECT object_name, privilege_type, grantee FROM `region-us`.INFORMATION_SCHEMA"
                            ".OBJECT_PRIVILEGES WHERE object_name = 'one'") == [
            ["one", "roles/bigquery.dataViewer", "user:a@example.com"]]
        assert "bindings" not in server.json("GET", DATASETS + "/one")
        fails(server, "GRANT viewer ON TABLE one.t TO 'user:a@example.com'", "Invalid role")
        fails(server, "GRANT `roles/x` ON TABLE one.none TO 'user:a@example.com'", reason="notFound")


# Sessions


def ask(server, sql, session=None, **more):
    if session is not None:
        more["connectionProperties"] = [{"key": "session_id", "value": session}]
    return server.json("POST", box.PROJECT + "/queries", {"query": sql, "useLegacySql": False, **more})


def a_session_outlives_its_jobs():
    with started() as server:
        session = ask(server, "CREATE TEMP TABLE t AS SELECT 1 AS x", createSession=True)["sessionInfo"]["sessionId"]
        assert ask(server, "SELECT x, @@session_id FROM t", session)["rows"][0]["f"][1]["v"] == session
        ask(server, "DECLARE n INT64 DEFAULT 7", session)
        assert ask(server, "SELECT n", session)["rows"][0]["f"][0]["v"] == "7"
        ask(server, "BEGIN TRANSACTION", session)
        ask(server, "INSERT t VALUES (2)", session)
        assert ask(server, "SELECT COUNT(*) FROM t", session)["rows"][0]["f"][0]["v"] == "2"
        ask(server, "ROLLBACK TRANSACTION", session)
        assert ask(server, "SELECT COUNT(*) FROM t", session)["rows"][0]["f"][0]["v"] == "1"
        job = server.job({"query": {"query": "SELECT * FROM t", "useLegacySql": False,
                                    "connectionProperties": [{"key": "session_id", "value": session}]}})
        assert job["statistics"]["sessionInfo"] == {"sessionId": session}, job
        fails(server, "SELECT * FROM t", "t")


def a_session_ends_when_it_is_told_to():
    with started() as server:
        session = ask(server, "SELECT 1", createSession=True)["sessionInfo"]["sessionId"]
        ask(server, "CALL BQ.ABORT_SESSION()", session)
        for wrong in (session, "no-such-session"):
            fails(server, "SELECT 1", "Invalid input session id.", reason="invalid",
                  connectionProperties=[{"key": "session_id", "value": wrong}])
        fails(server, "CALL BQ.ABORT_SESSION()", "session")
        fails(server, "SELECT 1", "createSession", createSession=True,
              connectionProperties=[{"key": "session_id", "value": "x"}])


def sessions_that_nobody_ends_do_not_pile_up():
    with started() as server:
        def new():
            return ask(server, "CREATE TEMP TABLE t AS SELECT 1 AS x", createSession=True)["sessionInfo"]["sessionId"]

        first, second = new(), new()
        ask(server, "SELECT x FROM t", first)
        for _ in range(99):
            last = new()
        fails(server, "SELECT x FROM t", "Invalid input session id.", reason="invalid",
              connectionProperties=[{"key": "session_id", "value": second}])
        for session in (first, last):
            assert ask(server, "SELECT x FROM t", session)["rows"][0]["f"][0]["v"] == "1"


# Answers


def a_query_answers_with_its_whole_destination():
    with started() as server:
        server.query("CREATE TABLE one.t (a INT64, b STRING); INSERT one.t VALUES (1, 'first')")
        job = server.job({"query": {"query": "SELECT 2 AS a, 'second' AS b, FALSE AS c", "useLegacySql": False,
                                    "destinationTable": {"projectId": "eros-rehearsal", "datasetId": "one",
                                                         "tableId": "t"},
                                    "writeDisposition": "WRITE_APPEND",
                                    "schemaUpdateOptions": ["ALLOW_FIELD_ADDITION"]}})
        answer = server.json("GET", box.PROJECT + "/queries/" + job["jobReference"]["jobId"])
        assert [[cell["v"] for cell in row["f"]] for row in answer["rows"]] == [
            ["1", "first", None], ["2", "second", "false"]], answer


def ddl_answers_with_the_columns_that_it_made():
    with started() as server:
        def columns(sql):
            return [(field["name"], field["mode"]) for field in ask(server, sql).get("schema", {}).get("fields", [])]

        assert columns("CREATE TABLE one.t (a INT64 NOT NULL, b STRING)") == [("a", "REQUIRED"), ("b", "NULLABLE")]
        assert columns("CREATE VIEW one.v AS SELECT b FROM one.t") == [("b", "NULLABLE")]
        assert columns("CREATE TABLE one.u AS SELECT 1 AS x") == [("x", "NULLABLE")]
        assert columns("DROP VIEW one.v") == []
        assert columns("CREATE FUNCTION one.f() AS (1)") == []
        answer = ask(server, "SELECT 1 AS one; DROP TABLE one.u")
        assert "rows" not in answer, answer


def a_destination_that_cannot_be_is_invalid():
    with started() as server:
        to = {"projectId": "eros-rehearsal", "datasetId": "one", "tableId": "t"}
        for layout in ({"timePartitioning": {"type": "DAY", "field": "none"}}, {"clustering": {"fields": ["none"]}}):
            job = server.job({"query": {"query": "SELECT 1 AS a", "useLegacySql": False, "destinationTable": to,
                                        "writeDisposition": "WRITE_TRUNCATE", **layout}})
            assert job["status"]["errorResult"]["reason"] == "invalid", job["status"]


def what_is_in_somebody_elses_project_is_not_told():
    with started() as server:
        fails(server, "SELECT * FROM `else--where.d.t`", "Access Denied: Table else--where:d.t", "perhaps it does not exist",
              reason="accessDenied")


def keys_are_kept_and_told():
    with started() as server:
        keys = {"primaryKey": {"columns": ["a"]}, "foreignKeys": [{
            "name": "own", "referencedTable": {"projectId": "eros-rehearsal", "datasetId": "one", "tableId": "k"},
            "columnReferences": [{"referencingColumn": "b", "referencedColumn": "a"}]}]}
        body = {"tableReference": {"projectId": "eros-rehearsal", "datasetId": "one", "tableId": "k"},
                "schema": {"fields": [{"name": "a", "type": "INTEGER"}, {"name": "b", "type": "INTEGER"}]}}
        server.refused("POST", DATASETS + "/one/tables",
                       body | {"tableConstraints": {"primaryKey": {"columns": ["c"]}}}, "c")
        server.json("POST", DATASETS + "/one/tables", body | {"tableConstraints": keys})
        assert server.json("GET", DATASETS + "/one/tables/k")["tableConstraints"] == keys
        assert server.query("SELECT constraint_name, constraint_type FROM one.INFORMATION_SCHEMA.TABLE_CONSTRAINTS "
                            "ORDER BY 1") == [["k.own", "FOREIGN KEY"], ["k.pk$", "PRIMARY KEY"]]
        unnamed = {key: value for key, value in keys["foreignKeys"][0].items() if key != "name"}
        for wrong in ([], {"primaryKey": [1]}, {"primaryKey": {"columns": [1]}}, {"primaryKey": {}}, {"foreignKeys": {}},
                      {"foreignKeys": [3]}, {"foreignKeys": [unnamed | {"columnReferences": [1]}]},
                      {"foreignKeys": [unnamed | {"referencedTable": {"tableId": "k"}}]}):
            server.refused("PATCH", DATASETS + "/one/tables/k", {"tableConstraints": wrong}, "tableConstraints")
        server.json("PATCH", DATASETS + "/one/tables/k", {"tableConstraints": {"foreignKeys": [unnamed]}})
        assert server.query("SELECT constraint_name FROM one.INFORMATION_SCHEMA.TABLE_CONSTRAINTS") == [["k.fk$1"]]
        server.json("PATCH", DATASETS + "/one/tables/k", {"tableConstraints": keys})
        server.json("PATCH", DATASETS + "/one/tables/k", {"description": "with keys"})
        assert server.json("GET", DATASETS + "/one/tables/k")["tableConstraints"] == keys
        server.json("PATCH", DATASETS + "/one/tables/k", {"tableConstraints": {}})
        assert "tableConstraints" not in server.json("GET", DATASETS + "/one/tables/k")
        server.query("CREATE TABLE one.s (x INT64 PRIMARY KEY NOT ENFORCED)")
        assert server.json("GET", DATASETS + "/one/tables/s")["tableConstraints"] == {"primaryKey": {"columns": ["x"]}}


def a_range_is_a_parameter():
    with started() as server:
        def given(kind, start, end):
            bounds = {name: {"value": value} for name, value in (("start", start), ("end", end)) if value is not None}
            return {"parameterMode": "NAMED", "queryParameters": [{
                "name": "r", "parameterType": {"type": "RANGE", "rangeElementType": {"type": kind}},
                "parameterValue": {"rangeValue": bounds}}]}

        assert server.query("SELECT RANGE_START(@r), RANGE_END(@r)", **given("DATE", "2024-01-01", "2024-02-01")) == [
            ["2024-01-01", "2024-02-01"]]
        assert server.query("SELECT RANGE_START(@r) IS NULL, RANGE_END(@r)",
                            **given("DATETIME", None, "2024-02-01T00:00:00")) == [["true", "2024-02-01T00:00:00"]]
        fails(server, "SELECT @r", "rangeElementType", **given("INT64", "1", "2"))
        fails(server, "SELECT @r", "2024-02-30", **given("DATE", "2024-02-30", None))


box.run([a_range_is_a_parameter, keys_are_kept_and_told, a_query_is_exported, an_export_says_what_it_has_written, an_export_writes_over_nothing_unasked, an_export_stops_when_it_is_cancelled, an_export_that_a_kill_ends_does_not_say_that_it_wrote_nothing, what_cannot_be_exported_is_refused, files_are_loaded, a_load_that_fails_leaves_the_table_as_it_was, only_what_a_policy_grants_is_seen, who_does_not_see_all_rows_neither_copies_nor_changes_them, a_policy_hides_what_was_there_before_it, policies_are_made_as_they_are_meant, policies_are_resources, what_is_granted_is_kept_and_told, a_session_outlives_its_jobs, a_session_ends_when_it_is_told_to, sessions_that_nobody_ends_do_not_pile_up, a_query_answers_with_its_whole_destination, ddl_answers_with_the_columns_that_it_made, a_destination_that_cannot_be_is_invalid, what_is_in_somebody_elses_project_is_not_told])
