#!/usr/bin/env python3
"""Every action of the local server's fault injector, on every call that a rehearsal makes.

Each case is a rehearsal of its own that meets one fault. Whatever the fault: nothing crashes, no statement runs twice (the
server's jobs and request log say so), no event is lost, and the rehearsal ends done or says what is wrong, and then goes on
to a good end when the fault has gone. EROS_MATRIX=full runs all of it, which takes half an hour; without it a few cases are
drawn, and one rehearsal meets many faults at once. EROS_MATRIX=CALL:ACTION runs the cases whose names begin like that."""
# SPDX-License-Identifier: GPL-3.0-or-later
import concurrent.futures
import os
import random
import re
import sys
import tempfile

from rehearsals import Expected, Rehearsal, Server, differences, find_double_runs, say

# Each request of a rehearsal is one of these.
CALLS = {
    "token": ("POST", "^/token$"),
    "list data sets": ("GET", "/datasets$"),
    "get data set": ("GET", "/datasets/[^/]*$"),
    "get table": ("GET", "/tables/[^/]*$"),
    "insert job": ("POST", "/jobs$"),
    "list statements": ("GET", "/jobs$"),
    "get job": ("GET", "/jobs/[^/]*$"),
    "get answer": ("GET", "/queries/[^/]*$"),
    "test permissions": ("POST", ":testIamPermissions$"),
    "get bucket": ("GET", "^/storage/v1/b/[^/]*$"),
    "list objects": ("GET", "^/storage/v1/b/[^/]*/o$"),
    "test bucket": ("GET", "^/storage/v1/b/[^/]*/iam/testPermissions$"),
    "upload object": ("POST", "^/upload/storage/"),
    "list schedules": ("GET", "/transferConfigs$"),
    "ask": ("POST", "/queries$"),
    "list row policies": ("GET", "/rowAccessPolicies$"),
    "list tables": ("GET", "/tables$"),
    "read object": ("GET", "^/storage/v1/b/[^/]*/o/."),
    "change schedule": ("PATCH", "/transferConfigs/"),
}
# What is over after a moment: the rehearsal ends as if it had not been.
TRANSIENT = ["503", "500:internalError", "502:backendError", "429:rateLimitExceeded", "403:rateLimitExceeded", "reset", "truncate",
             "delay:200", "delay:3000", "hang", "drop-response", "expire-token", "401:authError"]
# A token is renewed once for a request, so that only one of these may meet it.
QUICK = [action for action in TRANSIENT if action not in ("hang", "delay:3000", "502:backendError", "expire-token")]
# What is not: words that the message must have.
LASTING = {
    "403:accessDenied": "accessDenied", "403:quotaExceeded": "quotaExceeded", "404:notFound": "notFound", "400:invalid": "invalid",
    "409:duplicate": "duplicate", "412:conditionNotMet": "conditionNotMet",
}
# The same fault again and again, until patience ends.
ALWAYS = {"503": "backendError", "reset": "reset|closed|terminated|broken|connection", "hang": "timed out", "401:authError": "authError",
          "truncate": "closed|terminated|connection|ended|incomplete", "drop-response": "closed|terminated|connection"}


def match(request):
    return [name for name, (method, path) in CALLS.items()
            if request["method"] == method and re.search(path, request["path"])]


def trouble(said):
    return [line for line in said.splitlines() if "☐" in line or "✘" in line][:8]


def name_calls(expected):
    """How often a rehearsal makes each call, and what it sends that is in no list."""
    names = [match(request) for request in expected.requests]
    unknown = [r["path"] for r, found in zip(expected.requests, names) if len(found) != 1]
    return {name: sum(found == [name] for found in names) for name in CALLS}, unknown


def loses_answers(faults):
    """Then there is no other way to an answer than to ask again: by what only reads."""
    return any(fault["action"] == "404:notFound" and fault["path"] == CALLS["get answer"][1] for fault in faults)


def check_end(server, rehearsal, expected, good, faults):
    """What must hold whatever happened; good: and all is done."""
    whole, verdict = rehearsal.verify()
    wrong = [] if whole else [verdict]
    jobs = server.jobs()
    may_ask_again = server.queries() if loses_answers(faults) else set()
    for key, runs in jobs.items():
        if key in may_ask_again:
            continue
        # A check that has ended is made anew, with a new answer. What an operation does, it does once.
        if runs > expected.jobs.get(key, 0) and (key[0] != "checks" or good):
            wrong.append(f"{key} ran {runs} times and not {expected.jobs.get(key, 0)}")
    wrong += [f"job {job} was begun twice" for job in find_double_runs(server)]
    if good:
        wrong += differences("item", expected.marks, rehearsal.marks())
        wrong += differences("table", expected.tables, server.tables())
        wrong += differences("job", expected.jobs, jobs)
    return wrong


