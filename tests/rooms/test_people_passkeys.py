"""Passkeys with a real authenticator: what is right opens the account, every fault is refused."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from healthspace.common import clock
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.people import actions, reads, rules
from healthspace.people.models import Passkey
from tests import people
from tests.factories.authenticator import ORIGIN, Authenticator, Faults, raw
from tests.rooms.test_people_sign_in import journal

EVIL = "https://evil.example"
# Each makes a right answer wrong in one place.
FAULTS = {
    "wrong origin": Faults(origin=EVIL),
    "origin below ours": Faults(origin="http://evil.localhost:8400"),
    "origin with another port": Faults(origin="http://localhost:8401"),
    "origin with https": Faults(origin="https://localhost:8400"),
    "wrong rp id": Faults(rp_id="evil.example"),
    "no user verification": Faults(is_verified=False),
    "no user presence": Faults(is_present=False),
    "another challenge": Faults(challenge="A" * 43),
    "empty challenge": Faults(challenge="AA"),
}


def register(account_id: Any, device: Authenticator | None = None, label: str = "Phone") -> Authenticator:
    """A device with a passkey of this account."""
    device = device or Authenticator()
    options, state = actions.begin_registration(account_id, "Amina")
    actions.finish_registration(account_id, state, device.create(options), label)
    return device


def assert_refused(state: str, answer: Any) -> None:
    assert actions.finish_assertion(state, answer) == actions.Proof(None)


def test_passkey__opens_its_account_and_its_owner_reads_of_it():
    amina = people.amina()
    device = register(amina.account_id)
    options, state = actions.begin_assertion()
    proof = actions.finish_assertion(state, device.get(options))
    assert proof.account is not None
    assert (proof.account.id, proof.means) == (amina.account_id, "passkey")
    [card] = reads.factors(amina.account_id).passkeys
    assert (card.label, card.last_used_at is not None) == ("Phone", True)
    assert "passkey_added" in [entry.kind for entry in journal(amina)]


def test_passkey__of_a_doctor_opens_alone_and_no_journal_is_there():
    doctor = people.dr_nguyen()
    device = register(doctor.account_id)
    options, state = actions.begin_assertion(doctor.account_id)
    proof = actions.finish_assertion(state, device.get(options))
    assert proof.account is not None and proof.account.professional_id == doctor.id
    assert all(rules.opens_session(kind, "passkey") for kind in rules.METHODS)


@pytest.mark.parametrize("fault", FAULTS)
def test_registration__a_wrong_answer_is_refused(fault):
    amina = people.amina()
    options, state = actions.begin_registration(amina.account_id, "Amina")
    with pytest.raises(Invalid):
        actions.finish_registration(amina.account_id, state, Authenticator().create(options, FAULTS[fault]), "x")
    assert reads.factors(amina.account_id).passkeys == ()


@pytest.mark.parametrize("fault", [*FAULTS, "another account's handle", "changed data", "kind of registration"])
def test_assertion__a_wrong_answer_is_refused(fault):
    amina = people.amina()
    device = register(amina.account_id)
    more = {
        "another account's handle": Faults(user_handle=people.paul().account_id.bytes),
        "changed data": Faults(flip=True),
        "kind of registration": Faults(type="webauthn.create"),
    }
    options, state = actions.begin_assertion()
    assert_refused(state, device.get(options, {**FAULTS, **more}[fault]))
    options, state = actions.begin_assertion()
    assert actions.finish_assertion(state, device.get(options)).account is not None


@pytest.mark.parametrize("answer", [{}, {"id": 1}, {"rawId": "é"}, {"id": "AA", "rawId": "AA", "response": {}}])
def test_assertion__rubbish_is_refused(answer):
    _, state = actions.begin_assertion()
    assert_refused(state, answer)
    amina = people.amina()
    _, state = actions.begin_registration(amina.account_id, "Amina")
    with pytest.raises(Invalid):
        actions.finish_registration(amina.account_id, state, answer, "x")


def test_assertion__an_answer_counts_once():
    device = register(people.amina().account_id, Authenticator(counts=False))
    options, state = actions.begin_assertion()
    answer = device.get(options)
    assert actions.finish_assertion(state, answer).account is not None
    assert_refused(state, answer)
    _, another = actions.begin_assertion()
    assert_refused(another, answer)


def test_assertion__fifty_at_once_and_one_gets_in():
    device = register(people.amina().account_id, Authenticator(counts=False))
    options, state = actions.begin_assertion()
    answer, proofs = device.get(options), []

    def answer_it() -> None:
        try:
            proofs.append(actions.finish_assertion(state, answer))
        finally:
            connection.close()

    run_at_once(answer_it, 50)
    assert len(proofs) == 50
    assert sum(proof.account is not None for proof in proofs) == 1


def run_at_once(work: Any, times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("count", [0, 4, 5])
def test_assertion__a_counter_that_does_not_go_forward_is_refused(count):
    device = register(people.amina().account_id)
    device.count = 4
    options, state = actions.begin_assertion()
    assert actions.finish_assertion(state, device.get(options)).account is not None
    device.count = count - 1
    options, state = actions.begin_assertion()
    assert_refused(state, device.get(options))


def test_assertion__too_late_or_before_its_time_is_refused():
    device = register(people.amina().account_id)
    with time_machine.travel(clock.now(), tick=False) as travel:
        options, state = actions.begin_assertion()
        travel.shift(rules.CHALLENGE_LIFE - timedelta(seconds=1))
        assert actions.finish_assertion(state, device.get(options)).account is not None
        options, state = actions.begin_assertion()
        travel.shift(rules.CHALLENGE_LIFE)
        assert_refused(state, device.get(options))
        options, state = actions.begin_assertion()
        travel.shift(-timedelta(hours=1))
        assert_refused(state, device.get(options))


def test_assertion__for_one_account_takes_no_passkey_of_another():
    amina, paul = people.amina(), people.paul()
    device = register(paul.account_id)
    options, state = actions.begin_assertion(amina.account_id, purpose="step_up")
    assert_refused(state, device.get(options))


def test_assertion__states_are_sealed_and_of_one_kind():
    amina = people.amina()
    device = register(amina.account_id)
    options, state = actions.begin_registration(amina.account_id, "Amina")
    assert_refused(state, device.get(options))
    options, state = actions.begin_assertion()
    with pytest.raises(Invalid):
        actions.finish_registration(amina.account_id, state, Authenticator().create({"publicKey": {
            **options["publicKey"], "user": {"id": "AA"}}}), "x")  # fmt: skip
    for bent in ("", "AAAA", state[:-8] + "AAAAAAA=", "é", state[::-1]):
        assert_refused(bent, device.get(options))


def test_registration__for_another_account_or_twice_is_refused():
    amina, paul, device = people.amina(), people.paul(), Authenticator()
    options, state = actions.begin_registration(amina.account_id, "Amina")
    answer = device.create(options)
    with pytest.raises(Invalid):
        actions.finish_registration(paul.account_id, state, answer, "x")
    actions.finish_registration(amina.account_id, state, answer, "x")
    with pytest.raises(Invalid):
        actions.finish_registration(amina.account_id, state, answer, "x")
    options, state = actions.begin_registration(paul.account_id, "Paul")
    with pytest.raises(Invalid):  # the same credential for somebody else
        actions.finish_registration(paul.account_id, state, device.create(options), "x")


def test_registration__names_what_is_there_and_asks_for_verification():
    amina = people.amina()
    device = register(amina.account_id)
    asked = actions.begin_registration(amina.account_id, "Amina")[0]["publicKey"]
    assert [raw(one["id"]) for one in asked["excludeCredentials"]] == [device.credential_id]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["rp"]["id"] == "localhost"
    json.dumps(asked)


def test_begin_assertion__same_shape_for_everybody():
    amina = people.amina()
    register(amina.account_id)
    shapes = {
        json.dumps({**actions.begin_assertion(one)[0]["publicKey"], "challenge": ""}, sort_keys=True)
        for one in (None, amina.account_id, people.paul().account_id)
    }
    assert len(shapes) == 1
    assert {len(actions.begin_assertion(one)[1]) for one in (None, amina.account_id)} == {
        len(actions.begin_assertion()[1])
    }


def test_registration__at_most_twenty(monkeypatch):
    amina = people.amina()
    monkeypatch.setattr(rules, "MOST_PASSKEYS", 1)
    register(amina.account_id)
    with pytest.raises(Conflict):
        actions.begin_registration(amina.account_id, "Amina")


def test_remove__of_another_is_absent_and_the_last_way_in_stays():
    amina, paul = people.amina(), people.paul()
    device = register(amina.account_id)
    [card] = reads.factors(amina.account_id).passkeys
    with pytest.raises(Refused):
        actions.remove_passkey(paul.account_id, card.id)
    with pytest.raises(rules.LastWayIn):
        actions.remove_passkey(amina.account_id, card.id)
    assert len(reads.factors(amina.account_id).passkeys) == 1
    actions.remove_passkey(amina.account_id, card.id, rules.Channels(email="amina@example.org"))
    assert reads.factors(amina.account_id).passkeys == ()
    assert "passkey_removed" in [entry.kind for entry in journal(amina)]
    options, state = actions.begin_assertion()
    assert_refused(state, device.get(options))


def test_passkey__of_a_closed_account_opens_nothing_and_of_a_destroyed_one_is_gone():
    amina = people.amina()
    device = register(amina.account_id)
    actions.close_accounts(person_id=amina.person_id)
    options, state = actions.begin_assertion()
    assert_refused(state, device.get(options))
    actions.reopen_accounts(person_id=amina.person_id)
    options, state = actions.begin_assertion()
    assert actions.finish_assertion(state, device.get(options)).account is not None
    actions.forget_accounts(person_id=amina.person_id)
    assert not Passkey.objects.filter(account_id=amina.account_id).exists()


def test_passkey__nothing_of_it_in_clear_and_nothing_in_the_log(owner_connection, caplog):
    caplog.set_level("DEBUG")
    amina = people.amina()
    device = register(amina.account_id, label="Téléphone d'Amina")
    options, state = actions.begin_assertion()
    actions.finish_assertion(state, device.get(options))
    [row] = owner_connection.execute(
        "SELECT credential_key, sealed FROM people_passkey WHERE account_id = %s", (amina.account_id,)
    ).fetchall()
    x = device.key.public_key().public_numbers().x.to_bytes(32, "big")
    assert not any(word in bytes(value) for value in row for word in (device.credential_id, b"Amina", x))
    assert device.credential_id.hex() not in caplog.text
    assert ORIGIN not in caplog.text
