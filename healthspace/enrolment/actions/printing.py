"""Letters for the press: a batch as files with their sums, the same each time. For the worker's role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from healthspace.common import clock, fault
from healthspace.common.errors import Conflict, Refused
from healthspace.enrolment.actions import adults, batch_secrets
from healthspace.enrolment.adapters import letter, private, wording
from healthspace.enrolment.models import Batch
from healthspace.enrolment.reads import letters
from healthspace.enrolment.reads.letters import Composed
from healthspace.enrolment.rules import claims, references, sending, texts, window

MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Printed:
    """The files of a batch; `is_as_before`: None for the first time, False when the register changed since."""

    manifest: letter.Manifest
    planned_on: date
    is_as_before: bool | None


def print_batch(
    batch_id: int, folder: Path, *, on: date | None = None, progress: Callable[[int], None] = lambda done: None
) -> Printed:
    """Write the letters of a batch for a posting day; ready for `posted` then.

    The day is the one given, or that of the last time, or a week ahead. Again gives the same files.
    Conflict for mails, and once the batch was posted or cancelled.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).filter(id=batch_id, channel="post").first()
        if batch is None:
            raise Refused("ABSENT")
        if batch.state not in {Batch.State.DRAFTED, Batch.State.READY}:
            raise Conflict(f"a batch that is {batch.state} is not printed")
        day = on or batch.planned_on or clock.today() + timedelta(days=sending.DAYS_TO_POST)
        adults.leave(batch.id, on=day)
        private.folder(folder)
        manifest = letter.write_batch(
            folder / f"{name(batch.id)}.pdf",
            _letters(batch, day, progress),
            at=datetime.combine(day, time(), window.PARIS),
            sender=wording.sender(),
            window_name=settings.LETTER_WINDOW,
            version=batch.text_version,
        )
        is_again = bool(batch.checksum) and batch.planned_on == day
        Batch.objects.filter(id=batch.id).update(state="ready", planned_on=day, checksum=manifest.sha256)
        fault.point("printing.before_commit")
    return Printed(manifest, day, batch.checksum == manifest.sha256 if is_again else None)


def name(batch_id: int) -> str:
    """What files of a batch are called: its number as in the references of its letters."""
    return f"letters-{references.of(batch_id, 0).split('-')[0]}"


def _letters(batch: Batch, day: date, progress: Callable[[int], None]) -> Iterator[letter.Letter]:
    secret = batch_secrets.secret_of(batch)
    for done, one in enumerate(letters.compose(batch.id, secret, on=day), 1):
        if one.still_told:
            yield _letter(one, batch.text_version)
        if done % 500 == 0:
            progress(done)


def _letter(one: Composed, version: str) -> letter.Letter:
    to = one.addressee
    return letter.Letter(
        reference=one.reference,
        lines=_six((_name(one, version), *to.lines)),
        people=tuple(
            letter.Addressee(name=told.name, code=told.code, slip=told.slip, is_child=told.is_child)
            for told in one.still_told
        ),
        language=to.language,
        letter_format=to.letter_format,
    )


def _name(one: Composed, version: str) -> str:
    identity = one.addressee.identity
    if one.people[0].person_id == one.addressee.person_id and claims.is_minor(identity.traits.born_on, clock.today()):
        return str(texts.text("letter", one.addressee.language, version)["for_parents"]).format(name=identity.name)
    return identity.name


def _six(lines: tuple[str, ...]) -> tuple[str, ...]:
    """An envelope shows six lines: the two before the town become one."""
    while len(lines) > MOST_LINES:
        lines = (*lines[:1], f"{lines[1]} {lines[2]}", *lines[3:])
    return lines
