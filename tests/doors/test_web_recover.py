"""A lost account comes back by letter alone, and for 72 hours opens no health data (T13)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core import mail

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.enrolment.actions import ordered
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.people import actions
from healthspace.people import reads as directory
from healthspace.people.actions import providers
from healthspace.people.models import ProviderLink
from healthspace.web import recall
from tests import people
from tests.factories import enrollees, orders
from tests.factories.enrollees import Enrolled
from tests.factories.letters import Letter, code_for
from tests.page_client import Page, PageClient
from tests.roles import as_the_worker
from tests.rooms.test_people_providers import proven

NEW = "four other words there"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody of the register who uses their space, with a document in it."""

    who: Enrolled
    login: str
    password: str
    account_id: UUID
    report: UUID

    def letter(self) -> Letter:
        """A letter with a code in their hands."""
        return Letter(self.who, code_for(self.who, purpose="recover"), self.who.matricule)


def user(*, email: str | None = None) -> User:
    who = enrollees.adult(state="active", email=email)
    login = f"camille.{secrets.token_hex(6)}"
    account = actions.create_account(login=login, password=people.PASSWORD, kind="holder", person_id=who.person_id)
    order = orders.order(who.identity, title="Compte rendu à garder")
    report = documents.deposit(actor=people.rivemont().actor, order=order).document_id
    assert report is not None
    return User(who, login, people.PASSWORD, account.id, report)


def recovered(one: User, login: str = "") -> tuple[PageClient, Page]:
    """With the letter's code, up to the page after the new password."""
    client = PageClient()
    page = client.send("/start/", page="/start/", **one.letter().fields)
    assert page.address == "/sign-in/lost/new/"
    login = login or f"neuve.{secrets.token_hex(6)}"
    fields: dict[str, Any] = {"login": login, "password": NEW, "again": NEW}
    return client, client.send("/sign-in/lost/new/", page="/sign-in/lost/new/", **fields)


def test_recover__gives_a_new_password_and_kills_everything_before() -> None:
    one, before = user(), PageClient()
    codes = actions.new_paper_codes(account_id=one.account_id)
    before.sign_in(one)
    recall.ACTORS.clear()
    client, page = recovered(one, login := f"neuve.{secrets.token_hex(6)}")
    assert page.address == "/settings/sign-in/paper/first/"
    recall.ACTORS.clear()
    assert before.visit("/settings/").address == "/sign-in/"
    old = PageClient().send("/sign-in/", 422, page="/sign-in/", login=one.login, password=one.password)
    assert "ne vont pas ensemble" in old.said
    fresh = PageClient()
    fresh.send("/sign-in/", page="/sign-in/", login=login, password=NEW)
    fresh.send("/sign-in/code/", page="/sign-in/code/", method="paper")
    fresh.send("/sign-in/code/", 422, page="/sign-in/code/", code=codes[0])
    assert client.visit("/settings/sign-in/").address == "/settings/sign-in/"


def test_recover__digital_identity_added_before_opens_nothing_and_its_end_is_told() -> None:
    """Whoever held a session could have added their own: it must not outlive the recovery."""
    one, of_before = user(), proven()
    providers.link(account_id=one.account_id, proven=of_before)
    recovered(one)
    assert not ProviderLink.objects.filter(account_id=one.account_id).exists()
    holder = replace(people_actor(one), is_restricted=False)
    entries = reads.journal(actor=holder, person_id=one.who.person_id)
    assert "provider_removed" in [entry.kind for entry in entries]


def test_recover__opens_no_health_data_for_72_hours_on_any_page() -> None:
    one = user()
    client, _page = recovered(one)
    closed = ["/home/", "/documents/", f"/documents/{one.report}/", f"/documents/{one.report}/original/", "/care/"]
    closed += ["/access/", "/settings/copy/", "/settings/close/", "/settings/contact/", "/access/emergency/"]
    for address in closed:
        page = client.visit(address)
        assert page.address == "/settings/sign-in/locked/", address
        assert "Compte rendu" not in page.said
    assert client.visit("/settings/").address == "/settings/"
    assert client.visit("/notices/").address == "/notices/"
    token = client.client.cookies["csrftoken"].value
    answer = client.client.post(f"/documents/{one.report}/delete/", {"csrfmiddlewaretoken": token})
    assert answer["Location"] == "/settings/sign-in/locked/"


def test_restricted_actor__is_refused_by_the_gate_itself() -> None:
    """The second lock: whatever door forgets to ask."""
    amina = people.amina()
    report = documents.deposit(actor=people.rivemont().actor, order=orders.order(amina)).document_id
    actor, person_id = replace(amina.actor, is_restricted=True), amina.person_id
    for act in (
        lambda: reads.open_document(actor=actor, person_id=person_id, document_id=report),
        lambda: reads.list_documents(actor=actor, person_id=person_id, query=reads.ListQuery()),
        lambda: documents.deposit(actor=actor, order=orders.own_order(amina)),
        lambda: documents.mask(actor=actor, person_id=person_id, document_id=report),
        lambda: access.grant(actor=actor, person_id=person_id, professional_id=people.dr_nguyen().id),
    ):
        with pytest.raises(Refused):
            act()


