"""Some households of the pilot who were just told: letters to look at, codes to answer with, numbers to show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.demo import crowd
from healthspace.demo.pilot_answers import told_people
from healthspace.demo.sign_ins import FILE
from healthspace.enrolment.actions import batches, counting, intake, printing, sending, waves
from healthspace.enrolment.reads import waves as calendar
from healthspace.enrolment.rules import codes

PERSONS: Final = 240
SEED: Final = 31
FOLDER: Final = "press"


def build(home: Path, say: Callable[[str], None]) -> None:
    """Take in a small register, tell the first wave of the pilot, and note how to answer one letter.

    For the worker's role; a second run does nothing, for the register is known.
    """
    path = home / "register.csv"
    departments = [code for one in waves.example("pilot")["waves"] for code in one["departments"]]
    crowd.registry_file(path, persons=PERSONS, departments=departments, seed=SEED)
    new = intake.take_in(path, processes=1).new
    path.unlink()
    if not new:
        return
    first, *_later = waves.plan_calendar(actor=SYSTEM, calendar=waves.example("pilot"), first_day=clock.today())
    waves.start(actor=SYSTEM, wave_id=first)
    batches.draft(first)
    mails = sending.send_mails(first).sent
    printed = [one.id for one in calendar.batches(first) if one.channel == "post"]
    for batch_id in printed:
        printing.print_batch(batch_id, home / FOLDER, on=clock.today())
        sending.posted(batch_id, clock.today())
    counting.count_once()
    _note(home)
    say(f"  the pilot: {new} people of a register, {mails} mails, letters in {home / FOLDER}")


def _note(home: Path) -> None:
    """Add to what `run` prints how to answer one of the letters."""
    matricule, told = next(told_people(1))
    lines = [
        "", "A letter that waits for its answer, at /start/",
        f"  code {codes.shown(told.code)}, number on the card {matricule}, born {told.born_on:%d %m %Y}",
        f"  more letters, as they are printed: {home / FOLDER}",
    ]  # fmt: skip
    with (home / FILE).open("a", encoding="utf-8") as sheet:
        sheet.write("\n".join(lines) + "\n")
