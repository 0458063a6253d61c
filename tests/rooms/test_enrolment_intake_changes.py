"""Daily changes of the register: births, moves, deaths, new numbers, merged and split rows."""

from __future__ import annotations

from uuid import UUID

import pytest

from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import intake
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from tests.rooms.register import BORN_ON, TEST, balance, born, enrollee, made, people, person_of, seeds, write

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)


@pytest.fixture
def town(tmp_path, seed):
    """The people of a register that was taken in, adults without ties first."""
    path = made(tmp_path / "register.csv", seed, 80)
    intake.take_in(path)
    rows = people(path)
    parents = {row[name] for row in rows for name in ("parent_ins", "other_parent_ins")}
    return sorted(rows, key=lambda row: (bool(row["parent_ins"]), row["ins"] in parents))


def change(tmp_path, rows):
    return intake.take_in(write(tmp_path / f"{rows[0]['ins'][-6:]}-{len(list(tmp_path.iterdir()))}.csv", rows))


def test_move__the_new_address_counts_and_nothing_else_of_the_person_changes(tmp_path, town, owner_connection):
    row = town[0] | {"department": "2A", "postcode": "20000", "city": "AJACCIO"}
    before = enrollee(owner_connection, row["ins"])
    report = change(tmp_path, [row])
    after = enrollee(owner_connection, row["ins"])
    assert (report.changed, report.new, balance(report)) == (1, 0, 1)
    assert (after["department"], after["person_id"], after["born_key"]) == (
        "2A",
        before["person_id"],
        before["born_key"],
    )
    assert after["row_key"] != before["row_key"]


def test_correction__a_wrong_first_name_is_sealed_anew(tmp_path, town):
    row = town[0] | {"first_names": "ÉLÉONORE", "phone": "0611223344"}
    change(tmp_path, [row])
    identity = spaces.identity(person_of(row["ins"]))
    assert (identity.traits.first_names, identity.phone) == (("ÉLÉONORE",), "0611223344")


def test_correction__mail_that_the_holder_chose_in_the_space_is_not_overruled(tmp_path, town, owner_connection):
    row = town[0]
    owner_connection.execute("UPDATE spaces_space SET state = 'active' WHERE person_id = %s", [person_of(row["ins"])])
    change(tmp_path, [row | {"email": "registry@example.org", "city": "AUCH"}])
    assert spaces.identity(person_of(row["ins"])).email == row["email"]


def test_channel__a_mail_that_came_back_stays_post_until_the_address_changes(tmp_path, town, owner_connection):
    row = next(row for row in town if row["email"])
    owner_connection.execute(
        "UPDATE enrolment_enrollee SET channel = 'post' WHERE person_id = %s", [person_of(row["ins"])]
    )
    change(tmp_path, [row | {"city": "AUCH"}])
    assert enrollee(owner_connection, row["ins"])["channel"] == "post"
    change(tmp_path, [row | {"email": "new.address@example.org"}])
    assert enrollee(owner_connection, row["ins"])["channel"] == "mail"


def test_birth__a_child_comes_before_its_parent_and_is_tied_when_the_parent_does(tmp_path, seed, owner_connection):
    path = made(tmp_path / "register.csv", seed, 200)
    rows = people(path)
    child = next(row for row in rows if row["parent_ins"])
    parent = next(row for row in rows if row["ins"] == child["parent_ins"])

    first = change(tmp_path, [child])
    assert first.awaited_parents >= 1
    assert enrollee(owner_connection, child["ins"])["channel"] == "none"

    change(tmp_path, [parent])
    one = enrollee(owner_connection, child["ins"])
    assert (one["channel"], UUID(one["parent_id"])) == ("parent", person_of(parent["ins"]))


def test_custody__the_parent_of_before_answers_no_more(tmp_path, seed, owner_connection):
    path = made(tmp_path / "register.csv", seed, 300)
    intake.take_in(path)
    child = next(row for row in people(path) if row["other_parent_ins"])
    report = change(tmp_path, [child | {"parent_ins": child["other_parent_ins"], "other_parent_ins": ""}])
    ties = owner_connection.execute(
        "SELECT person_id FROM enrolment_dependant WHERE id = %s", [person_of(child["ins"])]
    ).fetchall()
    assert report.changed == 1
    assert ties == [(person_of(child["other_parent_ins"]),)]


def test_death__the_space_is_put_away_and_told_twice_is_once(tmp_path, town, owner_connection):
    row = town[0] | {"died_on": "2026-10-30"}
    report = change(tmp_path, [row])
    assert (report.died, balance(report)) == (1, 1)
    assert enrollee(owner_connection, row["ins"])["state"] == "closed_deceased"
    again = change(tmp_path, [row | {"city": "AUCH"}])
    assert (again.died, again.unchanged) == (0, 1)


