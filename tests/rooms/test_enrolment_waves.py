"""Waves and drafting: who is told with which letter, children with their parent, one address together."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import psycopg
import pytest

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.enrolment.actions import batch_secrets, batches, waves
from healthspace.enrolment.models import Batch, Case, Code
from healthspace.enrolment.reads import letters
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import codes as code_rules
from healthspace.enrolment.rules import sending
from healthspace.spaces import actions as spaces
from healthspace.spaces.rules import TEST_OID, Ins
from healthspace.vault import reads as vault
from tests import people
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled

pytestmark = pytest.mark.usefixtures("as_worker")


def listed(*chosen: Enrolled, per_day: int | None = None, starts_on: date | None = None) -> int:
    """A running wave of just these people, so that tests never meet."""
    name = f"list {secrets.token_hex(6)}"
    wave_id = waves.plan(actor=SYSTEM, name=name, list_name=name, starts_on=starts_on or clock.today(), per_day=per_day)
    waves.take_list(actor=SYSTEM, wave_id=wave_id, numbers=[one.identity.ins for one in chosen])
    waves.start(actor=SYSTEM, wave_id=wave_id)
    return wave_id


def composed(batch_id: int) -> list[letters.Composed]:
    return list(letters.compose(batch_id, batch_secrets.secret_of(Batch.objects.get(id=batch_id))))


def all_letters(wave_id: int) -> dict[Any, letters.Composed]:
    found = [one for batch in reads.batches(wave_id) for one in composed(batch.id)]
    return {one.addressee.person_id: one for one in found}


def test_plan_wave__stranger_is_refused() -> None:
    with pytest.raises(Refused):
        waves.plan(actor=people.paul().actor, name=secrets.token_hex(5), starts_on=clock.today())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"departments": ["20"]}, "departments"),
        ({"born_from": 1990, "born_to": 1980}, "born"),
        ({"per_day": 0}, "per_day"),
        ({"name": " "}, "name"),
    ],
)
def test_plan_wave__what_cannot_be_is_told(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        waves.plan(**({"actor": SYSTEM, "name": secrets.token_hex(5), "starts_on": clock.today()} | given))
    assert told.value.field == field


def test_plan_wave__the_pilot_is_data() -> None:
    calendar = waves.example("pilot")
    renamed = {"waves": [one | {"name": f"{one['name']} {secrets.token_hex(4)}"} for one in calendar["waves"]]}
    made = waves.plan_calendar(actor=SYSTEM, calendar=renamed, first_day=date(2027, 1, 4))
    found = {one.id: one for one in reads.waves()}
    assert [found[one].departments for one in made] == [("31",), ("44",), ("60",)]
    assert [found[one].starts_on for one in made] == [date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18)]


def test_plan_wave__a_calendar_is_taken_whole_or_not_at_all() -> None:
    name = secrets.token_hex(6)
    bad = {"waves": [{"name": name}, {"name": name + "b", "departments": ["XX"]}]}
    with pytest.raises(Invalid):
        waves.plan_calendar(actor=SYSTEM, calendar=bad, first_day=clock.today())
    with pytest.raises(Refused):
        reads.by_name(name)


def test_change_wave__only_in_the_order_of_its_life() -> None:
    wave_id = listed()
    with pytest.raises(Conflict):
        waves.start(actor=SYSTEM, wave_id=wave_id)
    waves.pause(actor=SYSTEM, wave_id=wave_id)
    with pytest.raises(Conflict):
        batches.draft(wave_id)
    waves.resume(actor=SYSTEM, wave_id=wave_id)
    waves.stop(actor=SYSTEM, wave_id=wave_id)
    with pytest.raises(Conflict):
        waves.resume(actor=SYSTEM, wave_id=wave_id)
    with pytest.raises(Refused):
        waves.stop(actor=people.paul().actor, wave_id=wave_id)


def test_take_list__unknown_and_told_before_are_counted() -> None:
    one, other = enrollees.adult(), enrollees.adult()
    first = listed(one)
    batches.draft(first)
    second = listed(other)
    told = waves.take_list(actor=SYSTEM, wave_id=second, numbers=[one.identity.ins, Ins("299010000000000", TEST_OID)])
    assert told == waves.Listed(taken=0, unknown=1, informed_before=1)


def test_draft__mail_where_there_is_an_address_else_a_letter() -> None:
    by_mail, by_post = enrollees.adult(), enrollees.adult(email="")
    wave_id = listed(by_mail, by_post)
    done = batches.draft(wave_id)
    assert (done.batches, done.letters, done.persons) == (2, 2, 2)
    assert {card.channel for card in reads.batches(wave_id)} == {"mail", "post"}
    for person, channel in ((by_mail, "mail"), (by_post, "post")):
        row = enrollees.row(person.person_id)
        assert (row.channel, row.information) == (channel, "prepared")
        assert Batch.objects.get(id=row.batch_id).channel == channel


def test_draft__children_stand_on_the_letter_of_their_parent_each_with_a_code() -> None:
    parent, other = enrollees.adult(), enrollees.adult()
    born = [date(2012, 3, 1), date(2019, 6, 5)]
    younger = enrollees.child(parent, other=other, born_on=born[1])
    elder = enrollees.child(parent, other=other, born_on=born[0])
    wave_id = listed(parent, other)
    batches.draft(wave_id)
    found = all_letters(wave_id)
    mine = found[parent.person_id]
    assert [one.person_id for one in mine.people] == [parent.person_id, elder.person_id, younger.person_id]
    assert [one.is_child for one in mine.people] == [False, True, True]
    assert len({one.reference for one in mine.people}) == len({one.code for one in mine.people}) == 3
    assert [one.person_id for one in found[other.person_id].people] == [other.person_id]
    for one in mine.people:
        code = Code.objects.get(person_id=one.person_id, used_at=None, replaced_at=None)
        assert bytes(code.code_key) == vault.find_key("code", code_rules.hashed(one.person_id, one.code))
        assert reads.person_at(*code_place(one.reference)) == one.person_id


def code_place(reference: str) -> tuple[int, int]:
    return sending.references.read(reference)


def test_draft__a_newborn_of_a_parent_told_before_gets_a_mail_of_its_own() -> None:
    parent = enrollees.adult()
    batches.draft(listed(parent))
    newborn = enrollees.child(parent, born_on=date(2026, 11, 1))
    wave_id = listed(newborn)
    batches.draft(wave_id)
    (letter,) = all_letters(wave_id).values()
    assert letter.addressee.person_id == parent.person_id
    assert [one.person_id for one in letter.people] == [newborn.person_id]
    assert Batch.objects.get(id=enrollees.row(newborn.person_id).batch_id).channel == "mail"


def test_draft__a_child_whose_parent_died_goes_with_the_other_parent() -> None:
    dead, other = enrollees.adult(), enrollees.adult(email="")
    child = enrollees.child(dead, other=other)
    spaces.note_death(actor=SYSTEM, person_id=dead.person_id)
    batches.draft(listed(other))
    wave_id = listed(child)
    batches.draft(wave_id)
    (letter,) = all_letters(wave_id).values()
    assert letter.addressee.person_id == other.person_id
    assert enrollees.row(child.person_id).parent_id == other.person_id


def test_draft__one_postal_address_stands_together() -> None:
    home = enrollees.new_address()
    family = [enrollees.adult(email="", address=home) for _ in range(3)]
    strangers = [enrollees.adult(email="") for _ in range(6)]
    wave_id = listed(*family, *strangers)
    batches.draft(wave_id)
    rows = [enrollees.row(one.person_id) for one in family]
    places = sorted(row.place_in_batch for row in rows)
    assert len({row.batch_id for row in rows}) == 1
    assert places == list(range(places[0], places[0] + 3))


def test_draft__more_people_at_a_mail_address_than_a_household_get_letters() -> None:
    address = f"home{secrets.token_hex(4)}@example.org"
    people_there = [enrollees.adult(email=address) for _ in range(sending.PEOPLE_PER_MAIL_ADDRESS + 2)]
    batches.draft(listed(*people_there))
    channels = sorted(enrollees.row(one.person_id).channel for one in people_there)
    assert channels == ["mail"] * sending.PEOPLE_PER_MAIL_ADDRESS + ["post"] * 2


def test_draft__nobody_reachable_becomes_one_case() -> None:
    lost = enrollees.adult(email="", address={})
    wave_id = listed(lost)
    row = enrollees.row(lost.person_id)
    assert row.channel == "none"
    batches.draft(wave_id)
    batches.draft(wave_id)
    assert enrollees.row(lost.person_id).batch_id is None
    assert Case.objects.filter(person_id=lost.person_id, kind="unreachable").count() == 1


@pytest.mark.parametrize("state", ["active", "open_inactive"])
def test_draft__who_has_a_space_is_left_alone(state: str) -> None:
    person = enrollees.adult(state=state)
    assert batches.draft(listed(person)).letters == 0
    assert enrollees.row(person.person_id).batch_id is None


def test_draft__dead_and_merged_people_are_left_alone() -> None:
    dead, merged = enrollees.adult(), enrollees.adult(merged_into=people.paul().person_id)
    wave_id = listed(dead, merged)
    spaces.note_death(actor=SYSTEM, person_id=dead.person_id)
    assert batches.draft(wave_id).letters == 0


def test_draft__twice_makes_nothing_new() -> None:
    wave_id = listed(enrollees.adult(), enrollees.adult(email=""))
    assert batches.draft(wave_id).letters == 2
    assert batches.draft(wave_id).letters == 0


def test_draft__a_wave_of_departments_and_ages_takes_just_them(
    worker_connection: psycopg.Connection[Any],
) -> None:
    department = "975"  # nobody else's in these tests
    inside = enrollees.adult(department=department, born_on=date(1950, 5, 1))
    outside = enrollees.adult(department=department, born_on=date(1990, 5, 1))
    elsewhere = enrollees.adult(department="976", born_on=date(1950, 5, 1))
    wave_id = waves.plan(
        actor=SYSTEM, name=secrets.token_hex(6), departments=[department], born_from=1940, born_to=1960,
        starts_on=clock.today(),
    )  # fmt: skip
    waves.start(actor=SYSTEM, wave_id=wave_id)
    batches.draft(wave_id)
    assert enrollees.row(inside.person_id).wave_id == wave_id
    assert enrollees.row(outside.person_id).batch_id is None
    assert enrollees.row(elsewhere.person_id).batch_id is None


def test_compose__the_same_batch_again_is_the_same() -> None:
    wave_id = listed(enrollees.adult(), enrollees.adult())
    batches.draft(wave_id)
    (batch,) = reads.batches(wave_id)
    assert composed(batch.id) == composed(batch.id)


def test_compose__across_portions_no_letter_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    parents = [enrollees.adult() for _ in range(3)]
    for parent in parents:
        for _ in range(3):
            enrollees.child(parent)
    wave_id = listed(*parents)
    batches.draft(wave_id)
    (batch,) = reads.batches(wave_id)
    whole = composed(batch.id)
    monkeypatch.setattr(letters, "AT_ONCE", 6)
    assert composed(batch.id) == whole
    assert [len(one.people) for one in whole] == [4, 4, 4]


def test_stop__unsent_batches_are_cancelled_and_their_people_free() -> None:
    person = enrollees.adult()
    wave_id = listed(person)
    batches.draft(wave_id)
    assert waves.stop(actor=SYSTEM, wave_id=wave_id) == 1
    row = enrollees.row(person.person_id)
    assert (row.batch_id, row.wave_id, row.information) == (None, None, "none")
    assert [one.state for one in reads.batches(wave_id)] == ["cancelled"]
    assert batches.draft(listed(person)).letters == 1
