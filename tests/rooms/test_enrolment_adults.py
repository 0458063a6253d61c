"""Whoever comes of age is told by a letter of their own, whenever the birthday falls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import batches, printing, sending
from healthspace.enrolment.models import Code, Dependant
from healthspace.enrolment.reads import waves as reads
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.factories.mail_server import Sink, sink
from tests.rooms.test_enrolment_waves import listed

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.BOUNCE_ADDRESS = "bounces@healthspace.example"
        yield kept


def of_age(*, in_days: int) -> date:
    """Born so that the eighteenth birthday is in so many days."""
    day = clock.today() + timedelta(days=in_days)
    return day.replace(year=day.year - 18)


def is_alone(grown: Enrolled) -> bool:
    row = enrollees.row(grown.person_id)
    tied = Dependant.objects.filter(id=grown.person_id).exists()
    return (row.parent_id, row.channel, row.information, row.batch_id) == (None, "post", "none", None) and not tied


def test_mail__who_is_eighteen_is_not_on_the_mail_of_the_parent(server: Sink) -> None:
    mother = enrollees.adult()
    grown = enrollees.child(mother, born_on=of_age(in_days=-1), first_name="NOÉ")
    young = enrollees.child(mother, born_on=of_age(in_days=1), first_name="LÉO")
    wave_id = listed(mother)
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 1
    assert enrollees.space(grown.person_id).state == "not_informed"
    assert enrollees.space(young.person_id).state == "informed"
    assert is_alone(grown)
    assert not Code.objects.filter(person_id=grown.person_id, used_at=None, replaced_at=None).exists()
    own = listed(grown)
    batches.draft(own)
    (card,) = reads.batches(own)
    assert (card.channel, card.letters) == ("post", 1)


def test_mail__drafted_at_seventeen_sent_after_the_birthday(server: Sink) -> None:
    mother = enrollees.adult()
    grown = enrollees.child(mother, born_on=of_age(in_days=1))
    wave_id = listed(mother)
    batches.draft(wave_id)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True):
        assert sending.send_mails(wave_id).informed == 1
    assert is_alone(grown)


def test_letter__the_birthday_between_press_and_post_ends_the_code_on_it(tmp_path: Path) -> None:
    mother = enrollees.adult(email="")
    grown = enrollees.child(mother, born_on=of_age(in_days=2))
    wave_id = listed(mother)
    batches.draft(wave_id)
    (card,) = reads.batches(wave_id)
    printing.print_batch(card.id, tmp_path, on=clock.today() + timedelta(days=1))
    assert enrollees.row(grown.person_id).batch_id == card.id
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3), tick=True):
        assert sending.posted(card.id, clock.today()) == 1
    assert is_alone(grown)
    assert not Code.objects.filter(person_id=grown.person_id, used_at=None, replaced_at=None).exists()


def test_posted__on_a_day_before_the_letters_were_made_is_told(tmp_path: Path) -> None:
    wave_id = listed(enrollees.adult(email=""))
    batches.draft(wave_id)
    (card,) = reads.batches(wave_id)
    printing.print_batch(card.id, tmp_path, on=clock.today())
    with pytest.raises(Invalid):
        sending.posted(card.id, clock.today() - timedelta(days=1))