def test_death__who_was_never_enrolled_is_not_enrolled_then(tmp_path, seed):
    row = born(seed, died_on="2026-10-30")
    report = change(tmp_path, [row])
    assert (report.died_before, report.new, person_of(row["ins"])) == (1, 0, None)


def test_new_number__a_waiting_number_becomes_a_nir_and_the_person_stays(tmp_path, town, seed):
    old = town[0]
    new = born(seed + 1) | {name: old[name] for name in ("birth_name", "born_on", "sex")} | {"former_ins": old["ins"]}
    report = change(tmp_path, [new])
    assert (report.renumbered, report.new) == (1, 0)
    assert person_of(new["ins"]) == person_of(old["ins"])
    assert spaces.identity(person_of(new["ins"])).ins.matricule == new["ins"].removeprefix("test:")
    assert change(tmp_path, [new | {"city": "AUCH", "postcode": "32000"}]).renumbered == 0


def test_merge__two_empty_rows_become_one_and_the_children_follow(tmp_path, seed, owner_connection):
    path = made(tmp_path / "register.csv", seed, 200)
    intake.take_in(path)
    rows = people(path)
    child = next(row for row in rows if row["parent_ins"])
    former = next(row for row in rows if row["ins"] == child["parent_ins"])
    others = {row[name] for row in rows for name in ("parent_ins", "other_parent_ins")}
    current = next(row for row in rows if not row["parent_ins"] and row["ins"] not in others)
    lost = person_of(former["ins"])

    same = former | {"ins": current["ins"], "former_ins": former["ins"]}
    report = change(tmp_path, [same])

    assert (report.merged, report.cases) == (1, 0)
    assert person_of(former["ins"]) == person_of(current["ins"])
    assert UUID(enrollee(owner_connection, child["ins"])["parent_id"]) == person_of(current["ins"])
    aside = owner_connection.execute(
        "SELECT merged_into, channel, information FROM enrolment_enrollee WHERE person_id = %s", [lost]
    ).fetchone()
    assert aside == (person_of(current["ins"]), "none", "none")
    assert change(tmp_path, [same | {"city": "AUCH"}]).merged == 0


def test_merge__what_has_an_answer_or_content_waits_for_people(tmp_path, town, owner_connection):
    former, current = town[0], town[1]
    owner_connection.execute(
        "UPDATE spaces_space SET state = 'opposed' WHERE person_id = %s", [person_of(former["ins"])]
    )
    for _ in range(2):
        change(tmp_path, [current | {"former_ins": former["ins"], "city": f"AUCH{'X' * _}"}])
    assert person_of(former["ins"]) != person_of(current["ins"])
    cases = owner_connection.execute(
        "SELECT kind, other_id FROM enrolment_case WHERE person_id = %s", [person_of(current["ins"])]
    ).fetchall()
    assert cases == [("merge", person_of(former["ins"]))]


def test_split__the_other_person_gets_a_row_and_people_say_what_is_whose(tmp_path, town, seed, owner_connection):
    new = born(seed + 2, split_from_ins=town[0]["ins"])
    report = change(tmp_path, [new])
    assert (report.new, report.cases) == (1, 1)
    cases = owner_connection.execute(
        "SELECT kind, other_id FROM enrolment_case WHERE person_id = %s", [person_of(town[0]["ins"])]
    ).fetchall()
    assert cases == [("split", person_of(new["ins"]))]


def test_closed_space__the_register_changes_nothing_in_it(tmp_path, town, owner_connection):
    row = town[0]
    person_id = person_of(row["ins"])
    owner_connection.execute("UPDATE spaces_space SET state = 'open_inactive' WHERE person_id = %s", [person_id])
    spaces_actions.close(actor=SYSTEM, person_id=person_id)
    report = change(tmp_path, [row | {"city": "AUCH"}])
    assert (report.put_away, report.changed, balance(report)) == (1, 0, 1)


def test_known_person__who_had_a_space_before_the_register_came_is_enrolled_in_it(tmp_path, seed, owner_connection):
    row = born(seed + 3)
    identity = spaces.Identity(
        ins=spaces.Ins(row["ins"].removeprefix("test:"), TEST),
        traits=spaces.Traits(row["birth_name"], (row["first_names"],), BORN_ON, "F"),
    )
    person_id = spaces_actions.open_space(actor=SYSTEM, identity=identity)
    report = change(tmp_path, [row])
    one = enrollee(owner_connection, row["ins"])
    assert (report.new, report.changed, UUID(one["person_id"]), one["state"]) == (0, 1, person_id, "open_inactive")
