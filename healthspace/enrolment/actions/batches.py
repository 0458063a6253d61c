"""Drafting: who is told with which letter or mail, in batches that can be made again. For the worker's role.

One letter or mail for each adult; children with their parent of attachment. People at one postal address
stand side by side in one batch; more people at one mail address than a household has get letters. A batch
is one transaction, so a stop leaves whole batches, and going on takes who still waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock, fault
from healthspace.enrolment.actions import batch_secrets, cases, codes, orphans, pool
from healthspace.enrolment.actions.places import Draft, place
from healthspace.enrolment.models import Batch, Wave
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import sending, texts
from healthspace.schema.many import read_by_key
from healthspace.vault import reads as keys

CHUNK: Final = 2000
PROCESSES: Final = 2
MAIL, POST = b"\0", b"\1"
_UNREACHABLE: Final = (
    "UPDATE enrolment_enrollee SET channel = 'none' WHERE person_id = ANY(%s) AND coalesce(batch_id, 0) = 0"
)


@dataclass(slots=True)
class Drafted:
    """What a draft made: batches, letters and mails, the people on them; people nobody can reach."""

    batches: int = 0
    letters: int = 0
    persons: int = 0
    unreachable: int = 0


@dataclass(slots=True)
class _Found:
    """Who waits in a department, as sorting keys (way, address, person), and whom no way leads to."""

    keys: list[bytes] = field(default_factory=list)
    lost: list[UUID] = field(default_factory=list)


def draft(wave_id: int, *, progress: Callable[[Drafted], None] = lambda done: None) -> Drafted:
    """Put everybody of a running wave who waits into batches, with their codes; safe to stop and to run again.

    Two processes, where there are many. Conflict when the wave is not running. `progress` is told after each batch.
    """
    wave = reads.running(wave_id)
    done = Drafted()

    def note(made: tuple[int, int]) -> None:
        done.batches += int(made[0] > 0)
        done.letters += made[0]
        done.persons += made[1]
        progress(done)

    for department in reads.departments_of(wave):
        found = _waiting(wave, department)
        done.unreachable += _note_unreachable(found.lost)
        processes = PROCESSES if len(found.keys) > CHUNK else 1
        pool.run(_portions(found.keys), partial(_take, wave), processes=processes, done=note)
        pool.run(orphans.letters(wave, department), partial(_take, wave), processes=1, done=note)
    return done


def _take(wave: Wave, portion: tuple[str, list[Draft]]) -> tuple[int, int]:
    made = _one_batch(wave, *portion)
    fault.point("draft.after_commit")
    return made


@transaction.atomic(durable=True)
def _one_batch(wave: Wave, channel: str, drafts: list[Draft]) -> tuple[int, int]:
    """One batch with its places, people and codes; (letters, persons), (0, 0) when nobody of them waits any more."""
    reads.running(wave.id, is_held=True)
    read_by_key()
    drafts = orphans.with_children(wave, drafts)
    if not drafts:
        return 0, 0
    (secret, sealed), at = batch_secrets.new(), clock.now()
    batch = Batch.objects.create(
        wave_id=wave.id,
        channel=channel,
        state="ready" if channel == "mail" else "drafted",
        sealed_secret=sealed,
        text_version=texts.VERSION,
        made_at=at,
    )
    person_ids = place(batch.id, wave.id, channel, drafts)
    fault.point("draft.before_codes")
    codes.issue_all(person_ids, batch_id=batch.id, secret=secret, at=at)
    Batch.objects.filter(id=batch.id).update(letters=len(drafts), persons=len(person_ids))
    fault.point("draft.before_commit")
    return len(drafts), len(person_ids)


def _waiting(wave: Wave, department: str) -> _Found:
    found = _Found()

    def note(more: _Found) -> None:
        found.keys += more.keys
        found.lost += more.lost

    with transaction.atomic():
        chunks = list(reads.waiting(wave, department, CHUNK))
    pool.run(iter(chunks), _sorted, processes=PROCESSES if len(chunks) > 1 else 1, done=note)
    found.keys.sort()
    _crowded(found)
    return found


def _sorted(chunk: bytes) -> _Found:
    found = _Found()
    for one in people.addressees(reads.each(chunk)).values():
        if one.can_be_told:
            _sort_in(found, one, one.way())
    return found


def _sort_in(found: _Found, one: people.Addressee, way: str) -> None:
    if way == "none":
        found.lost.append(one.person_id)
    elif way == "mail":
        found.keys.append(MAIL + _short("mail", one.identity.email.lower()) + one.person_id.bytes)
    else:
        home = _short("household", "|".join(one.lines))
        found.keys.append(POST + one.postcode[:5].encode().ljust(5)[:5] + home + one.person_id.bytes)


def _short(purpose: str, value: str) -> bytes:
    return keys.find_key(purpose, value)[:8]


def _crowded(found: _Found) -> None:
    """Give letters to all but the first few at one mail address."""
    over: list[UUID] = []
    kept: list[bytes] = []
    for key, group in groupby(found.keys, key=_address):
        same = list(group)
        limit = sending.PEOPLE_PER_MAIL_ADDRESS if key[:1] == MAIL else len(same)
        kept += same[:limit]
        over += [UUID(bytes=one[-16:]) for one in same[limit:]]
    if not over:
        return
    found.keys = kept
    for one in people.addressees(over).values():
        _sort_in(found, one, "post" if one.lines else "mail")
    found.keys.sort()


def _address(key: bytes) -> bytes:
    return key[:-16]


def _portions(sorted_keys: list[bytes]) -> Iterator[tuple[str, list[Draft]]]:
    """Channel and people of each batch to come; one postal address is never cut in two."""
    portion: list[Draft] = []
    channel = ""
    for key, group in groupby(sorted_keys, key=_address):
        now = "mail" if key[:1] == MAIL else "post"
        most = sending.MAIL_LETTERS if now == "mail" else sending.POST_LETTERS
        same = [Draft(UUID(bytes=one[-16:])) for one in group]
        if portion and (now != channel or len(portion) + len(same) > most):
            yield channel, portion
            portion = []
        portion, channel = portion + same, now
    if portion:
        yield channel, portion


@transaction.atomic
def _note_unreachable(lost: list[UUID]) -> int:
    if not lost:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UNREACHABLE, [lost])
    return cases.open_once(lost, kind=cases.UNREACHABLE)