def run_case(expected, faults, cause):
    """cause: a pattern for what is said when it does not end well; None: it must end well."""
    with Server(with_key=True) as server, tempfile.TemporaryDirectory() as folder:
        for fault in faults:
            server.fault(**fault)
        rehearsal = Rehearsal(server, folder)
        # A fault that stays is waited out, twenty times as long; otherwise a busy machine shall not look like one.
        patience = 0.5 if any(fault["times"] < 0 for fault in faults) else 2
        code, output, errors = rehearsal.run(patience)
        said = output + errors
        server.no_faults()
        server.token = None
        if code < 0 or code > 2 or "CRITICAL" in errors or "WARNING" in errors:
            return [f"it ended with {code}", *output.splitlines()[-60:], *errors.splitlines()[-60:]]
        wrong = check_end(server, rehearsal, expected, code == 0, faults)
        if code == 0:
            return wrong
        if cause is None:
            return wrong + [f"it should have ended well, and ended with {code}", *trouble(said), *errors.splitlines()]
        if not re.search(cause, said, re.IGNORECASE):
            wrong += [f"the message does not name the cause ({cause})", *trouble(said), *errors.splitlines()]
        code, output, errors = rehearsal.run(patience=5)
        if code != 0:
            return wrong + [f"after the fault it did not go on to a good end, but to {code}",
                            *trouble(output), *errors.splitlines()]
        wrong += differences("item", expected.marks, rehearsal.marks())
        wrong += differences("table", expected.tables, server.tables())
        return wrong + check_end(server, rehearsal, expected, False, faults)


def make_fault(expected, call, action, skip, times=1):
    method, path = CALLS[call]
    return {"method": method, "path": path, "skip": min(skip, max(expected.calls[call] - 1, 0)), "times": times, "action": action}


def list_cases(expected, generator):
    """Name, faults, cause. The fault meets the first such call, and another one that is drawn."""
    cases = []
    for call, n in expected.calls.items():
        places = sorted({0, generator.randrange(n)})
        for action in TRANSIENT:
            # Nobody is signed in when the sign-in itself is refused.
            cause = "refused" if call == "token" and action in ("401:authError", "expire-token") else None
            cases += [(f"{call}:{action}:{place}", [make_fault(expected, call, action, place)], cause) for place in places]
        for action, cause in LASTING.items():
            cases += [(f"{call}:{action}:{place}", [make_fault(expected, call, action, place)], cause) for place in places]
        for action, cause in ALWAYS.items():
            cases.append((f"{call}:{action}:always", [make_fault(expected, call, action, places[-1], -1)], cause))
    return cases


def draw(expected, cases, generator):
    """A rehearsal that meets many faults, and one that meets a single one which lasts."""
    many = []
    for call, n in expected.calls.items():
        wanted = QUICK if call != "upload object" else [action for action in QUICK if action != "401:authError"]
        for action in generator.sample(wanted, 3) if call != "token" else ["503", "drop-response"]:
            many.append(make_fault(expected, call, action, generator.randrange(n)))
    # Nothing else is under way at that time: another request that has met a 401 already would meet a second one.
    many.append(make_fault(expected, "upload object", "expire-token", 0))
    many.append(make_fault(expected, "insert job", "hang", generator.randrange(expected.calls["insert job"])))
    lasting = [case for case in cases if case[0].split(":", 1)[1].rsplit(":", 1)[0] in LASTING]
    return [("many faults at once", many, None)] + generator.sample(lasting, 1)


def main():
    wanted = os.environ.get("EROS_MATRIX", "")
    # The short form takes the same sample each time, so that a failure is of the change under test; EROS_SEED=random, or a number, takes another.
    seed = os.environ.get("EROS_SEED", "20261124")
    seed = random.randrange(1 << 30) if seed == "random" else int(seed)
    generator = random.Random(seed)
    print(f"# EROS_SEED={seed}")
    expected = Expected(with_key=True)
    expected.calls, unknown = name_calls(expected)
    cases = list_cases(expected, generator)
    if wanted not in ("", "full"):
        cases = [case for case in cases if case[0].startswith(wanted)]
    elif wanted == "":
        cases = draw(expected, cases, generator)
    print(f"1..{len(cases) + 2}")
    good = say(1, not unknown and all(expected.calls.values()), "every call of a rehearsal is in the matrix",
               f"{unknown} {expected.calls}")
    good &= say(2, not expected.incomplete, "every job has labels, a location and a time limit", "\n".join(expected.incomplete))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = [(name, pool.submit(run_case, expected, faults, cause)) for name, faults, cause in cases]
        for number, (name, result) in enumerate(results, 3):
            try:
                wrong = result.result()
            except Exception as error:  # a time limit, or the server's own end
                wrong = [repr(error)]
            good &= say(number, not wrong, name, "\n".join(wrong))
    return 0 if good else 1


sys.exit(main())
