"""The token endpoint: who proves to be registered software gets a short token, and what it then may (T19, T20, T41)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.documents import reads as documents
from healthspace.people import actions, reads
from healthspace.people.models import Professional, SpentAssertion, Token
from tests import people
from tests.doors.fhir_client import call, document, file
from tests.factories import clients


@pytest.mark.parametrize(("kind", "alg"), [("P-384", "ES384"), ("RSA", "RS384"), ("P-256", "ES256")])
def test_token__registered_software_gets_a_short_one_and_files(kind: str, alg: str) -> None:
    sender, amina = clients.software(kind, alg), people.amina()
    reply = sender.ask()
    assert reply.status == 200, reply.body
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.json["token_type"] == "bearer"
    assert 0 < reply.json["expires_in"] <= 15 * 60
    filed = call("POST", "/DocumentReference", token=reply.json["access_token"], body=document(amina))
    assert filed.status == 201, filed.body


def test_token__is_over_after_15_minutes() -> None:
    sender = clients.software()
    with time_machine.travel(clock.now(), tick=False) as travel:
        token = sender.token()
        travel.shift(15 * 60 - 1)
        assert reads.actor_by_token(token)
        travel.shift(1)
        assert reads.actor_by_token(token) is None


def test_token__names_the_real_user_and_the_place() -> None:
    place = people.rivemont()
    doctor = people.dr_nguyen(place)
    sender = clients.software(place=place)
    for claims in ({"rpps": doctor.rpps}, {"rpps": doctor.rpps, "finess": place.finess}):
        actor = reads.actor_by_token(sender.token(**claims))
        assert actor is not None
        assert (actor.kind, actor.professional_id, actor.institution_id) == ("professional", doctor.id, place.id)
        assert actor.software == "Rivemont DPI"
    actor = reads.actor_by_token(sender.token(finess=place.finess))
    assert actor is not None and actor.kind == "institution"


def test_event__holds_who_acted_the_structure_and_the_software() -> None:
    """T20: at a shared place the line says the person, the structure and the software, not one of them."""
    place, amina = people.rivemont(), people.amina()
    doctor = people.dr_nguyen(place)
    people.grant(amina, doctor)
    token = clients.software(place=place).token(rpps=doctor.rpps)
    reply = call("POST", "/DocumentReference", token=token, body=document(amina))
    assert reply.status == 201, reply.body
    lines = documents.journal(actor=amina.actor, person_id=amina.person_id, is_act=False)
    [line] = [line for line in lines if line.kind == "document_deposited"]
    assert (line.actor_kind, line.actor_id, line.actor_name) == ("professional", doctor.id, "Dr Linh Nguyen")
    assert (line.institution_id, line.institution_name, line.software) == (
        place.id,
        "Hôpital de Rivemont",
        "Rivemont DPI",
    )


def _other_place(place: people.Hospital, doctor: people.Doctor) -> dict[str, str]:
    return {"rpps": people.dr_nguyen().rpps}


def _wrong_place(place: people.Hospital, doctor: people.Doctor) -> dict[str, str]:
    return {"rpps": doctor.rpps, "finess": people.rivemont().finess}


def _stopped(place: people.Hospital, doctor: people.Doctor) -> dict[str, str]:
    Professional.objects.filter(id=doctor.id).update(is_active=False)
    return {"rpps": doctor.rpps}


@pytest.mark.parametrize("told", [_other_place, _wrong_place, _stopped, lambda *_: {"rpps": people.new_rpps()}])
def test_token__user_whom_the_directory_does_not_place_there_is_refused_alike(told: Any) -> None:
    place = people.rivemont()
    sender = clients.software(place=place)
    reply = sender.ask(sender.signed(**told(place, people.dr_nguyen(place))))
    assert (reply.status, reply.json["error"]) == (400, "invalid_grant")
    unknown = sender.ask(sender.signed(rpps="0" * 11))
    assert reply.body == unknown.body


def test_user__beside_the_assertion_is_refused() -> None:
    place = people.rivemont()
    sender = clients.software(place=place)
    reply = sender.ask(rpps=people.dr_nguyen(place).rpps)
    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


def test_reading__ends_within_15_minutes_of_a_change_in_the_directory() -> None:
    """T19: the clock test. Whatever the token, a change at t means no reading after t + 15 minutes."""
    place, amina = people.rivemont(), people.amina()
    doctor = people.dr_nguyen(place)
    people.grant(amina, doctor)
    file(amina, place)
    sender = clients.software(place=place)
    by_hand = actions.issue_token(software_id=place.software_id, professional_id=doctor.id)
    query = [("patient", f"Patient/{amina.person_id}")]
    with time_machine.travel(clock.now(), tick=False) as travel:
        tokens = [sender.token(rpps=doctor.rpps), by_hand]
        assert {call("GET", "/DocumentReference", token=token, query=query).status for token in tokens} == {200}
        Professional.objects.filter(id=doctor.id).update(is_active=False)
        seen = []
        for seconds in range(0, 16 * 60, 5):
            seen += [seconds for token in tokens if _reads(token, query)]
            travel.shift(5)
        assert max(seen) < 15  # far below 15 minutes: what is remembered of a token is 15 seconds old at most
        assert sender.ask(sender.signed(rpps=doctor.rpps)).status == 400


def _reads(token: str, query: list[tuple[str, str]]) -> bool:
    return call("GET", "/DocumentReference", token=token, query=query).status == 200


def test_key__changes_without_a_pause_and_ends_its_tokens() -> None:
    old = clients.software()
    token = old.token()
    new = clients.software(place=old.place, number=1)
    assert old.kid != new.kid
    assert {old.ask().status, new.ask().status} == {200}
    assert actions.end_key(software_id=old.id, kid=old.kid)
    assert not actions.end_key(software_id=old.id, kid=old.kid)
    assert old.ask().status == 401
    assert reads.actor_by_token(token) is None
    assert reads.actor_by_token(new.token())
    with pytest.raises(Invalid, match="was ended"):
        clients.software(place=old.place)


def test_software__stopped_gets_nothing_and_its_tokens_end() -> None:
    sender = clients.software()
    token = sender.token()
    actions.stop_software(software_id=sender.id)
    assert sender.ask().status == 401
    assert reads.actor_by_token(token) is None
    actions.resume_software(software_id=sender.id)
    assert sender.ask().status == 200


def test_token__is_kept_as_a_digest_only_and_forgotten_a_day_later() -> None:
    sender = clients.software()
    token = sender.token()
    digest = reads.token_digest(token)
    assert Token.objects.filter(digest=digest, key_id__isnull=False).count() == 1
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert actions.forget_spent() >= 2
    assert not Token.objects.filter(digest=digest).exists()
    assert not SpentAssertion.objects.filter(expires_at__lt=clock.now() + timedelta(minutes=3)).exists()


def test_spent__is_kept_while_the_assertion_lives() -> None:
    sender = clients.software()
    assertion = sender.signed()
    assert sender.ask(assertion).status == 200
    actions.forget_spent()
    assert sender.ask(assertion).status == 401


def test_long_token__opens_nothing_outside_of_test_systems(settings: Any) -> None:
    place = people.rivemont()
    assert call("GET", f"/Patient/{uuid4()}", token=place.token).status == 404
    settings.ACCEPT_LONG_TOKENS = False
    reads.forget_tokens()
    assert call("GET", f"/Patient/{uuid4()}", token=place.token).status == 401
    assert call("GET", f"/Patient/{uuid4()}", token=clients.software(place=place).token()).status == 404


def test_discovery__names_the_endpoint_in_both_forms() -> None:
    found = call("GET", "/.well-known/smart-configuration").json
    assert found["token_endpoint"] == clients.ENDPOINT
    assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert set(found["token_endpoint_auth_signing_alg_values_supported"]) == {"ES384", "RS384", "ES256"}
    statement = call("GET", "/metadata").json
    [uris] = statement["rest"][0]["security"]["extension"]
    assert uris["extension"] == [{"url": "token", "valueUri": clients.ENDPOINT}]


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"client_id": str(uuid4())}, "invalid_client"),
    ],
)
def test_question__malformed_is_told(parts: dict[str, str], error: str) -> None:
    sender = clients.software()
    given = {"client_assertion": sender.signed(), "client_assertion_type": clients.BEARER_ASSERTION}
    assert clients.ask(**(given | parts)).json["error"] == error


def test_question__only_as_a_form_once_and_without_a_header() -> None:
    sender = clients.software()
    assert sender.ask(headers={"Content-Type": "application/json"}).json["error"] == "invalid_request"
    assert sender.ask(headers={"Authorization": "Basic YTpi"}).json["error"] == "invalid_request"
    body = b"grant_type=client_credentials&grant_type=client_credentials"
    reply = call("POST", "/auth/token", body=body, headers={"Content-Type": clients.FORM})
    assert reply.json["error"] == "invalid_request"
    reply = call("POST", "/auth/token", body=b"", query=[("grant_type", "client_credentials")])
    assert reply.json["error"] == "invalid_request"
    assert call("GET", "/auth/token").status == 405


def test_keys__only_public_strong_ones_are_taken() -> None:
    software_id = people.rivemont().software_id
    good = clients.key("P-384")
    for text in (
        json.dumps(good.as_dict(private=True)),
        good.as_pem(private=True).decode(),
        json.dumps({"kty": "oct", "k": "c2VjcmV0"}),
        json.dumps(clients.key("P-521").as_dict(private=False)),
        json.dumps(good.as_dict(private=False) | {"use": "enc"}),
        json.dumps(good.as_dict(private=False) | {"alg": "RS256"}),
        json.dumps({"keys": []}),
        "[]", "null", "", "nonsense", "-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----",
    ):  # fmt: skip
        with pytest.raises(Invalid):
            actions.add_keys(software_id=software_id, text=text)
    assert reads.software_keys(software_id) == []
    both = {"keys": [clients.key(kind).as_dict(private=False) for kind in ("P-256", "RSA")]}
    assert len(actions.add_keys(software_id=software_id, text=json.dumps(both))) == 2
    assert actions.add_keys(software_id=software_id, text=good.as_pem(private=False).decode()) == (good.thumbprint(),)
    assert len(reads.software_keys(software_id)) == 3
