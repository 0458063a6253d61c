"""A refusal closes what was kept from before, and taking it back gives it back (ENR-8, ENR-10, T5, T6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings

from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import HealthspaceError, StillAway
from healthspace.common.ids import NIL
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.enrolment.actions import answers, codes
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules import codes as code_rules
from healthspace.enrolment.rules import window
from healthspace.journeys import care_history, destroy, reopen
from healthspace.journeys.takeover import take_in
from healthspace.profile import reads as profile
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as lives
from healthspace.vault import reads as vault
from tests import people
from tests.factories import orders
from tests.journeys.older import Paper, pack
from tests.journeys.test_care_history import row, write
from tests.roles import as_the_worker
from tests.rooms import letters

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
KEY = "SELECT wrapped IS NOT NULL, archived IS NOT NULL FROM vault_person_key WHERE person_id = %s"


@pytest.fixture(autouse=True)
def _own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.DESTRUCTION_LEDGER = tmp_path / "destroyed.ledger"


@pytest.fixture
def amina(tmp_path: Path) -> Iterator[letters.Told]:
    """She got her letter; the insurer moved an older record and her care in."""
    with time_machine.travel(NOON, tick=False):
        told = letters.told()
        move_in(told, tmp_path)
        yield told


def move_in(told: letters.Told, tmp_path: Path) -> None:
    pack(tmp_path / "old", told.ins.matricule, told.ins.oid, [Paper(orders.pdf(), unique_id="2.25.77")])
    path = write(tmp_path / "care.csv", [row(told, 10)])  # type: ignore[arg-type]  # it has an INS, as a holder
    with as_the_worker():
        take_in(tmp_path / "old")
        care_history.take_in(path)


def worker(after: timedelta) -> Any:
    """What falls due is done, this long after noon."""
    with time_machine.travel(NOON + after, tick=False), as_the_worker():
        return destroy.destroy_due(limit=10_000)


def holder(told: letters.Told) -> Actor:
    return Actor(kind="holder", id=NIL, name="Amina Benali", person_id=told.person_id)


def life(told: letters.Told) -> lives.Life:
    with transaction.atomic():
        set_context(told.person_id)
        return lives.life(told.person_id)


def new_code(told: letters.Told) -> letters.Told:
    """A letter with another code, as she asks for one."""
    code = code_rules.derive(UUID(int=told.person_id.int ^ 1).bytes * 2, told.person_id)
    with transaction.atomic():
        set_context(told.person_id)
        at = clock.now()
        codes.issue_one(
            person_id=told.person_id, purpose="answer", code=code, at=at, expires_at=window.code_expires(at)
        )
    return replace(told, code=code)


def sources(told: letters.Told) -> list[str]:
    asked = {"actor": holder(told), "person_id": told.person_id}
    return [card.sheet.source_id for card in reads.list_documents(**asked, query=reads.ListQuery()).cards]  # type: ignore[arg-type]


def test_refused__fifteen_days_later_no_door_opens_what_was_kept(
    amina: letters.Told, owner_connection: psycopg.Connection[Any]
) -> None:
    receipt = answers.oppose(amina.claim())
    worker(timedelta(days=13))
    assert owner_connection.execute(KEY, [amina.person_id]).fetchone() == (True, False)
    assert worker(timedelta(days=15)) >= 1
    worker(timedelta(days=16))
    assert owner_connection.execute(KEY, [amina.person_id]).fetchone() == (True, True)
    after = life(amina)
    assert after.state == "opposed"
    assert after.archive_until == (NOON + timedelta(days=15)).date().replace(year=2037)
    sealed = owner_connection.execute(
        "SELECT id, version, card, blob FROM documents_document WHERE person_id = %s", [amina.person_id]
    ).fetchone()
    assert sealed
    with transaction.atomic():
        set_context(amina.person_id)
        with pytest.raises(StillAway):
            vault.sealer(amina.person_id).unseal(bytes(sealed[2]), item=sealed[0], part=f"card:{sealed[1]}")
        with pytest.raises(StillAway):
            vault.open_blob(person_id=amina.person_id, item=sealed[0], blob=sealed[3])
        assert lives.identity(amina.person_id).traits == amina.traits
    assert proofs.proof(person_id=amina.person_id, answer_id=receipt.answer_id).startswith(b"%PDF")


def test_refused__taken_back_and_opened_everything_is_there_once(amina: letters.Told, tmp_path: Path) -> None:
    """T5, T6: what was refused meanwhile is not added; what was kept reappears, moved in again it stays one."""
    hospital = people.rivemont()
    answers.oppose(amina.claim())
    worker(timedelta(days=15))
    with time_machine.travel(NOON + timedelta(days=20), tick=False):
        told = new_code(amina)
        with pytest.raises(HealthspaceError):
            documents.deposit(actor=hospital.actor, order=orders.order(told))
        answers.activate(told.claim(), login=f"a{amina.person_id.hex}", password=people.PASSWORD)
        assert life(told).is_reopening
        with pytest.raises(StillAway):
            sources(told)
        filed = documents.deposit(actor=hospital.actor, order=orders.order(told))
        with as_the_worker():
            assert reopen.reopen_asked() >= 1
        assert not life(told).is_reopening
        assert len(sources(told)) == 2 and "2.25.77" in sources(told)
        opened = reads.open_document(actor=holder(told), person_id=told.person_id, document_id=filed.document_id)
        assert opened.content
        assert len(profile.care_history(actor=holder(told), person_id=told.person_id).lines) == 1
        move_in(told, tmp_path)
        assert len(sources(told)) == 2
        with transaction.atomic():
            set_context(told.person_id)
            assert lives.identity(told.person_id).traits == told.traits
            assert set(vault.sealers([told.person_id])) == {told.person_id}


def test_refused__withdrawn_refused_again_and_withdrawn_loses_nothing(amina: letters.Told) -> None:
    answers.oppose(amina.claim())
    worker(timedelta(days=15))
    with time_machine.travel(NOON + timedelta(days=16), tick=False):
        answers.withdraw(new_code(amina).claim())
        with as_the_worker():
            reopen.reopen_asked()
        spaces.oppose(actor=SYSTEM, person_id=amina.person_id, stands_at=NOON + timedelta(days=30))
    worker(timedelta(days=31))
    with time_machine.travel(NOON + timedelta(days=32), tick=False):
        spaces.withdraw_objection(actor=SYSTEM, person_id=amina.person_id)
        with as_the_worker():
            reopen.reopen_asked()
        spaces.activate(actor=SYSTEM, person_id=amina.person_id)
        assert sources(amina) == ["2.25.77"]


def test_refused__ten_years_later_it_is_destroyed(
    amina: letters.Told, owner_connection: psycopg.Connection[Any]
) -> None:
    answers.oppose(amina.claim())
    worker(timedelta(days=15))
    worker(timedelta(days=3650 + 10))
    assert life(amina).state == "opposed"
    worker(timedelta(days=3650 + 20))
    assert life(amina).state == "deleted"
    assert owner_connection.execute(KEY, [amina.person_id]).fetchone() == (False, False)


def test_refused__without_content_nothing_is_closed(owner_connection: psycopg.Connection[Any]) -> None:
    with time_machine.travel(NOON, tick=False):
        paul = letters.told("ROUX", "PAUL")
        answers.oppose(paul.claim())
    worker(timedelta(days=15))
    assert owner_connection.execute(KEY, [paul.person_id]).fetchone() == (True, False)
    assert (life(paul).state, life(paul).due_at, life(paul).archive_until) == ("opposed", None, None)


def test_refused__dead_afterwards_keeps_its_ten_years(
    amina: letters.Told, owner_connection: psycopg.Connection[Any]
) -> None:
    answers.oppose(amina.claim())
    worker(timedelta(days=15))
    until = life(amina).archive_until
    with time_machine.travel(NOON + timedelta(days=40), tick=False):
        spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    assert (life(amina).state, life(amina).archive_until) == ("closed_deceased", until)
    assert owner_connection.execute(KEY, [amina.person_id]).fetchone() == (False, True)
