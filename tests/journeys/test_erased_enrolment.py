"""What enrolment keeps of a destroyed space: that somebody was enrolled, not who they belong to (CLO-2, S16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings

from healthspace.common import clock
from healthspace.enrolment import models
from healthspace.journeys import destroy
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests import people
from tests.roles import as_the_worker

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.DESTRUCTION_LEDGER = tmp_path / "destroyed.ledger"


def enrolled(person_id: UUID, parent_id: UUID, child_id: UUID) -> None:
    """A row of everything enrolment writes, for somebody with a parent, a child, a doctor, a code and an answer."""
    at = clock.now()
    with as_the_worker(), transaction.atomic():
        set_context(person_id)
        models.Enrollee.objects.create(
            person_id=person_id, id=person_id, department="75", birth_year=1990, row_key=b"r" * 16, born_key=b"b" * 16,
            card_key=b"c" * 16, channel="post", information="sent", parent_id=parent_id, other_parent_id=uuid4(),
            attending_id=uuid4(), batch_id=990_001, place_in_batch=7, has_old_record=True, has_care_history=True,
            sealed=b"who",
        )  # fmt: skip
        models.Dependant.objects.create(person_id=person_id, id=child_id, is_attachment=True)
        models.Dependant.objects.create(person_id=parent_id, id=person_id, is_attachment=True)
        models.Dependant.objects.create(person_id=parent_id, id=uuid4(), is_attachment=True)
        models.AwaitedParent.objects.create(person_id=person_id, parent_key=b"p" * 32, is_attachment=False)
        models.EarlierPlace.objects.create(person_id=person_id, batch_id=990_000, place_in_batch=3)
        models.Code.objects.create(
            person_id=person_id, purpose="answer", code_key=b"k" * 32, issued_at=at, expires_at=at + timedelta(days=9)
        )
        models.Case.objects.create(
            person_id=person_id, kind="merge", other_id=uuid4(), details={"day": "1"}, opened_at=at
        )
        models.Answer.objects.create(
            person_id=person_id, kind="opposed", channel="web", by_kind="parent", by_person_id=parent_id,
            agent_id=uuid4(), at=at, text_version="1", text_digest="d", sealed=b"proof",
        )  # fmt: skip


def test_destroy__enrolment_keeps_a_row_that_leads_to_nobody(owner_connection: psycopg.Connection[Any]) -> None:
    with time_machine.travel(NOON, tick=False):
        amina, other = people.amina(), people.paul()
        parent_id = uuid4()
        for holder in (amina, other):
            enrolled(holder.person_id, parent_id, uuid4())
        spaces.close(actor=amina.actor, person_id=amina.person_id, wants_deletion=True)
    with time_machine.travel(NOON + timedelta(days=99), tick=False), as_the_worker():
        destroy.destroy_due(limit=10_000)

    def found(columns: str, table: str, where: str = "person_id = %s", of: UUID = amina.person_id) -> Any:
        return owner_connection.execute(f"SELECT {columns} FROM enrolment_{table} WHERE {where}", [of]).fetchone()

    for table in ("dependant", "code", "earlier_place", "awaited_parent"):
        assert found("count(*)", table) == (0,), table
        assert found("count(*)", table, of=other.person_id) == (1,), table
    assert found("count(*)", "dependant", "id = %s") == (0,)
    assert found("count(*)", "dependant", of=parent_id) == (3,)  # their other children are theirs still
    empty = (b"", b"", b"", None, None, None, None, None, False, False)
    columns = (
        "sealed, row_key, born_key, card_key, parent_id, other_parent_id, attending_id, place_in_batch,"
        " has_old_record, has_care_history"
    )
    assert found(columns, "enrollee") == empty
    assert found("batch_id, information", "enrollee") == (990_001, "sent")  # they are counted still
    assert found("kind, other_id, details", "case") == ("merge", None, {})
    assert found("kind, by_person_id, agent_id, sealed", "answer") == ("opposed", None, None, b"")
    assert found("place_in_batch, sealed", "enrollee", of=other.person_id) == (7, b"who")
