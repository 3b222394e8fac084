#!/usr/bin/env python3
"""Routes beside tables and jobs: data sets that come back, policies, scheduled queries, Cloud Storage."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import json

import box

DATASETS = box.PROJECT + "/datasets"
CONFIGS = "/v1/projects/eros-rehearsal/locations/us/transferConfigs"
BUCKET = "/storage/v1/b/things"
OBJECTS = BUCKET + "/o"


def data_sets_are_found_by_label_and_brought_back():
    with box.Box() as server:
        for name, labels in (("one", {"team": "x"}), ("two", {"team": "y"}), ("three", {})):
            server.json("POST", DATASETS, {"datasetReference": {"datasetId": name}, "labels": labels})

        def names(query):
            listed = server.json("GET", DATASETS + query)
            return [d["datasetReference"]["datasetId"] for d in listed.get("datasets", [])]
        assert names("?filter=labels.team") == ["one", "two"] and names("?filter=labels.team:y") == ["two"]
        assert names("?filter=labels.none") == [] and "datasets" not in server.json("GET", DATASETS + "?filter=labels.none")
        server.refused("GET", DATASETS + "?filter=team:x", None, "team:x")
        server.query("CREATE TABLE one.t AS SELECT 1 AS a")
        assert server.send("DELETE", DATASETS + "/one?deleteContents=true")[0] == 204
        server.json("POST", DATASETS + "/one:undelete", {})
        assert server.query("SELECT a FROM one.t") == [["1"]]
        server.json("POST", DATASETS + "/one:undelete", {}, 409)
        server.json("POST", DATASETS + "/none:undelete", {}, 404)


def policies_are_told_and_not_set():
    with box.Box("--sample", "eros:50") as server:
        place = DATASETS + "/eros_platform"
        for what in (place, place + "/tables/caption_bank"):
            assert server.json("POST", what + ":getIamPolicy", {})["etag"]
            server.refused("POST", what + ":setIamPolicy", {"policy": {}}, "policy")
        server.json("POST", place + "/tables/none:getIamPolicy", {}, 404)
        assert server.json("GET", place + "/models") == {}
        server.json("GET", place + "/models/m", None, 404)
        bucket = "/storage/v1/b/eros-platform-backups"
        assert server.json("GET", bucket + "/iam")["bindings"]
        server.refused("PUT", bucket + "/iam", {}, "policy")
        server.refused("GET", bucket + "/acl", None, "uniform")


def a_scheduled_query_is_made_run_and_deleted():
    with box.Box() as server:
        server.json("POST", DATASETS, {"datasetReference": {"datasetId": "one"}})
        config = {"dataSourceId": "scheduled_query", "displayName": "nightly", "destinationDatasetId": "one",
                  "schedule": "every 24 hours", "params": {
                      "query": "SELECT @run_date AS d", "destination_table_name_template": 'out_{run_time|"%Y%m"}',
                      "write_disposition": "WRITE_TRUNCATE"}}
        name = server.json("POST", CONFIGS, config)["name"]
        anywhere = server.json("POST", CONFIGS.replace("/us/", "/-/"), config)["name"]
        assert "/locations/us/" in anywhere and server.json("DELETE", "/v1/" + anywhere) == {}
        server.refused("POST", CONFIGS, config | {"dataSourceId": "google_ads"}, "google_ads")
        server.refused("POST", CONFIGS, config | {"notificationPubsubTopic": "t"}, "notificationPubsubTopic")
        changed = server.json("PATCH", f"/v1/{name}?updateMask=display_name", {"displayName": "daily"})
        changed = server.json("PATCH", f"/v1/{name}?updateMask=transferConfig.displayName", {"displayName": "weekly"})
        assert changed["displayName"] == "weekly" and changed["schedule"] == "every 24 hours"
        run = server.json("POST", f"/v1/{name}:startManualRuns", {"requestedRunTime": "2024-03-05T00:00:00Z"})["runs"][0]
        while run["state"] in ("PENDING", "RUNNING"):
            run = server.json("GET", "/v1/" + run["name"])
        assert run["state"] == "SUCCEEDED", run
        assert server.query("SELECT CAST(d AS STRING) FROM one.out_202403") == [["2024-03-05"]]
        server.json("PATCH", f"/v1/{name}?updateMask=params", {"params": {"query": "SELECT nothing FROM one.none"}})
        failed = server.json("POST", f"/v1/{name}:startManualRuns", {})["runs"][0]
        while failed["state"] in ("PENDING", "RUNNING"):
            failed = server.json("GET", "/v1/" + failed["name"])
        assert failed["state"] == "FAILED" and "none" in failed["errorStatus"]["message"]
        assert len(server.json("GET", f"/v1/{name}/runs")["transferRuns"]) == 2
        assert len(server.json("GET", f"/v1/{name}/runs?states=FAILED")["transferRuns"]) == 1
        by_number = name.replace("eros-rehearsal", "100000000001")
        assert server.json("GET", "/v1/" + by_number)["displayName"] == "weekly"
        assert server.json("GET", CONFIGS.replace("transferConfigs", "dataSources"))["dataSources"]
        assert server.json("DELETE", "/v1/" + name) == {}
        server.json("GET", "/v1/" + name, None, 404)


def upload(server, name, content=b"abc", query="", headers=None, status=200):
    return server.json("POST", f"/upload{OBJECTS}?uploadType=media&name={name}{query}", content, status,
                       {"Content-Type": "text/plain"} | (headers or {}))


def with_bucket():
    server = box.Box()
    server.json("POST", "/storage/v1/b?project=p", {"name": "things"})
    return server


def preconditions_hold():
    with with_bucket() as server:
        first = upload(server, "o", query="&ifGenerationMatch=0")
        upload(server, "o", query="&ifGenerationMatch=0", status=412)
        assert first["metageneration"] == "1"
        patched = server.json("PATCH", OBJECTS + "/o?ifMetagenerationMatch=1", {"metadata": {"a": "b"}, "cacheControl": "no-store"})
        assert (patched["metageneration"], patched["generation"]) == ("2", first["generation"])
        server.json("PATCH", OBJECTS + "/o?ifMetagenerationMatch=1", {"metadata": {"a": "c"}}, 412)
        patched = server.json("PATCH", OBJECTS + "/o", {"metadata": {"a": None, "x": "y"}})
        assert patched["metadata"] == {"x": "y"} and patched["cacheControl"] == "no-store"
        assert server.send("GET", OBJECTS + f"/o?ifGenerationNotMatch={first['generation']}")[0] == 304
        assert server.send("GET", OBJECTS + "/o?ifMetagenerationMatch=9")[0] == 412
        assert server.send("DELETE", OBJECTS + "/o?ifMetagenerationNotMatch=3")[0] == 412
        upload(server, "p")
        server.json("POST", OBJECTS + "/o/copyTo/b/things/o/p?ifGenerationMatch=0", {}, 412)
        server.json("POST", OBJECTS + "/o/copyTo/b/things/o/q?ifSourceGenerationMatch=1", {}, 412)
        copied = server.json("POST", OBJECTS + "/o/rewriteTo/b/things/o/q", {"contentType": "text/csv"})["resource"]
        assert copied["contentType"] == "text/csv" and "metadata" not in copied
        copied = server.json("POST", OBJECTS + "/o/copyTo/b/things/o/q", {})
        assert copied["metadata"] == {"x": "y"}
        source = {"name": "p", "objectPreconditions": {"ifGenerationMatch": "1"}}
        server.json("POST", OBJECTS + "/whole/compose", {"sourceObjects": [source]}, 412)
        server.json("POST", OBJECTS + "/o/compose?ifGenerationMatch=0", {"sourceObjects": [{"name": "p"}]}, 412)
        moved = server.json("POST", OBJECTS + "/p/moveTo/o/r", {})
        assert moved["name"] == "r" and server.send("GET", OBJECTS + "/p")[0] == 404
        assert server.json("PATCH", BUCKET + "?ifMetagenerationMatch=1", {"labels": {"a": "b"}})["metageneration"] == "2"
        server.json("PATCH", BUCKET + "?ifMetagenerationMatch=1", {"labels": {"a": "c"}}, 412)


def a_listing_is_what_was_asked_for():
    with with_bucket() as server:
        for name in ("a/1", "a/2", "a/x/3", "b/1", "c", "d.csv", "e.csv"):
            upload(server, name.replace("/", "%2F"))

        def listed(query):
            names, prefixes, token = [], [], None
            while True:
                answer = server.json("GET", OBJECTS + query + (f"&pageToken={token}" if token else ""))
                names += [o["name"] for o in answer.get("items", [])]
                prefixes += answer.get("prefixes", [])
                token = answer.get("nextPageToken")
                if token is None:
                    return names, prefixes
        assert listed("?matchGlob=*.csv")[0] == ["d.csv", "e.csv"]
        assert listed("?matchGlob=a/*")[0] == ["a/1", "a/2"] and listed("?matchGlob=a/**")[0] == ["a/1", "a/2", "a/x/3"]
        assert listed("?matchGlob=%7Bc,d.*%7D")[0] == ["c", "d.csv"] and listed("?matchGlob=**/[13]")[0] == ["a/1", "a/x/3", "b/1"]
        assert listed("?startOffset=b&endOffset=d")[0] == ["b/1", "c"]
        for limit in (1, 2, 3, 9):
            assert listed(f"?delimiter=/&maxResults={limit}") == (["c", "d.csv", "e.csv"], ["a/", "b/"]), limit
        assert listed("?prefix=a/&delimiter=/&maxResults=1") == (["a/1", "a/2"], ["a/x/"])
        assert "items" not in server.json("GET", OBJECTS + "?prefix=none")
        server.refused("GET", OBJECTS + "?softDeleted=true", None, "softDeleted")


def contents_are_what_was_sent():
    with with_bucket() as server:
        right = base64.b64encode(hashlib.md5(b"abc").digest()).decode()
        upload(server, "o", headers={"X-Goog-Hash": "md5=" + right})
        wrong = base64.b64encode(hashlib.md5(b"abd").digest()).decode()
        answer = upload(server, "o", headers={"X-Goog-Hash": "md5=" + wrong}, status=400)
        assert wrong in answer["error"]["message"] and right in answer["error"]["message"]
        upload(server, "o", headers={"X-Goog-Hash": "crc32c=AAAAAA=="}, status=400)
        import gzip  # pylint: disable=import-outside-toplevel
        upload(server, "z", gzip.compress(b"text"), "&contentEncoding=gzip")
        assert server.send("GET", OBJECTS + "/z?alt=media")[2] == b"text"
        status, headers, data = server.send("GET", OBJECTS + "/z?alt=media", headers={"Accept-Encoding": "gzip"})
        assert (status, headers["Content-Encoding"], gzip.decompress(data)) == (200, "gzip", b"text")
        assert server.send("GET", "/things/o")[2] == b"abc"
        assert server.send("GET", "/things/o", headers={"Range": "bytes=1-1"})[:3:2] == (206, b"b")
        status, headers, data = server.send("GET", "/things/none")
        assert status == 404 and b"NoSuchKey" in data and "xml" in headers["Content-Type"]
        assert server.send("HEAD", "/things/o")[0] == 200


def what_storage_has_not_got_is_refused_by_name():
    with with_bucket() as server:
        for member, value in (("retentionPolicy", {"retentionPeriod": "1"}), ("versioning", {"enabled": True}), ("logging", {"logBucket": "x"}),
                              ("encryption", {"defaultKmsKeyName": "k"}), ("defaultEventBasedHold", True), ("softDeletePolicy", {"retentionDurationSeconds": "9"})):
            server.refused("PATCH", BUCKET, {member: value}, member)
        upload(server, "o")
        for member, value in (("eventBasedHold", True), ("acl", [{"entity": "allUsers"}]), ("kmsKeyName", "k"), ("nonsense", 1)):
            server.refused("PATCH", OBJECTS + "/o", {member: value}, member)
        server.refused("POST", f"/upload{OBJECTS}?uploadType=media&name=x&predefinedAcl=publicRead", "x", "predefinedAcl", status=(400, 415))
        cors = [{"origin": ["*"], "method": ["GET"], "maxAgeSeconds": 60}]
        assert server.json("PATCH", BUCKET, {"cors": cors})["cors"] == cors
        server.refused("POST", BUCKET + "/notificationConfigs", {}, "notificationConfigs")
        assert json.dumps(server.json("GET", BUCKET + "/storageLayout")["hierarchicalNamespace"]) == '{"enabled": false}'


box.run([data_sets_are_found_by_label_and_brought_back, policies_are_told_and_not_set, a_scheduled_query_is_made_run_and_deleted,
         preconditions_hold, a_listing_is_what_was_asked_for, contents_are_what_was_sent,
         what_storage_has_not_got_is_refused_by_name])
