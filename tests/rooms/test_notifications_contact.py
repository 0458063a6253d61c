"""A change of contact is told by every way known before, in the holder's language, with nothing about health (T12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core import mail

from healthspace.notifications.adapters import contact_mail
from healthspace.outbox import dispatcher
from healthspace.spaces import actions as spaces
from tests import people
from tests.people import Holder

PHONE = "06 12 34 56 78"


@pytest.fixture
def gateway(settings: Any) -> Iterator[list[dict[str, Any]]]:
    """A gateway that takes every SMS; what it was given."""
    taken: list[dict[str, Any]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_TOKEN = "a token"
    yield taken
    server.shutdown()
    server.server_close()


def with_phone(email: str | None = None) -> Holder:
    amina = people.amina(email=email)
    known = amina.identity.email
    spaces.change_contact(actor=amina.actor, person_id=amina.person_id, email=known, phone=PHONE)
    dispatcher.run_for(amina.person_id)
    return amina


def ask(amina: Holder) -> None:
    spaces.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="new@example.org", phone="")
    dispatcher.run_for(amina.person_id)


@pytest.mark.parametrize("email", [None, ""])
def test_change__is_told_to_the_old_phone_too(gateway: list[dict[str, Any]], email: str | None) -> None:
    amina = with_phone(email)
    ask(amina)
    [sms] = gateway
    assert sms["to"] == "+33612345678"
    assert re.search(r"/contact/stop/[\w-]{64}/", sms["text"])
    spaces.stop_contact_change(actor=amina.actor, person_id=amina.person_id)
    dispatcher.run_for(amina.person_id)
    assert "/contact/" not in gateway[1]["text"]


def test_change__a_gateway_that_is_down_does_not_stop_the_mail(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/send"
    amina = with_phone()
    ask(amina)
    assert [one for one in mail.outbox if amina.identity.email in one.to and "/contact/stop/" in str(one.body)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("state", ["waiting", "applied", "stopped"])
def test_words__say_nothing_about_health_and_hold_one_way_out(state: str, language: str) -> None:
    [(subject, body)] = contact_mail.told(state, "x" * 64, language)
    for text in (subject, body):
        assert not re.search(r"médec|document|health|santé|doctor|hôpital|hospital", text, re.IGNORECASE)
    assert ("/contact/stop/" in body) == (state == "waiting")


def test_words__of_other_states_are_none() -> None:
    assert not list(contact_mail.told("dropped", "x", "en"))
