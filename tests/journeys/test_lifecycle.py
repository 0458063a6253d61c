"""From closing to destruction: T7, T8, T9 of the domain, T26, T27 and T61 of the threats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.conf import settings as product
from django.core import mail
from django.db import transaction
from pytest_django import Settings

from healthspace.access import actions as access
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, HealthspaceError, Refused, Unavailable
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.journeys import destroy, reopen
from healthspace.outbox import dispatcher
from healthspace.people import actions as accounts
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as lives
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from tests import people
from tests.factories.orders import order, own_order
from tests.roles import as_the_worker

# What stays of a destroyed person: that it was, its journal, and counts of enrolment without a name.
KEPT = {
    "spaces_space", "vault_person_key", "audit_event", "documents_quarantine", "enrolment_enrollee",
    "enrolment_answer", "enrolment_case",
}  # fmt: skip
NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


@dataclass(slots=True)
class World:
    """Amina, her doctor, a hospital, a hidden report, a folder, a note."""

    amina: people.Holder
    doctor: people.Doctor
    hospital: people.Hospital
    report: UUID
    hidden: UUID

    @property
    def own(self) -> dict[str, Any]:
        return {"actor": self.amina.actor, "person_id": self.amina.person_id}

    def state(self) -> lives.Life:
        with transaction.atomic():
            set_context(self.amina.person_id)
            return lives.life(self.amina.person_id)

    def told(self) -> None:
        """The worker tells the facts."""
        dispatcher.run_for(self.amina.person_id)


def every_person_table() -> set[str]:
    models = [model for model in apps.get_models() if getattr(model, "TABLE_CLASS", "") == "PERSON"]
    return {model._meta.db_table for model in models}


def made() -> World:
    amina, doctor, hospital = people.amina(), people.dr_nguyen(), people.rivemont()
    people.grant(amina, doctor)
    report = documents.deposit(actor=hospital.actor, order=order(amina)).document_id
    hidden = documents.deposit(actor=amina.actor, order=own_order(amina)).document_id
    own: dict[str, Any] = {"actor": amina.actor, "person_id": amina.person_id}
    documents.mask(**own, document_id=hidden)
    folder = documents.create_folder(**own, name="Genou")
    documents.move(**own, document_id=report, folder_id=folder)
    documents.note(**own, document_id=report, text="à montrer")
    documents.ask_copy(**own, language="fr")
    return World(amina, doctor, hospital, report, hidden)


@pytest.fixture(autouse=True)
def _own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.DESTRUCTION_LEDGER = tmp_path / "destroyed.ledger"


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(NOON, tick=False):
        yield made()


def destroyed_now() -> int:
    with as_the_worker():
        return destroy.destroy_due(limit=10_000)


def cards(world: World) -> list[tuple[Any, ...]]:
    page = reads.list_documents(**world.own, query=ListQuery())
    return sorted((c.id, c.title, c.is_masked, c.folder_id, c.note, c.version) for c in page.cards)


def test_close__professionals_feeders_and_the_holder_find_it_closed(world: World) -> None:
    """T7, first part."""
    spaces.close(**world.own)
    with pytest.raises(HealthspaceError) as told:
        documents.deposit(actor=world.hospital.actor, order=order(world.amina))
    assert told.value.code == "space-closed"
    for actor in (world.doctor.actor, world.amina.actor):
        with pytest.raises(Refused):
            reads.list_documents(actor=actor, person_id=world.amina.person_id, query=ListQuery())
        with pytest.raises(Refused):
            reads.open_document(actor=actor, person_id=world.amina.person_id, document_id=world.report)
    with pytest.raises(Refused):
        access.grant(**world.own, professional_id=people.dr_nguyen().id)


def test_close__kept_ten_years_to_the_day_then_destroyed(
    world: World, owner_connection: psycopg.Connection[Any]
) -> None:
    """T7, second part: clock moved; what is left of it is a line without health data."""
    blobs = [name for (name,) in owner_connection.execute(
        "SELECT blob FROM documents_document WHERE person_id = %s", [world.amina.person_id]).fetchall()]  # fmt: skip
    spaces.close(**world.own)
    with time_machine.travel(datetime(2037, 3, 10, 22, 59, tzinfo=UTC), tick=False):
        destroyed_now()
        assert world.state().state == "closed"
    with time_machine.travel(datetime(2037, 3, 10, 23, 0, tzinfo=UTC), tick=False):  # midnight in Paris
        assert destroyed_now() >= 1
        assert world.state().state == "deleted"
    for table in every_person_table() - KEPT:
        left = owner_connection.execute(f"SELECT count(*) FROM {table} WHERE person_id = %s", [world.amina.person_id])
        assert left.fetchone() == (0,), table
    assert blobs and not any(keys.store().head(blob) for blob in blobs)
    lines = owner_connection.execute(
        "SELECT kind, actor_kind, rule FROM audit_event WHERE person_id = %s ORDER BY at DESC", [world.amina.person_id]
    ).fetchall()
    assert lines[0] == ("space_destroyed", "system", "CLO-2")
    space = owner_connection.execute(
        "SELECT sealed_identity, sealed_contact FROM spaces_space WHERE person_id = %s", [world.amina.person_id]
    ).fetchone()
    assert space == (b"", None)
    with transaction.atomic(), pytest.raises(keys.KeyDestroyed):
        set_context(world.amina.person_id)
        keys.journal_sealer(world.amina.person_id)
    assert accounts.authenticate(world.amina.login, world.amina.password).account is None


def test_deletion__cancelled_on_day_80_is_kept(world: World) -> None:
    """T8, first part."""
    spaces.close(**world.own, wants_deletion=True)
    with time_machine.travel(NOON + timedelta(days=80), tick=False):
        destroyed_now()
        spaces.cancel_deletion(**world.own)
    with time_machine.travel(NOON + timedelta(days=300), tick=False):
        destroyed_now()
        assert world.state().state == "closed"
        spaces.ask_reopening(**world.own)
        with as_the_worker():
            assert reopen.reopen_asked() >= 1  # those of other tests may wait too
        assert world.state().state == "active"


def test_deletion__not_cancelled_is_done_by_day_92_and_told(world: World) -> None:
    """T8, second part."""
    spaces.close(**world.own, wants_deletion=True)
    world.told()
    mail.outbox.clear()
    with time_machine.travel(NOON + timedelta(days=89), tick=False):
        assert destroyed_now() >= 1
        assert world.state().state == "deleted"
    [message] = [m for m in mail.outbox if m.to == [world.amina.identity.email]]
    assert "supprimé" in message.body and "sign-in" not in message.body and "Benali" not in message.body
    with pytest.raises(Conflict):
        spaces.ask_reopening(**world.own)


def test_reopen__after_three_years_everything_is_back(world: World) -> None:
    """T9: documents, masks, folders, names, and the lines of the closed time."""
    before = cards(world)
    spaces.close(**world.own)
    later = NOON + timedelta(days=3 * 365)
    with time_machine.travel(later, tick=False):
        accounts.open_session(account_id=world.amina.account_id, means="passkey", device="tests")
        spaces.ask_reopening(**world.own)
        assert reopen.reopen_asked() == 0  # a door does not even see who asks
        with pytest.raises(Unavailable):
            spaces.reopen(person_id=world.amina.person_id)
        with as_the_worker():
            assert reopen.reopen_asked() >= 1  # those of other tests may wait too
        assert cards(world) == before
        opened = reads.open_document(**world.own, document_id=world.hidden)
        assert opened.content
        with pytest.raises(Refused):
            reads.open_document(actor=world.doctor.actor, person_id=world.amina.person_id, document_id=world.hidden)
        kinds = [line.kind for line in reads.journal(**world.own, is_act=False)]
    assert {"space_closed", "signed_in", "space_reopened", "document_masked"} <= set(kinds)
    life = world.state()
    assert (life.state, life.closed_at, life.archive_until, life.due_at) == ("active", None, None, None)


def test_close__stranger_caregiver_and_professional_are_refused(world: World) -> None:
    acts = (
        spaces.close, spaces.ask_deletion, spaces.cancel_deletion, spaces.ask_reopening, spaces.lift_suspension,
        spaces.suspend, spaces.note_death,
    )  # fmt: skip
    for act in acts:
        for actor in (people.paul().actor, world.doctor.actor, world.hospital.actor):
            with pytest.raises(Refused):
                act(actor=actor, person_id=world.amina.person_id)
    assert world.state().state == "active"


def test_suspend__holder_objects_and_it_is_open_again(world: World) -> None:
    """CLO-4."""
    spaces.suspend(actor=SYSTEM, person_id=world.amina.person_id)
    with pytest.raises(Refused):
        reads.list_documents(**world.own, query=ListQuery())
    world.told()
    assert any(m.to == [world.amina.identity.email] and "suspendu" in m.body for m in mail.outbox)
    with time_machine.travel(NOON + timedelta(days=42), tick=False):
        destroyed_now()
        assert world.state().state == "suspended"
        spaces.lift_suspension(**world.own)
        assert cards(world)


def test_suspend__six_weeks_without_objection_close_it(world: World) -> None:
    spaces.suspend(actor=SYSTEM, person_id=world.amina.person_id)
    with time_machine.travel(NOON + timedelta(days=43), tick=False):
        destroyed_now()
        assert world.state().state == "closed"
        with pytest.raises(Conflict):
            spaces.lift_suspension(**world.own)
        with transaction.atomic(), pytest.raises(keys.KeyArchived):
            set_context(world.amina.person_id)
            keys.sealer(world.amina.person_id)


def test_note_death__nothing_opens_any_more_and_the_ten_years_begin(world: World) -> None:
    """T26: accounts, ties, deposits; the key is kept in the archive."""
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)  # the register says it twice
    assert world.state().state == "closed_deceased"
    assert accounts.authenticate(world.amina.login, world.amina.password).account is None
    with pytest.raises(HealthspaceError):
        documents.deposit(actor=world.hospital.actor, order=order(world.amina))
    for act in (spaces.ask_reopening, spaces.ask_deletion, spaces.cancel_deletion, spaces.close):
        with pytest.raises(Conflict):
            act(**world.own)
    with pytest.raises(Refused):
        access.grant(**world.own, professional_id=world.doctor.id)
    with pytest.raises(Refused):
        reads.open_document(actor=world.doctor.actor, person_id=world.amina.person_id, document_id=world.report)
    with time_machine.travel(NOON + timedelta(days=3660), tick=False):
        destroyed_now()
        assert world.state().state == "deleted"


@pytest.mark.parametrize("first", ["close", "suspend", "deletion"])
def test_note_death__of_a_closed_space_keeps_its_own_ten_years(world: World, first: str) -> None:
    if first == "suspend":
        spaces.suspend(actor=SYSTEM, person_id=world.amina.person_id)
    else:
        spaces.close(**world.own, wants_deletion=first == "deletion")
    until = world.state().archive_until
    spaces.note_death(actor=SYSTEM, person_id=world.amina.person_id)
    life = world.state()
    assert life.state == "closed_deceased"
    assert until in {None, life.archive_until}


def test_replay__who_was_destroyed_does_not_come_back(world: World, owner_connection: psycopg.Connection[Any]) -> None:
    """T61: the rows of an older backup under the ledger of today."""
    person_id = world.amina.person_id
    old_key = owner_connection.execute(
        "SELECT wrapped, root_id FROM vault_person_key WHERE person_id = %s", [person_id]
    ).fetchone()
    old_space = owner_connection.execute(
        "SELECT state, sealed_identity FROM spaces_space WHERE person_id = %s", [person_id]
    ).fetchone()
    assert old_key and old_space
    spaces.close(**world.own, wants_deletion=True)
    with time_machine.travel(NOON + timedelta(days=89), tick=False):
        destroyed_now()
    owner_connection.execute(
        "UPDATE vault_person_key SET wrapped = %s, root_id = %s, destroyed_at = NULL WHERE person_id = %s",
        [*old_key, person_id],
    )
    owner_connection.execute(
        "UPDATE spaces_space SET state = %s, sealed_identity = %s WHERE person_id = %s", [*old_space, person_id]
    )
    owner_connection.execute("DELETE FROM audit_event WHERE person_id = %s AND kind = 'space_destroyed'", [person_id])
    with transaction.atomic():
        set_context(person_id)
        assert lives.identity(person_id) == world.amina.identity  # it had come back
    with as_the_worker():
        assert destroy.replay_ledger() == 1
        assert destroy.replay_ledger() == 0
    assert world.state().state == "deleted"
    with transaction.atomic(), pytest.raises(keys.KeyDestroyed):
        set_context(person_id)
        keys.sealer(person_id)
    [entry] = [json.loads(line) for line in Path(product.DESTRUCTION_LEDGER).read_text().splitlines()]
    line = owner_connection.execute(
        "SELECT id FROM audit_event WHERE person_id = %s AND kind = 'space_destroyed'", [person_id]
    ).fetchone()
    assert line and (str(line[0]), str(person_id)) == (entry["event"], entry["person"])


def test_ledger__changed_or_cut_in_the_middle_is_told_and_a_torn_end_is_mended() -> None:
    path = Path(product.DESTRUCTION_LEDGER)
    noted = [vault.note_destruction(person_id=uuid4(), event_id=uuid4()) for _ in range(4)]
    assert list(vault.destroyed()) == noted
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at": "2027')
    assert list(vault.destroyed()) == noted
    noted.append(vault.note_destruction(person_id=uuid4(), event_id=uuid4()))
    assert list(vault.destroyed()) == noted
    lines = path.read_bytes().splitlines(keepends=True)
    for fault in (
        [lines[0], *lines[2:]],
        [lines[1], *lines[2:]],
        [*lines[:4], lines[4].replace(str(noted[4].person_id).encode(), str(uuid4()).encode())],
        [*lines[:2], lines[2].replace(b"2", b"3", 1), *lines[3:]],
        [b"not a line\n", *lines],
    ):
        path.write_bytes(b"".join(fault))
        with pytest.raises(Unavailable):
            list(vault.destroyed())


@pytest.mark.parametrize("act", ["destroy_due", "replay_ledger"])
def test_destroy__one_that_fails_stops_none_of_the_others_in_any_run(
    world: World, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """A key that cannot be destroyed is tried again each run; who comes after it is gone all the same."""
    stuck, other = world, made()
    destroy_key = vault.destroy_key

    def fails_for_one(*, person_id: UUID) -> None:
        if person_id == stuck.amina.person_id:
            raise Unavailable("no disk")
        destroy_key(person_id=person_id)

    monkeypatch.setattr(vault, "destroy_key", fails_for_one)
    for one in (stuck, other):
        spaces.close(**one.own, wants_deletion=True)
    if act == "replay_ledger":
        for one in (stuck, other):
            vault.note_destruction(person_id=one.amina.person_id, event_id=uuid4())
        with as_the_worker(), pytest.raises(Unavailable, match="1 destroyed"):
            destroy.replay_ledger()
    else:
        with time_machine.travel(NOON + timedelta(days=89), tick=False):
            destroyed_now()
            late = made()
            spaces.close(**late.own, wants_deletion=True)
        with time_machine.travel(NOON + timedelta(days=189), tick=False):
            destroyed_now()
            destroyed_now()
        assert late.state().state == "deleted"
    assert (stuck.state().state, other.state().state) == ("deletion_requested", "deleted")
    monkeypatch.undo()
    with time_machine.travel(NOON + timedelta(days=190), tick=False):
        destroyed_now()
    assert stuck.state().state == "deleted"
