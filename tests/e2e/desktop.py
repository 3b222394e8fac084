# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and drives a window through the accessibility bus, as a screen reader would."""
import os
import re
import subprocess
import time
import warnings

# The accessibility library complains about windows that have just gone, which is not fatal to those who watch.
os.environ.pop("G_DEBUG", None)

import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

warnings.simplefilter("ignore", DeprecationWarning)

ACTIONABLE = {"push button", "toggle button", "check box", "radio button", "text", "entry", "password text",
              "spin button", "combo box", "switch", "link", "menu item", "list item", "table cell"}


# What only holds others together is not heard, whatever it is called.
CONTAINERS = {"filler", "panel", "separator", "scroll pane", "viewport", "unknown", "generic", "popup menu", "tool tip",
              "redundant object", "section", "grouping", "scroll bar", "image"}


class Control:
    """One node of the accessibility tree."""

    def __init__(self, node):
        self.node = node

    @property
    def role(self):
        return self.node.get_role_name()

    @property
    def name(self):
        return self.node.get_name() or ""

    @property
    def description(self):
        return self.node.get_description() or ""

    def has(self, state):
        return self.node.get_state_set().contains(getattr(Atspi.StateType, state))

    @property
    def checked(self):
        return self.has("CHECKED")

    @property
    def text(self):
        node = self.node.get_text_iface()
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)) if node else ""

    @property
    def actions(self):
        iface = self.node.get_action_iface()
        return iface.get_n_actions() if iface else 0

    def children(self):
        try:
            for i in range(self.node.get_child_count()):
                child = self.node.get_child_at_index(i)
                if child:
                    yield Control(child)
        except GLib.Error:  # it went away meanwhile
            return

    def walk(self):
        yield self
        for child in self.children():
            yield from child.walk()

    def act(self):
        if not self.node.get_action_iface().do_action(0):
            raise RuntimeError(f"{self} did not act")

    def type(self, text):
        iface = self.node.get_editable_text_iface()
        if not iface:
            raise RuntimeError(f"{self} cannot be edited")
        iface.set_text_contents(text)

    def __str__(self):
        return f"{self.role} “{self.name}”"


class Desktop:
    """All windows of this desktop."""

    def __init__(self):
        Atspi.init()
        # On a busy machine an answer may take longer than the 0.8 s that a screen reader waits.
        Atspi.set_timeout(20000, 20000)

    def walk(self):
        root = Atspi.get_desktop(0)
        for i in range(root.get_child_count()):
            child = root.get_child_at_index(i)
            if child:
                yield from Control(child).walk()

    def find(self, role, name, where=lambda control: True):
        for control in self.walk():
            try:
                if control.role == role and re.search(name, control.name) and where(control):
                    return control
            except GLib.Error:
                continue
        return None

    def until(self, condition, what, timeout=30.0):
        """Waits until condition () is true, and returns what it gave."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(f"not within {timeout:.0f} s: {what}\n{self.dump()}")

    def wait(self, role, name, where=lambda control: True, timeout=30.0):
        return self.until(lambda: self.find(role, name, where), f"{role} named /{name}/", timeout)

    def click(self, role, name):
        """The first such control that can be acted on."""
        self.wait(role, name, lambda control: control.actions > 0).act()

    def unnamed(self):
        """Controls that a person can act on and that nobody can hear."""
        return [str(c) for c in self.walk() if c.role in ACTIONABLE and not c.text
                and (not c.name or re.fullmatch("(Gtk|Adw|Eros)[A-Z][A-Za-z]*", c.name))]

    def misnamed(self):
        """What is called by the class of its widget, windows that are none, and windows without a name."""
        wrong = [str(c) for c in self.walk() if c.role not in CONTAINERS and (c.role != "label" or c.text)
                 and re.fullmatch("(Gtk|Adw|Eros)[A-Z][A-Za-z]*", c.name)]
        root = Atspi.get_desktop(0)
        for i in range(root.get_child_count()):
            program = root.get_child_at_index(i)
            wrong += [f"window: {w}" for w in (Control(program).children() if program else [])
                      if w.role in ("filler", "unknown", "panel") or not w.name
                      or re.fullmatch("(Gtk|Adw|Eros)[A-Z][A-Za-z]*", w.name)]
        return wrong

    def dump(self):
        return "\n".join(f"{c} {c.text[:60]!r}" for c in self.walk() if c.name or c.text)


def press(keys):
    subprocess.run(["xdotool", "key", "--clearmodifiers", keys], check=True)


def write(text):
    subprocess.run(["xdotool", "type", "--delay", "1", text], check=True)