def test_recover__documents_open_again_after_72_hours() -> None:
    one, login = user(), f"neuve.{secrets.token_hex(6)}"
    client, _page = recovered(one, login)
    client.send("/sign-out/", page="/settings/")
    for hours, leads_to in ((71, "/settings/sign-in/locked/"), (73, f"/documents/{one.report}/")):
        with time_machine.travel(clock.now() + timedelta(hours=hours)):
            recall.ACTORS.clear()
            again = PageClient()
            again.sign_in(User(one.who, login, NEW, one.account_id, one.report))
            assert again.visit(f"/documents/{one.report}/").address == leads_to


def test_recover__is_told_to_every_channel() -> None:
    one = user()
    dispatcher.run_for(one.who.person_id)
    recovered(one)
    mail.outbox.clear()
    dispatcher.run_for(one.who.person_id)
    assert [message.to for message in mail.outbox] == [[one.who.identity.email]]
    holder = people_actor(one)
    kinds = [notice.kind for notice in notifications.notices(actor=holder, person_id=one.who.person_id)]
    assert "account_recovered" in kinds


def people_actor(one: User) -> Actor:
    found = directory.actor_of_account(one.account_id)
    assert found is not None
    return found


def test_lost__the_code_of_a_space_in_use_goes_by_letter_and_never_by_mail(tmp_path: Path) -> None:
    one = user()
    assert one.who.identity.email
    dispatcher.run_for(one.who.person_id)
    mail.outbox.clear()
    born = one.who.born_on
    fields: dict[str, Any] = {"matricule": one.who.matricule, "serial": one.who.card_serial[-11:]}
    fields |= {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
    page = PageClient().send("/start/new-code/", page="/start/new-code/", **fields)
    assert page.address == "/start/new-code/asked/"
    dispatcher.run_for(one.who.person_id)
    assert not [message for message in mail.outbox if one.who.identity.email in message.to]
    with as_the_worker():
        assert ordered.print_ordered(tmp_path).letters >= 1


def test_code__of_a_recovery_serves_once() -> None:
    one = user()
    shown = one.letter()
    first, second = PageClient(), PageClient()
    for client in (first, second):
        assert client.send("/start/", page="/start/", **shown.fields).address == "/sign-in/lost/new/"
    logins = [f"neuve.{secrets.token_hex(6)}" for _ in range(2)]
    made = first.send("/sign-in/lost/new/", page="/sign-in/lost/new/", login=logins[0], password=NEW, again=NEW)
    assert made.address == "/settings/sign-in/paper/first/"
    page = second.send("/sign-in/lost/new/", page="/help/", login=logins[1], password=NEW, again=NEW)
    assert page.address in {"/start/again/", "/sign-in/lost/new/"}
    assert "neuve" not in page.address


def test_child__of_a_parent_with_an_account_is_no_lost_account() -> None:
    parent = enrollees.adult(state="active")
    child = enrollees.child(parent, state="active")
    letter = Letter(child, code_for(child), parent.matricule)
    page = PageClient().send("/start/", 422, page="/start/", **letter.fields)
    assert re.search("déjà ouvert", page.said)


def link_of(one: User) -> str:
    """The address in the message about this recovery."""
    mail.outbox.clear()
    dispatcher.run_for(one.who.person_id)
    (body,) = [str(message.body) for message in mail.outbox if message.to == [one.who.identity.email]]
    found = re.search(r"http\S+(/sign-in/stop/[\w-]+/)", body)
    assert found is not None
    return found[1]


def test_stop__ends_the_thief_s_session_and_password_and_keeps_documents_locked() -> None:
    one, login = user(), f"neuve.{secrets.token_hex(6)}"
    dispatcher.run_for(one.who.person_id)
    thief, _page = recovered(one, login)
    link = link_of(one)
    victim = PageClient()
    assert "Arrêter le nouveau mot de passe" in victim.visit(link).said
    assert thief.visit("/settings/").address == "/settings/"  # the link alone does nothing
    assert victim.send(link, page=link).address == "/sign-in/stopped/"
    recall.ACTORS.clear()
    assert thief.visit("/settings/").address == "/sign-in/"
    assert actions.authenticate(login, NEW).account is None
    with time_machine.travel(clock.now() + timedelta(days=365)):
        assert directory.is_restricted(one.account_id)
    assert victim.send(link, page=link).address == "/sign-in/not-stopped/"
    entries = reads.journal(actor=replace(people_actor(one), is_restricted=False), person_id=one.who.person_id)
    assert "recovery_stopped" in [entry.kind for entry in entries]
    _back, page = recovered(one)
    assert page.address == "/settings/sign-in/paper/first/"
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        assert not directory.is_restricted(one.account_id)


def test_stop__link_that_is_not_ours_or_too_late_stops_nothing() -> None:
    one = user()
    dispatcher.run_for(one.who.person_id)
    recovered(one)
    link = link_of(one)
    head, sign = link[:-2], "A" if link[-2] != "A" else "B"
    for wrong in (f"{head}{sign}/", "/sign-in/stop/citizen/"):
        assert PageClient().send(wrong, page=wrong).address == "/sign-in/not-stopped/"
    with time_machine.travel(clock.now() + timedelta(hours=73)):
        assert PageClient().send(link, page=link).address == "/sign-in/not-stopped/"
    assert directory.is_restricted(one.account_id)
