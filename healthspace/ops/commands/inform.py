"""`healthspace inform`: draft what waits, send the mails that are due, print the letters."""

import argparse
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from healthspace.common import clock
from healthspace.enrolment.actions import batch_secrets, batches, printing, sending, standing
from healthspace.enrolment.reads import waves as reads
from healthspace.ops import given, letterhead
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import Progress, in_words, result

DESCRIPTION = """For every running wave (or the one named): puts who waits into batches, with their codes; hands the
mails that are due to the mail server; and with --letters FOLDER writes the letters for the press. May be stopped
at any point and run again, and every day: nobody gets a mail twice. After the letters went to the post:
healthspace posted BATCH --on DAY."""


def main(arguments: list[str]) -> int:
    """Draft, send, print; 1 when the mail server took no more."""
    parser = argparse.ArgumentParser(prog="healthspace inform", description=DESCRIPTION)
    parser.add_argument("wave", nargs="?", help="name of a wave; all that run")
    parser.add_argument("--letters", type=Path, metavar="FOLDER", help="write the letters of unprinted batches there")
    parser.add_argument("--post-on", type=given.day, metavar="DAY", help="posting day printed on the letters")
    parser.add_argument("--batch", type=given.count, metavar="N", help="print just this batch (again)")
    parser.add_argument("--limit", type=given.count, metavar="N", help="at most so many mails in this run")
    parser.add_argument(
        "--lines", type=given.count, default=2, metavar="N", help="connections to the mail server at once (2)"
    )
    parser.add_argument("--no-mails", action="store_true", help="draft and print only")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    _check(asked)
    with in_words():
        tended = standing.Tended() if asked.wave else standing.tend()
        states = {one.id: one.state for one in reads.waves()}
        chosen = [reads.by_name(asked.wave)] if asked.wave else [one for one in states if states[one] == "running"]
        if asked.batch:
            _check_batch(chosen, asked.batch)
        told: dict[str, Any] = {"secrets_forgotten": batch_secrets.forget(), "newcomers": tended.newcomers}
        told |= _draft([one for one in chosen if states[one] != "done"])
        if not asked.no_mails:
            told |= _mails(reads.by_name(asked.wave) if asked.wave else None, asked)
        if asked.letters:
            with given.file(asked.letters, "Give --letters a folder that can be written."):
                told["printed"] = _letters(chosen, asked)
        told["waves_done"] = tended.done + sum(standing.finish(one) for one in chosen)
    result(_lines(told), told, as_json=asked.json)
    return 1 if told.get("stopped") == "server" else 0


def _check(asked: argparse.Namespace) -> None:
    """What cannot be is refused before anything is done; what letters lack is told."""
    if asked.batch and not asked.letters:
        raise CannotRun("--batch (LETTERS): a batch is printed into a folder. Give --letters FOLDER too.")
    if asked.post_on and asked.post_on < clock.today():
        raise CannotRun("--post-on (ENR-3): this day is over. Give the day on which the letters will be posted.")
    for lack in letterhead.missing(_is_set):
        print(f"note: {lack}", file=sys.stderr)  # noqa: T201


def _is_set(name: str) -> bool:
    stand_in = {"SITE_URL": f"http://localhost:{settings.PORT}", "LETTER_SENDER": settings.SITE_NAME}
    return bool(getattr(settings, name)) and getattr(settings, name) != stand_in.get(name)


def _check_batch(chosen: list[int], batch_id: int) -> None:
    if not any(card.id == batch_id and card.channel == "post" for one in chosen for card in reads.batches(one)):
        raise CannotRun(
            f"--batch (ABSENT): there is no batch {batch_id} of letters here. See: healthspace wave show WAVE."
        )


def _draft(chosen: list[int]) -> dict[str, int]:
    shown, total = Progress("drafting"), Counter[str]()
    for wave_id in chosen:
        done = batches.draft(wave_id, progress=lambda so_far: shown.show(so_far.letters, "letters and mails"))
        total.update(asdict(done))
    shown.end()
    return {f"drafted_{name}": total[name] for name in ("batches", "letters", "persons", "unreachable")}


def _mails(wave_id: int | None, asked: argparse.Namespace) -> dict[str, Any]:
    shown = Progress("mails", asked.limit)
    report = sending.send_mails(
        wave_id, asked.limit, lines=asked.lines, progress=lambda so_far: shown.show(so_far.sent)
    )
    shown.end()
    return asdict(report)


def _letters(chosen: list[int], asked: argparse.Namespace) -> list[dict[str, Any]]:
    due = [
        card
        for wave_id in chosen
        for card in reads.batches(wave_id)
        if card.channel == "post" and (card.id == asked.batch if asked.batch else card.state == "drafted")
    ]
    shown, printed = Progress("letters", sum(card.letters for card in due)), []
    before = 0
    for card in due:
        done = printing.print_batch(card.id, asked.letters, on=asked.post_on, progress=shown.after(before))
        before += done.manifest.letters
        shown.show(before)
        printed.append(
            {"batch": card.id, "file": str(done.manifest.path), "letters": done.manifest.letters,
             "sheets": done.manifest.sheets, "sha256": done.manifest.sha256, "post_on": done.planned_on,
             "is_as_before": done.is_as_before}
        )  # fmt: skip
    shown.end()
    return printed


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [
        f"{told['drafted_letters']} letters and mails drafted for {told['drafted_persons']} people;"
        f" {told['drafted_unreachable']} new people nobody can reach."
    ]
    if told["newcomers"]:
        lines.append(f"{told['newcomers']} newcomers wait for the wave {standing.NAME}.")
    if "sent" in told:
        lines.append(
            f"{told['sent']} mails sent, {told['informed']} people informed; {told['refused']} addresses refused"
            f" and {told['in_doubt']} in doubt after a stop: they get letters."
        )
        if told["stopped"]:
            lines.append(STOPPED[told["stopped"]])
    if told["waves_done"]:
        lines.append(f"{told['waves_done']} waves are done: everybody of them was told.")
    for one in told.get("printed", ()):
        again = {None: "", True: " (the same as before)", False: " (the register changed since)"}[one["is_as_before"]]
        lines.append(f"batch {one['batch']}: {one['letters']} letters for {one['post_on']} in {one['file']}{again}")
    return lines


STOPPED = {
    "limit": "The limit of this run is reached; run it again for the rest.",
    "pace": "The mails of today are sent (or the wave was paused); run it again tomorrow for the rest.",
    "server": "The mail server took nothing more. Look at it, then run this again: nobody is lost, nobody told twice.",
}
