#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages and the completions name each command and each option that --help names, and no other. What a shell
completes is asked of the shell, where it is there. Prints the Test Anything Protocol."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BUILD = pathlib.Path(sys.argv[1])
ROOT = pathlib.Path(__file__).parents[2]
PAGES = BUILD / "data/pages"
PROGRAMS = {"eros-deploy": BUILD / "src/eros-deploy", "eros-bigquery-local": BUILD / "src/local-bigquery/eros-bigquery-local"}
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def run(*words, **more):
    return subprocess.run([str(word) for word in words], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60,
                          encoding="utf-8", **more).stdout


def find_options(text):
    """Words that are options, wherever they stand."""
    return set(re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]*|-[a-z0-9](?=, --))", text))


def list_options(text):
    """The options of a command, of its --help: first on their lines."""
    return set(re.findall(r"^  (?:(-\w), )?(--[a-z0-9-]+)", text, re.M)) if "Application Options" in text or "Help Options" in text else set()


def ask(name):
    """Command → its options, as the program says them itself."""
    program = PROGRAMS[name]
    text = run(program, "--help")
    commands = re.findall(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)*)(?=  | [A-Z\[])", text.partition("\nCommands:\n")[2].partition("\n\n")[0], re.M)
    asked = {command: run(program, *command.split(), "--help") for command in commands} or {"": text}
    return {command: {word for pair in list_options(said) for word in pair if word} for command, said in asked.items()}


def render(name):
    """The page as it is read; it may not warn."""
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-P", "cat", "-l", str(PAGES / f"{name}.1")],
                          env={**ENVIRONMENT, "MANWIDTH": "400", "MAN_KEEP_FORMATTING": ""}, capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr.strip(), done.stderr
    return re.sub(".\b", "", done.stdout).replace("‐", "-")


def check_man(name):
    wanted, page = ask(name), render(name)
    if list(wanted) == [""]:
        parts = {"": page.partition("\nOPTIONS\n")[2].partition("\nEXAMPLES\n")[0]}
    else:
        body = page.partition("\nCOMMANDS\n")[2].partition("\nNOTES\n")[0]
        parts = {}
        for part in re.split(rf"(?m)^ {{3}}{name} (?=[a-z])", body)[1:]:
            head = part.splitlines()[0]
            parts[re.match(r"[a-z][a-z-]*(?: [a-z][a-z-]*)*", head).group()] = part
    assert set(parts) == set(wanted), set(parts) ^ set(wanted)
    for command, options in wanted.items():
        found = {word for pair in re.findall(r"^ {7}(?:(-\w), )?(--[a-z0-9-]+)", parts[command], re.M) for word in pair if word}
        assert found == options, (command, found ^ options)


def complete_bash(name, line):
    words = line.split(" ")
    script = (f". '{PAGES / name}.bash'; compopt () {{ :; }}; COMP_WORDS=({' '.join(repr(word) for word in words)}); "
              f"COMP_CWORD={len(words) - 1}; _{name.replace('-', '_')}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return set(run("bash", "-c", script).split())


def complete_fish(name, line):
    script = f"set fish_complete_path '{PAGES}'; source '{PAGES / name}.fish'; complete -C '{line}'"
    return {offer.split("\t")[0] for offer in run("fish", "--no-config", "-c", script).splitlines()}


def check_completion(name, complete):
    wanted = ask(name)
    for command, options in wanted.items():
        line = " ".join([name, *command.split()])
        found = {word for word in complete(name, f"{line} --") if word.startswith("--")}
        long = {word for word in options if word.startswith("--")}
        assert found == long, (command, found ^ long)
    if "" not in wanted:
        commands = {command.split()[0] for command in wanted}
        found = complete(name, f"{name} ")
        assert commands <= found, commands - found
        assert "import" in complete(name, f"{name} runbook "), complete(name, f"{name} runbook ")
        assert complete(name, f"{name} new --environment ") >= {"staging", "production"}, complete(name, f"{name} new --environment ")


def check_zsh(name):
    run("zsh", "-n", PAGES / f"_{name}")
    text = (PAGES / f"_{name}").read_text(encoding="utf-8")
    for command, options in ask(name).items():
        part = re.search(rf"^  '{command}'\) _arguments(.*?) ;;$", text, re.M | re.S).group(1) if command else text
        found = set(re.findall(r"'(--?[a-z0-9][a-z0-9-]*)=?\[", part))
        assert found == options, (command, found ^ options)


def check_manual():
    """What the manual tells to type can be typed, and the permissions that it lists are those that are asked for."""
    known = {name: ask(name) for name in PROGRAMS}
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs/manual").glob("*.md")))
    code = [piece for block, words in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.S) for piece in (block + words).splitlines()]
    found = 0
    for line in code:
        for name, rest in re.findall(r"(?<![\w/])(eros-deploy|eros-bigquery-local)(?= )([^|)\"]*)", line):
            commands = known[name]
            words = rest.split(" -- ")[0].split()
            command = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in commands), "")
            assert command in commands, line
            options = {word.partition("=")[0] for word in words if word.startswith("-")}
            assert options <= commands[command] | {"--help"}, (line, options - commands[command])
            found += 1
    assert found > 20, found
    asked = "".join((ROOT / "src/controller/checks" / f"eros-probe-{name}.c").read_text(encoding="utf-8") for name in ("permissions", "bucket"))
    permission = r"\b((?:bigquery|storage)\.[a-z]+\.[a-zA-Z]+)\b"
    assert set(re.findall(permission, text)) == set(re.findall(f'"{permission}"', asked)), \
        set(re.findall(permission, text)) ^ set(re.findall(f'"{permission}"', asked))
    roles = (ROOT / "src/bigquery/errors/eros-role.h").read_text(encoding="utf-8")
    for role in re.findall(r'"([A-Z][A-Za-z ]+)"', roles):
        assert role == "Browser" or f"| {role}, on " in text, role


tests = [("the manual names commands, options, permissions and roles that there are", check_manual, "sh")]
for program_name in PROGRAMS:
    tests.append((f"the manual page of {program_name} has every command and option, and no other", lambda n=program_name: check_man(n), "man"))
    tests.append((f"bash completes {program_name}", lambda n=program_name: check_completion(n, complete_bash), "bash"))
    tests.append((f"fish completes {program_name}", lambda n=program_name: check_completion(n, complete_fish), "fish"))
    tests.append((f"zsh completes {program_name}", lambda n=program_name: check_zsh(n), "zsh"))
print(f"1..{len(tests)}")
failures = 0
for number, (title, test, needs) in enumerate(tests, 1):
    if shutil.which(needs) is None:
        print(f"ok {number} - {title} # SKIP {needs} is not there")
        continue
    try:
        test()
        print(f"ok {number} - {title}", flush=True)
    except (AssertionError, subprocess.SubprocessError, AttributeError) as problem:
        failures += 1
        print("\n".join("# " + line for line in (str(problem) + str(getattr(problem, "stderr", ""))).splitlines()))
        print(f"not ok {number} - {title}", flush=True)
sys.exit(1 if failures else 0)
