"""Slips that come back by post, by the law: whose act it is, once for each slip, the postmark counts (CHI-6, ENR-8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from healthspace.access.models import Tie
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import answers, forms
from healthspace.enrolment.models import Answer, Case
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from tests.people import dr_nguyen
from tests.rooms import letters
from tests.rooms.test_enrolment_answers import code_in, lines_of, mails_to
from tests.rooms.test_enrolment_forms import sheet, slip_of

pytestmark = pytest.mark.usefixtures("as_worker")
PARIS = ZoneInfo("Europe/Paris")
SENT, LAST_DAY, AFTER = date(2027, 2, 1), date(2027, 3, 14), datetime(2027, 3, 18, 12, tzinfo=PARIS)


def answers_of(person: letters.Told) -> list[Answer]:
    with transaction.atomic():
        set_context(person.person_id)
        return list(Answer.objects.filter(person_id=person.person_id).order_by("at"))


def cases_of(person: letters.Told) -> list[str]:
    with transaction.atomic():
        set_context(person.person_id)
        return sorted(Case.objects.filter(person_id=person.person_id).values_list("kind", flat=True))


def scanned(folder: Path, text: str, posted_by: date | None = None) -> forms.Report:
    sheet(text).save(folder / "scan.png")
    return forms.read_folder(folder, posted_by=posted_by)


def opened_by_law(attending_id: UUID | None = None) -> letters.Told:
    """Somebody informed on 1 February 2027 whose space opened at the deadline."""
    at = datetime(2027, 2, 1, tzinfo=PARIS)
    with time_machine.travel(at, tick=False):
        amina = letters.told(sent_at=clock.now())
    with time_machine.travel(datetime(2027, 3, 15, 1, tzinfo=PARIS), tick=False):
        spaces.open_due([amina.person_id], at=clock.now())
    assert letters.state_of(amina) == "open_inactive"
    if attending_id:
        with transaction.atomic():
            set_context(amina.person_id)
            Tie.objects.create(
                person_id=amina.person_id, kind=Tie.Kind.ATTENDING, professional_id=attending_id, basis="insurer",
                given_by_kind=SYSTEM.kind, given_by_id=SYSTEM.id, starts_at=clock.now(),
            )  # fmt: skip
    return amina


def test_read_folder__slip_of_a_grown_child_is_their_own_act_and_no_parent_learns_of_it(tmp_path: Path) -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today().replace(year=clock.today().year - 18) - timedelta(days=40)
    lea = letters.told("MOREL", "LÉA", born_on=born_on, parent=jeanne)
    before = lines_of(jeanne.person_id)
    assert scanned(tmp_path, slip_of(lea)).noted == 1
    [answer] = answers_of(lea)
    assert (answer.by_kind, answer.by_person_id) == ("holder", lea.person_id)
    assert lines_of(jeanne.person_id) == before


def test_read_folder__slip_counts_once_even_after_it_was_taken_back(tmp_path: Path) -> None:
    amina = letters.told()
    slip = slip_of(amina)
    assert scanned(tmp_path, slip).noted == 1
    dispatcher.run_for(amina.person_id)
    answers.undo(amina.claim(code=code_in(mails_to(amina)[0])))
    report = scanned(tmp_path, slip)
    assert (report.noted, report.noted_before, report.faults) == (0, 1, [])
    assert letters.state_of(amina) == "informed"


def test_read_folder__slip_of_a_letter_older_than_the_last_answer_is_a_case(tmp_path: Path) -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    dispatcher.run_for(amina.person_id)
    answers.undo(amina.claim(code=code_in(mails_to(amina)[0])))
    assert scanned(tmp_path, slip_of(amina)).faults == [("scan.png", 1, "answered_since")]
    assert letters.state_of(amina) == "informed"
    assert forms.ANSWERED_SINCE in cases_of(amina)


def test_read_folder__posted_on_the_last_day_and_scanned_after_the_opening_counts(tmp_path: Path) -> None:
    """CRPA L112-1: the postmark counts, and nobody is opened who refused."""
    doctor = dr_nguyen().actor.professional_id
    amina = opened_by_law(doctor)
    with time_machine.travel(AFTER, tick=False):
        assert scanned(tmp_path, slip_of(amina), LAST_DAY).noted == 1
        dispatcher.run_for(amina.person_id)
    assert letters.state_of(amina) == "opposed"
    [answer] = answers_of(amina)
    assert (answer.kind, answer.channel, answer.by_kind) == ("opposed", "post", "holder")
    assert lines_of(amina.person_id)[-1][0] == "space_opposed"
    assert len(mails_to(amina)) == 1
    with transaction.atomic():
        set_context(amina.person_id)
        assert not Tie.objects.filter(person_id=amina.person_id, ended_at=None).exists()
        life = space_reads.life(amina.person_id)
    assert life.due_at == answer.undo_until  # from then on the worker closes what was filed meanwhile


@pytest.mark.parametrize("posted_by", [None, LAST_DAY + timedelta(days=1)])
def test_read_folder__posted_too_late_is_told_and_stays_open(tmp_path: Path, posted_by: date | None) -> None:
    amina = opened_by_law()
    with time_machine.travel(AFTER, tick=False):
        assert scanned(tmp_path, slip_of(amina), posted_by).faults == [("scan.png", 1, "late")]
    assert letters.state_of(amina) == "open_inactive"
    assert cases_of(amina) == ["answer_letter", forms.LATE]


def test_read_folder__a_day_to_come_is_no_postmark(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        forms.read_folder(tmp_path, posted_by=clock.today() + timedelta(days=1))
