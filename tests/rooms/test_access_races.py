"""Hiding and ending against reading at the same time: what begins afterwards sees nothing (T35, G24)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from healthspace.access import actions as access
from healthspace.common.errors import Refused
from healthspace.documents import actions, reads
from tests import people
from tests.factories.orders import order

ROUNDS = 12
READERS = 3


@dataclass
class History:
    """When readings began and what they gave; when the act was acknowledged."""

    shown: list[tuple[float, bool]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def _read(history: History, doctor: people.Doctor, holder: people.Holder, document_id: UUID) -> None:
    try:
        while not history.stop.is_set():
            begun = time.monotonic()
            try:
                reads.document_card(actor=doctor.actor, person_id=holder.person_id, document_id=document_id)
                history.shown.append((begun, True))
            except Refused:
                history.shown.append((begun, False))
    finally:
        connection.close()


def race(prepare: Callable[..., Any], act: Callable[..., Any]) -> tuple[int, int]:
    """Readings shown before the act, and readings that began after it and still showed the document."""
    before = after = 0
    holder, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    for _ in range(ROUNDS):
        sent = order(holder, media_type="text/plain", content=b"Bonjour")
        document_id = actions.deposit(actor=hospital.actor, order=sent).document_id
        assert document_id
        prepared = prepare(holder, doctor)
        history = History()
        readers = [threading.Thread(target=_read, args=(history, doctor, holder, document_id)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        time.sleep(0.05)
        act(holder, document_id, prepared)
        acknowledged = time.monotonic()
        time.sleep(0.05)
        history.stop.set()
        for reader in readers:
            reader.join()
        before += sum(shown for begun, shown in history.shown if begun < acknowledged)
        after += sum(shown for begun, shown in history.shown if begun > acknowledged)
    return before, after


def _mask(holder: people.Holder, document_id: UUID, tie: Any) -> None:
    actions.mask(actor=holder.actor, person_id=holder.person_id, document_id=document_id)


def _end(holder: people.Holder, document_id: UUID, tie: UUID) -> None:
    access.end(actor=holder.actor, person_id=holder.person_id, tie_id=tie)


def test_mask__a_reading_that_begins_afterwards_never_shows_it() -> None:
    before, after = race(people.grant, _mask)
    assert before
    assert after == 0


def test_end__a_reading_that_begins_afterwards_never_shows_it() -> None:
    before, after = race(people.grant, _end)
    assert before
    assert after == 0


def test_race__an_act_that_hides_nothing_is_found() -> None:
    """Planted fault: nothing is hidden, so readings afterwards still show it."""
    _, after = race(people.grant, lambda holder, document_id, tie: None)
    assert after
