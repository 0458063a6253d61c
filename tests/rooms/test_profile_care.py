"""The history of reimbursed care: kept once, before opening too, read by whom law and holder let."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import reads as documents
from healthspace.profile import actions, reads
from healthspace.profile.rules import CareLine, check_line, first_day, merged
from healthspace.spaces import actions as spaces
from tests import people

CODES = frozenset(reads.categories())


def lines(count: int = 3) -> list[CareLine]:
    """Some lines of the last months."""
    today = clock.today()
    codes = list(reads.categories())
    return [
        CareLine(today - timedelta(days=20 * n), codes[n % len(codes)], f"Acte {n}", provider="Cabinet du port")
        for n in range(1, count + 1)
    ]


def keep(holder: people.Holder, given: list[CareLine]) -> actions.KeptCare:
    return actions.keep_care_histories(actor=SYSTEM, histories={holder.person_id: given})


@pytest.mark.usefixtures("as_worker")
def test_keep_care_histories__twice_is_once_and_new_lines_are_added() -> None:
    amina, paul = people.amina(), people.paul()
    both = {amina.person_id: lines(3), paul.person_id: lines(2)}
    assert set(actions.keep_care_histories(actor=SYSTEM, histories=both).changed) == set(both)
    assert set(actions.keep_care_histories(actor=SYSTEM, histories=both).same) == set(both)
    assert keep(amina, lines(4)).changed == (amina.person_id,)
    read = reads.care_history(actor=amina.actor, person_id=amina.person_id)
    assert read.lines == tuple(lines(4))
    assert len(reads.care_history(actor=paul.actor, person_id=paul.person_id).lines) == 2
    kinds = [one.kind for one in documents.journal(actor=amina.actor, person_id=amina.person_id)]
    assert kinds.count("care_history_added") == 2
    assert kinds.count("care_history_read") == 1


@pytest.mark.usefixtures("as_worker")
def test_keep_care_histories__before_opening_it_waits_and_appears_then() -> None:
    amina = people.holder("BENALI", ("AMINA",), people.around(1987), "F", people.place_in("69"), state="informed")
    assert keep(amina, lines()).changed
    with pytest.raises(Refused):
        reads.care_history(actor=amina.actor, person_id=amina.person_id)
    spaces.activate(actor=amina.actor, person_id=amina.person_id)
    assert len(reads.care_history(actor=amina.actor, person_id=amina.person_id).lines) == 3


@pytest.mark.usefixtures("as_worker")
def test_keep_care_histories__opposed_and_unknown_take_nothing() -> None:
    opposed = people.holder("ROY", ("ANNE",), people.around(1960), "F", people.place_in("31"), state="informed")
    spaces.oppose(actor=opposed.actor, person_id=opposed.person_id)
    nobody = people.paul().person_id.__class__(int=secrets.randbits(128))
    found = actions.keep_care_histories(actor=SYSTEM, histories={opposed.person_id: lines(), nobody: lines()})
    assert dict(found.left_out) == {opposed.person_id: "opposed", nobody: "absent"}
    assert not found.changed


def test_keep_care_histories__stranger_is_refused() -> None:
    amina, paul, hospital = people.amina(), people.paul(), people.rivemont()
    for actor in (paul.actor, amina.actor, hospital.actor):
        with pytest.raises(Refused):
            actions.keep_care_history(actor=actor, person_id=amina.person_id, lines=lines())


def test_care_history__stranger_is_refused_and_the_holder_is_told() -> None:
    amina, paul, doctor = people.amina(), people.paul(), people.dr_nguyen()
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines())
    for actor in (paul.actor, doctor.actor):
        with pytest.raises(Refused):
            reads.care_history(actor=actor, person_id=amina.person_id)
    (line,) = [
        one
        for one in documents.journal(actor=amina.actor, person_id=amina.person_id)
        if one.kind == "care_history_read" and one.actor_kind == "professional"
    ]
    assert (line.outcome, line.rule) == ("refused", "ACC-1")


def test_change_care_visibility__hides_from_professionals_but_not_from_the_attending_doctor() -> None:
    amina, doctor, attending = people.amina(), people.dr_nguyen(), people.dr_nguyen()
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines())
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    access.name_attending_doctor(actor=amina.actor, person_id=amina.person_id, professional_id=attending.id)
    assert len(reads.care_history(actor=doctor.actor, person_id=amina.person_id).lines) == 3
    actions.change_care_visibility(actor=amina.actor, person_id=amina.person_id, is_hidden=True)
    with pytest.raises(Refused):
        reads.care_history(actor=doctor.actor, person_id=amina.person_id)
    assert len(reads.care_history(actor=attending.actor, person_id=amina.person_id).lines) == 3
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines(5))
    assert reads.care_summary(actor=amina.actor, person_id=amina.person_id).is_hidden
    actions.change_care_visibility(actor=amina.actor, person_id=amina.person_id, is_hidden=False)
    assert len(reads.care_history(actor=doctor.actor, person_id=amina.person_id).lines) == 5


def test_change_care_visibility__before_anything_came_holds_for_what_comes() -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    actions.change_care_visibility(actor=amina.actor, person_id=amina.person_id, is_hidden=True)
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines())
    with pytest.raises(Refused):
        reads.care_history(actor=doctor.actor, person_id=amina.person_id)


def test_change_care_visibility__stranger_and_doctor_are_refused() -> None:
    amina, paul, doctor = people.amina(), people.paul(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    for actor in (paul.actor, doctor.actor):
        with pytest.raises(Refused):
            actions.change_care_visibility(actor=actor, person_id=amina.person_id, is_hidden=True)
    assert not reads.care_history(actor=amina.actor, person_id=amina.person_id).is_hidden


@pytest.mark.parametrize("profession, may", [("10", True), ("60", True), ("70", False), ("91", False)])
def test_care_history__follows_the_matrix_for_reimbursement_data(profession: str, may: bool) -> None:
    amina, reader = people.amina(), people.professional("Roux", "Max", profession)
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=reader.id)
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines())
    if may:
        assert reads.care_history(actor=reader.actor, person_id=amina.person_id).lines
        return
    with pytest.raises(Refused):
        reads.care_history(actor=reader.actor, person_id=amina.person_id)


def test_care_history__a_blocked_doctor_sees_nothing() -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    access.block(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines())
    with pytest.raises(Refused):
        reads.care_history(actor=doctor.actor, person_id=amina.person_id)


def test_care_history__goes_back_24_months_and_no_further() -> None:
    amina = people.amina()
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines(3))
    with time_machine.travel(clock.now() + timedelta(days=365 * 2 - 30)):
        assert len(reads.care_history(actor=amina.actor, person_id=amina.person_id).lines) == 1
    assert first_day(date(2026, 11, 30)) == date(2024, 11, 28)
    assert first_day(date(2026, 1, 5)) == date(2024, 1, 5)


def test_table__holds_no_word_in_clear(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    given = CareLine(clock.today(), "care", "Consultation chez Zoltan", provider="Zoltan")
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=[given])
    row = owner_connection.execute(
        "SELECT h::text FROM profile_care_history h WHERE person_id = %s", [amina.person_id]
    ).fetchone()
    assert row is not None
    assert b"Zoltan".hex() not in row[0]
    assert "Zoltan" not in row[0]


def test_merged__a_reference_given_again_takes_the_place_of_the_known_line() -> None:
    day = date(2026, 10, 1)
    known = (CareLine(day, "care", "Consultation", reference="7"),)
    anew = CareLine(day, "care", "Consultation longue", reference="7")
    assert merged(known, [anew], since=date(2025, 1, 1)) == (anew,)
    assert merged(known, [anew], since=date(2026, 11, 1)) == ()


@pytest.mark.parametrize(
    "field, change",
    [
        ("category", {"category": "magic"}),
        ("on", {"on": date(2026, 12, 1)}),
        ("label", {"label": " "}),
        ("label", {"label": "x" * 201}),
        ("provider", {"provider": "a\nb"}),
        ("quantity", {"quantity": 0}),
    ],
)
def test_check_line__says_which_field_is_wrong(field: str, change: dict[str, Any]) -> None:
    given = {"on": date(2026, 10, 1), "category": "care", "label": "Consultation"} | change
    with pytest.raises(Invalid) as fault:
        check_line(CareLine(**given), categories=CODES, today=date(2026, 11, 24))
    assert fault.value.field == field
