"""A new e-mail or phone waits 72 hours and is told to every address of before (T12)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused, Unavailable
from healthspace.outbox import dispatcher
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces.actions import contacts as changing
from healthspace.spaces.reads import contacts
from healthspace.spaces.rules import contacts as rules
from tests import people
from tests.people import Holder
from tests.roles import as_the_worker


def agent() -> Actor:
    return Actor(kind="support", id=uuid4(), name="Inès Faure")


def ask(
    holder: Holder, *, email: str = "new.address@example.org", phone: str = "", by: Actor | None = None
) -> spaces.Asked:
    return spaces.ask_contact_change(actor=by or holder.actor, person_id=holder.person_id, email=email, phone=phone)


def email_of(holder: Holder) -> str:
    with transaction.atomic():
        set_context(holder.person_id)
        return contacts.reach(holder.person_id).email


def is_waiting(holder: Holder) -> bool:
    with transaction.atomic():
        set_context(holder.person_id)
        return contacts.waiting_contact(holder.person_id) is not None


def kinds_of(person_id: UUID) -> list[str]:
    with transaction.atomic():
        set_context(person_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind FROM audit_event WHERE person_id = %s ORDER BY at", [person_id])
            return [row[0] for row in cursor.fetchall()]


def mails_to(address: str) -> list[str]:
    return [str(one.subject) + "\n" + str(one.body) for one in mail.outbox if address in one.to]


def test_apply__one_that_fails_again_and_again_stops_nobody_else() -> None:
    amina, paul = people.amina(), people.paul()
    ask(amina)
    ask(paul, email="paul.new@example.org")
    tried: list[UUID] = []
    really = changing._apply_due

    def fails(person_id: UUID, *rest: Any) -> bool:
        tried.append(person_id)
        if person_id == amina.person_id:
            raise Unavailable
        return really(person_id, *rest)

    after = clock.now() + timedelta(hours=73)
    with time_machine.travel(after, tick=False), as_the_worker(), patch.object(changing, "_apply_due", fails):
        for _ in range(200):
            spaces.apply_due_contacts(limit=1)
    assert email_of(paul) == "paul.new@example.org" and is_waiting(amina)
    assert tried.count(amina.person_id) == 1
    apply_after(75)
    assert email_of(amina) == "new.address@example.org"


def apply_after(hours: float) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False), as_the_worker():
        while spaces.apply_due_contacts():
            pass


@pytest.mark.parametrize("by", ["holder", "agent"])
def test_change__waits_72_hours_and_the_old_address_is_told_at_once(by: str) -> None:
    amina, new = people.amina(), f"{uuid4().hex}@example.org"
    ask(amina, email=new, by=agent() if by == "agent" else None)
    dispatcher.run_for(amina.person_id)
    [told] = [one for one in mails_to(amina.identity.email) if "/contact/stop/" in one]
    assert "72" in told or "3" in told
    assert email_of(amina) == amina.identity.email
    apply_after(71.9)
    assert email_of(amina) == amina.identity.email
    apply_after(72.01)
    assert email_of(amina) == new
    assert not is_waiting(amina)
    assert kinds_of(amina.person_id)[-2:] == ["contact_change_asked", "contact_changed"]
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        dispatcher.run_for(amina.person_id)
    assert [one for one in mails_to(amina.identity.email) if "/start" in one]
    assert mails_to(new) and "/contact/stop/" not in "".join(mails_to(new))


def test_change__link_of_the_old_address_stops_it() -> None:
    amina = people.amina()
    ask(amina, by=agent())
    dispatcher.run_for(amina.person_id)
    found = re.search(r"/contact/stop/([\w=-]+)/", "".join(mails_to(amina.identity.email)))
    assert found is not None
    assert spaces.stop_by_link(token=found[1])
    assert not spaces.stop_by_link(token=found[1])
    apply_after(100)
    assert email_of(amina) == amina.identity.email
    assert kinds_of(amina.person_id)[-1] == "contact_change_stopped"


def test_change__holder_stops_it_and_a_stranger_cannot() -> None:
    amina, paul = people.amina(), people.paul()
    ask(amina)
    with pytest.raises(Refused):
        spaces.stop_contact_change(actor=paul.actor, person_id=amina.person_id)
    spaces.stop_contact_change(actor=amina.actor, person_id=amina.person_id)
    apply_after(100)
    assert email_of(amina) == amina.identity.email


def test_change__helper_beside_the_person_makes_it_wait_too() -> None:
    amina, paul = people.amina(), people.paul()
    helper = Actor(kind="assistant", id=uuid4(), name="Nadia Diallo", person_id=amina.person_id)
    assert not ask(amina, by=helper).is_first
    assert is_waiting(amina)
    with pytest.raises(Refused):
        ask(paul, by=helper)


@pytest.mark.parametrize("who", ["stranger", "parent", "doctor", "operator", "system"])
def test_change__anybody_but_holder_and_agent_is_refused(who: str) -> None:
    amina, jeanne = people.amina(), people.jeanne()
    actors = {
        "stranger": people.paul().actor,
        "parent": jeanne.representing(people.leo()),
        "doctor": people.dr_nguyen().actor,
        "operator": Actor(kind="operator", id=uuid4(), name=""),
        "system": Actor(kind="system", id=uuid4(), name=""),
    }
    with pytest.raises(Refused):
        ask(amina, by=actors[who])
    assert not is_waiting(amina)


def test_change__only_one_waits_however_many_ask_at_once() -> None:
    amina = people.amina()

    def one(number: int) -> bool:
        try:
            ask(amina, email=f"a{number}@example.org")
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1


@pytest.mark.parametrize("email", ["no address", "a@example.org, b@example.org", "x" * 300 + "@example.org"])
def test_change__wrong_address_is_told(email: str) -> None:
    with pytest.raises(Invalid):
        ask(people.amina(), email=email)


def test_change__nothing_new_is_told() -> None:
    amina = people.amina()
    with pytest.raises(Invalid):
        ask(amina, email=amina.identity.email)


def test_change__of_a_space_closed_meanwhile_is_dropped() -> None:
    amina = people.amina()
    ask(amina)
    spaces.close(actor=amina.actor, person_id=amina.person_id)
    apply_after(73)
    with transaction.atomic():
        set_context(amina.person_id)
        assert contacts.waiting_contact(amina.person_id) is None
    assert kinds_of(amina.person_id)[-1] == "contact_change_dropped"


def test_first_address__is_confirmed_by_its_digits_at_once() -> None:
    amina = people.amina(email="")
    address = f"{uuid4().hex}@example.org"
    assert ask(amina, email=address).is_first
    dispatcher.run_for(amina.person_id)
    [told] = mails_to(address)
    digits = re.search(r"(\d{4} \d{4})", told)
    assert digits is not None and "/contact/stop/" not in told
    wrong = "0000 0000" if digits[1] != "0000 0000" else "1111 1111"
    assert not spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits=wrong)
    assert spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits=digits[1])
    assert email_of(amina) == address
    assert not spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits=digits[1])


def test_first_address__five_wrong_tries_and_ten_minutes_end_it() -> None:
    amina = people.amina(email="")
    asked = ask(amina)
    digits = contacts.first_digits(asked.id)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        assert not spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits=digits)
    for _ in range(5):
        assert not spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits="12")
    assert not spaces.confirm_first_contact(actor=amina.actor, person_id=amina.person_id, digits=digits)
    assert email_of(amina) == ""


def test_first_address__three_an_hour() -> None:
    amina = people.amina(email="")
    for number in range(3):
        ask(amina, email=f"a{number}@example.org")
    with pytest.raises(TooManyTries):
        ask(amina, email="a4@example.org")


def test_first_address__by_an_agent_is_not_taken() -> None:
    with pytest.raises(Invalid):
        ask(people.amina(email=""), by=agent())


def test_first_phone__without_an_address_waits() -> None:
    amina = people.amina(email="")
    assert not ask(amina, email="", phone="06 12 34 56 78").is_first
    assert is_waiting(amina)


@pytest.mark.parametrize("place", [0, 20, 40, 63])
def test_link__with_one_sign_changed_is_refused(place: int) -> None:
    amina = people.amina()
    token = contacts.stop_token(amina.person_id, ask(amina).id)
    other = "A" if token[place] != "A" else "B"
    with pytest.raises(Refused):
        spaces.stop_by_link(token=token[:place] + other + token[place + 1 :])
    assert is_waiting(amina)


@pytest.mark.parametrize("text", ["", "x", "é" * 64, "=" * 64, "A" * 63, "A" * 65, "/" * 64])
def test_link__what_has_no_form_is_none(text: str) -> None:
    assert rules.from_text(text) is None


def test_link__of_an_older_change_stops_nothing_newer() -> None:
    amina = people.amina()
    old = contacts.stop_token(amina.person_id, ask(amina).id)
    spaces.stop_contact_change(actor=amina.actor, person_id=amina.person_id)
    ask(amina, email="other@example.org")
    assert not spaces.stop_by_link(token=old)
    assert is_waiting(amina)


def test_old_changes__are_forgotten_after_a_month() -> None:
    amina = people.amina()
    ask(amina)
    spaces.stop_contact_change(actor=amina.actor, person_id=amina.person_id)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False), as_the_worker():
        while spaces.forget_old_contacts():
            pass
    with transaction.atomic():
        set_context(amina.person_id)
        assert contacts.contact_change(amina.person_id, uuid4()) is None
