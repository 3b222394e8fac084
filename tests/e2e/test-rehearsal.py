#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conducts a rehearsal in the real window, as somebody who hears it: tick, note, field, checks, sign-off, export, close,
reopen, compare. Prints the Test Anything Protocol."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from desktop import Desktop, press, write  # noqa: E402

PROGRAM = os.environ["EROS_DEPLOY"]
PAGES = ["Overview", "0 Preparation", "1 Backup", "2 Validation", "3 Deployment", "4 Monitoring", "5 Rollback",
         "6 Sign-off", "7 Follow-up", "Report"]
OWNER = "^Product Owner approval received$"
NETWORK = "^Network connectivity to BigQuery verified$"
COST = "^Daily query cost$"
NOTE = "Ada agreed on the phone"


class Rehearsal:
    """The steps, in their order; each relies on the ones before."""

    def __init__(self):
        self.desktop = Desktop()
        self.program = None
        self.log = tempfile.TemporaryFile(mode="w+")
        self.report = pathlib.Path(tempfile.mkdtemp()) / "report.pdf"

    def start(self):
        self.program = subprocess.Popen([PROGRAM], stderr=self.log)
        self.desktop.wait("push button", "^Rehearse$")

    def open_page(self, title):
        self.desktop.click("list item", f"^{title}")

    def one_click_opens_a_rehearsal(self):
        self.start()
        self.desktop.click("push button", "^Rehearse$")
        self.desktop.wait("list item", "^0 Preparation", timeout=20)
        self.desktop.wait("label", "Environment: Rehearsal")

    def a_tick_shows_and_counts(self):
        # What is next is led to: it lies below what the page begins with.
        self.desktop.click("push button", "^Show")
        # An approval counts when it says whose it is.
        self.desktop.wait("text", "^Product Owner$").type("Ada Lovelace")
        self.desktop.until(lambda: self.desktop.find("label", "Ada Lovelace, by "), "the field says who filled it in")
        self.desktop.click("check box", OWNER)
        self.desktop.wait("check box", OWNER, lambda box: box.checked)
        self.desktop.wait("list item", "^0 Preparation, .*, 1 of")

    def undo_takes_it_back_and_it_is_ticked_again(self):
        press("ctrl+z")
        self.desktop.wait("check box", OWNER, lambda box: not box.checked)
        self.desktop.click("check box", OWNER)
        self.desktop.wait("check box", OWNER, lambda box: box.checked)

    def a_note_is_written(self):
        self.desktop.click("push button", "^Note: Product Owner approval received$")
        self.desktop.wait("text", "^Note$")
        write(NOTE)
        press("Escape")
        self.desktop.wait("list item", OWNER, lambda row: NOTE in row.description)

    def the_machine_checks_the_environment(self):
        self.desktop.click("push button", "^Run checks: Environment Verification$")
        self.desktop.wait("check box", NETWORK, lambda box: box.checked, timeout=60)
        row = self.desktop.wait("list item", NETWORK, lambda row: "Ticked by the machine" in row.description)
        assert row.description, "no evidence beside the box"

    def the_evidence_is_under_the_row(self):
        self.desktop.click("push button", "^Evidence: BigQuery project ID confirmed$")
        self.desktop.wait("list item", "^Evidence$")

    def the_rows_behind_it_are_shown_and_escape_closes_them(self):
        self.desktop.click("push button", "^Evidence: .*CLI installed")
        self.desktop.click("push button", "^Rows…$")
        row = self.desktop.wait("table row", "^1: .")
        assert self.desktop.find("label", "^1 row$")
        assert not any("table" in control for control in self.desktop.unnamed())
        press("Down")
        press("ctrl+c")
        self.desktop.wait("label", "^The row is on the clipboard$")
        press("Escape")  # the message goes first
        self.desktop.until(lambda: not self.desktop.find("label", "is on the clipboard$"), "the message is gone")
        press("Escape")
        self.desktop.until(lambda: not self.desktop.find("table row", re.escape(row.name)), "the window is closed")

    def a_field_is_typed(self):
        self.open_page("2 Validation")
        self.desktop.wait("text", COST).type("12.50")
        self.desktop.until(lambda: self.desktop.find("label", "12.50, by "), "the field says who filled it in")

    def what_is_not_valid_is_said(self):
        entry = self.desktop.wait("text", "^Expected caption_bank rows$")
        entry.type("many")
        self.desktop.until(lambda: "a whole number" in entry.description, "the entry says what is wrong")
        entry.type("100000")
        self.desktop.until(lambda: "a whole number" not in entry.description, "the entry is valid again")

    def a_backup_is_planned_and_taken(self):
        self.open_page("1 Backup")
        self.desktop.click("push button", "^Back up…$")
        self.desktop.wait("label", "^Expected to read", timeout=60)
        self.desktop.wait("list item", "^Snapshot of caption_bank, planned$")
        self.desktop.click("push button", "^Start$")
        self.desktop.wait("label", "^Started .*, took", timeout=120)
        self.desktop.wait("check box", "^Backup completion confirmed$", lambda box: box.checked)

    def a_gate_is_overridden_and_the_sign_off_signed(self):
        self.open_page("6 Sign-off")
        self.desktop.click("push button", "^Sign: Technical Lead Sign-Off$")
        self.desktop.click("push button", "^Override…$")
        self.desktop.wait("text", "^Name of who decides$").type("Ada Lovelace")
        self.desktop.wait("text", "^Reason$").type("This is a rehearsal")
        self.desktop.click("push button", "^Override$")
        self.desktop.click("push button", "^Sign: Technical Lead Sign-Off$")
        self.desktop.wait("text", "^Name$").type("Ada Lovelace")
        self.desktop.click("push button", "^Sign$")
        self.desktop.wait("push button", "^Withdraw: Technical Lead Sign-Off$", lambda button: button.has("VISIBLE"))

    def every_page_has_names_for_all_its_controls(self):
        for title in PAGES:
            self.open_page(title)
            if title == "Report":
                self.desktop.wait("list item", "^Page 1 of")
        self.desktop.click("push button", "^Contacts$")
        self.desktop.wait("text", "^Support Case Number$")
        # What is being built just now gets its name a moment later.
        self.desktop.until(lambda: not self.desktop.unnamed(), "every control has a name")
        assert not self.desktop.misnamed(), self.desktop.misnamed()

    def the_report_is_exported_and_signed(self):
        press("ctrl+e")
        self.desktop.wait("push button", "^_?Save")
        press("ctrl+a")
        write(str(self.report))
        press("Return")
        self.desktop.until(self.report.exists, f"{self.report} is there", timeout=60)
        if shutil.which("pdfsig"):
            out = subprocess.run(["pdfsig", "-nocert", str(self.report)], capture_output=True, text=True, check=False)
            assert "Signature is Valid" in out.stdout, out.stdout + out.stderr
            assert "Total document signed" in out.stdout, out.stdout

    def quitting_ends_without_a_word(self):
        press("ctrl+q")
        assert self.program.wait(timeout=20) == 0
        self.log.seek(0)
        # There is nobody on this bus who shows notifications, which GLib says.
        said = [line for line in self.log.read().splitlines() if ("WARNING" in line or "CRITICAL" in line)
                and "unable to send notifications" not in line]
        assert not said, "\n".join(said)

    def it_is_listed_and_opens_again(self):
        self.start()
        self.desktop.click("list item", "^Rehearsal.* done")
        self.desktop.wait("list item", "^0 Preparation, in progress")

    def everything_is_as_it_was(self):
        self.open_page("0 Preparation")
        self.desktop.wait("check box", OWNER, lambda box: box.checked)
        self.desktop.wait("list item", OWNER, lambda row: NOTE in row.description)
        self.desktop.wait("check box", NETWORK, lambda box: box.checked)
        self.open_page("1 Backup")
        self.desktop.wait("label", "^Started .*, took")
        self.open_page("2 Validation")
        assert self.desktop.wait("text", COST).text == "12.50"
        assert self.desktop.wait("text", "^Expected caption_bank rows$").text == "100000"
        self.open_page("6 Sign-off")
        self.desktop.wait("list item", "^Technical Lead Sign-Off$", lambda row: "Signed by" in row.description)

    def the_reopened_one_still_works(self):
        self.open_page("0 Preparation")
        self.desktop.click("push button", "^Run checks: Environment Verification$")
        # That of bq: it would look at Google's BigQuery, so it is not asked, whether it is there or not.
        self.desktop.wait("label", "^No check failed; 1 has not enough to say$", timeout=60)
        self.quitting_ends_without_a_word()

    STEPS = [one_click_opens_a_rehearsal, a_tick_shows_and_counts, undo_takes_it_back_and_it_is_ticked_again,
             a_note_is_written, the_machine_checks_the_environment, the_evidence_is_under_the_row,
             the_rows_behind_it_are_shown_and_escape_closes_them, a_field_is_typed,
             what_is_not_valid_is_said, a_backup_is_planned_and_taken, a_gate_is_overridden_and_the_sign_off_signed,
             every_page_has_names_for_all_its_controls, the_report_is_exported_and_signed,
             quitting_ends_without_a_word, it_is_listed_and_opens_again, everything_is_as_it_was,
             the_reopened_one_still_works]

    def end(self):
        if self.program and self.program.poll() is None:
            self.program.send_signal(signal.SIGKILL)
            self.program.wait()
        shutil.rmtree(self.report.parent, ignore_errors=True)


def main():
    rehearsal = Rehearsal()
    print(f"1..{len(Rehearsal.STEPS)}", flush=True)
    try:
        for number, step in enumerate(Rehearsal.STEPS, 1):
            name = step.__name__.replace("_", "-")
            begin = time.monotonic()
            try:
                step(rehearsal)
            except Exception:  # what went wrong is the test's result, whatever it was
                print(f"not ok {number} {name}", flush=True)
                print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), flush=True)
                rehearsal.log.seek(0)
                print("".join("# " + line for line in rehearsal.log), flush=True)
                return 1
            print(f"ok {number} {name} # {time.monotonic() - begin:.1f} s", flush=True)
    finally:
        rehearsal.end()
    return 0


sys.exit(main())
