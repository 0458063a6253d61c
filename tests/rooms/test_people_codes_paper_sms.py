"""Codes on paper and by SMS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from healthspace.common.errors import Unavailable
from healthspace.people import actions, reads
from healthspace.people.adapters import sms_http
from healthspace.people.adapters.sms_null import NoSms
from tests import people
from tests.rooms.second_step import at_once, begun
from tests.rooms.test_people_codes import finish
from tests.rooms.test_people_sign_in import journal


def test_paper__ten_codes_each_once_and_new_ones_kill_the_old():
    amina, paul = people.amina(), people.paul()
    codes = actions.new_paper_codes(amina.account_id)
    assert len(set(codes)) == 10
    assert reads.factors(amina.account_id).paper_left == 10
    actions.new_paper_codes(paul.account_id)
    assert finish(begun(paul.account_id), codes[0], "paper").account is None
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    proof = finish(begun(amina.account_id), typed, "paper")
    assert proof.account is not None and proof.means == "paper"
    assert finish(begun(amina.account_id), codes[0], "paper").account is None
    assert reads.factors(amina.account_id).paper_left == 9
    new = actions.new_paper_codes(amina.account_id)
    assert finish(begun(amina.account_id), codes[1], "paper").account is None
    assert finish(begun(amina.account_id), new[1], "paper").account is not None
    assert [entry.kind for entry in journal(amina)].count("paper_codes_made") == 2


def test_paper__one_code_fifty_times_at_once_over_attempts_gets_in_once():
    amina = people.amina()
    code = actions.new_paper_codes(amina.account_id)[0]
    waiting = [begun(amina.account_id) for _ in range(50)]
    proofs = at_once(lambda: finish(waiting.pop(), code, "paper"), 50)
    assert sum(proof.account is not None for proof in proofs) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sms__says_the_code_and_nothing_of_health(language):
    said = sms_http.words("12345678", language)
    assert said.startswith("12345678")
    assert not any(word in said.lower() for word in ("health", "santé"))
    assert len(said) <= 160


@pytest.fixture
def gateway(settings) -> Iterator[list[dict[str, Any]]]:
    """A gateway for SMS on loopback, and what it was given."""
    taken: list[dict[str, Any]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            taken.append({**body, "token": self.headers.get("Authorization")})
            self.send_response(503 if body["to"].endswith("99") else 202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_TOKEN = "a token"
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_sms__through_the_gateway(gateway):
    amina = people.amina()
    attempt = begun(amina.account_id, phone="06 12 34 56 78")
    assert (attempt.methods, attempt.goes_to) == (("sms",), {"sms": "•• 78"})
    actions.send_code(attempt_id=attempt.id, method="sms")
    [sms] = gateway
    assert (sms["to"], sms["token"]) == ("+33612345678", "Bearer a token")
    proof = finish(attempt, sms["text"][:8], "sms")
    assert proof.account is not None and proof.means == "sms"


@pytest.mark.parametrize("number", ["0612345699", "12", "+33 6 12 34 56 78, +33 6 99 99 99 99"])
def test_sms__not_taken_or_no_number(gateway, number):
    attempt = begun(people.amina().account_id, phone=number)
    with pytest.raises(Unavailable):
        actions.send_code(attempt_id=attempt.id, method="sms")


def test_sms__is_not_offered_without_a_gateway():
    attempt = begun(people.amina().account_id, phone="0612345678")
    assert attempt.methods == ()
    with pytest.raises(Unavailable):
        NoSms().send(to="", code="", language="fr", message_id=attempt.id)
