"""Signing in: the same work for everybody, limits that end, and the holder's journal."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import check_password
from django.db import connection, transaction

from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.people import actions
from healthspace.people.actions import sign_in
from healthspace.people.models import SignInTry
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault
from tests import people


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """The parameters of every hash that was really computed."""
    seen: list[str] = []

    def counted(password: str, encoded: str) -> bool:
        seen.append("$".join(encoded.split("$")[:4]))
        return check_password(password, encoded)

    monkeypatch.setattr(sign_in, "check_password", counted)
    return seen


def test_authenticate__holder_and_doctor():
    amina, doctor = people.amina(), people.dr_nguyen()
    proof = actions.authenticate(f"  {amina.login.upper()} ", amina.password)
    assert proof.account is not None
    assert (proof.account.kind, proof.account.person_id) == ("holder", amina.person_id)
    proof = actions.authenticate(doctor.login, doctor.password, source="192.0.2.1")
    assert proof.account is not None
    assert proof.account.professional_id == doctor.id


@pytest.mark.parametrize(
    "password", ["", "wrong password", "four plain words her", "four plain words here ", "x" * 10_000]
)
def test_authenticate__wrong_password_is_nobody(password):
    assert actions.authenticate(people.amina().login, password).account is None


def test_authenticate__closed_account_is_nobody():
    amina = people.amina()
    actions.close_account(account_id=amina.account_id)
    assert actions.authenticate(amina.login, amina.password).account is None


def test_authenticate__one_hash_of_the_same_cost_whoever_asks(hashes):
    amina, closed = people.amina(), people.amina()
    actions.close_account(account_id=closed.account_id)
    sign_in._nobody()
    for login, password in [
        (amina.login, amina.password),
        (amina.login, "wrong"),
        (amina.login, "x" * 1000),
        (closed.login, closed.password),
        ("nobody.at.all", "wrong"),
        ("' OR 1=1 --", "wrong"),
        ("", ""),
        ("nul\0 and \ud800", "\0\ud800"),
    ]:
        hashes.clear()
        actions.authenticate(login, password)
        assert len(hashes) == 1
        assert hashes[0].startswith("argon2$argon2id$v=19$m=")
    assert len(set(hashes)) == 1


def test_authenticate__same_statements_for_wrong_password_and_unknown_login(django_assert_num_queries):
    amina = people.amina()
    sign_in._nobody()
    for login in (amina.login, f"nobody.{amina.login}"):
        with django_assert_num_queries(4):
            actions.authenticate(login, "wrong", source=f"198.51.100.{login}")


def test_authenticate__five_wrong_tries_then_wait_then_free_again(hashes):
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(5):
            assert actions.authenticate(amina.login, "wrong").wait_seconds == 0
        hashes.clear()
        for _ in range(3):
            proof = actions.authenticate(amina.login, amina.password)
            assert (proof.account, proof.wait_seconds) == (None, 300)
        assert hashes == []
        travel.shift(299)
        assert actions.authenticate(amina.login, amina.password).wait_seconds == 1
        travel.shift(1)
        assert actions.authenticate(amina.login, amina.password).account is not None


def test_authenticate__tries_while_waiting_do_not_make_the_wait_longer():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(60):
            actions.authenticate(amina.login, "wrong")
            travel.shift(5)
        assert actions.authenticate(amina.login, amina.password).wait_seconds <= 300
        travel.shift(300)
        assert actions.authenticate(amina.login, amina.password).account is not None


def test_authenticate__unknown_login_waits_just_the_same():
    login = f"nobody.{people.new_rpps()}"
    waits = [actions.authenticate(login, "wrong").wait_seconds for _ in range(6)]
    assert waits[:5] == [0] * 5
    assert 0 < waits[5] <= 300


def test_authenticate__a_right_one_clears_the_count():
    amina = people.amina()
    for _ in range(3):
        for _ in range(4):
            actions.authenticate(amina.login, "wrong")
        assert actions.authenticate(amina.login, amina.password).account is not None


def test_authenticate__twenty_wrong_tries_from_one_place_and_nobody_elsewhere_suffers():
    amina, source = people.amina(), f"2001:db8::{people.new_rpps()}"
    for number in range(20):
        assert actions.authenticate(f"guess.{source}.{number}", "wrong", source).wait_seconds == 0
    assert actions.authenticate(amina.login, "wrong", source).wait_seconds > 0
    assert not SignInTry.objects.filter(key=vault.find_key("login", amina.login)).exists()
    assert actions.authenticate(amina.login, amina.password, source="203.0.113.9").account is not None


def test_authenticate__tries_of_a_clock_that_was_years_ahead_shut_nobody_out():
    source = f"2001:db8::{people.new_rpps()}"
    with time_machine.travel(clock.now() + timedelta(days=3650)):
        for number in range(20):
            actions.authenticate(f"guess.{source}.{number}", "wrong", source)
        assert actions.authenticate("guess.another", "wrong", source).wait_seconds > 0
    assert actions.authenticate("guess.another", "wrong", source).wait_seconds == 0


def test_authenticate__right_ones_do_not_use_up_a_place():
    source = f"hospital-{people.new_rpps()}"
    amina = people.amina()
    for _ in range(25):
        assert actions.authenticate(amina.login, amina.password, source).account is not None


def test_authenticate__tries_at_the_same_moment_cannot_slip_through():
    amina = people.amina()
    waits: list[int] = []

    def attempt() -> None:
        try:
            waits.append(actions.authenticate(amina.login, "wrong").wait_seconds)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wait == 0 for wait in waits) == 5


def test_sign_in_try__no_login_and_no_address_in_clear(owner_connection):
    amina, source = people.amina(), "192.0.2.77"
    actions.authenticate(amina.login, "wrong", source)
    rows = owner_connection.execute("SELECT encode(key, 'escape') FROM people_sign_in_try").fetchall()
    assert rows
    assert not any(amina.login in row[0] or source in row[0] for row in rows)


def test_authenticate__too_many_at_this_moment_is_unavailable(monkeypatch):
    amina = people.amina()
    monkeypatch.setattr(sign_in, "_HASHING", threading.BoundedSemaphore(1))
    monkeypatch.setattr(sign_in, "PATIENCE_SECONDS", 0.01)
    sign_in._HASHING.acquire()
    with pytest.raises(Unavailable):
        actions.authenticate(amina.login, amina.password)
    sign_in._HASHING.release()
    assert actions.authenticate(amina.login, amina.password).account is not None


def test_authenticate__holder_reads_of_it_and_of_wrong_tries_before_it():
    amina, paul = people.amina(), people.paul()
    for _ in range(2):
        actions.authenticate(amina.login, "wrong")
    assert "sign_in_refused" not in [entry.kind for entry in journal(amina)]
    actions.authenticate(amina.login, amina.password)
    actions.open_session(account_id=amina.account_id, means="totp")
    newest = journal(amina)[:2]
    assert {entry.kind for entry in newest} == {"signed_in", "sign_in_refused"}
    assert [entry.details for entry in newest if entry.kind == "sign_in_refused"] == [{"tries": "2"}]
    assert "signed_in" not in [entry.kind for entry in journal(paul)]


def journal(holder: people.Holder):
    with transaction.atomic():
        set_context(holder.person_id)
        sealer = vault.sealer(holder.person_id)
        return audit.journal(
            person_id=holder.person_id,
            unseal=lambda sealed, event_id: sealer.unseal(sealed, item=event_id, part="event"),
        )


def test_forget_old_tries__after_30_days_only():
    login = f"nobody.{people.new_rpps()}"
    key = vault.find_key("login", login)
    actions.authenticate(login, "wrong")
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(29 * 86400)
        actions.forget_old_tries()
        assert SignInTry.objects.filter(key=key).exists()
        travel.shift(2 * 86400)
        actions.forget_old_tries()
    assert not SignInTry.objects.filter(key=key).exists()
