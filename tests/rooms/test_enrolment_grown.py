"""Coming of age: from the eighteenth birthday on nobody is told through a parent (CHI-6, R1111-28)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine

from healthspace.common import clock
from healthspace.enrolment.actions import adults, batches, forms, printing, sending
from healthspace.enrolment.models import Batch, Code, Dependant, EarlierPlace
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import window
from healthspace.spaces import reads as spaces
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.rooms.test_enrolment_waves import all_letters, composed, listed

pytestmark = pytest.mark.usefixtures("as_worker")


def born_before(years: int, days: int) -> date:
    """The birth date of somebody who turned `years` that many days ago (ahead when negative)."""
    day = clock.today() - timedelta(days=days)
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def state_of(one: Enrolled) -> str:
    return spaces.states([one.person_id])[one.person_id]


def living(one: Enrolled) -> int:
    return Code.objects.filter(person_id=one.person_id, used_at=None, replaced_at=None).count()


def on_a_parents_letter(days: int) -> tuple[Enrolled, Enrolled, int]:
    """A parent, a child born 18 years before today but for these days, and the batch of their letter."""
    parent = enrollees.adult(email="")
    child = enrollees.child(parent, born_on=born_before(18, -days))
    wave_id = listed(parent)
    batches.draft(wave_id)
    [batch] = reads.batches(wave_id)
    assert [one.person_id for one in composed(batch.id)[0].people] == [parent.person_id, child.person_id]
    return parent, child, batch.id


@pytest.mark.parametrize("days", [0, 1, 40])
def test_draft__who_turned_18_stands_on_no_letter_but_their_own(days: int) -> None:
    parent = enrollees.adult()
    lea = enrollees.child(parent, born_on=born_before(18, days))
    wave_id = listed(parent, lea)
    batches.draft(wave_id)
    batches.draft(wave_id)
    found = all_letters(wave_id)
    assert [one.person_id for one in found[parent.person_id].people] == [parent.person_id]
    assert [one.person_id for one in found[lea.person_id].people] == [lea.person_id]
    row = enrollees.row(lea.person_id)
    assert (row.parent_id, row.other_parent_id) == (None, None)
    assert row.channel != "parent"
    assert not Dependant.objects.filter(person_id=parent.person_id, id=lea.person_id).exists()


def test_draft__the_day_before_the_birthday_is_still_a_childs() -> None:
    parent = enrollees.adult()
    lea = enrollees.child(parent, born_on=born_before(18, -1))
    wave_id = listed(parent)
    batches.draft(wave_id)
    assert [one.person_id for one in all_letters(wave_id)[parent.person_id].people] == [
        parent.person_id,
        lea.person_id,
    ]


def test_print__drafted_at_17_and_posted_at_18_is_not_on_the_letter(tmp_path: Path) -> None:
    parent, child, batch_id = on_a_parents_letter(1)
    printing.print_batch(batch_id, tmp_path, on=clock.today() + timedelta(days=2))
    with time_machine.travel(datetime.combine(clock.today() + timedelta(days=2), time(12), window.PARIS), tick=False):
        assert [one.person_id for one in composed(batch_id)[0].people] == [parent.person_id]
        sending.posted(batch_id, clock.today())
        assert (state_of(parent), state_of(child)) == ("informed", "not_informed")
    assert living(child) == 0
    assert enrollees.row(child.person_id).batch_id is None


def test_posted__printed_at_17_and_posted_at_18_informs_nobody_of_age(tmp_path: Path) -> None:
    parent, child, batch_id = on_a_parents_letter(1)
    printing.print_batch(batch_id, tmp_path, on=clock.today())
    reference = composed(batch_id)[0].people[1].reference
    with time_machine.travel(datetime.combine(clock.today() + timedelta(days=2), time(12), window.PARIS), tick=False):
        sending.posted(batch_id, clock.today())
        assert (state_of(parent), state_of(child)) == ("informed", "not_informed")
        assert living(child) == 0  # the code on the parent's sheet is worth nothing
        row = enrollees.row(child.person_id)
        assert (row.batch_id, row.information, row.channel) == (None, "none", "post")
        assert EarlierPlace.objects.filter(person_id=child.person_id, batch_id=batch_id).exists()
    assert forms._who(reference) == child.person_id
    assert Batch.objects.get(id=batch_id).state == "sent"


def test_tend__a_birthday_is_found_without_a_line_of_the_register() -> None:
    parent, child, _ = on_a_parents_letter(1)
    adults.tend()
    assert enrollees.row(child.person_id).parent_id == parent.person_id
    with time_machine.travel(datetime.combine(clock.today() + timedelta(days=1), time(1), window.PARIS), tick=False):
        adults.tend()
        assert enrollees.row(child.person_id).parent_id is None
        assert living(child) == 0
        adults.tend()
    assert enrollees.row(child.person_id).channel in {"post", "mail"}
