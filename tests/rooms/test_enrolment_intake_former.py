"""A line that says "this person had another number": whose record it may touch, and who stays refused (T28)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.actions import cases
from healthspace.spaces import reads as spaces
from tests import people
from tests.rooms.register import balance, born, enrollee, person_of, seeds
from tests.rooms.test_enrolment_intake_changes import change
from tests.rooms.test_enrolment_opening import DUE, batch, open_at

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)
OTHER = {"birth_name": "PETIT", "first_names": "MARIE"}


def cases_of(connection, ins):
    found = connection.execute("SELECT kind, outcome FROM enrolment_case WHERE person_id = %s", [person_of(ins)])
    return found.fetchall()


def set_state(connection, ins, state):
    connection.execute("UPDATE spaces_space SET state = %s WHERE person_id = %s", [state, person_of(ins)])


@pytest.mark.parametrize("wrong", [{"born_on": "1980-05-18"}, {"sex": "M"}, OTHER])
@pytest.mark.parametrize("state", ["informed", "active"])
def test_new_number__somebody_else_s_line_takes_no_record(tmp_path, seed, owner_connection, wrong, state):
    amina = born(seed)
    change(tmp_path, [amina])
    set_state(owner_connection, amina["ins"], state)
    wrong_line = born(seed + 1, former_ins=amina["ins"]) | wrong
    for _ in range(2):
        report = change(tmp_path, [wrong_line])
        assert (report.refused, report.renumbered, report.new, balance(report)) == (1, 0, 0, 1)
    assert person_of(wrong_line["ins"]) is None
    identity = spaces.identity(person_of(amina["ins"]))
    assert (identity.traits.birth_name, identity.traits.born_on.isoformat()) == ("MOREL", "1980-05-17")
    assert cases_of(owner_connection, amina["ins"]) == [("renumber", "")]


@pytest.mark.parametrize("married", [{"birth_name": "MORELL"}, {"first_names": "ANNA"}, {}])
def test_new_number__of_the_same_person_is_told_in_the_journal(tmp_path, seed, owner_connection, married):
    old = born(seed)
    change(tmp_path, [old])
    new = born(seed + 1, former_ins=old["ins"]) | married
    assert change(tmp_path, [new]).renumbered == 1
    assert person_of(new["ins"]) == person_of(old["ins"])
    lines = owner_connection.execute(
        "SELECT kind FROM audit_event WHERE person_id = %s AND kind = 'identity_changed'", [person_of(old["ins"])]
    ).fetchall()
    assert len(lines) == 1


@pytest.mark.parametrize("former_state", ["opposed", "closed", "active"])
def test_merge__who_refused_under_the_former_number_is_not_opened_under_the_new(
    tmp_path, seed, owner_connection, former_state
):
    """ENR-8: nobody is opened who refused."""
    former, current = born(seed), born(seed + 1)
    change(tmp_path, [former, current])
    set_state(owner_connection, former["ins"], former_state)
    batch(SimpleNamespace(person_id=person_of(current["ins"])))
    change(tmp_path, [current | {"former_ins": former["ins"]}])
    open_at(DUE)
    held = enrollee(owner_connection, current["ins"])
    assert (held["state"], held["information"]) == ("not_informed", "none")
    assert cases_of(owner_connection, current["ins"]) == [("merge", "")]


def test_merge__of_two_people_touches_neither(tmp_path, seed, owner_connection):
    former, current = born(seed), born(seed + 1) | OTHER
    change(tmp_path, [former, current])
    report = change(tmp_path, [current | {"former_ins": former["ins"]}])
    assert (report.merged, report.cases) == (0, 1)
    assert person_of(former["ins"]) != person_of(current["ins"])
    assert enrollee(owner_connection, former["ins"])["merged_into"] is None


@pytest.mark.parametrize("is_same", [True, False])
def test_settle__two_people_are_told_like_everybody_and_one_stays_as_before(tmp_path, seed, owner_connection, is_same):
    former, current = born(seed), born(seed + 1)
    change(tmp_path, [former, current])
    set_state(owner_connection, former["ins"], "opposed")
    batch(SimpleNamespace(person_id=person_of(current["ins"])))
    change(tmp_path, [current | {"former_ins": former["ins"]}])
    person_id = person_of(current["ins"])
    (case_id,) = owner_connection.execute("SELECT id FROM enrolment_case WHERE person_id = %s", [person_id]).fetchone()
    outcome = "one person" if is_same else "two people"
    with pytest.raises(Refused):
        cases.settle(actor=people.paul().actor, case_id=case_id, outcome=outcome)
    with pytest.raises(Invalid):
        cases.settle(actor=SYSTEM, case_id=case_id, outcome="done", agents=("Inès Faure", "Omar Diallo"))
    for agents in (("", ""), ("Inès Faure", ""), ("Inès Faure", " inès  FAURE ")):
        with pytest.raises(Invalid):
            cases.settle(actor=SYSTEM, case_id=case_id, outcome=outcome, agents=agents)
    two = ("Inès Faure", "Omar Diallo")
    cases.settle(actor=SYSTEM, case_id=case_id, outcome=outcome, agents=two)
    with pytest.raises(Refused):
        cases.settle(actor=SYSTEM, case_id=case_id, outcome=outcome, agents=two)
    row = enrollee(owner_connection, current["ins"])
    assert (row["merged_into"] is None, row["batch_id"] is None) == (not is_same, not is_same)
    assert cases_of(owner_connection, current["ins"]) == [("merge", outcome)]
    change(tmp_path, [current | {"former_ins": former["ins"], "city": "AUCH"}])
    assert (enrollee(owner_connection, current["ins"])["merged_into"] is None) is not is_same
