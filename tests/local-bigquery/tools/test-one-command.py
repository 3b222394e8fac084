#!/usr/bin/env python3
"""One command, and other people's tools find everything they need."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import box

PROGRAM = os.environ["EROS_LOCAL_BIGQUERY"]
WITH_FLAVOR = {"Metadata-Flavor": "Google"}


def run_command(*command, options=()):
    return subprocess.run([PROGRAM, "run", *options, "--", *command], capture_output=True, text=True, timeout=600,
                          check=False)


def run_sets_the_variables_and_ends_with_the_commands_status():
    done = run_command("sh", "-c", "curl -sf $BIGQUERY_EMULATOR_HOST/bigquery/v2/projects && env && exit 7")
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    url = variables["EROS_BIGQUERY_LOCAL_URL"]
    assert done.returncode == 7, done
    assert "bigquery#projectList" in done.stdout
    assert variables["STORAGE_EMULATOR_HOST"] == url
    assert variables["GCE_METADATA_HOST"] == url.removeprefix("http://")
    assert variables["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"] == url + "/storage/v1/"
    assert not os.path.exists(variables["BIGQUERYRC"]) and not os.path.exists(variables["BOTO_CONFIG"])
    try:
        urllib.request.urlopen(url + "/bigquery/v2/projects", timeout=5)
        raise AssertionError("the server has not ended")
    except urllib.error.URLError:
        pass


def run_passes_on_arguments_input_and_a_signals_end():
    done = subprocess.run([PROGRAM, "run", "--project", "other", "--", "sh", "-c", 'cat; echo "$1" $GOOGLE_CLOUD_PROJECT',
                           "x", "--version"], input="typed\n", capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "typed\n--version other\n", done
    assert run_command("sh", "-c", "kill -9 $$").returncode == 137


def run_without_a_command_says_what_is_missing():
    for arguments in (["run"], ["run", "--"], ["run", "true"], ["--", "true"]):
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 2 and "--help" in done.stderr, (arguments, done)
    done = run_command("no-such-program-anywhere")
    assert done.returncode == 1 and "no-such-program-anywhere" in done.stderr, done


def a_shell_goes_on_with_the_server_in_the_background():
    script = ('eval "$("$EROS_LOCAL_BIGQUERY" --print-environment --sample eros:50)" && ls "$BIGQUERYRC" "$BOTO_CONFIG" && '
              'curl -sf "$EROS_BIGQUERY_LOCAL_URL/bigquery/v2/projects/$GOOGLE_CLOUD_PROJECT/datasets"; '
              'kill $EROS_BIGQUERY_LOCAL_PID; while kill -0 $EROS_BIGQUERY_LOCAL_PID 2>/dev/null; do sleep 0.05; done; '
              'ls "$BIGQUERYRC" 2>&1; curl -s "$EROS_BIGQUERY_LOCAL_URL" || echo gone')
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "eros_platform" in done.stdout and done.stdout.endswith("gone\n"), done
    assert "No such file" in done.stdout, done


def a_shell_is_told_why_there_is_no_server():
    done = subprocess.run([PROGRAM, "--print-environment", "--sample", "none"], capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 1 and done.stdout == "" and "none" in done.stderr, done


def the_metadata_server_answers_those_who_say_what_they_are():
    with box.Box() as server:
        status, headers, data = server.send("GET", "/computeMetadata/v1/project/project-id", headers=WITH_FLAVOR)
        assert (status, data) == (200, b"eros-rehearsal") and headers["Metadata-Flavor"] == "Google"
        accounts = "/computeMetadata/v1/instance/service-accounts/"
        email = server.send("GET", accounts + "default/email", headers=WITH_FLAVOR)[2].decode()
        assert email in server.send("GET", accounts, headers=WITH_FLAVOR)[2].decode()
        token = server.json("GET", accounts + "default/token?scopes=x", headers=WITH_FLAVOR)
        assert token["token_type"] == "Bearer" and token["expires_in"] > 600
        assert server.json("GET", accounts + email + "/?recursive=true", headers=WITH_FLAVOR)["email"] == email
        assert server.send("GET", accounts + "default/token")[0] == 403
        assert server.send("GET", accounts + "nobody/token", headers=WITH_FLAVOR)[0] == 404
        assert server.send("GET", "/")[1]["Metadata-Flavor"] == "Google"


def sign(key, audience):
    """A JWT as Google's libraries make it."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    now = int(time.time())
    head = encode(json.dumps({"alg": "RS256", "typ": "JWT", "kid": key["private_key_id"]}).encode())
    claims = encode(json.dumps({"iss": key["client_email"], "scope": "https://www.googleapis.com/auth/bigquery",
                                "aud": audience, "iat": now, "exp": now + 3600}).encode())
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(key["private_key"])
        file.flush()
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", file.name], input=head + b"." + claims,
                                   capture_output=True, check=True).stdout
    return (head + b"." + claims + b"." + encode(signature)).decode()


