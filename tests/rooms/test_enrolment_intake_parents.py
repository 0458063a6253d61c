"""Parents whom the register changes after a child's space opened: what it gave ends, what it names begins."""

from __future__ import annotations

from uuid import UUID

import pytest

from healthspace.access import actions as access
from healthspace.access import reads
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Refused
from healthspace.enrolment.actions import intake
from healthspace.spaces import reads as spaces
from tests.rooms.register import made, people, person_of, seeds
from tests.rooms.test_enrolment_intake_changes import change

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)


@pytest.fixture
def family(tmp_path, seed, owner_connection):
    """A child whose space is open, its parent, and an adult who is nobody's."""
    path = made(tmp_path / "register.csv", seed, 200)
    intake.take_in(path)
    rows = people(path)
    numbers = {row["ins"] for row in rows}
    child = next(row for row in rows if row["parent_ins"] in numbers and row["born_on"] > "2012")
    parents = {row[name] for row in rows for name in ("parent_ins", "other_parent_ins")}
    other = next(row for row in rows if not row["parent_ins"] and row["ins"] not in parents)
    for row in (child, other, next(row for row in rows if row["ins"] == child["parent_ins"])):
        owner_connection.execute(
            "UPDATE spaces_space SET state = 'active' WHERE person_id = %s", [person_of(row["ins"])]
        )
    return child, person_of(child["parent_ins"]), other


def name(child: dict[str, str], parent_id: UUID, basis: str) -> None:
    child_id = person_of(child["ins"])
    born_on = spaces.identity(child_id).traits.born_on
    access.represent(actor=SYSTEM, person_id=child_id, representative_id=parent_id, born_on=born_on, basis=basis)


def acts(child: dict[str, str], parent_id: UUID) -> bool:
    child_id = person_of(child["ins"])
    actor = Actor(kind="representative", id=parent_id, name="", person_id=child_id, own_person_id=parent_id)
    try:
        reads.identity(actor=actor, person_id=child_id)
    except Refused:
        return False
    return True


def test_change__the_parent_who_is_named_no_more_is_out_and_the_new_one_in(tmp_path, family):
    child, parent_id, other = family
    name(child, parent_id, "registry")
    assert acts(child, parent_id)
    change(tmp_path, [child | {"parent_ins": other["ins"]}])
    assert not acts(child, parent_id)
    assert acts(child, person_of(other["ins"]))


def test_change__what_a_statement_gave_stays(tmp_path, family):
    child, parent_id, other = family
    name(child, parent_id, "statement")
    change(tmp_path, [child | {"parent_ins": other["ins"]}])
    assert acts(child, parent_id)


def test_change__of_something_else_ends_nothing(tmp_path, family):
    child, parent_id, _other = family
    name(child, parent_id, "registry")
    change(tmp_path, [child | {"city": "AUCH"}])
    assert acts(child, parent_id)
