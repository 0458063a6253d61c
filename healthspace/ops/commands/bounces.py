"""`healthspace bounces`: read the box that undelivered mails come back to."""

import argparse
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from healthspace.enrolment.actions import bounces
from healthspace.enrolment.adapters.mailbox import Box, Imap, Maildir
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import Progress, in_words, result

DESCRIPTION = """Reads a Maildir or a mailbox over IMAP (BOUNCE_MAILDIR, BOUNCE_IMAP). Whoever a mail did not reach
gets a letter with the next `healthspace inform`, and a new six weeks from its posting. Mails that are read are
removed; those nobody can tell are put aside (subfolder "unclear", or flagged)."""


def main(arguments: list[str]) -> int:
    """Read the box once."""
    parser = argparse.ArgumentParser(prog="healthspace bounces", description=DESCRIPTION)
    parser.add_argument("--maildir", type=Path, metavar="FOLDER", help="this Maildir")
    parser.add_argument("--imap", metavar="ADDRESS", help="this mailbox: imaps://user@host/INBOX")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    shown = Progress("mails")
    with in_words():
        report = bounces.read_box(
            _box(asked), progress=lambda so_far: shown.show(so_far.failed + so_far.ignored + so_far.unclear)
        )
    shown.end()
    lines = [
        f"{report.failed} mails did not arrive: {report.by_post} people get letters, {report.unreachable} cannot be"
        f" reached, {report.late} came too late, {report.known} were known or answered.",
        f"{report.ignored} automatic answers and delays passed over; {report.unclear} put aside for a person.",
    ]
    result(lines, asdict(report), as_json=asked.json)
    return 0


def _box(asked: argparse.Namespace) -> Box:
    if asked.maildir or (settings.BOUNCE_MAILDIR and not asked.imap):
        return Maildir(asked.maildir or Path(settings.BOUNCE_MAILDIR))
    if asked.imap or settings.BOUNCE_IMAP:
        return Imap(asked.imap or settings.BOUNCE_IMAP, settings.BOUNCE_IMAP_PASSWORD)
    raise CannotRun("Name the box: --maildir FOLDER or --imap ADDRESS, or set BOUNCE_MAILDIR or BOUNCE_IMAP.")
