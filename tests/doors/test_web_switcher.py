"""The switcher: everybody one acts for, for whom one acts now, and who is gone."""

from __future__ import annotations

import pytest

from healthspace.access import actions
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.spaces import actions as spaces
from tests import people
from tests.doors.test_web_parents import LANGUAGES, inside
from tests.factories import orders
from tests.rooms.test_access_guardians import name as name_guardian


@pytest.mark.parametrize("language", LANGUAGES)
def test_switcher__names_everybody_and_says_for_whom_one_acts(language: str) -> None:
    jeanne, leo, amina = people.jeanne(), people.leo(), people.amina()
    jeanne.representing(leo)
    name_guardian(amina, jeanne, kind="curator", scope="read")
    documents.deposit(actor=people.rivemont().actor, order=orders.order(amina, title="Genou"))
    visitor = inside(jeanne, language)
    visitor.visit("/people/")
    menu = visitor.visit("/home/").said
    for name in (leo.identity.name, amina.identity.name):
        assert name in menu
    visitor.send(f"/people/{amina.person_id}/", page="/home/")
    for address in ("/home/", "/documents/", "/access/", "/notices/", "/settings/", "/people/", "/care/"):
        page = visitor.visit(address)
        assert 'class="for-help"' in page.text and amina.identity.name in page.said, address
        assert jeanne.identity.name in page.said
    page = visitor.visit(visitor.visit("/documents/").link("Genou"))
    for act in ("mask", "rename", "not-mine"):
        assert f"/{act}/" not in page.text
    visitor.send("/people/me/", page="/home/")
    assert "for-help" not in visitor.visit("/home/").text


def test_switcher__who_is_gone_is_not_named_at_the_next_page() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    visitor = inside(jeanne)
    assert leo.identity.name in visitor.visit("/home/").said
    actions.end_mandate(
        actor=SYSTEM, person_id=leo.person_id, representative_id=jeanne.person_id, agents=("Awa Diallo", "Tom Petit")
    )
    assert leo.identity.name not in visitor.visit("/home/").said
    spaces.close(actor=leo.actor, person_id=leo.person_id)


def test_protected_person__reads_who_acts_and_by_which_decision() -> None:
    amina, paul = people.amina(), people.paul()
    name_guardian(amina, paul)
    page = inside(amina).visit("/people/")
    assert paul.identity.name in page.said and "Tribunal judiciaire de Rivemont" in page.said
