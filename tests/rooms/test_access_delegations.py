"""Helping an adult: both agree, by category and period, and what a helper may never do (3.10, T23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from healthspace.access import actions, reads
from healthspace.access.rules import Terms, ends_after
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError, Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.reads import ListQuery
from tests import people
from tests.factories.orders import order, own_order

RESULTS, REPORTS = "BIOLOGIE", "CPT_REND"


def terms(*categories: str, scopes: tuple[str, ...] = (), days: int = 30) -> Terms:
    return Terms(frozenset(categories), frozenset(scopes), clock.today() + timedelta(days=days))


def ask(asker: people.Holder, helper: people.Holder, given: Terms | None = None) -> None:
    actions.ask_help(
        actor=asker.actor, person_id=asker.person_id, wanted=helper.as_wanted(), terms=given or terms(RESULTS)
    )


def file(holder: people.Holder, type_code: str, *, own: bool = False, **more: object) -> str:
    by = holder.actor if own else people.rivemont().actor
    sent = (own_order if own else order)(holder, type_code=type_code, media_type="text/plain", content=b"x", **more)
    receipt = documents.deposit(actor=by, order=sent)
    return str(receipt.document_id)


def seen(actor: Actor, holder: people.Holder) -> set[str]:
    page = document_reads.list_documents(actor=actor, person_id=holder.person_id, query=ListQuery())
    return {str(card.id) for card in page.cards}


def test_ask__and_accept__opens_the_categories_and_no_other() -> None:
    amina, lina = people.amina(), people.paul()
    result, report = file(amina, "11502-2"), file(amina, "11488-4")
    helper = actions.as_caregiver(lina.actor, amina.person_id)
    ask(amina, lina)
    with pytest.raises(Refused):
        seen(helper, amina)
    assert [card.name for card in reads.asking_me(actor=lina.actor)] == [amina.identity.name]
    assert not reads.helped(actor=lina.actor)
    actions.accept_help(actor=lina.actor, person_id=amina.person_id)
    assert seen(helper, amina) == {result}
    document_reads.open_document(actor=helper, person_id=amina.person_id, document_id=UUID(result))
    with pytest.raises(Refused):
        document_reads.open_document(actor=helper, person_id=amina.person_id, document_id=UUID(report))
    card = reads.helped(actor=lina.actor)[0]
    assert (card.person_id, card.terms.categories) == (amina.person_id, frozenset({RESULTS}))
    assert [one.state for one in reads.helpers(actor=amina.actor, person_id=amina.person_id)] == ["running"]


def test_help__ends_at_midnight_in_paris_after_the_last_day() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina, days=10)
    end = ends_after(clock.today() + timedelta(days=10))
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        seen(helper, amina)
    with time_machine.travel(end, tick=False):
        with pytest.raises(Refused):
            seen(helper, amina)
        assert not reads.helped(actor=lina.actor)


def test_end__is_at_once_and_looks_like_never_had() -> None:
    amina, lina, stranger = people.amina(), people.paul(), people.jeanne()
    helper = lina.helping(amina)
    before = len(document_reads.journal(actor=lina.actor, person_id=lina.person_id, is_act=False))
    actions.end_help(actor=amina.actor, person_id=amina.person_id, delegation_id=lina.person_id)
    told = []
    for actor in (helper, actions.as_caregiver(stranger.actor, amina.person_id)):
        with pytest.raises(Refused) as refusal:
            seen(actor, amina)
        told.append((str(refusal.value), refusal.value.rule))
    assert told[0] == told[1]
    assert not reads.helped(actor=lina.actor)
    assert not reads.asking_me(actor=lina.actor)
    assert len(document_reads.journal(actor=lina.actor, person_id=lina.person_id, is_act=False)) == before


def test_leave__a_helper_stops_and_the_person_knows() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina)
    actions.leave_help(actor=helper, person_id=amina.person_id)
    with pytest.raises(Refused):
        seen(helper, amina)
    with pytest.raises(Refused):
        actions.leave_help(actor=helper, person_id=amina.person_id)
    entries = document_reads.journal(actor=amina.actor, person_id=amina.person_id)
    left = next(entry for entry in entries if entry.kind == "helper_left")
    assert left.actor_name == lina.actor.name


def test_decline__ends_the_question() -> None:
    amina, lina = people.amina(), people.paul()
    ask(amina, lina)
    actions.decline_help(actor=lina.actor, person_id=amina.person_id)
    assert [one.state for one in reads.helpers(actor=amina.actor, person_id=amina.person_id)] == ["declined"]
    with pytest.raises(Refused):
        actions.accept_help(actor=lina.actor, person_id=amina.person_id)


def test_ask__unanswered_is_over_after_two_weeks() -> None:
    amina, lina = people.amina(), people.paul()
    ask(amina, lina)
    with time_machine.travel(clock.now() + timedelta(days=14, seconds=1), tick=False):
        with pytest.raises(Refused):
            actions.accept_help(actor=lina.actor, person_id=amina.person_id)
        assert [one.state for one in reads.helpers(actor=amina.actor, person_id=amina.person_id)] == ["unanswered"]


def test_ask__fourth_helper_is_too_many() -> None:
    amina = people.amina()
    for _ in range(3):
        ask(amina, people.paul())
    with pytest.raises(Invalid):
        ask(amina, people.paul())
    actions.end_help(
        actor=amina.actor,
        person_id=amina.person_id,
        delegation_id=reads.helpers(actor=amina.actor, person_id=amina.person_id)[0].id,
    )
    ask(amina, people.paul())


def test_accept__sixth_person_helped_is_too_many() -> None:
    lina = people.paul()
    for _ in range(5):
        lina.helping(people.amina())
    sixth = people.amina()
    ask(sixth, lina)
    with pytest.raises(Invalid):
        actions.accept_help(actor=lina.actor, person_id=sixth.person_id)
    assert len(reads.helped(actor=lina.actor)) == 5


def test_ask__unknown_people_are_told_apart_by_nothing() -> None:
    """T04: the same answer and the same card, whether anybody of that name is here."""
    amina, lina = people.amina(), people.paul()
    ask(amina, lina)
    wrong = replace(people.jeanne().as_wanted(), birth_name="SOMEBODY")
    nobody = replace(wrong, number="299017500100184")
    for wanted in (wrong, nobody):
        actions.ask_help(actor=amina.actor, person_id=amina.person_id, wanted=wanted, terms=terms(RESULTS))
    cards = reads.helpers(actor=amina.actor, person_id=amina.person_id)
    assert len({card.id for card in cards}) == 3
    assert {(card.state, card.terms, card.id.version) for card in cards} == {("waiting", terms(RESULTS), 4)}
    with pytest.raises(Invalid) as again_unknown:
        actions.ask_help(actor=amina.actor, person_id=amina.person_id, wanted=wrong, terms=terms(RESULTS))
    with pytest.raises(Invalid) as again_known:
        ask(amina, lina)
    assert str(again_known.value) == str(again_unknown.value)


@pytest.mark.parametrize(
    "given",
    [
        terms(),
        terms(scopes=("write",)),
        terms("NOTHING"),
        terms(RESULTS, scopes=("all",)),
        terms(RESULTS, days=0),
        terms(RESULTS, days=366),
    ],
)
def test_ask__terms_that_cannot_be_are_told(given: Terms) -> None:
    with pytest.raises(Invalid):
        ask(people.amina(), people.paul(), given)


def test_ask__oneself_a_child_and_for_a_child_cannot_be() -> None:
    amina, leo, jeanne = people.amina(), people.leo(), people.jeanne()
    with pytest.raises(Invalid):
        ask(amina, amina)
    ask(amina, leo)
    assert not reads.asking_me(actor=leo.actor)
    parent = jeanne.representing(leo)
    for actor in (leo.actor, parent):
        with pytest.raises(Refused):
            actions.ask_help(actor=actor, person_id=leo.person_id, wanted=amina.as_wanted(), terms=terms(RESULTS))


def test_prolong__at_most_twelve_months_more_and_by_the_person_alone() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina)
    far: dict[str, Any] = {"person_id": amina.person_id, "delegation_id": lina.person_id}
    last = clock.today() + timedelta(days=365)
    with pytest.raises(Invalid):
        actions.prolong_help(actor=amina.actor, **far, last_day=last + timedelta(days=1))
    with pytest.raises(Refused):
        actions.prolong_help(actor=helper, **far, last_day=last)
    actions.prolong_help(actor=amina.actor, **far, last_day=last)
    assert reads.helpers(actor=amina.actor, person_id=amina.person_id)[0].last_day == last


def test_helper__reads_only_unless_changing_was_opened() -> None:
    amina, lina = people.amina(), people.paul()
    reader = lina.helping(amina, REPORTS, scopes=())
    own = UUID(file(amina, "DOCPAT03", own=True))
    where: dict[str, Any] = {"person_id": amina.person_id, "document_id": own}
    sent = own_order(amina, type_code="DOCPAT03", media_type="text/plain", content=b"x")
    for act in (
        lambda: documents.deposit(actor=reader, order=sent),
        lambda: documents.delete(actor=reader, **where),
    ):
        with pytest.raises(HealthspaceError):
            act()


def test_helper__who_may_change_does_and_the_person_sees_it() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina, REPORTS, scopes=("write",))
    sent = own_order(amina, type_code="DOCPAT03", media_type="text/plain", content=b"x")
    receipt = documents.deposit(actor=helper, order=sent)
    documents.delete(actor=helper, person_id=amina.person_id, document_id=receipt.document_id)
    entries = document_reads.journal(actor=amina.actor, person_id=amina.person_id)
    by_helper = {entry.kind for entry in entries if entry.actor_kind == "caregiver"}
    assert {"document_deposited", "document_deleted"} <= by_helper
    assert {entry.actor_name for entry in entries if entry.actor_kind == "caregiver"} == {lina.actor.name}
    with pytest.raises(Refused):
        documents.deposit(actor=helper, order=replace(sent, type_code="DOCPAT05", source_id="urn:test:other"))


def test_helper__own_words_masks_and_folders_stay_with_the_person() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina)
    item = UUID(file(amina, "11502-2"))
    where: dict[str, Any] = {"person_id": amina.person_id, "document_id": item}
    original = document_reads.document_card(actor=amina.actor, **where).title
    documents.rename(actor=amina.actor, **where, title="Secret name")
    documents.note(actor=amina.actor, **where, text="Secret note")
    documents.mask(actor=amina.actor, **where)
    folder = documents.create_folder(actor=amina.actor, person_id=amina.person_id, name="Secret folder")
    documents.move(actor=amina.actor, **where, folder_id=folder)
    card = document_reads.document_card(actor=helper, **where)
    assert (card.title, card.note, card.is_masked, card.folder_id, card.can) == (
        original,
        "",
        False,
        None,
        frozenset({"open"}),
    )
    for query in (ListQuery(text="secret"), ListQuery(only_masked=True), ListQuery(folder_id=folder)):
        page = document_reads.list_documents(actor=helper, person_id=amina.person_id, query=query)
        assert not page.cards
