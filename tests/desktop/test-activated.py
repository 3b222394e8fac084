#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session bus starts the window and the search provider from their service files; what is searched for is found, and
what is found is opened and remembered. The units are what systemd takes. Prints the Test Anything Protocol."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import gi  # pylint: disable=import-error
from gi.repository import Gio, GLib  # pylint: disable=import-error

PROGRAM, PROVIDER, BUILD = (str(pathlib.Path(path).absolute()) for path in sys.argv[1:4])
ID = "com.eros_platform.Deploy"
PATH = "/com/eros_platform/Deploy"
FOLDER = pathlib.Path(tempfile.mkdtemp())
SYSTEM = pathlib.Path(BUILD) / "data/system"
os.environ["GTK_A11Y"] = "none"  # this bus has no accessibility
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "G_DEBUG")}


def place(name, target):
    """A file as it is installed, but for programs that are not."""
    lines = []
    for line in (SYSTEM / name).read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if key in ("Exec", "ExecStart"):
            words = value.split(" ")
            programs = {"eros-deploy": PROGRAM, "eros-deploy-search-provider": PROVIDER}
            line = key + sign + " ".join([programs[pathlib.Path(words[0]).name], *words[1:]])
        lines.append(line)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make(name):
    done = subprocess.run([PROGRAM, "new", "--name", name], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()[0]


class Desktop:
    """A bus whose services are ours."""

    def __init__(self):
        services = FOLDER / "services"
        services.mkdir()
        for name in (f"{ID}.service", f"{ID}.SearchProvider.service"):
            place(name, services / name)
        self.bus = Gio.TestDBus.new(Gio.TestDBusFlags.NONE)
        self.bus.add_service_dir(str(services))
        self.bus.up()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            self.bus.get_bus_address(),
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.ids = [make("Ledger close"), make("Ledger of <Öl> & oil"), make("Something else")]

    def call(self, name, path, interface, method, parameters, answer=None):
        done = self.connection.call_sync(name, path, interface, method, parameters, GLib.VariantType(answer) if answer else None,
                                         Gio.DBusCallFlags.NONE, 60000, None)
        return done.unpack()

    def search(self, method, parameters, answer=None):
        return self.call(f"{ID}.SearchProvider", f"{PATH}/SearchProvider", "org.gnome.Shell.SearchProvider2", method, parameters, answer)

    def wait(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)

    def list_windows(self):
        xml, = self.call(ID, f"{PATH}/window", "org.freedesktop.DBus.Introspectable", "Introspect", None)
        return xml.count("<node name=")

    def test_search(self):
        found, = self.search("GetInitialResultSet", GLib.Variant("(as)", (["LEDGER"],)), "(as)")
        assert set(found) == set(self.ids[:2]), (found, self.ids)
        found, = self.search("GetSubsearchResultSet", GLib.Variant("(asas)", (found, ["ledger", "öL"])), "(as)")
        assert found == [self.ids[1]], found
        found, = self.search("GetInitialResultSet", GLib.Variant("(as)", (["ledger", "nowhere"],)), "(as)")
        assert found == [], found

    def test_description(self):
        (meta,), = self.search("GetResultMetas", GLib.Variant("(as)", ([self.ids[1], "gone"],)), "(aa{sv})")
        assert meta["id"] == self.ids[1] and meta["name"] == "Ledger of <Öl> & oil", meta
        assert "0 of 104 done" in meta["description"] and meta["gicon"] == ID, meta

    def test_open(self):
        self.search("ActivateResult", GLib.Variant("(sasu)", (self.ids[0], ["ledger"], 0)))
        self.wait(lambda: self.list_windows() == 1)
        recent = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "recently-used.xbel"
        self.wait(lambda: recent.exists() and self.ids[0] in recent.read_text(encoding="utf-8"))
        file = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "eros-deploy" / f"{self.ids[0]}.erosdeploy"
        refused = subprocess.run([PROGRAM, "undo", str(file)], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60)
        assert refused.returncode != 0 and refused.stderr, refused

    def test_again(self):
        self.search("ActivateResult", GLib.Variant("(sasu)", (self.ids[1], ["ledger"], 0)))
        self.wait(lambda: self.list_windows() == 2)
        self.search("LaunchSearch", GLib.Variant("(asu)", (["ledger"], 0)))
        self.call(ID, PATH, "org.freedesktop.Application", "Activate", GLib.Variant("(a{sv})", ({},)))
        assert self.list_windows() == 2, self.list_windows()

    def test_quit(self):
        self.call(ID, PATH, "org.freedesktop.Application", "ActivateAction", GLib.Variant("(sava{sv})", ("quit", [], {})))
        self.wait(lambda: not self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                                        GLib.Variant("(s)", (ID,)))[0])


def test_unit():
    if shutil.which("systemd-analyze") is None:
        return
    unit = FOLDER / "eros-deploy-monitor@.service"
    place(unit.name, unit)
    done = subprocess.run(["systemd-analyze", "verify", "--user", "--man=no", str(unit)], capture_output=True, text=True, check=False,
                          env={**ENVIRONMENT, "XDG_RUNTIME_DIR": str(FOLDER)}, timeout=60)
    assert done.returncode == 0 and unit.name not in done.stderr, done.stderr


desktop = Desktop()
tests = [("the bus starts the search provider, which finds by every word", desktop.test_search),
         ("what is found has a name and how far it is", desktop.test_description),
         ("the bus starts the window with what was found, which is remembered", desktop.test_open),
         ("one program has several windows", desktop.test_again),
         ("it is told to end", desktop.test_quit),
         ("systemd takes the unit", test_unit)]
print(f"1..{len(tests)}")
failures = 0
for number, (title, test) in enumerate(tests, 1):
    try:
        test()
        print(f"ok {number} - {title}", flush=True)
    except Exception:  # pylint: disable=broad-except
        failures += 1
        print("\n".join("# " + line for line in traceback.format_exc().splitlines()))
        print(f"not ok {number} - {title}", flush=True)
desktop.connection.close_sync(None)
desktop.bus.down()
shutil.rmtree(FOLDER, ignore_errors=True)
sys.exit(1 if failures else 0)
