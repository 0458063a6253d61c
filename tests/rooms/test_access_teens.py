"""A sign-in of their own for teenagers: by age, or earlier with every parent's yes; what they keep leaves no trace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from healthspace.access import actions, reads, rules
from healthspace.access.adapters import families
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.reads import ListQuery
from healthspace.notifications import reads as notices
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories import orders
from tests.rooms.test_access_mandates import TICK, coming_of_age, kinds, may_read
from tests.rooms.test_access_parents import delivered, told

HIDE, SHOW = "hide_from_representatives", "reveal_to_representatives"


def child_of(years: int, *parents: people.Holder) -> people.Holder:
    today = datetime.now(UTC).date()
    child = people.holder("MOREL", ("INÈS",), date(today.year - years - 1, 12, 31), "F", people.place_in("38"))
    for parent in parents:
        parent.representing(child)
    return child


def titles(actor: object, child: people.Holder) -> list[str]:
    page = document_reads.list_documents(actor=actor, person_id=child.person_id, query=ListQuery(with_total=True))
    assert page.total == len(page.cards)
    return [card.title for card in page.cards]


def test_open_own_way__alone_from_sixteen_and_told_to_everybody() -> None:
    jeanne, marc = people.jeanne(), people.paul()
    ines = child_of(16, jeanne, marc)
    actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    delivered()
    assert told(ines).count("own_way_opened") == 1
    assert told(jeanne).count("own_way_of_child") == told(marc).count("own_way_of_child") == 1
    assert kinds(ines).count("own_way_opened") == 1
    assert may_read(jeanne.claiming(ines), ines) and may_read(ines.actor, ines)


def test_open_own_way__earlier_with_every_parent_s_yes() -> None:
    jeanne, marc = people.jeanne(), people.paul()
    ines = child_of(13, jeanne, marc)
    with pytest.raises(Refused):
        actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    actions.agree_to_own_way(actor=jeanne.claiming(ines), child_id=ines.person_id)
    assert not reads.teen(actor=marc.claiming(ines), child_id=ines.person_id).may_sign_in
    with pytest.raises(Refused):
        actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    actions.agree_to_own_way(actor=marc.claiming(ines), child_id=ines.person_id)
    actions.take_agreement_back(actor=marc.claiming(ines), child_id=ines.person_id)
    with pytest.raises(Refused):
        actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    actions.agree_to_own_way(actor=marc.claiming(ines), child_id=ines.person_id)
    card = reads.teen(actor=ines.actor, child_id=ines.person_id)
    assert (card.may_sign_in, card.is_agreed_by_all, card.has_own_way) == (True, True, False)
    actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    assert reads.teen(actor=marc.claiming(ines), child_id=ines.person_id).has_own_way


def test_open_own_way__never_below_twelve_nor_by_anybody_else_nor_for_an_adult() -> None:
    jeanne = people.jeanne()
    young, old, amina = child_of(11, jeanne), child_of(17, jeanne), people.amina()
    actions.agree_to_own_way(actor=jeanne.claiming(young), child_id=young.person_id)
    for person in (young, amina):
        with pytest.raises(Refused):
            actions.open_own_way(actor=SYSTEM, person_id=person.person_id)
    for actor in (old.actor, jeanne.actor, jeanne.claiming(old), people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.open_own_way(actor=actor, person_id=old.person_id)


def test_agree__only_a_parent() -> None:
    jeanne, paul = people.jeanne(), people.paul()
    ines = child_of(13, jeanne)
    for actor in (paul.claiming(ines), paul.actor, ines.actor, jeanne.actor):
        for act in (actions.agree_to_own_way, actions.take_agreement_back):
            with pytest.raises(Refused):
                act(actor=actor, child_id=ines.person_id)
    with pytest.raises(Refused):
        reads.teen(actor=paul.claiming(ines), child_id=ines.person_id)


def secretive(years: int = 16) -> tuple[people.Holder, people.Holder]:
    """A teenager with a sign-in and two documents, and the mother, who acts."""
    jeanne = people.jeanne()
    ines = child_of(years, jeanne)
    if years < 16:
        actions.agree_to_own_way(actor=jeanne.claiming(ines), child_id=ines.person_id)
    actions.open_own_way(actor=SYSTEM, person_id=ines.person_id)
    hospital = people.rivemont().actor
    for title in ("Vaccin", "Genou"):
        documents.deposit(actor=hospital, order=orders.order(ines, title=title))
    delivered()
    return ines, jeanne


def test_hide__from_sixteen_on_without_a_trace() -> None:
    ines, jeanne = secretive()
    mother, pair = jeanne.claiming(ines), {"actor": ines.actor, "person_id": ines.person_id}
    card = next(one for one in document_reads.list_documents(**pair, query=ListQuery()).cards if one.title == "Genou")
    assert HIDE in card.can
    before = len(notices.notices(actor=mother, person_id=ines.person_id))
    documents.change_visibility(**pair, document_id=card.id, ask=HIDE)
    delivered()
    assert (sorted(titles(ines.actor, ines)), titles(mother, ines)) == (["Genou", "Vaccin"], ["Vaccin"])
    lines = document_reads.journal(actor=mother, person_id=ines.person_id, limit=200)
    assert not [line for line in lines if line.item_id == card.id or line.kind == "visibility_changed"]
    assert len(notices.notices(actor=mother, person_id=ines.person_id)) == before - 1
    documents.change_visibility(**pair, document_id=card.id, ask=SHOW)
    documents.change_visibility(**pair, document_id=card.id, ask=HIDE)
    assert titles(mother, ines) == ["Vaccin"]
    with pytest.raises(Refused):
        documents.change_visibility(actor=mother, person_id=ines.person_id, document_id=card.id, ask=SHOW)


def test_hide__not_before_the_age_nor_without_a_way_nor_by_an_adult() -> None:
    young, _jeanne = secretive(13)
    for person in (young, people.leo(), people.amina()):
        filed = documents.deposit(actor=people.rivemont().actor, order=orders.order(person)).document_id
        with pytest.raises(Refused):
            documents.change_visibility(actor=person.actor, person_id=person.person_id, document_id=filed, ask=HIDE)


def test_hide__begins_at_midnight_of_the_birthday_and_ends_at_eighteen() -> None:
    ines, jeanne = secretive(13)
    born_on, pair = ines.traits.born_on, {"actor": ines.actor, "person_id": ines.person_id}
    filed = document_reads.list_documents(**pair, query=ListQuery()).cards[0].id

    def may_hide(at: datetime) -> bool:
        with time_machine.travel(at, tick=False):
            return HIDE in document_reads.document_card(**pair, document_id=filed).can

    for years, before, after in ((16, False, True), (18, True, False)):
        at = rules.turns(born_on, years).astimezone(UTC)
        assert (may_hide(at - TICK), may_hide(at)) == (before, after)
    assert may_read(jeanne.claiming(ines), ines)


def test_contact__a_parent_s_own_is_told_from_the_child_s() -> None:
    jeanne = people.jeanne()
    ines = child_of(16, jeanne)
    spaces.change_contact(
        actor=jeanne.actor, person_id=jeanne.person_id, email="jeanne.morel@example.org", phone="06 12 34 56 78"
    )
    pair = {"actor": ines.actor, "person_id": ines.person_id}
    assert reads.is_contact_of_parent(**pair, email=" Jeanne.Morel@Example.org ")
    assert reads.is_contact_of_parent(**pair, phone="+33612345678")
    assert not reads.is_contact_of_parent(**pair, email="ines@example.org", phone="06 12 34 56 79")
    assert not reads.is_contact_of_parent(**pair)
    with pytest.raises(Refused):
        reads.is_contact_of_parent(actor=people.paul().actor, person_id=ines.person_id, email="x@example.org")


def test_turns__forty_years_of_birthdays_at_midnight_in_paris() -> None:
    """Every age of the policy, every 29 February, the nights of both clock changes."""
    policy = families.policy(date(2026, 11, 24))
    for born_on in coming_of_age():
        for years in (policy.own_sign_in_with_parents, policy.own_sign_in, policy.hides_from_parents, 18):
            at = rules.turns(born_on, years)
            assert at.astimezone(rules.LAW_ZONE).time().isoformat() == "00:00:00"
            assert (rules.years_old(born_on, at.astimezone(UTC) - TICK), rules.years_old(born_on, at)) == (
                years - 1,
                years,
            )


def test_policy__is_dated_and_the_one_of_the_day_holds() -> None:
    assert families.policy(date(1999, 1, 1)) == families.policy(date(2026, 11, 24))
    policy = families.policy(datetime.now(UTC).date() + timedelta(days=3650))
    assert 12 <= policy.own_sign_in_with_parents <= policy.own_sign_in <= policy.hides_from_parents < 18
