"""A fresh proof before what matters most: every address of the doors against the one table (T09)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from healthspace.common import clock
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.people import actions
from healthspace.web import recall
from healthspace.web.step_up import FRESH, SENSITIVE
from tests import people
from tests.factories import orders
from tests.page_client import PageClient, account_of, begin_session

STALE = FRESH + timedelta(minutes=1)


def names() -> list[tuple[str, str]]:
    """Every address of the web door: its name and its pattern."""

    def walk(patterns: list[Any], before: str, space: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for entry in patterns:
            here = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                within = f"{entry.namespace}:" if entry.namespace else space
                found += walk(entry.url_patterns, here, within)
            elif isinstance(entry, URLPattern):
                found.append((f"{space}{entry.name}", here))
        return found

    return walk(get_resolver("healthspace.web.urls").url_patterns, "", "")


def filled(pattern: str, **ids: Any) -> str:
    """A real path; ids that are not given are nobody's."""
    path = re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1]) or uuid4()), pattern)
    return "/" + re.sub(r"<(slug|path|str):\w+>", "citizen", re.sub(r"<int:\w+>", "1", path))


def asked_again(client: PageClient, address: str) -> bool:
    """True when GET or POST of this address, with an old proof, leads to the proof and nowhere else."""
    answers = [client.client.get(address)]
    client.client.get("/help/")
    answers.append(client.client.post(address, {"csrfmiddlewaretoken": client.client.cookies["csrftoken"].value}))
    allowed = [answer for answer in answers if answer.status_code != 405]
    is_asked = [answer.get("Location", "").startswith("/sign-in/confirm/") for answer in allowed]
    assert len(set(is_asked)) <= 1, f"{address}: GET and POST differ: {is_asked}"
    return bool(is_asked) and is_asked[0]


@pytest.fixture(scope="module")
def amina() -> people.Holder:
    return people.amina()


# These end the session or are the proof itself.
ENDING = ("public:sign_out", "public:leave_fast", "ways:end_session", "ways:end_other_sessions", "public:passkey")


@pytest.mark.parametrize(("name", "pattern"), sorted(one for one in names() if one[0] not in ENDING))
def test_each_address__asks_again_if_and_only_if_the_table_says_so(
    name: str, pattern: str, amina: people.Holder
) -> None:
    person: Any = people.dr_nguyen() if name.startswith("professional:") else amina
    client = PageClient()
    begin_session(client.client, person)
    with time_machine.travel(clock.now() + STALE):
        recall.ACTORS.clear()
        assert asked_again(client, filled(pattern)) == (name in SENSITIVE)


def test_table__names_real_addresses_only() -> None:
    assert {name for name, _ in names()} >= SENSITIVE


def test_mask__with_an_old_proof_is_not_done_and_is_done_after_a_new_one() -> None:
    amina, client = people.amina(), PageClient()
    report = documents.deposit(actor=people.rivemont().actor, order=orders.order(amina)).document_id
    client.sign_in(amina)
    code = actions.new_paper_codes(account_id=amina.account_id)[0]
    page = f"/documents/{report}/"
    with time_machine.travel(clock.now() + STALE):
        client.client.defaults["HTTP_REFERER"] = f"http://testserver{page}"
        told = client.send(f"{page}mask/", page=page)
        assert told.address == "/sign-in/confirm/"
        assert "Rien n’a encore été fait" in told.said
        assert not is_masked(amina, report)
        before = client.client.cookies["session"].value
        back = confirmed(client, amina, code, onward=page)
        assert back.address == page
        assert client.client.cookies["session"].value != before  # T08
        client.send(f"{page}mask/", page=page)
        assert is_masked(amina, report)


def is_masked(holder: people.Holder, document_id: UUID) -> bool:
    return reads.document_card(actor=holder.actor, person_id=holder.person_id, document_id=document_id).is_masked


def confirmed(client: PageClient, person: Any, code: str, *, onward: str) -> Any:
    """The password and a paper code once more."""
    page = client.send("/sign-in/confirm/", page="/sign-in/confirm/", password=person.password, next=onward)
    assert page.address == "/sign-in/code/"
    client.send("/sign-in/code/", page="/sign-in/code/", method="paper")
    return client.send("/sign-in/code/", page="/sign-in/code/", code=code)


def test_confirm__wrong_password_is_told_and_limited() -> None:
    amina, client = people.amina(), PageClient()
    client.sign_in(amina)
    for _try in range(5):
        client.send("/sign-in/confirm/", 422, page="/sign-in/confirm/", password="not this one at all")
    client.send("/sign-in/confirm/", 429, page="/sign-in/confirm/", password=amina.password)


def test_confirm__somebody_elses_code_is_no_proof() -> None:
    """The attempt belongs to the account of the session; whoever switched accounts meanwhile proves nothing."""
    amina, paul, client = people.amina(), people.paul(), PageClient()
    client.sign_in(amina)
    actions.new_paper_codes(account_id=amina.account_id)
    foreign = actions.new_paper_codes(account_id=account_of(paul).id)[0]
    client.send("/sign-in/confirm/", page="/sign-in/confirm/", password=amina.password)
    client.send("/sign-in/code/", page="/sign-in/code/", method="paper")
    client.send("/sign-in/code/", 422, page="/sign-in/code/", code=foreign)


def test_confirm__never_leads_elsewhere() -> None:
    amina, client = people.amina(), PageClient()
    client.sign_in(amina)
    code = actions.new_paper_codes(account_id=amina.account_id)[0]
    assert confirmed(client, amina, code, onward="https://evil.example/").address == "/home/"


def test_confirm__sends_a_visitor_to_the_sign_in() -> None:
    assert PageClient().client.get(reverse("public:confirm"))["Location"].startswith("/sign-in/?")
