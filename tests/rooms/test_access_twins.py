"""Twin records that differ only in what is hidden from a reader look alike to that reader (T30, G8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection

from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError
from healthspace.documents import actions, reads
from healthspace.documents.reads import ListQuery
from tests import people
from tests.factories.orders import order, own_order
from tests.query_guard import every_query_names_its_person

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
OPEN_TYPES = ("11502-2", "57833-6", "11488-4", "18748-4", "34112-3")
HIDDEN_DOCUMENTS = 7


@dataclass(frozen=True)
class Twin:
    """One record, seen by one reader."""

    holder: people.Holder
    reader: Actor
    hidden: tuple[UUID, ...]
    parent: people.Holder


def _file(holder: people.Holder, by: Actor, number: int, type_code: str, *codes: str, own: bool = False) -> UUID:
    receipt = actions.deposit(
        actor=by,
        order=(own_order if own else order)(
            holder,
            type_code=type_code,
            title=f"Document {number}",
            media_type="text/plain",
            content=f"Bonjour {number}".encode(),
            made_at=AT - timedelta(days=number),
            confidentiality=frozenset(codes),
        ),
    )
    assert receipt.document_id
    return receipt.document_id


Hide = Callable[[people.Holder, Actor, int], UUID]


def masked(holder: people.Holder, by: Actor, number: int) -> UUID:
    return _file(holder, by, number, "11502-2", "MASQUE_PS")


def closed_by_matrix(holder: people.Holder, by: Actor, number: int) -> UUID:
    return _file(holder, by, number, "ATTEST-RESID")


def announced(holder: people.Holder, by: Actor, number: int) -> UUID:
    return _file(holder, by, number, "11502-2", "INVISIBLE_PATIENT")


def secret(holder: people.Holder, by: Actor, number: int) -> UUID:
    return _file(holder, by, number, "11502-2", "INVISIBLE_REPRESENTANTS_LEGAUX")


def directive(holder: people.Holder, by: Actor, number: int) -> UUID:
    return _file(holder, holder.actor, number, "EXPPAT_3", own=True)


def deleted(holder: people.Holder, by: Actor, number: int) -> UUID:
    found = _file(holder, by, number, "11502-2")
    actions.delete(actor=by, person_id=holder.person_id, document_id=found)
    return found


def disowned(holder: people.Holder, by: Actor, number: int) -> UUID:
    found = _file(holder, by, number, "11502-2")
    actions.disown(actor=holder.actor, person_id=holder.person_id, document_id=found)
    return found


READERS: dict[str, tuple[Hide, ...]] = {
    "professional": (masked, closed_by_matrix, deleted, disowned),
    "holder": (announced, deleted, disowned),
    "representative": (secret, directive, announced, deleted, disowned),
}


def make_twin(reader: str, doctor: people.Doctor, *, with_hidden: bool, hides: tuple[Hide, ...] = ()) -> Twin:
    """A record with ten documents for this reader, and some that are hidden from them."""
    holder, hospital, parent = people.leo(), people.rivemont(), people.jeanne()
    people.grant(holder, doctor)
    for number, type_code in enumerate(OPEN_TYPES * 2):
        _file(holder, hospital.actor, number, type_code)
    hides = hides or READERS[reader]
    hidden = [
        hides[number % len(hides)](holder, hospital.actor, number * 3 + 100 * (number % 2))
        for number in range(HIDDEN_DOCUMENTS if with_hidden else 0)
    ]
    actors = {
        "professional": doctor.actor,
        "holder": holder.actor,
        "representative": parent.representing(holder) if reader == "representative" else parent.actor,
    }
    return Twin(holder, actors[reader], tuple(hidden), parent)


QUERIES = [
    ListQuery(limit=3, with_total=True),
    ListQuery(limit=3, with_total=True, oldest_first=True),
    ListQuery(limit=1, types=("11502-2",), with_total=True),
    ListQuery(with_total=True, types=("ATTEST-RESID", "EXPPAT_3")),
    ListQuery(with_total=True, statuses=("current", "superseded", "archived", "deleted", "disowned")),
    ListQuery(with_total=True, statuses=("disowned",)),
    ListQuery(with_total=True, statuses=("deleted",)),
    ListQuery(with_total=True, only_masked=True),
    ListQuery(with_total=True, only_from_holder=True),
    ListQuery(with_total=True, made_from=AT - timedelta(days=5), made_before=AT),
    ListQuery(text="document", limit=3),
    ListQuery(text="document 1"),
    ListQuery(text="nothing like it"),
    ListQuery(only_new=True, with_total=True),
    ListQuery(is_visit=True, with_total=True),
    ListQuery(cursor="bm9ib2R5cw"),
]


def seen(twin: Twin, query: ListQuery) -> list[Any]:
    """All pages of a query, with what differs between any two records put aside."""
    out: list[Any] = []
    for _ in range(20):
        try:
            page = reads.list_documents(actor=twin.reader, person_id=twin.holder.person_id, query=query)
        except HealthspaceError as fault:
            return [*out, type(fault).__name__, str(fault)]
        cards = [(card.title, card.type_code, card.made_at, card.status, card.version, card.can) for card in page.cards]
        out.append((cards, page.total, page.seen_at, len(page.next_cursor)))
        if not page.next_cursor:
            return out
        query = replace(query, cursor=page.next_cursor)
    raise AssertionError("pages without an end")


@pytest.fixture(scope="module", params=READERS)
def twins(request: pytest.FixtureRequest) -> tuple[Twin, Twin]:
    with time_machine.travel(AT, tick=False):
        doctor = people.dr_nguyen()
        return tuple(make_twin(request.param, doctor, with_hidden=yes) for yes in (False, True))  # type: ignore[return-value]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_list__twins_look_alike(query: ListQuery, twins: tuple[Twin, Twin]) -> None:
    with time_machine.travel(AT + timedelta(hours=1), tick=False), every_query_names_its_person():
        plain, full = (seen(twin, query) for twin in twins)
    assert plain == full


def _answer(act: Callable[..., Any], twin: Twin, document_id: UUID, **more: Any) -> tuple[str, str]:
    with pytest.raises(HealthspaceError) as fault:
        act(actor=twin.reader, person_id=twin.holder.person_id, document_id=document_id, **more)
    return type(fault.value).__name__, str(fault.value)


ACTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (reads.open_document, {}),
    (reads.document_card, {}),
    (actions.mask, {}),
    (actions.unmask, {}),
    (actions.delete, {}),
    (actions.disown, {}),
    (actions.rename, {"title": "Genou"}),
    (actions.note, {"text": "Genou"}),
    (actions.move, {"folder_id": None}),
    (actions.change_visibility, {"ask": "reveal_to_holder"}),
    (actions.change_visibility, {"ask": "hide_from_representatives"}),
]


@pytest.mark.parametrize(("act", "more"), ACTS, ids=[f"{act.__name__} {more}" for act, more in ACTS])
def test_act__on_a_hidden_document_answers_like_on_none(
    act: Callable[..., Any], more: dict[str, Any], twins: tuple[Twin, Twin]
) -> None:
    _, full = twins
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        absent = _answer(act, full, uuid4(), **more)
        assert {_answer(act, full, document_id, **more) for document_id in full.hidden} == {absent}


def test_journal__parents_see_no_line_of_the_secret(twins: tuple[Twin, Twin]) -> None:
    _, full = twins
    if full.reader.kind != "representative":
        pytest.skip("left out: about representatives only")
    entries = reads.journal(actor=full.reader, person_id=full.holder.person_id, limit=200)
    secrets = {full.hidden[number] for number in range(0, HIDDEN_DOCUMENTS, len(READERS["representative"]))}
    assert entries
    assert not secrets & {entry.item_id for entry in entries}


def test_deposit__an_identifier_used_by_a_hidden_document_is_free_for_others(twins: tuple[Twin, Twin]) -> None:
    """T32: no existence by constraint. Every sender's identifiers are its own."""
    owner, other = people.rivemont().actor, people.rivemont().actor
    twin = twins[0]
    kinds = []
    for by in (owner, owner, other):
        sent = order(twin.holder, source_id="urn:test:known", media_type="text/plain", content=b"Bonjour")
        receipt = actions.deposit(actor=by, order=sent)
        kinds.append(receipt.status)
        if len(kinds) == 1:
            actions.mask(actor=twin.holder.actor, person_id=twin.holder.person_id, document_id=receipt.document_id)
    assert kinds == ["filed", "duplicate", "filed"]


def test_twins__a_planted_leak_is_found(twins: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: totals counted over all rows of the person."""
    from healthspace.documents.reads import lists

    def leaking(where: str, params: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM documents_document WHERE person_id = %s", [params[0]])
            return int(cursor.fetchone()[0])

    monkeypatch.setattr(lists, "_count", leaking)
    plain, full = (seen(twin, ListQuery(with_total=True)) for twin in twins)
    assert plain != full
