"""Professionals who sign in with their provider: the directory decides, at the door and fifteen minutes later (T19)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.people import actions as directory
from healthspace.people import reads
from tests import people
from tests.page_client import PageClient
from tests.providers import visits
from tests.providers.visits import BACK, Two, goes, practising, signs_in

two = visits.two  # the fixture


def test_professional__known_to_the_directory_is_in_where_they_work(two: Two) -> None:
    doctor, client = people.dr_nguyen(), PageClient()
    two.professional.person = practising(doctor)
    page = signs_in(client, two.professional, "professional")
    assert page.address == "/pro/"
    assert "Cabinet Nguyen" in page.said


def test_professional__without_an_account_gets_one_that_no_password_opens(two: Two) -> None:
    rpps = people.new_rpps()
    professional_id = directory.ensure_professional(rpps=rpps, family_name="Roux", first_name="Ana", profession="60")
    directory.add_practice(professional_id=professional_id, institution_id=people.rivemont().id)
    two.professional.person = {"SubjectNameID": f"8{rpps}"}
    for _ in range(2):
        assert signs_in(PageClient(), two.professional, "professional").address == "/pro/"


@pytest.mark.parametrize("case", ["inactive", "unknown", "no number", "another number"])
def test_professional__not_of_the_directory_is_told_so(two: Two, case: str) -> None:
    doctor, client = people.dr_nguyen(), PageClient()
    two.professional.person = practising(doctor)
    if case == "inactive":
        retire(doctor)
    elif case == "unknown":
        two.professional.person = {"SubjectNameID": f"8{people.new_rpps()}"}
    elif case == "no number":
        two.professional.person = {"SubjectNameID": "899700000000"}
    else:
        signs_in(PageClient(), two.professional, "professional")
        two.professional.person = practising(people.dr_nguyen())
    page = signs_in(client, two.professional, "professional", 403)
    assert "annuaire" in page.said
    assert client.client.get("/pro/").status_code == 302


def test_professional__of_two_places_chooses_one_before_anything_else(two: Two) -> None:
    doctor, client, other = people.dr_nguyen(), PageClient(), people.rivemont()
    directory.add_practice(professional_id=doctor.id, institution_id=other.id)
    two.professional.person = practising(doctor, other.finess)
    page = signs_in(client, two.professional, "professional")
    assert page.address == "/pro/place/"
    assert [node.get("value") for node in page.all("input") if "checked" in node.attrib] == [str(other.id)]
    assert client.visit("/pro/").address == "/pro/place/"
    assert client.send("/pro/place/").address == "/pro/place/"
    client.send("/pro/place/", 404, place=str(people.rivemont().id))
    assert "Rivemont" in client.send("/pro/place/", place=str(other.id)).said
    assert client.visit("/pro/").address == "/pro/"


def retire(doctor: people.Doctor) -> None:
    """The directory says that this professional practises no more."""
    card = reads.professional(doctor.id)
    directory.ensure_professional(
        rpps=doctor.rpps, family_name=card.family_name, first_name=card.first_name, profession="10", is_active=False
    )


def test_professional__whom_the_directory_drops_reads_nothing_15_minutes_later(two: Two) -> None:
    """T19: five minutes between pages, so that rest never ends the session: the directory does."""
    amina, doctor, client = people.amina(), people.dr_nguyen(), PageClient()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    two.professional.person = practising(doctor)
    record = f"/pro/patients/{amina.person_id}/"
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        signs_in(client, two.professional, "professional")
        travel.shift(300)
        assert client.client.get(record).status_code == 200
        retire(doctor)
        reads_after: list[int] = []
        for second in (6, 300, 600, 895, 901, 1200):
            travel.move_to(start + timedelta(seconds=300 + second))
            if client.client.get(record).status_code == 200:
                reads_after.append(second)
    assert [second for second in reads_after if second > 900] == []
    assert reads_after == []  # the memory of who acts is five seconds old at most


@pytest.mark.parametrize(("minutes", "asks"), [(1, False), (6, True)])
def test_professional__whose_session_over_there_is_older_proves_it_again_before_a_new_way_in(
    two: Two, minutes: int, asks: bool
) -> None:
    doctor, client = people.dr_nguyen(), PageClient()
    two.professional.person = practising(doctor)
    two.professional.claims = lambda claims: claims.update(auth_time=claims["iat"] - 60 * minutes)
    signs_in(client, two.professional, "professional")
    page = client.visit("/settings/sign-in/app/")
    assert (page.address == "/sign-in/confirm/") is asks
    if asks:
        address = page.link("Confirmer avec")
        assert address == "/sign-in/with/professional/?next=%2Fsettings%2Fsign-in%2Fapp%2F"
        two.professional.claims = lambda claims: claims.update(auth_time=claims["iat"])
        brought = goes(client, two.professional, "professional", address)
        assert two.professional.asked["prompt"] == "login"
        page = client.visit(f"{BACK.format('professional')}?{urlencode(brought)}")
        assert page.address == "/settings/sign-in/app/"


def test_professional__is_not_whoever_chose_a_number_as_their_name(two: Two) -> None:
    doctor = people.dr_nguyen()
    said = dict(practising(doctor))
    two.professional.person = said | {"SubjectNameID": "", "preferred_username": said["SubjectNameID"]}
    signs_in(PageClient(), two.professional, "professional", 403)
