"""Destroying a space for good: at the end of its ten years, or when its holder asked for it (CLO-2, T61).

In this order, so that a crash anywhere ends in a whole destruction at the next run: the point of no
return, the line in the ledger outside the database, one transaction that empties everything and
destroys the keys, then the bodies in the store.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.common import clock, fault, ids
from healthspace.common.errors import HealthspaceError, Unavailable
from healthspace.documents import actions as documents
from healthspace.enrolment.actions import erasing as enrolment
from healthspace.journeys import refused
from healthspace.notifications import actions as notifications
from healthspace.outbox import actions as outbox
from healthspace.profile import actions as profile
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads
from healthspace.support import actions as support
from healthspace.vault import actions as vault
from healthspace.vault.actions import Destroyed

AT_ONCE: Final = 100
_LOG: Final = logging.getLogger(__name__)


def destroy(*, person_id: UUID) -> bool:
    """Destroy this space if it is due; False when it is not. For the worker's role."""
    if not spaces.begin_erasing(person_id=person_id):
        return False
    fault.point("destroy.marked")
    event_id = vault.note_destruction(person_id=person_id, event_id=ids.new_id()).event_id
    fault.point("destroy.after_ledger")
    _carry_out(person_id, event_id)
    return True


def destroy_due(*, limit: int = AT_ONCE, progress: Callable[[int], None] = lambda done: None) -> int:
    """Destroy what is due, close suspensions nobody objected to and what was kept for people who refused.

    Gives how many spaces went on. For the worker.

    First what a crash left half done.
    """
    done = _resume()
    for person_id, state in reads.due(clock.now(), limit):
        done += _tried(partial(_ACTS.get(state, destroy), person_id=person_id))
        progress(done)
    return done


def _of_refused(*, person_id: UUID) -> bool:
    """First what was kept before is closed, ten years later it is destroyed (ENR-10, CLO-2)."""
    return refused.close(person_id=person_id) or destroy(person_id=person_id)


_ACTS: Final[Mapping[str, Callable[..., bool]]] = {"suspended": spaces.end_suspension, "opposed": _of_refused}


def _tried(act: Callable[[], bool]) -> int:
    """One space that cannot go on now stops none of the others, in this run or the next."""
    try:
        return int(act())
    except HealthspaceError as error:
        _LOG.error("a space that is due did not go on: %s", error.code)
        return 0


def replay_ledger() -> int:
    """Destroy again who was destroyed but is there once more, after an older backup was restored (T61).

    Before the doors open, in the worker's role. Gives how many were there. `Unavailable` when one of them
    could not be destroyed: the others are, and the doors stay closed.
    """
    found = destroyed = 0
    for batch in _batches(vault.destroyed()):
        back = vault.living(batch)
        found += len(back)
        destroyed += sum(_tried(partial(_destroy_again, one, batch[one])) for one in back)
    if destroyed < found:
        raise Unavailable(f"{found - destroyed} destroyed spaces are back and could not be destroyed again")
    return found


def _destroy_again(person_id: UUID, event_id: UUID) -> bool:
    _carry_out(person_id, event_id, tells=False)
    return True


def _batches(lines: Iterable[Destroyed]) -> Iterable[dict[UUID, UUID]]:
    rest = iter(lines)
    while batch := {line.person_id: line.event_id for line in islice(rest, 1000)}:
        yield batch


def _resume() -> int:
    """Go on with destructions that were marked: their line may or may not be in the ledger."""
    marked = set(reads.erasing(clock.now()))
    if not marked:
        return 0
    known = {line.person_id: line.event_id for line in vault.destroyed() if line.person_id in marked}
    return sum(_tried(partial(_go_on, person_id, known.get(person_id))) for person_id in marked)


def _go_on(person_id: UUID, event_id: UUID | None) -> bool:
    if event_id is None:
        event_id = vault.note_destruction(person_id=person_id, event_id=ids.new_id()).event_id
    _carry_out(person_id, event_id)
    return True


def _carry_out(person_id: UUID, event_id: UUID, *, tells: bool = True) -> None:
    with transaction.atomic(durable=True):
        set_context(person_id)
        contact = reads.contact(person_id) if tells else None
        bodies = documents.erase(person_id=person_id)
        bodies += support.erase(person_id=person_id)
        profile.erase(person_id=person_id)
        access.erase(person_id=person_id)
        notifications.erase(person_id=person_id)
        enrolment.erase(person_id=person_id)
        outbox.forget_all(person_id=person_id)
        spaces.finish_erasing(person_id=person_id, event_id=event_id)
        if contact is not None and contact.email:
            _tell(contact, event_id)
        fault.point("destroy.before_commit")
    fault.point("destroy.after_commit")
    for body in bodies:  # a crash here leaves sealed bodies without a key; the sweep takes them
        vault.delete_blob(blob=body)


def _tell(contact: reads.Contact, event_id: UUID) -> None:
    """Tell the holder, the same message however often; a mail server that is down stops no destruction."""
    try:
        notifications.mail_about_space(
            address=contact.email, language=contact.language, message_id=event_id, kind="space_destroyed"
        )
    except (HealthspaceError, smtplib.SMTPException, OSError) as error:
        _LOG.warning("a destroyed space could not be told: %s", type(error).__name__)
