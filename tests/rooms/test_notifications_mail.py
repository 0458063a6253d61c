"""Mails without content, through a real SMTP server on loopback."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.db import transaction
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.common.ids import new_id
from healthspace.documents import events as documents
from healthspace.notifications import actions, reads
from healthspace.notifications.adapters import mail
from healthspace.outbox import actions as outbox
from healthspace.outbox import dispatcher
from healthspace.outbox import reads as facts
from healthspace.outbox.rules import MOST_TRIES, NeverAgain
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import rules as identity
from tests import people
from tests.people import Holder


class Sink:
    """A mail server that keeps what it took, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.answer = ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.taken.append((list(envelope.rcpt_tos), content))
        return "250 OK"

    def of(self, address: str) -> list[EmailMessage]:
        return [message for recipients, message in self.taken if recipients == [address]]


@pytest.fixture(scope="module")
def server() -> Iterator[Controller]:
    """One server for the module, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def sink(server: Controller, settings) -> Iterator[Sink]:
    """The real SMTP backend, talking to the server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    mail.forget_rest()
    handler = server.handler
    handler.taken.clear()
    handler.answer = ""
    yield handler
    mail.forget_rest()


@pytest.fixture
def amina(sink: Sink) -> Holder:
    """Amina, whose first mail ("your space is open") went out an hour ago."""
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(-3700)
        person = people.amina()
        dispatcher.run_for(person.person_id)
    sink.taken.clear()
    return person


def deposit(holder: Holder, *, hidden: bool = False, secret: bool = False) -> None:
    with transaction.atomic():
        set_context(holder.person_id)
        outbox.publish(
            person_id=holder.person_id,
            fact=documents.DocumentDeposited(holder.person_id, new_id(), "institution", hidden, secret),
        )
    dispatcher.run_for(holder.person_id)


def last_mail(holder: Holder) -> facts.FactState:
    """How the newest mail stands in the outbox."""
    mails = [state for state in facts.facts(holder.person_id) if state.kind == "notifications.NoticeMade"]
    return max(mails, key=lambda state: (state.done_at is None, state.created_at))


def test_mail__says_that_there_is_something_new_and_nothing_more(amina, sink):
    deposit(amina)
    (message,) = sink.of(amina.identity.email)
    assert message["Subject"] == "Du nouveau dans votre espace santé"
    assert message["To"] == amina.identity.email
    assert message["Cc"] is None
    body = message.get_content()
    assert f"{django_settings.SITE_URL}{mail.SIGN_IN_PATH}\n" in body.replace("\r\n", "\n")
    assert resolve(mail.SIGN_IN_PATH).func
    for secret in (
        "Amina",
        "AMINA",
        "Benali",
        "BENALI",
        amina.ins.matricule,
        str(amina.person_id),
        "ocument",
        "ivemont",
    ):
        assert secret not in body
        assert secret not in message["Subject"]


def test_mail__has_only_the_headers_it_needs(amina, sink):
    deposit(amina)
    (message,) = sink.of(amina.identity.email)
    assert sorted(key.lower() for key in message.keys()) == [  # noqa: SIM118
        "auto-submitted", "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version",
        "subject", "to",
    ]  # fmt: skip


def test_mail__in_the_language_of_the_space(sink):
    john = people.holder("SMITH", ("JOHN",), people.around(1970), "M", people.place_in("75"), language="en")
    dispatcher.run_for(john.person_id)
    (message,) = sink.of(john.identity.email)
    assert message["Subject"] == "You have something new in your health space"
    assert "To see it, sign in" in message.get_content()


def test_mail__a_burst_of_documents_is_one_mail_an_hour(amina, sink):
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(5):
            deposit(amina)
        assert len(sink.of(amina.identity.email)) == 1
        travel.shift(3600)
        deposit(amina)
    assert len(sink.of(amina.identity.email)) == 2


def test_mail__a_change_of_contact_is_always_told(amina, sink):
    deposit(amina)
    spaces.change_contact(actor=amina.actor, person_id=amina.person_id, email="elsewhere@example.org")
    dispatcher.run_for(amina.person_id)
    assert len(sink.of("elsewhere@example.org")) == 1


def test_mail__not_for_what_is_hidden_or_secret(amina, sink):
    deposit(amina, hidden=True)
    deposit(amina, secret=True)
    assert sink.taken == []


def test_mail__not_when_the_holder_does_not_want_it_or_has_no_address(amina, sink):
    actions.choose_mail(actor=amina.actor, person_id=amina.person_id, kind="document_deposited", is_mailed=False)
    deposit(amina)
    without = people.amina(email="")
    deposit(without)
    assert sink.taken == []


