"""A copy of everything: whole, sealed at rest, for its asker only, for seven days."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Refused, Unavailable
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.reads import copies
from healthspace.journeys import export_space, sweeping
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.profile import actions as profile
from healthspace.profile.rules import CareLine
from healthspace.spaces import actions as spaces
from healthspace.vault import reads as vault
from tests import people
from tests.factories import orders

pytestmark = pytest.mark.usefixtures("as_worker")


def full() -> people.Holder:
    """Amina with something of everything."""
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    documents.deposit(actor=hospital.actor, order=orders.order(amina, title="Lettre, « été » & <b>"))
    own = documents.deposit(actor=amina.actor, order=orders.own_order(amina, title="=2+2"))
    documents.note(actor=amina.actor, person_id=amina.person_id, document_id=own.document_id, text="+33 à vérifier")
    entry = {"resourceType": "AllergyIntolerance", "id": "one", "code": {"text": "Pénicilline"}}
    profile.keep(actor=SYSTEM, person_id=amina.person_id, resource=entry)
    line = CareLine(clock.today(), "medicine", "Amoxicilline", provider="Pharmacie du port")
    profile.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=[line])
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    return amina


def made(holder: Any, actor: Any = None) -> copies.CopyCard:
    """A copy asked for and made, whoever else waits before."""
    asker = actor or holder.actor
    asked = documents.ask_copy(actor=asker, person_id=holder.person_id, language="fr")
    while export_space.make_due():
        pass
    card = next(one for one in copies.copies(actor=asker, person_id=holder.person_id) if one.id == asked)
    assert card.state == "ready"
    return card


def unpacked(holder: Any, card: copies.CopyCard, actor: Any = None) -> dict[str, bytes]:
    """Every file of every part."""
    found: dict[str, bytes] = {}
    for part in card.parts:
        opened = documents.open_copy(
            actor=actor or holder.actor, person_id=holder.person_id, copy_id=card.id, number=part.number
        )
        assert len(opened.content) == part.size
        with zipfile.ZipFile(io.BytesIO(opened.content)) as packed:
            assert packed.testzip() is None
            for name in packed.namelist():
                assert name not in found
                found[name] = packed.read(name)
    return found


def rows(sheet: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))


def test_export__holds_everything_as_it_was_filed() -> None:
    amina = full()
    files = unpacked(amina, made(amina))
    page = reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=reads.ListQuery())
    originals = {
        reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=card.id).content
        for card in page.cards
    }
    assert {files[name] for name in files if name.startswith("documents/")} == originals
    index = files["index.html"].decode()
    assert "Lettre, « été » &amp; &lt;b&gt;" in index and "Amoxicilline" in index and "Dr Linh Nguyen" in index
    for name in (name for name in files if name.startswith("documents/")):
        assert f'href="{name}"' in index
    bundle = json.loads(files["profile.json"])
    assert [one["resource"]["resourceType"] for one in bundle["entry"]] == ["Patient", "AllergyIntolerance"]
    assert rows(files["care-history.csv"])[1][2] == "Amoxicilline"
    assert any("document" in row[1] for row in rows(files["journal.csv"])[1:])
    assert rows(files["access.csv"])[1][0] == "Dr Linh Nguyen"
    cells = [cell for row in rows(files["documents.csv"]) for cell in row]
    assert "'=2+2" in cells and "'+33 à vérifier" in cells


def test_export__is_made_in_parts_that_hold_each_document_once(monkeypatch: pytest.MonkeyPatch) -> None:
    amina, hospital = people.amina(), people.rivemont()
    for _number in range(5):
        documents.deposit(actor=hospital.actor, order=orders.order(amina))
    monkeypatch.setattr(export_space, "PART_BYTES", 3000)
    card = made(amina)
    assert len(card.parts) >= 3
    files = unpacked(amina, card)
    assert sum(name.startswith("documents/") for name in files) == 5


def test_export__tells_when_it_is_ready_and_leaves_lines() -> None:
    amina = full()
    card = made(amina)
    unpacked(amina, card)
    while dispatcher.run_once(50):
        pass
    told = notifications.notices(actor=amina.actor, person_id=amina.person_id)
    assert "copy_ready" in [one.kind for one in told]
    kinds = [one.kind for one in reads.journal(actor=amina.actor, person_id=amina.person_id)]
    assert "export_asked" in kinds and "export_downloaded" in kinds
    assert "document_opened" not in kinds


def test_export__stranger_doctor_and_caregiver_are_refused() -> None:
    amina, paul, doctor = full(), people.paul(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    card = made(amina)
    helper = people.Actor(kind="caregiver", id=paul.actor.id, name="Paul", person_id=amina.person_id)
    for actor in (paul.actor, doctor.actor, helper, people.rivemont().actor):
        with pytest.raises(Refused):
            documents.ask_copy(actor=actor, person_id=amina.person_id, language="fr")
        with pytest.raises(Refused):
            copies.copies(actor=actor, person_id=amina.person_id)
        with pytest.raises(Refused):
            copies.documents_to_copy(actor=actor, person_id=amina.person_id, up_to=clock.now())
        with pytest.raises(Refused):
            documents.open_copy(actor=actor, person_id=amina.person_id, copy_id=card.id, number=1)
    refused = [
        one
        for one in reads.journal(actor=amina.actor, person_id=amina.person_id)
        if one.kind == "export_downloaded" and one.outcome == "refused"
    ]
    assert refused


def test_export__a_parent_has_no_secret_of_the_child_and_not_the_childs_copy() -> None:
    jeanne, leo, hospital = people.jeanne(), people.leo(), people.rivemont()
    documents.deposit(actor=hospital.actor, order=orders.order(leo, title="Vaccin"))
    secret = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
    documents.deposit(actor=hospital.actor, order=orders.order(leo, title="Secret", confidentiality=secret))
    parent = jeanne.representing(leo)
    own, card = made(leo), made(leo, parent)
    files = unpacked(leo, card, parent)
    assert [name for name in files if name.startswith("documents/")] == [name for name in files if "vaccin" in name]
    assert not any(b"Secret" in content for content in files.values())
    assert any("secret" in name for name in unpacked(leo, own))
    with pytest.raises(Refused):
        documents.open_copy(actor=parent, person_id=leo.person_id, copy_id=own.id, number=1)
    assert [one.id for one in copies.copies(actor=parent, person_id=leo.person_id)] == [card.id]


def test_export__goes_after_seven_days() -> None:
    amina = full()
    card = made(amina)
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)):
        with pytest.raises(Refused):
            documents.open_copy(actor=amina.actor, person_id=amina.person_id, copy_id=card.id, number=1)
        (seen,) = copies.copies(actor=amina.actor, person_id=amina.person_id)
        assert (seen.state, seen.parts) == ("gone", ())
        while documents.remove_expired():
            pass
    assert copies.expired_copies(clock.now() + timedelta(days=8)) == []


def test_export__is_sealed_and_never_swept(owner_connection: psycopg.Connection[Any]) -> None:
    amina = full()
    card = made(amina)
    found = owner_connection.execute(
        "SELECT blob FROM documents_copy_part WHERE person_id = %s", [amina.person_id]
    ).fetchall()
    sealed = vault.store().get(found[0][0])
    assert b"PK\x03\x04" not in sealed and b"index.html" not in sealed
    with time_machine.travel(clock.now() + timedelta(days=2)):
        sweeping.sweep_once()
    assert unpacked(amina, card)


def test_export__of_a_space_that_closes_meanwhile_is_not_made() -> None:
    amina = full()
    documents.ask_copy(actor=amina.actor, person_id=amina.person_id, language="fr")
    spaces.close(actor=amina.actor, person_id=amina.person_id)
    while export_space.make_due():
        pass
    assert amina.person_id not in [person_id for person_id, _copy in copies.asked_copies(1000)]


def test_ask_copy__twice_is_one_copy() -> None:
    amina = full()
    asked = {documents.ask_copy(actor=amina.actor, person_id=amina.person_id, language="fr") for _turn in range(2)}
    assert len(asked) == 1


def test_make_due__a_copy_that_cannot_be_made_now_stops_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, other = people.amina(), people.amina()
    for one in (stuck, other):
        documents.ask_copy(actor=one.actor, person_id=one.person_id, language="fr")
    make = export_space._make_part

    def fails_for_one(person_id: UUID, copy_id: UUID) -> None:
        if person_id == stuck.person_id:
            raise Unavailable("the store is down")
        make(person_id, copy_id)

    monkeypatch.setattr(export_space, "_make_part", fails_for_one)
    while export_space.make_due():
        pass
    states = [copies.copies(actor=one.actor, person_id=one.person_id)[0].state for one in (stuck, other)]
    assert states == ["asked", "ready"]
