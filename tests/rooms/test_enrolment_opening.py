"""Opening by law: exactly at the end of the six weeks, once, and never for who refused, died or was not told."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine
from django.db import transaction

from healthspace.access import reads as access
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Refused
from healthspace.common.ids import NIL
from healthspace.enrolment import models
from healthspace.enrolment.actions import opening, undelivered
from healthspace.enrolment.rules import window
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories import enrollees
from tests.rooms.ledger import connected, opened_by

PARIS = ZoneInfo("Europe/Paris")
SENT = datetime(2026, 2, 1, tzinfo=PARIS)
DUE = datetime(2026, 3, 15, tzinfo=PARIS)


def wave(state: str = "running") -> int:
    made = models.Wave.objects.create(
        name=f"wave {UUID(int=threading.get_ident() + models.Wave.objects.count())} {datetime.now(UTC).timestamp()}",
        starts_on=SENT.date(), state=state, made_at=SENT,
    )  # fmt: skip
    return made.id


def batch(*told: enrollees.Enrolled, sent_at: datetime = SENT, state: str = "running", **more: Any) -> models.Batch:
    """A batch that was sent to these people, each family at one place."""
    deadline = window.deadline(sent_at)
    made = models.Batch.objects.create(
        wave_id=wave(state), channel="post", state="sent", letters=len(told), persons=len(told), sealed_secret=b"x",
        text_version="1", made_at=sent_at, sent_at=sent_at, deadline_at=deadline,
    )  # fmt: skip
    with connected("worker"):
        spaces.inform_all([one.person_id for one in told], sent_at=sent_at, deadline_at=deadline)
        for place, one in enumerate(told, 1):
            row = {"batch_id": made.id, "place_in_batch": place, "information": "sent"} | more
            models.Enrollee.objects.filter(person_id=one.person_id).update(**row)
    return made


def open_at(moment: datetime, **more: Any) -> opening.Opened:
    with connected("worker"):
        return opening.open_due(at=moment, **more)


def state(one: enrollees.Enrolled) -> str:
    return enrollees.space(one.person_id).state


def test_open_due__t1_opens_at_day_42_and_not_a_moment_before() -> None:
    amina, paul = enrollees.adult(), enrollees.adult()
    made = batch(amina, paul)
    assert made.deadline_at == DUE
    open_at(DUE - timedelta(microseconds=1))
    assert (state(amina), state(paul)) == ("informed", "informed")
    with time_machine.travel(datetime(2026, 3, 14, 23, 59, tzinfo=PARIS), tick=False):
        spaces.oppose(actor=SYSTEM, person_id=paul.person_id)
    open_at(DUE)
    assert (state(amina), state(paul)) == ("open_inactive", "opposed")
    assert enrollees.space(amina.person_id).opened_at == DUE
    made.refresh_from_db()
    assert made.opened_at is not None


@pytest.mark.parametrize(
    "sent, due",
    [
        (datetime(2026, 3, 1, tzinfo=PARIS), datetime(2026, 4, 12, tzinfo=PARIS)),  # over the change to summer time
        (datetime(2026, 10, 1, tzinfo=PARIS), datetime(2026, 11, 12, tzinfo=PARIS)),  # and back
    ],
)
def test_open_due__six_weeks_are_days_of_the_calendar_in_paris(sent: datetime, due: datetime) -> None:
    amina = enrollees.adult()
    batch(amina, sent_at=sent)
    open_at(due - timedelta(seconds=1))
    assert state(amina) == "informed"
    open_at(due)
    assert state(amina) == "open_inactive"


def test_open_due__leaves_one_line_in_the_journal_and_nothing_the_second_time() -> None:
    amina = enrollees.adult()
    made = batch(amina)
    open_at(DUE)
    models.Batch.objects.filter(id=made.id).update(opened_at=None, opened_up_to=0)
    assert open_at(DUE + timedelta(hours=1)).spaces == 0
    lines = [line for line in journal_of(amina) if line.kind == opening.KIND]
    assert [(line.actor_kind, line.outcome, line.rule) for line in lines] == [("system", "done", "ENR-3")]
    assert lines[0].sentence


def journal_of(one: enrollees.Enrolled) -> list[Any]:
    from healthspace.audit import reads as journal

    with transaction.atomic():
        set_context(one.person_id)
        return journal.journal(person_id=one.person_id, unseal=opened_by(one.person_id))


@pytest.mark.parametrize("information", ["none", "prepared", "bounced", "returned"])
def test_open_due__whom_the_letter_did_not_reach_stays_closed(information: str) -> None:
    amina = enrollees.adult()
    batch(amina, information=information)
    open_at(DUE)
    assert state(amina) == "informed"


def test_open_due__a_child_follows_the_letter_of_its_parent() -> None:
    jeanne = enrollees.adult(name="MOREL")
    leo = enrollees.child(jeanne)
    made = batch(jeanne, leo)
    with connected("worker"):
        assert undelivered.note(made.id, 1, way="returned") == "unreachable"
    open_at(DUE)
    assert (state(jeanne), state(leo)) == ("informed", "informed")
    batch(jeanne, leo, sent_at=SENT + timedelta(days=20))
    open_at(DUE)
    assert (state(jeanne), state(leo)) == ("informed", "informed")
    open_at(DUE + timedelta(days=20))
    assert (state(jeanne), state(leo)) == ("open_inactive", "open_inactive")


def test_open_due__who_died_and_whose_wave_was_stopped_stay_closed() -> None:
    amina, paul = enrollees.adult(), enrollees.adult()
    batch(amina)
    batch(paul, state="stopped")
    spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    open_at(DUE)
    assert (state(amina), state(paul)) == ("closed_deceased", "informed")


def test_open_due__who_takes_the_refusal_back_later_opens_by_the_next_job() -> None:
    amina = enrollees.adult()
    batch(amina)
    spaces.oppose(actor=SYSTEM, person_id=amina.person_id)
    open_at(DUE)
    with connected("worker"):
        models.Answer.objects.create(
            person_id=amina.person_id, kind="withdrawn", channel="web", by_kind="holder", at=DUE + timedelta(days=2),
            text_version="1", text_digest="", sealed=b"",
        )  # fmt: skip
        spaces.withdraw_objection(actor=SYSTEM, person_id=amina.person_id)
    open_at(DUE + timedelta(days=3))
    assert state(amina) == "open_inactive"


def test_open_due__the_attending_doctor_the_insurer_knows_is_tied(owner_connection: psycopg.Connection[Any]) -> None:
    linh = people.dr_nguyen()
    amina, paul = enrollees.adult(attending_id=linh.id), enrollees.adult(attending_id=UUID(int=7))
    batch(amina, paul)
    open_at(DUE)
    found = owner_connection.execute(
        "SELECT kind, professional_id, given_by_kind FROM access_tie WHERE person_id = ANY(%s)",
        [[amina.person_id, paul.person_id]],
    ).fetchall()
    assert found == [("attending", linh.id, "system")]
    assert state(paul) == "open_inactive"


def test_open_due__two_at_once_share_the_batches_and_open_each_space_once() -> None:
    everybody = [enrollees.adult() for _ in range(24)]
    for start in range(0, 24, 6):
        batch(*everybody[start : start + 6])
    results: list[opening.Opened] = []

    with connected("worker"):
        threads = [threading.Thread(target=_open_apart, args=(results,)) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert {state(one) for one in everybody} == {"open_inactive"}
    assert sum(one.spaces for one in results) >= 24
    for one in everybody:
        assert [line.kind for line in journal_of(one)].count(opening.KIND) == 1


def _open_apart(results: list[opening.Opened]) -> None:
    from django.conf import settings
    from django.db import connection

    from healthspace.ops import database

    name = connection.settings_dict["NAME"]
    connection.settings_dict = database.settings_of(settings.HOME, "worker", settings.DATABASE_URLS, name) | {
        key: value for key, value in connection.settings_dict.items() if key in {"TIME_ZONE", "AUTOCOMMIT", "TEST"}
    }
    try:
        results.append(opening.open_due(at=DUE))
    finally:
        connection.close()


def test_open_due__the_doors_role_opens_nobody(app_connection: psycopg.Connection[Any]) -> None:
    amina = enrollees.adult()
    batch(amina)
    done = app_connection.execute(
        "UPDATE spaces_space SET state = 'open_inactive' WHERE person_id = %s", [amina.person_id]
    )
    assert done.rowcount == 0


def acts_for(parent: enrollees.Enrolled, child: enrollees.Enrolled, at: datetime) -> bool:
    """What the gate finds for this parent and child at that instant."""
    actor = Actor("representative", NIL, "", person_id=child.person_id, own_person_id=parent.person_id)
    with time_machine.travel(at, tick=False):
        try:
            access.identity(actor=actor, person_id=child.person_id)
        except Refused:
            return False
    return True


def test_open_due__both_parents_act_for_the_child_until_its_birthday_and_nobody_else() -> None:
    jeanne, marc, paul = enrollees.adult(), enrollees.adult(), enrollees.adult()
    leo = enrollees.child(jeanne, other=marc, born_on=date(2012, 2, 29))
    grown = enrollees.child(jeanne, other=marc, born_on=date(2008, 3, 1))
    batch(jeanne, leo, grown)
    open_at(DUE - timedelta(microseconds=1))
    assert not acts_for(jeanne, leo, DUE - timedelta(microseconds=1))
    open_at(DUE)
    open_at(DUE)
    assert (state(leo), state(grown)) == ("open_inactive", "open_inactive")
    assert [acts_for(one, leo, DUE) for one in (jeanne, marc, paul)] == [True, True, False]
    assert not acts_for(jeanne, grown, DUE)
    of_age = datetime(2030, 3, 1, tzinfo=PARIS)
    assert acts_for(jeanne, leo, of_age - timedelta(microseconds=1))
    assert not acts_for(jeanne, leo, of_age)
