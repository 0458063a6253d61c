"""Mails and letters that come back: real notifications of a real mail server, from a Maildir and over IMAP."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from healthspace.common import clock
from healthspace.common.errors import Invalid, Unavailable
from healthspace.enrolment.actions import batches, bounces, mail_run, printing, returned, sending
from healthspace.enrolment.adapters.mailbox import Imap, Maildir
from healthspace.enrolment.models import Batch, Case, Code, EarlierPlace
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import bounces as rules
from healthspace.enrolment.rules import references, window
from healthspace.enrolment.rules.sending import Sent, return_path
from healthspace.spaces.models import Space
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.factories.mail_server import Sink, sink
from tests.factories.post_office import DOMAIN, PASSWORD, Office, post_office
from tests.rooms.test_enrolment_waves import listed

pytestmark = pytest.mark.usefixtures("as_worker")
BOX = f"bounces@{DOMAIN}"


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Sink, Office]]:
    """Somebody's mail server out there, and ours between it and the product."""
    with sink() as outside, post_office(outside.port) as office:
        yield outside, office


@pytest.fixture
def office(world: tuple[Sink, Office], settings: Settings) -> Office:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", world[1].smtp_port
    settings.BOUNCE_ADDRESS = BOX
    return world[1]


@pytest.fixture
def outside(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.BOUNCE_ADDRESS = BOX
        yield kept


@pytest.fixture
def box(tmp_path: Path) -> mailbox.Maildir:
    return mailbox.Maildir(tmp_path / "box", factory=None)


def mailed(*people: Enrolled) -> int:
    wave_id = listed(*people)
    batches.draft(wave_id)
    assert sending.send_mails(wave_id).sent == len(people)
    return wave_id


def named(person: Enrolled) -> Sent:
    row = enrollees.row(person.person_id)
    reference = references.of(row.batch_id, row.place_in_batch)
    return Sent(reference, mail_run.mark(reference))


def report(sent: Sent, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A notification as mail servers write it (RFC 3464)."""
    return (
        f"Return-Path: <>\r\nDelivered-To: {return_path(sent, BOX)}\r\nFrom: MAILER-DAEMON@mx.example\r\n"
        f"To: {return_path(sent, BOX)}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
    ).encode()


def space_of(person: Enrolled) -> Space:
    return Space.objects.get(person_id=person.person_id)


def test_bounce__t3_a_real_one_from_a_maildir_then_a_letter_with_a_new_window(
    world: tuple[Sink, Office], office: Office, tmp_path: Path
) -> None:
    gone, there = enrollees.adult(), enrollees.adult()
    child = enrollees.child(gone)
    world[0].answers[gone.identity.email] = "550 5.1.1 no such user here"
    wave_id = mailed(gone, there)
    first = space_of(gone).deadline_at
    old_code = Code.objects.get(person_id=gone.person_id, used_at=None, replaced_at=None).id
    office.wait(1)
    done = bounces.read_box(Maildir(office.box))
    assert (done.failed, done.by_post, done.unclear) == (1, 1, 0)
    assert not list((office.box / "new").glob("*"))
    for person in (gone, child):
        row = enrollees.row(person.person_id)
        assert (row.information, row.batch_id) == ("bounced", None)
    assert enrollees.row(gone.person_id).channel == "post"
    assert enrollees.row(there.person_id).information == "sent"
    assert world[0].to(there.identity.email)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=10), tick=True):
        batches.draft(wave_id)
        batch = Batch.objects.get(id=enrollees.row(gone.person_id).batch_id)
        assert batch.channel == "post"
        printing.print_batch(batch.id, tmp_path, on=clock.today())
        assert sending.posted(batch.id, clock.today()) == 2
        for person in (gone, child):
            space = space_of(person)
            assert space.state == "informed"
            assert space.deadline_at == window.deadline(clock.today())
            assert space.deadline_at > first
            assert enrollees.row(person.person_id).information == "sent"
    assert Code.objects.get(person_id=gone.person_id, id=old_code).replaced_at is not None


def test_bounce__a_real_one_over_imap(world: tuple[Sink, Office], office: Office) -> None:
    gone = enrollees.adult()
    world[0].answers[gone.identity.email] = "552 5.2.2 mailbox full"
    mailed(gone)
    office.wait(1)
    address = f"imap://bounces@127.0.0.1:{office.imap_port}/INBOX"
    with pytest.raises(Unavailable):
        Imap(address, "not the password")
    done = bounces.read_box(Imap(address, PASSWORD))
    assert (done.failed, done.by_post) == (1, 1)
    assert enrollees.row(gone.person_id).information == "bounced"
    assert bounces.read_box(Imap(address, PASSWORD)).failed == 0


def test_bounce__over_imap_what_is_unclear_is_flagged_once(world: tuple[Sink, Office], office: Office) -> None:
    import smtplib

    with smtplib.SMTP("127.0.0.1", office.smtp_port) as line:
        line.sendmail("someone@example.org", BOX, b"Subject: Who are you?\r\n\r\nI did not ask for this.\r\n")
    office.wait(1)
    address = f"imap://bounces@127.0.0.1:{office.imap_port}/INBOX"
    assert bounces.read_box(Imap(address, PASSWORD)).unclear == 1
    assert bounces.read_box(Imap(address, PASSWORD)).unclear == 0


def test_bounce__by_status_notifications_alone_change_anything(outside: Sink, box: mailbox.Maildir) -> None:
    person = enrollees.adult()
    mailed(person)
    away = EmailMessage()
    away["To"], away["Auto-Submitted"] = return_path(named(person), BOX), "auto-replied"
    away.set_content("I am away until Monday.")
    box.add(away.as_bytes())
    box.add(report(named(person), action="delayed", status="4.4.1"))
    box.add(report(named(person), action="delivered", status="2.0.0"))
    done = bounces.read_box(Maildir(Path(box._path)))  # type: ignore[attr-defined]
    assert (done.ignored, done.failed, done.unclear) == (3, 0, 0)
    assert enrollees.row(person.person_id).information == "sent"


def test_bounce__told_twice_counts_once(outside: Sink, box: mailbox.Maildir) -> None:
    person = enrollees.adult()
    wave_id = mailed(person)
    for _ in range(2):
        box.add(report(named(person)))
    done = bounces.read_box(Maildir(Path(box._path)))  # type: ignore[attr-defined]
    assert (done.failed, done.by_post, done.known) == (2, 1, 1)
    assert sum(card.bounced for card in reads.batches(wave_id)) == 1


def test_bounce__invented_by_somebody_is_put_aside(outside: Sink, box: mailbox.Maildir) -> None:
    person = enrollees.adult()
    mailed(person)
    box.add(report(Sent(named(person).reference, "0" * 16)))
    box.add(b"\xff\xfe not even a mail")
    done = bounces.read_box(Maildir(Path(box._path)))  # type: ignore[attr-defined]
    assert (done.unclear, done.failed) == (2, 0)
    assert enrollees.row(person.person_id).information == "sent"
    assert len(box) == 0
    assert len(box.get_folder("unclear")) == 2


def test_bounce__without_a_postal_address_becomes_a_case(outside: Sink, box: mailbox.Maildir) -> None:
    person = enrollees.adult(address={})
    mailed(person)
    box.add(report(named(person)))
    assert bounces.read_box(Maildir(Path(box._path))).unreachable == 1  # type: ignore[attr-defined]
    assert enrollees.row(person.person_id).channel == "none"
    assert Case.objects.filter(person_id=person.person_id, kind="unreachable", settled_at=None).count() == 1


@pytest.mark.parametrize(("state", "late"), [("active", 0), ("opposed", 0), ("open_inactive", 1)])
def test_bounce__who_answered_is_left_alone_and_a_late_one_is_a_case(
    outside: Sink, box: mailbox.Maildir, state: str, late: int
) -> None:
    person = enrollees.adult()
    mailed(person)
    Space.objects.filter(person_id=person.person_id).update(state=state)
    box.add(report(named(person)))
    done = bounces.read_box(Maildir(Path(box._path)))  # type: ignore[attr-defined]
    assert (done.late, done.known) == (late, 1 - late)
    assert enrollees.row(person.person_id).information == "sent"
    assert Case.objects.filter(person_id=person.person_id, kind="came_back_late").count() == late


def test_box__a_folder_that_is_no_maildir_and_an_address_that_is_no_mailbox_are_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        Maildir(tmp_path)
    with pytest.raises(Invalid):
        Imap("https://example.org", "")
    with pytest.raises(Unavailable):
        Imap("imap://box@127.0.0.1:9/INBOX", "")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (b"", "unclear"),
        (b"Auto-Submitted: auto-generated\r\n\r\nhello", "automatic"),
        (b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--", "unclear"),
        (b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nbroken", "unclear"),
        (b"x" * 2_000_000, "unclear"),
    ],
)
def test_read_bounce__whatever_comes_is_told(message: bytes, kind: str) -> None:
    assert rules.read(message) == rules.Notice(kind)  # type: ignore[arg-type]


def test_read_bounce__named_by_the_mail_inside_when_the_address_is_lost() -> None:
    sent = Sent(references.of(7, 12), "0123456789abcdef")
    inside = (
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: <"
        + f"{sent.reference.lower()}.{sent.mark}@healthspace.example".encode()
        + b">\r\n\r\n--b--"
    )
    message = report(sent).replace(return_path(sent, BOX).encode(), b"box@example.org").replace(b"--b--", inside)
    assert rules.read(message) == rules.Notice("failed", sent)


def posted(person: Enrolled, folder: Path) -> int:
    wave_id = listed(person)
    batches.draft(wave_id)
    (card,) = reads.batches(wave_id)
    printing.print_batch(card.id, folder, on=clock.today())
    sending.posted(card.id, clock.today())
    return card.id


def test_returned__a_list_of_the_post_names_letters_and_bad_lines(tmp_path: Path) -> None:
    person = enrollees.adult(email="")
    batch_id = posted(person, tmp_path)
    place = enrollees.row(person.person_id).place_in_batch
    reference = references.of(batch_id, place)
    lines = ["reference;why\n", f"{reference.lower()};moved\n", "ABC;?\n", f"{reference};again\n"]
    done = returned.read_returned(lines)
    assert (done.done, done.unreachable, done.known) == (2, 1, 1)
    assert done.faults == [(3, "reference", "ENR-REF")]
    row = enrollees.row(person.person_id)
    assert (row.information, row.channel, row.batch_id) == ("returned", "none", None)
    assert Case.objects.filter(person_id=person.person_id, kind="unreachable").count() == 1
    assert Batch.objects.get(id=batch_id).returned == 1
    # the slip of that letter may still come back in an envelope
    assert EarlierPlace.objects.filter(person_id=person.person_id, batch_id=batch_id).count() == 1
    assert reads.person_at(batch_id, place) == person.person_id


def test_returned__a_list_without_its_column_is_told() -> None:
    with pytest.raises(Invalid) as told:
        returned.read_returned(["number\n", "1\n"])
    assert told.value.field == "file"


def test_posted_list__tells_each_bad_line_and_takes_the_others(tmp_path: Path) -> None:
    person = enrollees.adult(email="")
    wave_id = listed(person)
    batches.draft(wave_id)
    (card,) = reads.batches(wave_id)
    printing.print_batch(card.id, tmp_path, on=clock.today())
    today = clock.today().isoformat()
    lines = ["batch,on\n", f"{card.id},{today}\n", f"{card.id},yesterday\n", f"999999999,{today}\n",
             f"{card.id},{date(2020, 1, 1)}\n"]  # fmt: skip
    done = returned.read_posted(lines)
    assert done.done == 1
    assert done.faults == [(3, "on", "DATE"), (4, "batch", "ABSENT"), (5, "batch", "STATE")]