def a_key_works_with_libraries_that_write_googles_audience():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key.json")
        with box.Box("--issue-key", path) as server:
            with open(path, encoding="utf-8") as file:
                key = json.load(file)
            for audience, expected in (("https://oauth2.googleapis.com/token", 200), (server.url + "/token", 200),
                                       ("https://evil.example/token", 400)):
                form = urllib.parse.urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                               "assertion": sign(key, audience)})
                answer = server.json("POST", "/token", form, expected,
                                     {"Content-Type": "application/x-www-form-urlencoded"})
            token = None
            form = urllib.parse.urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                           "assertion": sign(key, "https://oauth2.googleapis.com/token")})
            token = server.json("POST", "/token", form, 200, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = server.json("GET", box.PROJECT + "/datasets", None, 200,
                                 {"Authorization": "Bearer " + token["access_token"]})
            assert answer["kind"] == "bigquery#datasetList"


def with_a_key_the_metadata_gives_no_token_away():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key.json")
        with box.Box("--issue-key", path) as server:
            for where in ("/computeMetadata/v1/instance/service-accounts/default/token", "/", "/$discovery/rest?version=v2"):
                assert server.send("GET", where, headers=WITH_FLAVOR)[0] == 401, where
        done = run_command("sh", "-c", "echo ${GCE_METADATA_HOST-none} $GOOGLE_APPLICATION_CREDENTIALS",
                           options=["--issue-key", path])
        assert done.stdout == f"none {path}\n", done
        done = run_command("sh", "-c", "echo $CLOUDSDK_AUTH_TOKEN_HOST $CLOUDSDK_CORE_ACCOUNT", options=["--issue-key", path])
        assert done.stdout.split()[0].endswith("/token") and "@eros-rehearsal.iam." in done.stdout, done
        if os.environ.get("EROS_TOOLS") == "full" and all(map(shutil.which, ("bq", "gcloud", "gsutil"))):
            done = run_command("sh", "-c", f"export HOME={folder}; gcloud storage ls && gsutil ls && bq ls", options=[
                "--issue-key", path, "--sample", "eros:50"])
            assert done.returncode == 0 and done.stdout.count("gs://eros-platform-backups/") == 2, done
            assert "eros_platform" in done.stdout, done


def methods_of(resource):
    for method in resource.get("methods", {}).values():
        yield method
    for inner in resource.get("resources", {}).values():
        yield from methods_of(inner)


def the_descriptions_tell_what_the_server_has():
    with box.Box() as server:
        listed = {item["id"] for item in server.json("GET", "/discovery/v1/apis")["items"]}
        assert listed == {"bigquery:v2", "storage:v1", "bigquerydatatransfer:v1"}
        for path in ("/$discovery/rest?version=v2", "/$discovery/rest?version=v1", "/discovery/v1/apis/bigquery/v2/rest",
                     "/discovery/v1/apis/storage/v1/rest", "/discovery/v1/apis/bigquerydatatransfer/v1/rest"):
            document = server.json("GET", path)
            assert document["rootUrl"] == server.url + "/" and document["baseUrl"].startswith(document["rootUrl"])
            methods = list(methods_of(document))
            assert len(methods) > 3, path
            for method in methods:
                where = document["servicePath"] + method.get("flatPath", method["path"])
                if "mediaUpload" in method and method["id"].startswith("storage"):
                    where = method["mediaUpload"]["protocols"]["simple"]["path"].lstrip("/")
                for part in [part[:part.index("}")] for part in where.split("{")[1:]]:
                    where = where.replace("{" + part + "}", "none")
                status = server.send(method["httpMethod"], "/" + where)[0]
                assert status != 405 and not (status == 404 and b"was not found on this server" in
                                              server.send(method["httpMethod"], "/" + where)[2]), method["id"]
        assert server.send("GET", "/discovery/v1/apis/compute/v1/rest")[0] == 404
        bigquery = server.json("GET", "/$discovery/rest?version=v2")
        assert "insert" in bigquery["resources"]["jobs"]["methods"]


box.run([run_sets_the_variables_and_ends_with_the_commands_status, run_passes_on_arguments_input_and_a_signals_end,
         run_without_a_command_says_what_is_missing, a_shell_goes_on_with_the_server_in_the_background,
         a_shell_is_told_why_there_is_no_server, the_metadata_server_answers_those_who_say_what_they_are,
         a_key_works_with_libraries_that_write_googles_audience, with_a_key_the_metadata_gives_no_token_away,
         the_descriptions_tell_what_the_server_has])
