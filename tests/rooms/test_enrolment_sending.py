"""Sending over a real SMTP line, once each; posting; the six weeks run from the real day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from pytest_django import Settings

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid, Refused, Unavailable
from healthspace.enrolment.actions import batches, printing, sending, waves
from healthspace.enrolment.models import Batch, Case, Code
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import codes, references, window
from healthspace.enrolment.rules.sending import REFUSALS_IN_A_ROW, sent_in
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces.models import Space
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


def drafted(*chosen: Enrolled, **given: Any) -> int:
    wave_id = listed(*chosen, **given)
    batches.draft(wave_id)
    return wave_id


def space_of(person: Enrolled) -> Space:
    return Space.objects.get(person_id=person.person_id)


def lines_of(connection: psycopg.Connection[Any], person: Enrolled) -> list[str]:
    rows = connection.execute("SELECT kind FROM audit_event WHERE person_id = %s ORDER BY at", [person.person_id])
    return [row[0] for row in rows]


def test_send__a_mail_informs_and_the_six_weeks_run(server: Sink, owner_connection: psycopg.Connection[Any]) -> None:
    person = enrollees.adult()
    child = enrollees.child(person)
    wave_id = drafted(person)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.informed, report.refused, report.stopped) == (1, 2, 0, "")
    ((path, mail),) = server.to(person.identity.email)
    row = enrollees.row(person.person_id)
    reference = references.of(row.batch_id, row.place_in_batch)
    named = sent_in(path)
    assert named is not None
    assert named.reference == reference
    assert path.startswith("bounces+")
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    for one in (person, child):
        space = space_of(one)
        assert space.state == "informed"
        assert space.deadline_at == window.deadline(space.informed_at)
        assert enrollees.row(one.person_id).information == "sent"
        code = Code.objects.get(person_id=one.person_id, used_at=None, replaced_at=None)
        assert code.expires_at == space.deadline_at
        assert lines_of(owner_connection, one) == ["space_informed"]
    assert len(set(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text))) == 2
    assert reference in text


def test_send__the_mail_says_both_languages_and_no_name(server: Sink) -> None:
    person = enrollees.adult(name="QUERTZMANN", first_name="ULRIKE", language="en")
    enrollees.child(person, first_name="ZEPHIRIN")
    sending.send_mails(drafted(person))
    ((_, mail),) = server.to(person.identity.email)
    whole = mail.as_string() + mail.get_content()
    assert mail["Subject"] == "Your health space: yes or no?"
    assert "Votre code" in mail.get_content()
    assert mail.get_content().index("Your code") < mail.get_content().index("Votre code")
    for word in ("QUERTZMANN", "ULRIKE", "ZEPHIRIN", person.matricule):
        assert word.lower() not in whole.lower()


def test_send__the_code_of_the_mail_is_the_code_that_counts(server: Sink) -> None:
    person = enrollees.adult()
    sending.send_mails(drafted(person))
    ((_, mail),) = server.to(person.identity.email)
    found = re.search(r"/start#([0-9A-Z]{12})", mail.get_content())
    assert found
    assert codes.normalise(found[1]) == found[1]
    from healthspace.vault import reads as vault

    kept = Code.objects.get(person_id=person.person_id, used_at=None, replaced_at=None)
    assert bytes(kept.code_key) == vault.find_key("code", codes.hashed(person.person_id, found[1]))


def test_send__again_sends_nothing_again(server: Sink) -> None:
    people = [enrollees.adult() for _ in range(3)]
    wave_id = drafted(*people)
    assert sending.send_mails(wave_id).sent == 3
    assert sending.send_mails(wave_id).sent == 0
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 0
    assert len(server.mails) == 3


def test_send__the_pace_of_a_day_holds_and_the_rest_goes_the_next_day(server: Sink) -> None:
    people = [enrollees.adult() for _ in range(5)]
    wave_id = drafted(*people, per_day=2)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.stopped) == (2, "pace")
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=True):
        batches.draft(wave_id)
        assert sending.send_mails(wave_id).sent == 2
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True):
        batches.draft(wave_id)
        assert sending.send_mails(wave_id).sent == 1
    assert sorted(to for _, to, _ in server.mails) == sorted(one.identity.email for one in people)


def test_send__a_pause_holds_from_the_next_mail_on(server: Sink) -> None:
    people = [enrollees.adult() for _ in range(4)]
    wave_id = drafted(*people)

    def pause_after_two(report: sending.Report) -> None:
        if report.sent == 2:
            waves.pause(actor=SYSTEM, wave_id=wave_id)

    report = sending.send_mails(wave_id, progress=pause_after_two)
    assert (report.sent, report.stopped) == (2, "pace")
    states = sorted(space_of(one).state for one in people)
    assert states == ["informed", "informed", "not_informed", "not_informed"]
    assert sending.send_mails(wave_id).sent == 0
    waves.resume(actor=SYSTEM, wave_id=wave_id)
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 2
    assert len({to for _, to, _ in server.mails}) == len(server.mails) == 4


def test_send__nothing_leaves_before_the_first_day(server: Sink) -> None:
    wave_id = drafted(enrollees.adult(), starts_on=clock.today() + timedelta(days=3))
    assert sending.send_mails(wave_id).sent == 0
    assert not server.mails


def test_send__a_limit_ends_the_run(server: Sink) -> None:
    wave_id = drafted(*[enrollees.adult() for _ in range(3)])
    assert sending.send_mails(wave_id, 2).sent == 2
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 1
    assert len(server.mails) == 3


def test_send__an_address_refused_at_once_gets_a_letter(server: Sink) -> None:
    bad, good = enrollees.adult(), enrollees.adult()
    server.answers[bad.identity.email] = "550 5.1.1 no such user"
    wave_id = drafted(bad, good)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.refused) == (1, 1)
    row = enrollees.row(bad.person_id)
    assert (row.channel, row.information, row.batch_id) == ("post", "bounced", None)
    assert space_of(bad).state == "not_informed"
    assert space_of(good).state == "informed"
    batches.draft(wave_id)
    assert Batch.objects.get(id=enrollees.row(bad.person_id).batch_id).channel == "post"


def test_send__a_server_that_refuses_everybody_sends_nobody_to_the_post(server: Sink) -> None:
    people = [enrollees.adult() for _ in range(REFUSALS_IN_A_ROW + 2)]
    server.answer_all = "554 5.7.1 relay access denied"
    wave_id = drafted(*people)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.refused, report.stopped) == (0, 0, "server")
    assert {enrollees.row(one.person_id).channel for one in people} == {"mail"}
    assert {enrollees.row(one.person_id).information for one in people} == {"none"}
    server.answer_all = ""
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == len(people)


def test_send__not_now_is_tried_another_time(server: Sink) -> None:
    person = enrollees.adult()
    server.answers[person.identity.email] = "451 4.7.1 try again"
    wave_id = drafted(person)
    assert sending.send_mails(wave_id).stopped == "server"
    server.answers.clear()
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == 1
    assert enrollees.row(person.person_id).channel == "mail"


def test_send__a_server_that_is_away_is_told_and_loses_nobody(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # discard: nobody listens
    wave_id = drafted(enrollees.adult())
    with pytest.raises(Unavailable):
        sending.send_mails(wave_id)
    with sink() as kept:
        settings.EMAIL_PORT = kept.port
        assert sending.send_mails(wave_id).sent == 1


def test_send__who_died_or_answered_since_the_draft_gets_no_mail(server: Sink) -> None:
    dead, live = enrollees.adult(), enrollees.adult()
    wave_id = drafted(dead, live)
    spaces.note_death(actor=SYSTEM, person_id=dead.person_id)
    assert sending.send_mails(wave_id).informed == 1
    assert not server.to(dead.identity.email)
    assert enrollees.row(dead.person_id).information == "none"


def printed(person: Enrolled, folder: Path, on: date | None = None) -> int:
    wave_id = drafted(person)
    (batch,) = reads.batches(wave_id)
    printing.print_batch(batch.id, folder, on=on)
    return batch.id


def test_print__the_same_batch_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    wave_id = drafted(enrollees.adult(email=""), enrollees.adult(email=""))
    (batch,) = reads.batches(wave_id)
    first = printing.print_batch(batch.id, tmp_path / "one", on=date(2027, 2, 1))
    second = printing.print_batch(batch.id, tmp_path / "two")
    assert second.is_as_before is True
    assert first.manifest.letters == 2
    name = first.manifest.path.name
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_posted__t1_the_window_runs_from_the_posting_day(tmp_path: Path) -> None:
    with time_machine.travel(datetime(2026, 1, 20, 10, tzinfo=UTC), tick=True):
        person = enrollees.adult(email="")
        batch_id = printed(person, tmp_path, on=date(2026, 2, 1))
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=UTC), tick=True):
        assert sending.posted(batch_id, date(2026, 2, 1)) == 1
        assert sending.posted(batch_id, date(2026, 2, 1)) == 0
        with pytest.raises(Conflict):
            sending.posted(batch_id, date(2026, 2, 2))
    space = space_of(person)
    assert space.informed_at.astimezone(window.PARIS).isoformat() == "2026-02-01T00:00:00+01:00"
    assert space.deadline_at.astimezone(window.PARIS).isoformat() == "2026-03-15T00:00:00+01:00"
    card = Batch.objects.get(id=batch_id)
    assert (card.state, card.deadline_at) == ("sent", space.deadline_at)


def test_posted__earlier_than_printed_never_shortens_the_printed_window(tmp_path: Path) -> None:
    person, today = enrollees.adult(email=""), clock.today()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=5), tick=True):
        batch_id = printed(person, tmp_path, on=today)
    sending.posted(batch_id, today - timedelta(days=3))
    assert space_of(person).deadline_at == window.deadline(clock.today())


def test_posted__not_printed_to_come_or_unknown_is_told(tmp_path: Path) -> None:
    wave_id = drafted(enrollees.adult(email=""))
    (batch,) = reads.batches(wave_id)
    with pytest.raises(Conflict):
        sending.posted(batch.id, clock.today())
    printing.print_batch(batch.id, tmp_path)
    with pytest.raises(Invalid):
        sending.posted(batch.id, clock.today() + timedelta(days=1))
    with pytest.raises(Refused):
        sending.posted(10**9, clock.today())


def test_posted__nobody_who_opposed_meanwhile_is_informed_again(tmp_path: Path) -> None:
    person = enrollees.adult(email="")
    batch_id = printed(person, tmp_path)
    Space.objects.filter(person_id=person.person_id).update(state="opposed")
    assert sending.posted(batch_id, clock.today()) == 0
    assert space_of(person).state == "opposed"
    assert enrollees.row(person.person_id).information == "none"


def test_unreachable_cases__are_seen_only_in_their_person() -> None:
    person = enrollees.adult(email="", address={})
    drafted(person)
    from django.db import transaction

    with transaction.atomic():
        set_context(person.person_id)
        assert Case.objects.filter(person_id=person.person_id).count() == 1


def test_print__a_child_alone_is_written_to_through_its_parents(tmp_path: Path) -> None:
    child = enrollees.adult(email="", born_on=date(2020, 5, 4), first_name="ZOÉ")
    wave_id = drafted(child)
    (batch,) = reads.batches(wave_id)
    printed = printing.print_batch(batch.id, tmp_path)
    assert printed.manifest.letters == 1
    import pypdfium2

    document = pypdfium2.PdfDocument(printed.manifest.path)
    assert "Aux parents de Zoé Martin" in document[0].get_textpage().get_text_range()
    document.close()
