"""T09: a stolen session or a lost phone: ended from elsewhere within 5 seconds, short anyway, bound to its cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from healthspace.common import clock
from healthspace.people import actions
from healthspace.people import reads as directory
from healthspace.web import recall
from tests import people
from tests.page_client import PageClient, begin_session

WITHIN = timedelta(seconds=5)


def inside(person: Any) -> PageClient:
    client = PageClient()
    begin_session(client.client, person)
    assert client.client.get("/settings/sign-in/").status_code == 200
    return client


def is_out(client: PageClient) -> bool:
    answer = client.client.get("/settings/sign-in/")
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


def test_session_ended_on_another_node__is_dead_within_five_seconds() -> None:
    """This process remembers who acts for moments; the other node only wrote the row."""
    amina = people.amina()
    stolen = inside(amina)
    session = directory.sessions(amina.account_id)[0]
    began = clock.now()
    with time_machine.travel(began, tick=False) as traveller:
        recall.ACTORS.clear()
        stolen.client.get("/settings/sign-in/")
        actions.end_session_of(account_id=amina.account_id, session_id=session.id)
        traveller.shift(WITHIN)
        assert is_out(stolen)


def test_owner__ends_one_and_then_all_others_from_the_list() -> None:
    amina = people.amina()
    own, phone, laptop = PageClient(), inside(amina), inside(amina)
    own.sign_in(amina)
    page = own.visit("/settings/sign-in/")
    assert page.said.count("Déconn") or page.said.count("Se déconnecter")
    ids = {card.id for card in directory.sessions(amina.account_id)}
    assert len(ids) == 3
    first = min(directory.sessions(amina.account_id), key=lambda card: card.started_at)
    own.send(f"/settings/sign-in/sessions/{first.id}/end/", page="/settings/sign-in/")
    assert [is_out(phone), is_out(laptop)] == [True, False]
    own.send("/settings/sign-in/sessions/end/", page="/settings/sign-in/")
    assert is_out(laptop)
    assert not is_out(own)


def test_stranger__ends_nobodys_session() -> None:
    amina, paul = people.amina(), people.paul()
    hers, his = inside(amina), PageClient()
    his.sign_in(paul)
    session = directory.sessions(amina.account_id)[0]
    his.send(f"/settings/sign-in/sessions/{session.id}/end/", 404, page="/settings/sign-in/")
    recall.ACTORS.clear()
    assert not is_out(hers)


def test_closed_account__ends_its_sessions_for_good() -> None:
    """Reopened in error or not, what was stolen before stays dead."""
    amina = people.amina()
    stolen = inside(amina)
    actions.close_accounts(person_id=amina.person_id)
    actions.reopen_accounts(person_id=amina.person_id)
    recall.ACTORS.clear()
    assert is_out(stolen)


@pytest.mark.parametrize(("kind", "hours"), [("holder", 12), ("professional", 8)])
def test_busy_session__ends_after_its_hours(kind: str, hours: int) -> None:
    person: Any = people.amina() if kind == "holder" else people.dr_nguyen()
    began = clock.now()
    client = inside(person)
    for minutes in range(0, hours * 60, 10):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert not is_out(client)
    with time_machine.travel(began + timedelta(hours=hours, minutes=1)):
        assert is_out(client)


def test_session_without_its_row__opens_nothing() -> None:
    """A cookie's content alone is no session: the row decides, and it must be of this very account."""
    amina, paul = people.amina(), people.paul()
    client = inside(amina)
    store = client.client.session
    store["account"] = str(paul.account_id)
    store.save()
    recall.ACTORS.clear()
    assert is_out(client)


def test_new_device__is_told_by_notice_and_mail_and_a_known_one_is_not() -> None:
    from django.core import mail

    from healthspace.outbox import dispatcher

    amina = people.amina()
    dispatcher.run_for(amina.person_id)
    mail.outbox.clear()
    for device, told in (("one", 0), ("one", 0), ("two", 1), ("two", 1)):
        actions.open_session(account_id=amina.account_id, means="totp", device=device)
        dispatcher.run_for(amina.person_id)
        assert len([one for one in mail.outbox if amina.identity.email in one.to]) == told


def test_cookies__are_host_bound_and_out_of_scripts_reach_in_production() -> None:
    from healthspace.config.settings import prod

    assert prod.SESSION_COOKIE_NAME == "__Host-session"
    assert prod.SESSION_COOKIE_SECURE and prod.SESSION_COOKIE_HTTPONLY and prod.SESSION_COOKIE_SAMESITE == "Lax"
