#!/usr/bin/env python3
"""What every call has, whatever it asks for: kept connections, ETags, parts of answers, compression, batches."""
# SPDX-License-Identifier: GPL-3.0-or-later
import gzip
import http.client
import json
import os
import socket
import time

import box

DATASET = box.PROJECT + "/datasets/eros_platform"


def a_connection_is_kept_and_given_back():
    with box.Box() as server:
        host, port = server.host.split(":")
        fds = f"/proc/{server.process.pid}/fd"
        server.json("GET", box.PROJECT + "/datasets")
        before = len(os.listdir(fds))
        for _ in range(30):
            peer = http.client.HTTPConnection(server.host)
            for _ in range(3):
                peer.request("GET", "/bigquery/v2/projects")
                socket_before = peer.sock
                answer = peer.getresponse()
                assert answer.status == 200 and answer.read() and peer.sock is socket_before is not None
            peer.close()
        end = time.time() + 10
        while len(os.listdir(fds)) > before + 1 and time.time() < end:
            time.sleep(0.05)
        assert len(os.listdir(fds)) <= before + 1, "the connections are still there"
        with socket.create_connection((host, int(port))) as peer:  # who sends no more may still wait for the answer
            peer.sendall(b"GET /bigquery/v2/projects HTTP/1.1\r\nHost: localhost\r\n\r\n")
            peer.shutdown(socket.SHUT_WR)
            assert peer.recv(65536).startswith(b"HTTP/1.1 200")


def an_etag_spares_an_answer():
    with box.Box("--sample", "eros:50") as server:
        for path in (DATASET, DATASET + "/tables/caption_bank", box.PROJECT + "/datasets", DATASET + "/tables"):
            status, headers, data = server.send("GET", path)
            assert status == 200 and json.loads(data)["etag"] == headers["ETag"], path
            status, _, data = server.send("GET", path, headers={"If-None-Match": headers["ETag"]})
            assert (status, data) == (304, b""), path
            assert server.send("GET", path, headers={"If-None-Match": "other"})[0] == 200
        etag = server.send("GET", DATASET + "/tables")[1]["ETag"]
        server.query("CREATE TABLE eros_platform.one_more (a INT64)")
        assert server.send("GET", DATASET + "/tables", headers={"If-None-Match": etag})[0] == 200
        status, _, data = server.send("PATCH", DATASET, {"description": "x"}, {"If-Match": "other"})
        error = json.loads(data)["error"]["errors"][0]
        assert status == 412 and (error["locationType"], error["location"]) == ("header", "If-Match")


def only_the_fields_that_were_asked_for_come():
    with box.Box("--sample", "eros:50") as server:
        answer = server.json("GET", DATASET + "/tables/caption_bank?fields=id,schema/fields(name,type)")
        assert set(answer) == {"id", "schema"} and set(answer["schema"]["fields"][0]) == {"name", "type"}
        answer = server.json("GET", box.PROJECT + "/datasets?fields=datasets(datasetReference/datasetId)")
        assert answer == {"datasets": [{"datasetReference": {"datasetId": "eros_platform"}}]}
        answer = server.json("GET", DATASET + "?fields=kind,datasetReference/datasetId,datasetReference(projectId)")
        assert answer == {"kind": "bigquery#dataset",
                          "datasetReference": {"datasetId": "eros_platform", "projectId": "eros-rehearsal"}}
        assert "kind" in server.json("GET", DATASET + "?fields=*")
        server.refused("GET", DATASET + "?fields=a(b", None, "a(b")


def who_says_so_gets_and_sends_gzip():
    with box.Box("--sample", "eros:50") as server:
        path = DATASET + "/tables/caption_bank/data"
        plain = server.send("GET", path)
        packed = server.send("GET", path, headers={"Accept-Encoding": "gzip", "User-Agent": "test (gzip)"})
        assert "Content-Encoding" not in plain[1] and packed[1]["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed[2]) == plain[2] and len(packed[2]) < len(plain[2])
        body = gzip.compress(json.dumps({"datasetReference": {"datasetId": "packed"}}).encode())
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        server.json("POST", box.PROJECT + "/datasets", body, 200, headers)
        server.json("POST", box.PROJECT + "/datasets", b"no gzip", 400, headers)
        server.json("POST", box.PROJECT + "/datasets", body, 415, headers | {"Content-Encoding": "br"})


def many_calls_in_one_body():
    def part(number, request):
        return f"--=x\r\nContent-Type: application/http\r\nContent-ID: <a+{number}>\r\n\r\n{request}\r\n"
    create = json.dumps({"datasetReference": {"datasetId": "from_a_batch"}})
    requests = [f"POST {box.PROJECT}/datasets HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{create}",
                f"GET {box.PROJECT}/datasets/from_a_batch HTTP/1.1\r\n\r\n",
                f"GET {box.PROJECT}/datasets/none HTTP/1.1\r\n\r\n",
                "POST /batch HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}"]
    body = "".join(part(i, request) for i, request in enumerate(requests)) + "--=x--"
    with box.Box() as server:
        status, headers, data = server.send("POST", "/batch/bigquery/v2", body,
                                            {"Content-Type": 'multipart/mixed; boundary="=x"'})
        boundary = headers["Content-Type"].split("boundary=")[1]
        parts = data.decode().split("--" + boundary)[1:-1]
        assert status == 200 and [p.split("HTTP/1.1 ")[1][:3] for p in parts] == ["200", "200", "404", "405"], data
        assert "response-a+2" in parts[2] and "from_a_batch" in parts[1]
        assert server.send("POST", "/batch", "--x", {"Content-Type": "multipart/mixed; boundary=x"})[0] == 400


def multipart_comes_as_everybody_writes_it():
    content = b"\r\nline\n--x no boundary\r\n\n"
    with box.Box() as server:
        server.json("POST", "/storage/v1/b?project=p", {"name": "parts"})
        for number, (written, line, last) in enumerate((("=x", b"\r\n", b""), ('"=x"', b"\r\n", b"\r\n"), ("'=x'", b"\n", b""))):
            head = json.dumps({"name": f"o{number}", "contentType": "text/x"}).encode()
            body = line.join([b"--=x", b"Content-Type: application/json; charset=UTF-8", b"", head, b"--=x",
                              b"Content-Type: text/plain", b"", content, b"--=x--"]) + last
            path = ("/resumable" if number == 1 else "") + "/upload/storage/v1/b/parts/o?uploadType=multipart"
            answer = server.json("POST", path, body, 200, {"Content-Type": f"multipart/related; boundary={written}"})
            assert answer["contentType"] == "text/x"
            assert server.send("GET", f"/storage/v1/b/parts/o/o{number}?alt=media")[2] == content, number


box.run([a_connection_is_kept_and_given_back, an_etag_spares_an_answer, only_the_fields_that_were_asked_for_come,
         who_says_so_gets_and_sends_gzip, many_calls_in_one_body, multipart_comes_as_everybody_writes_it])
