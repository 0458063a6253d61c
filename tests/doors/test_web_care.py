"""The pages of the care history: the holder's with its switch, the professional's table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.profile import actions, reads
from healthspace.profile.rules import CareLine
from tests import people
from tests.page_client import PageClient


def with_history(count: int = 60) -> people.Holder:
    """Amina with many lines of every category."""
    amina, codes = people.amina(), list(reads.categories())
    lines = [
        CareLine(
            clock.today() - timedelta(days=11 * n),
            codes[n % len(codes)],
            f"Soin numéro {n}",
            quantity=1 + n % 2,
            provider="Dr Linh Nguyen",
            place="Cabinet du port",
        )
        for n in range(count)
    ]
    actions.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines)
    return amina


def signed_in(person: people.Holder | people.Doctor, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


@pytest.mark.parametrize("language, heading", [("fr", "Mes soins remboursés"), ("en", "My care history")])
def test_care__shows_lines_by_month_and_category(language: str, heading: str) -> None:
    amina = with_history()
    client = signed_in(amina, language)
    page = client.visit("/care/")
    assert page.h1 == heading
    assert "Soin numéro 0" in page.said
    assert "Soin numéro 59" not in page.said
    later = client.visit("/care/" + page.link("earlier" if language == "en" else "plus anciens"))
    assert "Soin numéro 59" in later.said
    chosen = client.visit("/care/?category=vaccine&page=junk")
    assert "Soin numéro 5" in chosen.said
    assert "Soin numéro 0" not in chosen.said


def test_care__empty_says_that_it_comes_by_itself() -> None:
    page = signed_in(people.amina()).visit("/care/?category=magic")
    assert "Rien n’est encore arrivé" in page.said


def test_hide_and_show__change_what_the_doctor_sees_and_look_like_nothing() -> None:
    amina, doctor = with_history(5), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    holder, reader = signed_in(amina), signed_in(doctor)
    address = f"/pro/patients/{amina.person_id}/care/"
    assert "Soin numéro 3" in reader.visit(address).said
    assert "médecin traitant" in holder.visit("/care/hide/").said
    assert "cachés aux soignants" in holder.send("/care/hide/").said
    hidden = reader.visit(address)
    assert "Soin numéro" not in hidden.said
    assert "Aucun soin remboursé" in hidden.said
    assert "Soin numéro 3" in holder.visit("/care/").said
    assert "que vous acceptez" in holder.send("/care/show/", page="/care/show/").said
    assert "Soin numéro 3" in reader.visit(address).said


def test_care__stranger_gets_the_page_of_no_record() -> None:
    amina, doctor = with_history(5), people.dr_nguyen()
    page = signed_in(doctor).visit(f"/pro/patients/{amina.person_id}/care/", 404)
    assert "Soin numéro" not in page.said
    assert signed_in(people.paul()).visit("/care/").said.count("Soin numéro") == 0


def test_care__is_one_step_from_home_and_record() -> None:
    amina, doctor = with_history(5), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    assert signed_in(amina).visit("/home/").link("Mes soins remboursés") == "/care/"
    record = signed_in(doctor).visit(f"/pro/patients/{amina.person_id}/")
    assert record.link("Soins remboursés") == f"/pro/patients/{amina.person_id}/care/"
