"""What two agents end or settle: a mandate, a guardianship, two numbers that may be one person (T12, T22, T28)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import transaction

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Refused
from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules.claims import TooSoon
from healthspace.journeys import desk, desk_cases
from healthspace.ops.commands import cases
from healthspace.ops.faults import CannotRun
from healthspace.schema.context import set_context
from healthspace.spaces.models import Space
from tests import people
from tests.doors.desk_pages import act_of, agent, signed_in, typed
from tests.people import PASSWORD
from tests.roles import as_the_worker
from tests.rooms import letters
from tests.rooms.register import born, person_of, seeds
from tests.rooms.test_enrolment_intake_changes import change
from tests.rooms.test_enrolment_intake_former import set_state

TWO = ("Inès Faure", "Omar Diallo")


def runs(person_id: UUID, other_id: UUID, kind: str) -> bool:
    with transaction.atomic():
        set_context(person_id)
        return access_reads.is_mandated(person_id, other_id, frozenset({kind}))


def active(told: letters.Told) -> letters.Told:
    answers.activate(told.claim(), login=f"amina.{told.serial}", password=PASSWORD)
    return told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_guardianship__two_agents_end_it(language: str) -> None:
    told, guardian, today = active(letters.told()), people.paul(), clock.today()
    decision = access.Decision(
        "guardian", "read", "Tribunal de Rivemont", "24/1", today, today, today + timedelta(days=90)
    )
    access.name_guardian(
        actor=SYSTEM, person_id=told.person_id, guardian_id=guardian.person_id, decision=decision, agents=TWO
    )
    first, second = signed_in(agent(TWO[0]), language), signed_in(agent(TWO[1]), language)
    spaced = f"{guardian.ins.matricule[:7]} {guardian.ins.matricule[7:]}"
    sent = typed(told, person=str(told.person_id), act="guardianship_ended") | {
        "paper": "RG 24/99",
        "other_number": spaced,
        "other_born": str(guardian.traits.born_on),
    }
    first.send("/support/answer/", 422, **sent | {"other_number": "12"})
    first.send("/support/answer/", **sent)
    act_id = act_of(told.person_id)
    first.send(f"/support/acts/{act_id}/", answer="agree")
    assert runs(told.person_id, guardian.person_id, "guardian")
    said = second.visit(f"/support/acts/{act_id}/").said
    assert "RG 24/99" in said and "Paul Girard" in said
    second.send(f"/support/acts/{act_id}/", answer="agree")
    assert not runs(told.person_id, guardian.person_id, "guardian")
    first.send("/support/answer/", **sent)  # nothing runs any more: nobody can agree to it
    act_id = act_of(told.person_id)
    assert "cannot be done" in second.send(f"/support/acts/{act_id}/", answer="agree").said or language == "fr"
    assert act_of(told.person_id) == act_id


def test_mandate__two_agents_end_it_and_the_other_parent_stays() -> None:
    marc, parent = active(letters.told("BENALI", "MARC")), people.jeanne()
    child = letters.told("BENALI", "LEO", born_on=date(clock.today().year - 6, 3, 1), parent=marc)
    for one in (marc.person_id, parent.person_id):
        access.represent(
            actor=SYSTEM, person_id=child.person_id, representative_id=one, born_on=child.born_on, basis="statement"
        )
    open_child(child.person_id)
    first, second = signed_in(agent(TWO[0])), signed_in(agent(TWO[1]))
    sent = typed(marc, person=str(child.person_id), act="mandate_ended") | {
        "day": str(child.born_on.day),
        "month": str(child.born_on.month),
        "year": str(child.born_on.year),
        "paper": "JAF 24/7",
        "other_number": parent.ins.matricule,
        "other_born": str(parent.traits.born_on),
    }
    first.send("/support/answer/", **sent)
    act_id = act_of(child.person_id)
    first.send(f"/support/acts/{act_id}/", answer="agree")
    assert runs(child.person_id, parent.person_id, "parent")
    second.send(f"/support/acts/{act_id}/", answer="agree")
    assert not runs(child.person_id, parent.person_id, "parent")
    assert runs(child.person_id, marc.person_id, "parent")


def open_child(person_id: UUID) -> None:
    with transaction.atomic():
        set_context(person_id)
        Space.objects.filter(person_id=person_id).update(state="open_inactive", opened_at=clock.now())


def kinds(connection: psycopg.Connection[Any], person_id: UUID) -> list[str]:
    found = connection.execute("SELECT kind FROM audit_event WHERE person_id = %s ORDER BY at", [person_id]).fetchall()
    return [row[0] for row in found]


@pytest.mark.parametrize("outcome", ["one person", "two people"])
def test_merge__goes_from_the_command_to_two_agents(
    tmp_path: Any, owner_connection: psycopg.Connection[Any], outcome: str
) -> None:
    seed = seeds()
    former, current = born(seed), born(seed + 1)
    with as_the_worker():
        change(tmp_path, [former, current])
        set_state(owner_connection, former["ins"], "opposed")
        change(tmp_path, [current | {"former_ins": former["ins"]}])
    person_id, former_id = person_of(current["ins"]), person_of(former["ins"])
    assert person_id is not None and former_id is not None
    (case_id,) = owner_connection.execute("SELECT id FROM enrolment_case WHERE person_id = %s", [person_id]).fetchone()  # type: ignore[misc]  # there is one
    with as_the_worker():
        with pytest.raises(CannotRun, match="two agents"):
            cases.main(["--settle", str(case_id), "--outcome", outcome])
        with pytest.raises(Refused):
            desk_cases.hand_over(actor=Actor(kind="support", id=uuid4(), name="A"), case_id=case_id)
        with pytest.raises(CannotRun):
            cases.main(["--to-desk", str(uuid4())])
        for _ in range(2):
            assert cases.main(["--to-desk", str(case_id)]) == 0
    first, second = signed_in(agent(TWO[0])), signed_in(agent(TWO[1]))
    address = f"/support/acts/{case_id}/"
    assert address in first.visit("/support/acts/").text
    assert "Choose an answer." in first.send(address, 422, paper="dossier 7").said
    first.send(address, outcome=outcome, paper="dossier 7")
    assert first.client.get(address).status_code == 404
    act_id = act_of(person_id)
    first.send(f"/support/acts/{act_id}/", answer="agree")
    assert settled(owner_connection, case_id) == ""
    assert "dossier 7" in second.visit(f"/support/acts/{act_id}/").said
    second.send(f"/support/acts/{act_id}/", answer="agree")
    assert settled(owner_connection, case_id) == outcome
    for one in (person_id, former_id):
        assert kinds(owner_connection, one).count("act_agreed") == 1
    (held,) = owner_connection.execute(
        "SELECT merged_into IS NOT NULL FROM enrolment_enrollee WHERE person_id = %s", [person_id]
    ).fetchone()  # type: ignore[misc]  # there is one
    assert held is (outcome == "one person")


def settled(connection: psycopg.Connection[Any], case_id: UUID) -> str:
    return str(connection.execute("SELECT outcome FROM enrolment_case WHERE id = %s", [case_id]).fetchone()[0])  # type: ignore[index]  # there is one


def test_lookup__of_an_agent_is_counted_whoever_is_found() -> None:
    amina = people.amina()
    ines = Actor(kind="support", id=uuid4(), name="Inès Faure")
    asked: dict[str, Any] = {"actor": ines, "born_on": amina.traits.born_on}
    thirteen = ".".join(amina.ins.matricule[:13].lower())
    with pytest.raises(TooSoon):
        for _ in range(200):
            desk.adult_of(**asked, matricule=thirteen)
    other = Actor(kind="support", id=uuid4(), name="Omar Diallo")
    assert desk.adult_of(actor=other, matricule=amina.ins.matricule, born_on=amina.traits.born_on) == amina.person_id
