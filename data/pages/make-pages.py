#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a program's manual page, or its completion for a shell, of what the program itself says with --help: the one place
where commands and options are described.

    make-pages.py man|bash|zsh|fish PROGRAM VERSION [MORE.in]     prints to standard output"""
import os
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"^  (?:-(\w), )?--([a-z0-9-]+)(?:=(\S+))?(?: {2,}(.*))?$")
COMMAND = re.compile(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)*)((?: [^ a-z]\S*)*) {2,}(.*)$")
CHOICE = re.compile("“([a-z-]+)”")
FILES = ("FILE", "DIR", "PDF", "CHECKLIST.md", "CSV", "KEY")
DAEMON_NAME = "eros-bigquery-local"


def ask(program, *words):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    return subprocess.run([program, *words, "--help"], env=environment, capture_output=True, text=True, check=True,
                          timeout=60, encoding="utf-8").stdout


class Command:
    """A command with its options, or a program that has none."""

    def __init__(self, name, parameters, summary, text):
        self.name, self.parameters, self.summary = name, parameters.split(), summary
        head, _, tail = text.partition("Help Options:\n")
        parts = head.strip().split("\n\n")
        self.usage = [line.strip() for line in parts[0].splitlines()[1:]]
        self.about = parts[1:]
        self.options = [match.groups(default="") for match in map(OPTION.match, tail.splitlines()) if match]


class Program:
    """What its help says."""

    def __init__(self, path):
        text = ask(path)
        self.name = pathlib.Path(path).name
        self.usage, self.commands, self.tail, self.words = [], [], [], []
        if "\nCommands:\n" not in text:
            self.commands = [Command("", "", "", text)]
            self.summary = self.commands[0].about[0].splitlines()[0]
            ways = [re.split(" {2,}", line.strip())[0] for line in self.commands[0].about[0].splitlines()[1:]]
            self.usage = ways or self.commands[0].usage
            self.words = re.findall(rf"^{self.name} ([a-z]+)\b", "\n".join(ways), re.M)
            return
        head, _, rest = text.partition("\nCommands:\n")
        listing, _, tail = rest.partition("\n\n")
        self.usage = [re.split(" {2,}", line.strip())[0] for line in head.splitlines()[1:] if line.strip()]
        self.tail = tail.strip().split("\n\n")
        self.summary = "conduct a database deployment on BigQuery"
        for line in listing.splitlines():
            name, parameters, summary = COMMAND.match(line).groups()
            self.commands.append(Command(name, parameters, summary, ask(path, *name.split())))


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("’", "'")
    text = text.replace("“", "\\(lq").replace("”", "\\(rq").replace('"', "\\(dq")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def print_option(short, name, value, text):
    flags = (f"\\fB\\-{short}\\fR, " if short else "") + f"\\fB\\-\\-{roff(name)}\\fR" + (f"=\\fI{roff(value)}\\fR" if value else "")
    print(f".TP\n{flags}\n{roff(text)}")


def print_man(program, version, more):
    print(f'.TH {program.name.upper()} 1 "" "{program.name} {version}" "User Commands"')
    print(f".SH NAME\n{roff(program.name)} \\- {roff(program.summary[0].lower() + program.summary[1:].rstrip('.'))}")
    print(".SH SYNOPSIS\n.nf")
    for line in program.usage:
        name, _, rest = line.partition(" ")
        print(f"\\fB{roff(name)}\\fR {roff(rest)}")
    print(".fi")
    sections = re.split(r"(?m)^(?=\.SH )", more)
    print("".join(part for part in sections if part.startswith(".SH DESCRIPTION")).rstrip())
    if program.commands[0].name:
        print(".SH COMMANDS")
    else:
        print(".SH OPTIONS")
    for command in program.commands:
        if command.name:
            print(f".SS {roff(program.name)} {roff(' '.join([command.name, *command.parameters]))}")
            print("\n.PP\n".join(roff(part) for part in command.about))
        for option in command.options:
            print_option(*option)
    if program.tail:
        print(".SH NOTES")
        print("\n.PP\n".join(roff(part) for part in program.tail))
    print("".join(part for part in sections if part.strip() and not part.startswith(".SH DESCRIPTION")).rstrip())
    other = DAEMON_NAME if program.name != DAEMON_NAME else "eros-deploy"
    print(f".SH SEE ALSO\n.BR {roff(other)} (1)")


def choices(option):
    """What may be chosen, where the help quotes it; what it quotes elsewhere is an example."""
    return CHOICE.findall(option[3]) if option[2] in ("HOW", "FORMAT", "WHICH") else []


def is_file(parameter):
    return any(part.strip("[]….") in FILES or part.strip("[]…") in FILES for part in parameter.split("|"))


def is_id(parameter):
    return any(part.strip("[]…") == "ID" for part in parameter.split("|"))


def words_of(option):
    return ([f"-{option[0]}"] if option[0] else []) + [f"--{option[1]}"]


LIST_IDS = "eros-deploy list --json 2>/dev/null | sed -n 's/^ *\"id\" : \"\\(.*\\)\",*$/\\1/p'"


def print_bash(program):
    function = "_" + program.name.replace("-", "_")
    names = sorted({command.name.split()[0] for command in program.commands if command.name})
    print(f"# Completion of {program.name} for bash; made of its --help.\n{function} ()\n{{")
    print("  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}")
    # “--output=x” arrives in three words.
    print('  [ "$current" = = ] && current=\n  [ "$previous" = = ] && previous=${COMP_WORDS[COMP_CWORD-2]}')
    if names:
        print('  if [ "$COMP_CWORD" = 1 ]; then')
        print(f'    COMPREPLY=($(compgen -W "{" ".join(names)} --help --version --rehearse" -- "$current"))')
        print('    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default\n    return\n  fi')
        for name in (command.name for command in program.commands if " " in command.name):
            print(f'  [ "${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}}" = "{name}" ] && [ "$COMP_CWORD" -gt 2 ] && command="{name}"')
    print("  case $command in" if names else "  case : in")
    for command in program.commands:
        print(f"  {chr(34) + command.name + chr(34) if names else '*'})\n    case $previous in")
        for option in command.options:
            if choices(option):
                print(f'    {"|".join(words_of(option))}) COMPREPLY=($(compgen -W "{" ".join(choices(option))}" -- "$current")); return ;;')
            elif is_file(option[2]):
                print(f'    {"|".join(words_of(option))}) compopt -o default; return ;;')
            elif option[2]:
                print(f'    {"|".join(words_of(option))}) return ;;')
        print("    esac")
        subs = [other.name.split()[1] for other in program.commands if other.name.startswith(command.name + " ")] if command.name else []
        options = " ".join([word for option in command.options for word in words_of(option)] + subs)
        print(f'    case $current in -*) COMPREPLY=($(compgen -W "{options}" -- "$current")); return ;; esac')
        if program.words:
            print(f'    COMPREPLY=($(compgen -W "{" ".join(program.words)}" -- "$current"))\n    compopt -o default')
        elif subs:
            print(f'    COMPREPLY=($(compgen -W "{" ".join(subs)}" -- "$current"))')
        elif any(map(is_id, command.parameters)):
            print(f'    COMPREPLY=($(compgen -W "$({LIST_IDS})" -- "$current"))')
        if any(map(is_file, command.parameters)):
            print("    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default")
        print("    ;;")
    print(f"  esac\n}}\ncomplete -F {function} {program.name}")


def zsh(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text.replace("'", "’")).replace("`", "’")


def zsh_action(option):
    if choices(option):
        return f":{option[2].lower()}:({' '.join(choices(option))})"
    if option[2]:
        return f":{zsh(option[2].lower())}:" + ("_files" if is_file(option[2]) else " ")
    return ""


def print_zsh(program):
    print(f"#compdef {program.name}\n# Completion for zsh; made of its --help.")
    if program.commands[0].name:
        print(f"local -a ids commands\nids=(${{(f)\"$({LIST_IDS})\"}})\ncommands=(")
        for command in program.commands:
            if " " not in command.name:
                print(f"  '{command.name}:{zsh(command.summary)}'")
        print(")\nif (( CURRENT == 2 )); then\n  _describe command commands\n  _files\n  return\nfi")
        print("local command=$words[2]")
        for command in program.commands:
            if " " in command.name:
                first, second = command.name.split()
                print(f"[[ $words[2] == {first} && $words[3] == {second} ]] && (( CURRENT > 3 )) && command='{command.name}'")
        print("case $command in")
    for command in program.commands:
        specs = [f"'*:command:({' '.join(program.words)})'"] if program.words else []
        for option in command.options:
            for word in words_of(option):
                specs.append(f"'{word}{'=' if option[2] and word.startswith('--') else ''}[{zsh(option[3])}]{zsh_action(option)}'")
        subs = [other.name.split()[1] for other in program.commands if other.name.startswith(command.name + " ")] if command.name else []
        if subs:
            specs.append(f"'*:command:({' '.join(subs)})'")
        elif any(map(is_id, command.parameters)):
            specs.append("'*:deployment:($ids)'" if not any(map(is_file, command.parameters)) else "'*:deployment:_files'")
        elif any(map(is_file, command.parameters)):
            specs.append("'*:file:_files'")
        body = " \\\n    ".join(specs)
        print(f"  '{command.name}') _arguments {body} ;;" if command.name else f"_arguments {body}")
    if program.commands[0].name:
        print("esac")


def fish(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def print_fish(program):
    name = program.name
    print(f"# Completion of {name} for fish; made of its --help.")
    if program.commands[0].name:
        print(f"function __eros_deploy_ids\n  {LIST_IDS}\nend")
        print(f"complete -c {name} -n __fish_use_subcommand -l help -d 'Show the commands'")
        print(f"complete -c {name} -n __fish_use_subcommand -l version -d 'Show the version'")
        print(f"complete -c {name} -n __fish_use_subcommand -l rehearse -d 'Open a window with a fresh rehearsal'")
    else:
        print(f"complete -c {name} -n __fish_use_subcommand -a '{' '.join(program.words)}'")
    for command in program.commands:
        words = command.name.split()
        condition = "".join(f"__fish_seen_subcommand_from {word}; and " for word in words)[: -len("; and ")]
        if len(words) == 1:
            print(f"complete -c {name} -f -n __fish_use_subcommand -a '{words[0]}' -d '{fish(command.summary)}'")
            subs = [other.name.split()[1] for other in program.commands if other.name.startswith(command.name + " ")]
            for sub in subs:
                condition += f"; and not __fish_seen_subcommand_from {sub}"
        elif len(words) == 2:
            print(f"complete -c {name} -f -n '__fish_seen_subcommand_from {words[0]}; and not __fish_seen_subcommand_from {words[1]}' "
                  f"-a '{words[1]}' -d '{fish(command.summary)}'")
        where = f" -n '{condition}'" if condition else ""
        if any(map(is_id, command.parameters)):
            print(f"complete -c {name}{where}{'' if any(map(is_file, command.parameters)) else ' -f'} -a '(__eros_deploy_ids)'")
        for short, long, value, text in command.options:
            flags = (f" -s {short}" if short else "") + f" -l {long}"
            if choices((short, long, value, text)):
                flags += f" -x -a '{' '.join(choices((short, long, value, text)))}'"
            elif value:
                flags += " -r -F" if is_file(value) else " -x"
            print(f"complete -c {name}{where}{flags} -d '{fish(text)}'")


def main():
    kind, path, version = sys.argv[1:4]
    program = Program(path)
    sys.stdout.reconfigure(encoding="utf-8")
    if kind == "man":
        print_man(program, version, pathlib.Path(sys.argv[4]).read_text(encoding="utf-8"))
    else:
        {"bash": print_bash, "zsh": print_zsh, "fish": print_fish}[kind](program)


main()
