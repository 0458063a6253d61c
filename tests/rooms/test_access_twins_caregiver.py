"""Twin records that differ only in what a helper may not know look alike to that helper (T23, G8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.access import gate
from healthspace.access import reads as access_reads
from healthspace.access.rules import Terms
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.documents import actions, reads
from healthspace.documents.reads import ListQuery, copies
from healthspace.journeys import attestation
from healthspace.notifications import reads as notices
from healthspace.profile import reads as profile
from tests import people
from tests.query_guard import every_query_names_its_person
from tests.rooms import test_access_twins as twins_of
from tests.rooms.test_access_twins import AT, OPEN_TYPES, QUERIES, Twin, announced, deleted, disowned, secret, seen

OPENED = ("BIOLOGIE", "ORD_SOIN", "CPT_REND", "RADIO_SC")
NOW = AT + timedelta(hours=1)


def of_another_category(holder: people.Holder, by: Actor, number: int) -> UUID:
    return twins_of._file(holder, by, number, "89601-9")


def directive(holder: people.Holder, by: Actor, number: int) -> UUID:
    return twins_of._file(holder, holder.actor, number, "EXPPAT_3", own=True)


HIDES = (of_another_category, announced, secret, deleted, disowned, directive)


def make_twin(*, with_hidden: bool) -> Twin:
    """Ten documents that were opened to the helper; on the full side everything else that a person may have."""
    holder, helper, hospital = people.amina(), people.jeanne(), people.rivemont()
    ids = [twins_of._file(holder, hospital.actor, n, code) for n, code in enumerate(OPEN_TYPES * 2)]
    actor = helper.helping(holder, *OPENED, scopes=())
    hidden: list[UUID] = []
    if with_hidden:
        hidden = [HIDES[n % len(HIDES)](holder, hospital.actor, 3 * n) for n in range(12)]
        hidden += _rights(holder, ids)
    return Twin(holder, actor, tuple(hidden), helper)


def _rights(holder: people.Holder, ids: list[UUID]) -> list[UUID]:
    """Masks, own words, folders, another helper and the certificates: none of it is the helper's business."""
    where: dict[str, Any] = {"actor": holder.actor, "person_id": holder.person_id}
    for number in (0, 3, 7):
        actions.mask(**where, document_id=ids[number])
    actions.rename(**where, document_id=ids[1], title="My very own name")
    actions.note(**where, document_id=ids[2], text="My very own note")
    actions.move(**where, document_id=ids[4], folder_id=actions.create_folder(**where, name="Own folder"))
    other = people.paul()
    other.helping(holder)
    certificate = attestation.end_help(**where, delegation_id=other.person_id)
    people.paul().helping(holder)
    people.grant(holder, people.dr_nguyen())
    assert certificate
    return [certificate]


@pytest.fixture(scope="module")
def twins() -> tuple[Twin, Twin]:
    with time_machine.travel(AT, tick=False):
        return make_twin(with_hidden=False), make_twin(with_hidden=True)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_list__twins_look_alike_to_a_helper(query: ListQuery, twins: tuple[Twin, Twin]) -> None:
    with time_machine.travel(NOW, tick=False), every_query_names_its_person():
        plain, full = (seen(twin, query) for twin in twins)
    assert plain == full


def test_list__a_helper_sees_what_was_opened(twins: tuple[Twin, Twin]) -> None:
    """Equal silence would prove nothing."""
    with time_machine.travel(NOW, tick=False):
        for twin in twins:
            page = reads.list_documents(actor=twin.reader, person_id=twin.holder.person_id, query=ListQuery(limit=50))
            assert len(page.cards) == 10
            assert not any(card.is_masked or card.note or card.folder_id for card in page.cards)


ACTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [*twins_of.ACTS, (reads.versions, {})]


@pytest.mark.parametrize(("act", "more"), ACTS, ids=[f"{act.__name__} {more}" for act, more in ACTS])
def test_act__on_what_is_hidden_answers_like_on_nothing(
    act: Callable[..., Any], more: dict[str, Any], twins: tuple[Twin, Twin]
) -> None:
    _, full = twins
    with time_machine.travel(NOW, tick=False):
        absent = twins_of._answer(act, full, uuid4(), **more)
        assert {twins_of._answer(act, full, item, **more) for item in full.hidden} == {absent}


CLOSED: dict[str, Callable[[Actor, UUID], Any]] = {
    "journal": lambda actor, person: reads.journal(actor=actor, person_id=person),
    "folders": lambda actor, person: reads.folders(actor=actor, person_id=person),
    "copies": lambda actor, person: copies.copies(actor=actor, person_id=person),
    "notices": lambda actor, person: notices.notices(actor=actor, person_id=person),
    "unread": lambda actor, person: notices.unread_count(actor=actor, person_id=person),
    "care summary": lambda actor, person: profile.care_summary(actor=actor, person_id=person),
    "care history": lambda actor, person: profile.care_history(actor=actor, person_id=person),
    "profile": lambda actor, person: profile.counts(actor=actor, person_id=person),
    "ties": lambda actor, person: access_reads.ties(actor=actor, person_id=person),
    "helpers": lambda actor, person: access_reads.helpers(actor=actor, person_id=person),
    "copy asked": lambda actor, person: actions.ask_copy(actor=actor, person_id=person, language="fr"),
    "folder made": lambda actor, person: actions.create_folder(actor=actor, person_id=person, name="x"),
}


@pytest.mark.parametrize("what", CLOSED)
def test_rest_of_the_record__is_closed_to_a_helper_on_both_sides(what: str, twins: tuple[Twin, Twin]) -> None:
    with time_machine.travel(NOW, tick=False):
        for twin in twins:
            with pytest.raises(Refused):
                CLOSED[what](twin.reader, twin.holder.person_id)


def test_helper__never_helps_through_another(twins: tuple[Twin, Twin]) -> None:
    """Nobody delegates further."""
    twin, third = twins[0], people.paul()
    with time_machine.travel(NOW, tick=False), pytest.raises(Refused):
        access.ask_help(
            actor=twin.reader, person_id=twin.holder.person_id, wanted=third.as_wanted(), terms=_everything()
        )


def _everything() -> Terms:
    return Terms(frozenset(OPENED), frozenset(), (AT + timedelta(days=20)).date())


def test_twins__a_planted_leak_is_found(twins: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the gate's condition forgets the categories."""
    honest = gate.visible

    def leaking(standing: gate.Standing) -> tuple[str, list[Any]]:
        return ("status = 'current'", []) if standing.asker.role == "caregiver" else honest(standing)

    monkeypatch.setattr(gate, "visible", leaking)
    with time_machine.travel(NOW, tick=False):
        plain, full = (seen(twin, ListQuery(with_total=True)) for twin in twins)
    assert plain != full


def test_versions__a_helper_is_told_of_one(twins: tuple[Twin, Twin]) -> None:
    """Masking makes a version, and is not the helper's business."""
    with time_machine.travel(NOW, tick=False):
        for twin in twins:
            person_id = twin.holder.person_id
            page = reads.list_documents(actor=twin.reader, person_id=person_id, query=ListQuery(limit=50))
            for card in page.cards:
                found = reads.versions(actor=twin.reader, person_id=person_id, document_id=card.id)
                assert [(one.card.version, one.until) for one in found] == [(1, None)]
                assert found[0].card.changed_at == card.deposited_at
