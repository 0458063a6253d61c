"""Tells the facts: run by the worker, whose database role may look for due facts across persons.

One fact is one transaction of one person: what its listeners write and the mark "done" are
committed together. A listener that reaches outside (mail) can be called twice when the process
dies in between, so listeners must bear being called again.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.errors import HealthspaceError
from healthspace.outbox import events, rules
from healthspace.outbox.events import Fact
from healthspace.outbox.models import WaitingFact
from healthspace.schema.context import entering_sql, set_context
from healthspace.schema.prepared import once

Listener = Callable[[Any, UUID], None]
_LISTENERS: Final[dict[str, list[Listener]]] = defaultdict(list)
_TAKE: Final = (
    "SELECT kind, payload::text, tries FROM outbox_fact WHERE person_id = %s AND id = %s AND next_try_at <= %s"
    " FOR UPDATE SKIP LOCKED"
)
_MARK: Final = (
    "UPDATE outbox_fact SET tries = %s, done_at = %s, next_try_at = %s, failed_reason = %s"
    " WHERE person_id = %s AND id = %s"
)
_LOG: Final = logging.getLogger(__name__)


def listen(kind: type[Fact], listener: Listener) -> None:
    """Call `listener(fact, fact_id)` for each fact of this kind; asked twice, it is called once."""
    if listener not in _LISTENERS[kind.KIND]:
        _LISTENERS[kind.KIND].append(listener)


def listened_kinds() -> frozenset[str]:
    """The kinds of fact that somebody listens to."""
    return frozenset(kind for kind, listeners in _LISTENERS.items() if listeners)


def run_once(limit: int = 100) -> int:
    """Handle up to `limit` due facts of any person, oldest first; how many were tried.

    Only healthspace_worker sees them all; for any other role there is nothing to see.
    """
    due = WaitingFact.objects.filter(next_try_at__lte=clock.now()).order_by("next_try_at")
    found = list(due.values_list("person_id", "id")[:limit])
    return sum(_handle(person_id, fact_id) for person_id, fact_id in found)


def run_for(person_id: UUID, limit: int = 100) -> int:
    """Handle the due facts of one person now, new ones that this makes included; how many."""
    done = 0
    while done < limit:
        with transaction.atomic():
            set_context(person_id)
            due = WaitingFact.objects.filter(person_id=person_id, next_try_at__lte=clock.now())
            found = list(due.order_by("next_try_at").values_list("id", flat=True)[: limit - done])
        handled = sum(_handle(person_id, fact_id) for fact_id in found)
        if not handled:  # nothing is due, or another worker has it
            break
        done += handled
    return done


def forget_done(limit: int = 1000) -> int:
    """Remove facts that were told more than a week ago; how many. Dead ones stay for an operator."""
    before = clock.now() - rules.DONE_IS_KEPT
    old = WaitingFact.objects.filter(done_at__lt=before).order_by("done_at").values_list("person_id", "id")[:limit]
    by_person: dict[UUID, list[UUID]] = defaultdict(list)
    for person_id, fact_id in old:
        by_person[person_id].append(fact_id)
    for person_id, fact_ids in by_person.items():
        with transaction.atomic(durable=True):
            set_context(person_id)
            WaitingFact.objects.filter(person_id=person_id, id__in=fact_ids).delete()
    return sum(map(len, by_person.values()))


def _handle(person_id: UUID, fact_id: UUID) -> bool:
    try:
        with transaction.atomic(durable=True):
            claim = _claim(person_id, fact_id)
            if claim is None:
                return False
            fact = events.from_payload(claim.kind, person_id, claim.payload)
            for listener in _LISTENERS.get(claim.kind, ()):
                listener(fact, fact_id)
            _mark(person_id, fact_id, tries=claim.tries + 1, done_at=clock.now(), next_try_at=None, reason="")
    except Exception as error:  # noqa: BLE001  # one bad listener must not stop the facts of everyone else
        _set_back(person_id, fact_id, _reason(error), is_final=isinstance(error, rules.NeverAgain))
    return True


@dataclass(frozen=True, slots=True)
class _Claim:
    kind: str
    payload: dict[str, events.JsonValue]
    tries: int


def _claim(person_id: UUID, fact_id: UUID) -> _Claim | None:
    """The fact, locked, and the person's context, in one message; None when another worker has it."""
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(f"{entering_sql(person_id, at=at)}; {once(_TAKE)}", [person_id, fact_id, at])
        cursor.set_result(-1)
        row = cursor.fetchone()
    return _Claim(row[0], json.loads(row[1]), row[2]) if row else None


def _set_back(person_id: UUID, fact_id: UUID, reason: str, *, is_final: bool) -> None:
    with transaction.atomic(durable=True):
        claim = _claim(person_id, fact_id)
        if claim is None:
            return
        tries = claim.tries + 1
        next_try_at = None if is_final else rules.next_try_at(tries=tries, at=clock.now())
        _mark(person_id, fact_id, tries=tries, done_at=None, next_try_at=next_try_at, reason=reason)
    _LOG.warning("fact %s of kind %s not handled: %s, try %s", fact_id, claim.kind, reason, tries)


def _mark(
    person_id: UUID,
    fact_id: UUID,
    *,
    tries: int,
    done_at: datetime | None,
    next_try_at: datetime | None,
    reason: str,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [tries, done_at, next_try_at, reason, person_id, fact_id])


def _reason(error: Exception) -> str:
    """A code, never the error's own words: those could hold an address or a name."""
    code = error.code if isinstance(error, HealthspaceError) else type(error).__name__
    return code[:64]
