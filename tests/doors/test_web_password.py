"""Everybody inside changes their password: after a fresh proof, and every other way in that hung on it is over."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.documents import reads
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.people import actions
from healthspace.people import reads as accounts
from healthspace.people.models import StepAttempt
from healthspace.people.rules import Channels
from healthspace.web import recall
from tests import people
from tests.doors.test_web_recover import user
from tests.page_client import PageClient

PAGE = "/settings/sign-in/password/"
NEW = "five other plain words"


def changed(client: PageClient, status: int = 200, **fields: str) -> Any:
    given = {"password": NEW, "again": NEW} | fields
    return client.send(PAGE, status, page=PAGE, **given)


def test_password__opens_from_now_on_and_the_old_one_does_not() -> None:
    one, client = user(), PageClient()
    client.sign_in(one)
    assert client.visit("/settings/sign-in/").link("Changer mon mot de passe") == PAGE
    page = changed(client)
    assert page.address == "/settings/sign-in/" and "nouveau mot de passe" in page.said
    assert actions.authenticate(one.login, one.password).account is None
    proof = actions.authenticate(one.login, NEW)
    assert proof.account is not None and not accounts.is_restricted(proof.account.id)


def test_password__ends_other_sessions_remembered_devices_and_codes_under_way() -> None:
    one, client, other = user(), PageClient(), PageClient()
    for visitor in (client, other):
        visitor.sign_in(one)
    token = actions.remember_device(one.account_id)
    actions.begin_second_step(account_id=one.account_id, channels=Channels(email="x@example.org"))
    changed(client)
    recall.ACTORS.clear()
    assert other.visit("/settings/").address == "/sign-in/"
    assert client.visit("/settings/").address == "/settings/"
    assert not accounts.is_trusted(one.account_id, token)
    assert not StepAttempt.objects.filter(account_id=one.account_id).exists()


def test_password__is_told_at_once_and_stands_in_the_journal() -> None:
    one, client = user(), PageClient()
    client.sign_in(one)
    dispatcher.run_for(one.who.person_id)
    mail.outbox.clear()
    changed(client)
    dispatcher.run_for(one.who.person_id)
    assert [message.to for message in mail.outbox] == [[one.who.identity.email]]
    holder = accounts.actor_of_account(one.account_id)
    assert holder is not None
    kinds = [notice.kind for notice in notifications.notices(actor=holder, person_id=one.who.person_id)]
    assert "password_changed" in kinds
    entries = reads.journal(actor=holder, person_id=one.who.person_id)
    assert "password_changed" in [entry.kind for entry in entries]


def test_password__weak_different_or_with_the_login_in_it_changes_nothing() -> None:
    one, client = user(), PageClient()
    client.sign_in(one)
    assert "ne sont pas les mêmes" in changed(client, 422, again="something else entirely").said
    for words in ("short", "password1234"):
        assert changed(client, 422, password=words, again=words).address == PAGE
    with pytest.raises(Invalid):
        actions.change_password(account_id=one.account_id, password=f"Vive {one.login.upper()} !", but=None)
    assert actions.authenticate(one.login, one.password).account is not None


def test_password__of_a_professional_and_of_staff() -> None:
    doctor = people.dr_nguyen()
    staff = f"agent.{secrets.token_hex(4)}"
    agent = actions.create_account(login=staff, password=people.PASSWORD, kind="support")
    client = PageClient()
    client.sign_in(doctor)
    assert changed(client).address == "/settings/sign-in/"
    actions.change_password(account_id=agent.id, password=NEW, but=None)
    assert actions.authenticate(staff, NEW).account == agent


def test_password__with_an_old_proof_is_not_changed() -> None:
    one, client = user(), PageClient()
    client.sign_in(one)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        recall.ACTORS.clear()
        assert client.visit(PAGE).address == "/sign-in/confirm/"


def test_confirm__is_not_shut_by_whoever_guesses_at_the_door() -> None:
    """Wrong tries of strangers must not keep the holder from what asks for a fresh proof (T05)."""
    one = user()
    for number in range(6):
        actions.authenticate(one.login, "wrong words here", source=f"198.51.100.{number}")
    assert actions.confirm(account_id=one.account_id, password=one.password, source="").account is not None
    for _ in range(6):
        proof = actions.confirm(account_id=one.account_id, password="wrong words here", source="")
    assert proof.wait_seconds > 0