def test_mail__not_once_the_space_is_closed(amina, sink):
    spaces.close(actor=amina.actor, person_id=amina.person_id)
    deposit(amina)
    assert ["fermé" in message.get_content() for _, message in sink.taken] == [True]


def test_mail__server_away_keeps_the_notice_and_tries_again(amina, sink, settings):
    port = settings.EMAIL_PORT
    with time_machine.travel(clock.now(), tick=False) as travel:
        settings.EMAIL_PORT = 1
        deposit(amina)
        assert reads.notices(actor=amina.actor, person_id=amina.person_id)[0].kind == "document_deposited"
        waiting = last_mail(amina)
        assert (waiting.kind, waiting.tries) == ("notifications.NoticeMade", 1)
        assert waiting.failed_reason == "ConnectionRefusedError"
        settings.EMAIL_PORT = port
        travel.shift(31)
        dispatcher.run_for(amina.person_id)
    assert len(sink.of(amina.identity.email)) == 1
    assert all(state.done_at for state in facts.facts(amina.person_id))


def test_mail__server_away_for_good_is_given_up_with_its_reason(amina, sink, settings):
    settings.EMAIL_PORT = 1
    with time_machine.travel(clock.now(), tick=False) as travel:
        deposit(amina)
        for _ in range(MOST_TRIES):
            travel.shift(6 * 3600)
            dispatcher.run_for(amina.person_id)
    dead = last_mail(amina)
    assert (dead.is_dead, dead.tries, dead.failed_reason) == (True, MOST_TRIES, "ConnectionRefusedError")
    assert reads.unread_count(actor=amina.actor, person_id=amina.person_id) > 0


def test_mail__others_do_not_wait_for_a_server_that_is_away(amina, sink, settings):
    settings.EMAIL_PORT = 1
    with pytest.raises(ConnectionRefusedError):
        mail.send_something_new(address="a@example.org", language="fr", message_id=new_id())
    with pytest.raises(Unavailable):
        mail.send_something_new(address="b@example.org", language="fr", message_id=new_id())


def test_mail__address_refused_for_good_is_not_tried_again(amina, sink):
    sink.answer = "550 no such user"
    deposit(amina)
    dead = last_mail(amina)
    assert (dead.is_dead, dead.tries, dead.failed_reason) == (True, 1, "mail-refused")


def test_mail__address_refused_for_now_is_tried_again(amina, sink):
    sink.answer = "451 come back later"
    with time_machine.travel(clock.now(), tick=False) as travel:
        deposit(amina)
        assert last_mail(amina).tries == 1
        sink.answer = ""
        travel.shift(20)
        dispatcher.run_for(amina.person_id)
    assert len(sink.of(amina.identity.email)) == 1


def test_mail__sent_again_after_a_kill_has_the_same_message_id(amina, sink, monkeypatch):
    class Killed(BaseException):
        """What no code of ours catches, like a kill."""

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        deposit_in_pieces(amina)
        patch.setattr(dispatcher, "_mark", killed)
        with pytest.raises(Killed):
            dispatcher.run_for(amina.person_id)
    dispatcher.run_for(amina.person_id)
    first, second = sink.of(amina.identity.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert [n.kind for n in reads.notices(actor=amina.actor, person_id=amina.person_id)].count(
        "document_deposited"
    ) == 1


def deposit_in_pieces(holder: Holder) -> None:
    """The notice is made, its mail not yet."""
    with transaction.atomic():
        set_context(holder.person_id)
        outbox.publish(
            person_id=holder.person_id,
            fact=documents.DocumentDeposited(holder.person_id, new_id(), "institution", False, False),
        )
    dispatcher.run_for(holder.person_id, limit=1)


ODD = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\r\n\0\u2028,;<>@ :"')), max_size=60)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.one_of(ODD, st.builds("{}@example.org{}".format, ODD, ODD), st.emails()))
def test_mail__whatever_the_address_one_recipient_and_no_header_more(sink, address):
    """T53: a parsed outgoing message has exactly the intended headers and one recipient."""
    sink.taken.clear()
    try:
        mail.send_something_new(address=address, language="fr", message_id=new_id())
    except NeverAgain:
        assert sink.taken == []
        return
    assert not identity.email_fault(address)
    ((recipients, message),) = sink.taken
    assert len(recipients) == 1
    assert message["To"] == address
    assert len(message.keys()) == 9


def test_mail__without_an_address_the_worker_does_not_ask_again_for_each_document(sink):
    person = people.amina(email="")
    dispatcher.run_for(person.person_id)
    for _ in range(4):
        deposit(person)
    kinds = [state.kind for state in facts.facts(person.person_id)]
    assert kinds.count("notifications.NoticeMade") == 1
    assert reads.unread_count(actor=person.actor, person_id=person.person_id) == 5
