"""While one acts for somebody else no page says "my", and the buttons that change something name the person."""

from __future__ import annotations

import re

import pytest

from healthspace.documents import actions as documents
from tests import people
from tests.doors.test_web_parents import inside
from tests.factories import orders
from tests.page_client import words

# What is the reader's own in the record of somebody else too.
OWN = re.compile("to your space|your (password|choices?)|Back to my own record")
KINDS = re.compile("My (medical profile|advance directives|mental health directives|wishes and rights)")
SHARED = ("home/", "documents/", "documents/folders/", "documents/add/", "care/", "care/hide/", "care/show/", "access/")
SHARED += (
    "access/professionals/",
    "access/professionals/find/",
    "access/emergency/",
    "notices/",
    "settings/",
    "settings/copy/",
)


@pytest.mark.parametrize("address", SHARED)
def test_words__no_page_says_my_of_a_child_s_record_and_buttons_name_the_child(address: str) -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    documents.deposit(actor=people.rivemont().actor, order=orders.order(leo, title="Genou"))
    visitor = inside(jeanne, "en")
    visitor.send(f"/people/{leo.person_id}/", page="/people/")
    addresses = [f"/{address}"]
    if address == "documents/":
        addresses.append(visitor.visit("/documents/").link("Genou"))
    for one in addresses:
        page = visitor.visit(one)
        (main,) = page.all("main")
        said = (KINDS if one == "/documents/" else OWN).sub("", " ".join(" ".join(main.itertext()).split()))
        words_of_self = r"[Mm]y" if "-" in one else r"[Mm]y|[Yy]ours?|I"  # a document's page still says "your"
        assert not re.findall(rf"[^.]{{0,30}}\b(?:{words_of_self})\b[^.]{{0,30}}", said), one
    if address in {"care/hide/", "access/emergency/", "documents/add/"}:
        assert any("Léo" in words(button) for button in main.iter("button"))
