"""`healthspace wave ...`: plan, start, pause, resume, stop and show the waves of information."""

import argparse
import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import waves
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules.registry import AUTHORITIES
from healthspace.ops import given
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words, result
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

DESCRIPTION = """A wave says who is informed together: departments, birth years or a list of numbers; from which day,
and how many mails a day. `healthspace inform` then drafts and sends what is due."""


def main(arguments: list[str]) -> int:
    """One word about one wave."""
    parser = argparse.ArgumentParser(prog="healthspace wave", description=DESCRIPTION)
    words = parser.add_subparsers(dest="word", required=True)
    _plan_words(words.add_parser("plan", help="a wave to come, or a whole calendar of them"))
    for word, meaning in (
        ("start", "from now on it is drafted, and sent from its first day on"),
        ("pause", "no further mail leaves"),
        ("resume", "go on"),
        ("stop", "end it for good: what is unsent is cancelled, and none of its spaces opens by itself"),
    ):
        words.add_parser(word, help=meaning).add_argument("name")
    words.add_parser("show", help="all waves, or one with its batches").add_argument("name", nargs="?")
    for one in words.choices.values():
        one.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    with in_words():
        ACTS[asked.word](asked)
    return 0


def _plan_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="name of the wave")
    parser.add_argument("--departments", default="", help="such as 31,44,2A; none: all of France")
    parser.add_argument(
        "--born", default="", metavar="FROM-TO", help="birth years, such as 1940-1960 or 1940- or -1960"
    )
    parser.add_argument("--list", type=Path, metavar="FILE", help="a file with one number (NIR) a line")
    parser.add_argument("--from", dest="first_day", type=given.day, help="first day (2027-01-04); today")
    parser.add_argument("--per-day", type=given.count, metavar="N", help="at most so many mails a day")
    parser.add_argument("--calendar", type=Path, metavar="FILE", help="several waves at once, as JSON")
    parser.add_argument("--example", metavar="NAME", help="a calendar that ships with the product: pilot")


def _plan(asked: argparse.Namespace) -> None:
    first_day = asked.first_day or clock.today()
    if asked.list and (asked.calendar or asked.example):
        raise CannotRun("--list (WAVE): a list is for one wave, not for a calendar. Give the wave a name instead.")
    if asked.calendar or asked.example:
        calendar = _read(asked.calendar) if asked.calendar else waves.example(asked.example)
        made = waves.plan_calendar(actor=SYSTEM, calendar=calendar, first_day=first_day)
        result([f"{len(made)} waves planned."], {"waves": made}, as_json=asked.json)
        return
    if not asked.name:
        raise CannotRun("Give the wave a name, or take --calendar or --example.")
    born_from, born_to = _years(asked.born)
    plan = partial(
        waves.plan,
        actor=SYSTEM,
        name=asked.name,
        departments=[code.strip().upper() for code in asked.departments.split(",") if code.strip()],
        born_from=born_from,
        born_to=born_to,
        starts_on=first_day,
        per_day=asked.per_day,
    )
    next_step = f"The wave is planned. Next: healthspace wave start {shlex.quote(asked.name)}."
    if not asked.list:
        result([next_step], {"wave": plan()}, as_json=asked.json)
        return
    bad_lines: list[int] = []
    with given.file(asked.list), transaction.atomic():  # a wave without its list would be nobody's, and keep its name
        wave_id = plan(list_name=asked.list.name[:80] or "list")
        taken = waves.take_list(actor=SYSTEM, wave_id=wave_id, numbers=_numbers(asked.list, bad_lines))
        if not taken.taken:
            raise CannotRun(_nobody(asked.list, taken, len(bad_lines)))
    lines = [f"{taken.taken} people of the list; {taken.unknown} unknown, {taken.informed_before} told before."]
    lines += [f"line {number}: ins: INS-FORM" for number in bad_lines]
    told = {"wave": wave_id} | asdict(taken) | {"bad_lines": bad_lines}
    result([*lines, next_step], told, as_json=asked.json)


def _nobody(path: Path, taken: waves.Listed, bad_lines: int) -> str:
    return (
        f"--list (WAVE): nobody of {path} can be informed: {bad_lines} lines are no number, {taken.unknown} numbers are"
        f" unknown, {taken.informed_before} people are in a wave already. No wave was planned; give a file with one"
        " number (NIR) of the register a line."
    )


def _change(act: Callable[..., Any], sentence: str) -> Callable[[argparse.Namespace], None]:
    def change(asked: argparse.Namespace) -> None:
        act(actor=SYSTEM, wave_id=reads.by_name(asked.name))
        result([sentence], {"done": asked.word}, as_json=asked.json)

    return change


def _show(asked: argparse.Namespace) -> None:
    if asked.name:
        wave_id = reads.by_name(asked.name)
        cards = reads.batches(wave_id)
        lines = [
            f"{one.id:>8} {one.channel:<5} {one.state:<10} {one.letters:>7} letters {one.persons:>7} people"
            f"  sent {_day(one.sent_at)}, deadline {_day(one.deadline_at)};"
            f" {one.bounced} bounced, {one.returned} returned"
            for one in cards
        ]
        result(lines or ["No batch yet."], {"batches": [asdict(one) for one in cards]}, as_json=asked.json)
        return
    found = reads.waves()
    lines = [
        f"{one.name:<24} {one.state:<8} from {one.starts_on}  {one.batches} batches, {one.letters} letters,"
        f" {one.persons} people; {one.sent} sent, {one.bounced} bounced, {one.returned} returned"
        for one in found
    ]
    result(lines or ["No wave yet."], {"waves": [asdict(one) for one in found]}, as_json=asked.json)


def _day(at: Any) -> str:
    return f"{at:%Y-%m-%d}" if at else "-"


def _read(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CannotRun(f"{path} cannot be read as JSON.") from None
    return read


def _years(text: str) -> tuple[int | None, int | None]:
    first, _, last = text.partition("-") if "-" in text else (text, "", text)
    try:
        return int(first) if first else None, int(last) if last else None
    except ValueError:
        raise Invalid("--born", "WAVE", "These are no birth years.", "Write 1940-1960.") from None


def _numbers(path: Path, bad_lines: list[int]) -> Iterator[Ins]:
    """The numbers of a list, written as in files of the register; lines that are none go to `bad_lines`."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            name, _, matricule = "".join(line.split()).rpartition(":")
            try:
                if matricule:
                    yield spaces.parse_ins(matricule.upper(), AUTHORITIES[name.lower() or "nir"])
            except (Invalid, KeyError):
                bad_lines.append(number)


ACTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "plan": _plan,
    "start": _change(waves.start, "The wave runs. Next: healthspace inform."),
    "pause": _change(waves.pause, "The wave is paused."),
    "resume": _change(waves.resume, "The wave runs again."),
    "stop": _change(waves.stop, "The wave is stopped: none of its spaces opens by itself."),
    "show": _show,
}
