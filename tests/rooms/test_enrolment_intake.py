"""Intake of the insurer's register: who is taken, who is told, and what a second reading changes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from healthspace.enrolment.actions import intake
from healthspace.enrolment.reads import registry as kept
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault
from tests.rooms.register import enrollee, made, people, person_of, seeds

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)


def test_take_in__everybody_of_a_register_has_a_sealed_identity_and_no_open_space(tmp_path, seed, owner_connection):
    path = made(tmp_path / "register.csv", seed)
    report = intake.take_in(path)

    assert (report.new, report.lines, report.refused, report.is_whole) == (60, 60, 0, True)
    for row in people(path):
        person_id = person_of(row["ins"])
        identity = spaces.identity(person_id)
        assert (identity.traits.birth_name, " ".join(identity.traits.first_names), identity.email) == (
            row["birth_name"], row["first_names"], row["email"],
        )  # fmt: skip
        one = enrollee(owner_connection, row["ins"])
        assert (one["state"], one["department"], one["information"]) == ("not_informed", row["department"], "none")
        sealed = owner_connection.execute(
            "SELECT sealed FROM enrolment_enrollee WHERE person_id = %s", [person_id]
        ).fetchone()[0]
        rest = kept.unsealed(sealed, vault.sealer(person_id), person_id)
        assert rest["postcode"] == row["postcode"]
        assert rest.get("card_serial", "") == row["card_serial"]
        assert one["born_key"][2:] == vault.find_key("born", f"{person_id}|{row['born_on']}")[:16].hex()


def test_take_in__children_are_tied_to_both_parents_and_told_with_the_first(tmp_path, seed, owner_connection):
    path = made(tmp_path / "register.csv", seed, 200)
    intake.take_in(path)
    children = [row for row in people(path) if row["parent_ins"]]
    assert children
    for row in children:
        one = enrollee(owner_connection, row["ins"])
        assert (one["channel"], UUID(one["parent_id"])) == ("parent", person_of(row["parent_ins"]))
        ties = owner_connection.execute(
            "SELECT person_id, is_attachment FROM enrolment_dependant WHERE id = %s", [person_of(row["ins"])]
        ).fetchall()
        expected = {(person_of(row["parent_ins"]), True)}
        if row["other_parent_ins"]:
            expected.add((person_of(row["other_parent_ins"]), False))
        assert set(ties) == expected


def test_take_in__the_same_file_twice_changes_nothing(tmp_path, seed):
    path = made(tmp_path / "register.csv", seed)
    first = intake.take_in(path)
    assert replace(intake.take_in(path), awaited_parents=0) == replace(first, awaited_parents=0)

    again = tmp_path / "again.csv"
    again.write_bytes(path.read_bytes().replace(b"END;", b"END;0"))
    second = intake.take_in(again)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 60)
