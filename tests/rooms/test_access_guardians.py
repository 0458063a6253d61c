"""Guardians of protected adults: as a judge decided, until the day the judge said, never instead of the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from healthspace.access import actions, reads
from healthspace.access.actions import Decision, guardians
from healthspace.access.adapters import families
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, HealthspaceError, Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.profile import reads as profile
from tests import people
from tests.factories import orders
from tests.rooms.test_access_mandates import PARIS, TICK, kinds, may_read

TODAY = datetime.now(PARIS).date()
AGENTS = ("Awa Diallo", "Tom Petit")


def decision(**other: object) -> Decision:
    values: dict[str, object] = {
        "kind": "guardian", "scope": "as_holder", "court": "Tribunal judiciaire de Rivemont", "number": "24/01234",
        "decided_on": TODAY - timedelta(days=30), "starts_on": TODAY - timedelta(days=20),
        "ends_on": TODAY + timedelta(days=900),
    }  # fmt: skip
    return Decision(**{**values, **other})  # type: ignore[arg-type]


def name(person: people.Holder, guardian: people.Holder, **other: object) -> Actor:
    assert actions.name_guardian(
        actor=SYSTEM, person_id=person.person_id, guardian_id=guardian.person_id,
        decision=decision(**other), agents=AGENTS,
    )  # fmt: skip
    return guardian.claiming(person)


def filed(actor: Actor, person: people.Holder) -> bool:
    try:
        documents.deposit(actor=actor, order=orders.own_order(person))
    except HealthspaceError:
        return False
    return True


def test_name__guardian_acts_and_the_person_keeps_everything() -> None:
    amina, paul = people.amina(), people.paul()
    guardian = name(amina, paul)
    assert may_read(guardian, amina)
    assert filed(guardian, amina)
    assert may_read(amina.actor, amina)
    (card,) = reads.representatives(actor=amina.actor, person_id=amina.person_id)
    assert (card.name, card.kind, card.court) == (paul.identity.name, "guardian", "Tribunal judiciaire de Rivemont")
    lines = document_reads.journal(actor=amina.actor, person_id=amina.person_id, is_act=False)
    (line,) = [one for one in lines if one.kind == "guardian_named"]
    assert (line.details["first"], line.details["second"]) == AGENTS
    assert paul.identity.name in line.sentence
    assert "guardianship_given" in kinds(paul)
    (charge,) = reads.charges(actor=paul.actor)
    assert (charge.person_id, charge.kind, charge.scope) == (amina.person_id, "guardian", "as_holder")


def test_name__ends_after_its_last_day_in_paris() -> None:
    amina, paul = people.amina(), people.paul()
    guardian = name(amina, paul, ends_on=date(2027, 3, 28))
    midnight = datetime(2027, 3, 29, tzinfo=PARIS).astimezone(UTC)
    with time_machine.travel(midnight - TICK, tick=False):
        assert may_read(guardian, amina)
    with time_machine.travel(midnight, tick=False):
        assert not may_read(guardian, amina)
        assert reads.charges(actor=paul.actor) == ()
        assert reads.representatives(actor=amina.actor, person_id=amina.person_id) == ()


@pytest.mark.parametrize(
    ("scope", "reads_it", "files_it"), [("read", True, False), ("read_and_file", True, True), ("none", False, False)]
)
def test_name__curator_does_what_the_decision_says_and_no_more(scope: str, reads_it: bool, files_it: bool) -> None:
    amina, paul, doctor = people.amina(), people.paul(), people.dr_nguyen()
    report = documents.deposit(actor=people.rivemont().actor, order=orders.order(amina)).document_id
    curator = name(amina, paul, kind="curator", scope=scope)
    assert may_read(curator, amina) is reads_it
    assert filed(curator, amina) is files_it
    pair = {"actor": curator, "person_id": amina.person_id}
    for act in (
        lambda: actions.grant(**pair, professional_id=doctor.id),
        lambda: actions.block(**pair, professional_id=doctor.id),
        lambda: actions.change_emergency_choice(
            **pair, is_samu_opposed=True, is_break_glass_opposed=True, is_masked_opposed=True
        ),
        lambda: documents.mask(**pair, document_id=report),
        lambda: documents.rename(**pair, document_id=report, title="Genou"),
        lambda: documents.disown(**pair, document_id=report),
        lambda: actions.agree_to_own_way(actor=curator, child_id=amina.person_id),
        lambda: reads.invitations_for(actor=curator, child_id=amina.person_id),
    ):
        with pytest.raises(Refused):
            act()
    if reads_it:
        assert profile.counts(**pair) is not None
        assert reads.identity(**pair).name == amina.identity.name


def test_name__nobody_but_two_agents() -> None:
    amina, paul = people.amina(), people.paul()
    pair = {"person_id": amina.person_id, "guardian_id": paul.person_id, "decision": decision()}
    support = Actor(kind="support", id=paul.account_id, name="Awa Diallo")
    operator = replace(support, kind="operator")
    for actor in (paul.actor, amina.actor, paul.claiming(amina), people.dr_nguyen().actor, support, operator):
        with pytest.raises(Refused):
            actions.name_guardian(actor=actor, **pair, agents=AGENTS)
    for agents in (("", ""), ("Awa Diallo", ""), ("Awa Diallo", " awa  DIALLO ")):
        with pytest.raises(Invalid):
            actions.name_guardian(actor=SYSTEM, **pair, agents=agents)
    assert not may_read(paul.claiming(amina), amina)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "curator", "scope": "as_holder"},
        {"kind": "neighbour"},
        {"scope": "everything"},
        {"court": " "},
        {"number": ""},
        {"ends_on": TODAY - timedelta(days=21)},
        {"decided_on": TODAY - timedelta(days=10)},
        {"ends_on": TODAY + timedelta(days=366 * 21)},
        {"kind": "curator", "scope": "read", "ends_on": TODAY + timedelta(days=366 * 21)},
        {"kind": "family", "ends_on": TODAY + timedelta(days=366 * 21)},
    ],
)
def test_name__a_decision_that_cannot_be_is_invalid(other: dict[str, object]) -> None:
    amina, paul = people.amina(), people.paul()
    with pytest.raises(Invalid):
        name(amina, paul, **other)
    assert not may_read(paul.claiming(amina), amina)


@pytest.mark.parametrize(
    ("kind", "scope", "years"),
    [("guardian", "as_holder", 19), ("curator", "read", 19), ("family", "as_holder", 19), ("mandatary", "read", 45)],
)
def test_name__a_renewal_of_twenty_years_and_a_mandate_without_limit(kind: str, scope: str, years: int) -> None:
    """Code civil 442, 494-6, 477. Seen failing before: ten years for all refused real papers."""
    amina, paul = people.amina(), people.paul()
    guardian = name(amina, paul, kind=kind, scope=scope, ends_on=TODAY + timedelta(days=365 * years))
    assert may_read(guardian, amina)


def test_longest__every_version_names_its_law() -> None:
    for version in families._read("protections.json")["versions"]:
        assert date.fromisoformat(version["valid_from"]) <= TODAY
        assert "code civil" in version["reference"]
        assert version["longest_years"].keys() == guardians.KINDS


def test_name__child_closed_and_oneself_conflict() -> None:
    jeanne, leo, amina = people.jeanne(), people.leo(), people.amina()
    informed = people.holder("MOREL", ("ZOÉ",), date(1950, 2, 3), "F", "38001", state="informed")
    for person, guardian in ((leo, jeanne), (amina, amina), (informed, jeanne), (amina, informed)):
        with pytest.raises(Conflict):
            name(person, guardian)


def test_end__judge_s_word_stops_it_at_once() -> None:
    amina, paul = people.amina(), people.paul()
    guardian = name(amina, paul)
    pair = {"person_id": amina.person_id, "guardian_id": paul.person_id}
    for actor in (paul.actor, amina.actor, guardian):
        with pytest.raises(Refused):
            actions.end_guardian(actor=actor, **pair, agents=AGENTS)
    actions.end_guardian(actor=SYSTEM, **pair, agents=AGENTS)
    assert not may_read(guardian, amina)
    assert {"guardian_ended"} <= set(kinds(amina)) and "guardianship_ended" in kinds(paul)
    with pytest.raises(Refused):
        actions.end_guardian(actor=SYSTEM, **pair, agents=AGENTS)
    assert name(amina, paul, scope="read")
    assert may_read(guardian, amina)


def test_name__mother_of_a_grown_child_again_by_a_judge_and_not_by_the_register() -> None:
    jeanne = people.jeanne()
    zoe = people.holder("MOREL", ("ZOÉ",), date(2008, 6, 1), "F", people.place_in("38"))
    with time_machine.travel(datetime(2026, 5, 31, 12, tzinfo=UTC), tick=False):
        mother = jeanne.representing(zoe)
        assert may_read(mother, zoe)
    assert not may_read(mother, zoe)
    assert not actions.represent(
        actor=SYSTEM, person_id=zoe.person_id, representative_id=jeanne.person_id, born_on=zoe.traits.born_on
    )
    name(zoe, jeanne)
    assert may_read(mother, zoe)
