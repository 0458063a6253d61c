"""People I act for: into a child's record and back, by its parent and by nobody else."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from healthspace.access import actions as access
from healthspace.access import rules
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories import orders
from tests.promises.test_addresses import signed_in

TICK = timedelta(microseconds=1)
OWN_ALONE = ("settings/contact/", "settings/mails/", "settings/close/", "closed/", "questions/")
OWN_ALONE += ("settings/sign-in/", "settings/sign-in/paper/", "helpers/")


def family() -> tuple[people.Holder, people.Holder]:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    documents.deposit(actor=people.rivemont().actor, order=orders.order(leo, title="Vaccin de Léo"))
    documents.deposit(actor=people.rivemont().actor, order=orders.order(jeanne, title="Genou de Jeanne"))
    return jeanne, leo


def acting(parent: people.Holder, child: people.Holder) -> Client:
    client = signed_in(parent)
    answer = client.post(f"/people/{child.person_id}/")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_switch__parent_reads_the_child_and_every_page_says_so() -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    for address in ("/home/", "/documents/", "/access/", "/notices/", "/settings/", "/people/", "/help/"):
        page = text(client, address)
        assert 'class="for-child"' in page and leo.identity.name in page, address
    page = text(client, "/documents/")
    assert "Vaccin de Léo" in page and "Genou de Jeanne" not in page
    client.post("/people/me/")
    page = text(client, "/documents/")
    assert "Genou de Jeanne" in page and "Vaccin de Léo" not in page and "for-child" not in page


def test_switch__by_get_changes_nothing() -> None:
    jeanne, leo = family()
    client = signed_in(jeanne)
    assert client.get(f"/people/{leo.person_id}/").status_code == 405
    assert "for-child" not in text(client, "/home/")


def test_switch__gives_the_session_a_new_key_both_ways() -> None:
    jeanne, leo = family()
    client = signed_in(jeanne)
    for address in (f"/people/{leo.person_id}/", "/people/me/"):
        before = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.post(address)
        assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
        old = Client()
        old.cookies[settings.SESSION_COOKIE_NAME] = before
        assert old.get("/home/")["Location"].startswith("/sign-in/")


def test_switch__stranger_and_the_other_parent_s_child_are_refused() -> None:
    jeanne, leo = family()
    paul, other = people.paul(), people.leo()
    paul.representing(other)
    for person, child in ((paul, leo), (jeanne, other), (leo, jeanne), (jeanne, jeanne)):
        client = signed_in(person)
        assert client.post(f"/people/{child.person_id}/").status_code == 404
        assert client.get(f"/people/{child.person_id}/not-mine/").status_code == 404
        assert "for-child" not in text(client, "/home/")


def test_switch__both_parents_act_alike() -> None:
    jeanne, leo = family()
    marc = people.paul()
    marc.representing(leo)
    for parent in (jeanne, marc):
        assert "Vaccin de Léo" in text(acting(parent, leo), "/documents/")
    page = text(acting(marc, leo), "/access/")
    assert jeanne.identity.name in page
    assert "Vous (parent)" in page and "L’autre parent" in page
    assert page.count("Pas parmi les soignants") == 1  # the hospital that sent it, never a parent


@pytest.mark.parametrize("address", OWN_ALONE)
def test_own_pages__are_not_there_for_a_child(address: str) -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    answer = client.get(f"/{address}")
    assert answer.status_code == 404
    assert "Cette page concerne votre propre dossier" in answer.content.decode()
    assert client.post(f"/{address}").status_code in {404, 405}
    assert f"/{address}" not in text(client, "/settings/")
    onward = client.post("/people/me/", {"next": f"/{address}"})
    assert onward["Location"] == f"/{address}"
    assert client.post("/people/me/", {"next": "//elsewhere.test/"})["Location"] == "/home/"


def test_acts__parent_hides_and_files_for_the_child_and_the_child_sees_who() -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    (card,) = reads.list_documents(actor=leo.actor, person_id=leo.person_id, query=reads.ListQuery()).cards
    assert client.post(f"/documents/{card.id}/mask/").status_code == 302
    lines = reads.journal(actor=leo.actor, person_id=leo.person_id, is_act=False)
    (line,) = [one for one in lines if one.kind == "document_masked"]
    assert (line.actor_kind, line.actor_name) == ("representative", jeanne.identity.name)


def test_people__a_space_that_opens_is_there_at_once() -> None:
    jeanne = people.jeanne()
    zoe = people.holder("MOREL", ("ZOÉ",), date(2020, 2, 3), "F", people.place_in("38"), state="informed")
    jeanne.representing(zoe)
    client = signed_in(jeanne)
    assert zoe.identity.name not in text(client, "/people/")
    spaces.activate(actor=SYSTEM, person_id=zoe.person_id)
    assert zoe.identity.name in text(client, "/people/")
    assert client.post(f"/people/{zoe.person_id}/").status_code == 302


def test_renounce__asked_first_then_out_at_once() -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    assert leo.identity.name in text(client, f"/people/{leo.person_id}/not-mine/")
    assert "Vaccin de Léo" in text(client, "/documents/")
    assert client.post(f"/people/{leo.person_id}/not-mine/")["Location"] == "/people/"
    page = text(client, "/people/")
    assert "for-child" not in page and f"/people/{leo.person_id}/" not in page
    assert client.post(f"/people/{leo.person_id}/").status_code == 404


def test_session__whose_mandate_ends_is_back_in_its_own_record_at_the_next_page() -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    access.end_mandate(
        actor=SYSTEM, person_id=leo.person_id, representative_id=jeanne.person_id, agents=("Awa Diallo", "Tom Petit")
    )
    answer = client.get("/documents/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert "Genou de Jeanne" in text(client, "/documents/")


def test_session__at_eighteen_at_midnight_is_out() -> None:
    jeanne, leo = family()
    at = rules.comes_of_age(leo.traits.born_on).astimezone(UTC)
    with time_machine.travel(at - timedelta(minutes=5), tick=False) as clock:
        client = acting(jeanne, leo)
        clock.move_to(at - TICK)
        assert "Vaccin de Léo" in text(client, "/documents/")
        clock.move_to(at)
        assert client.get("/documents/")["Location"] == "/people/"
        assert client.post(f"/people/{leo.person_id}/").status_code == 404


def test_session__of_a_closed_child_s_space_is_back_in_its_own_record() -> None:
    jeanne, leo = family()
    client = acting(jeanne, leo)
    spaces.close(actor=leo.actor, person_id=leo.person_id)
    assert client.get("/home/")["Location"] == "/people/"
    assert leo.identity.name not in text(client, "/people/")
