"""The real input, loaded and then read: the page of every document opens for the person it is about."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from healthspace.common.actor import Actor
from healthspace.documents import reads as documents
from healthspace.journeys.load import load
from healthspace.journeys.loading import bundles, cda, files, persons
from healthspace.people import actions as people
from tests.page_client import Page, PageClient, words
from tests.people import PASSWORD

LEAST: Final = {"cda-fr": 28, "synthea-r4": 53}
LEAST_WORDS: Final = 20
READERS: Final = {"cda": cda.read, "bundle": bundles.read}


@dataclass(frozen=True, slots=True)
class Reader:
    """An account of a person who came with the load."""

    login: str
    password: str = PASSWORD


def persons_of(folder: Path) -> set[UUID]:
    """Everybody the files are about; the load gave each a space."""
    claims = [parcel.claim for source in files.walk(folder) for parcel in READERS[source.kind](source.path)]
    found = {persons.settled(claim).person_id for claim in claims}
    return {person_id for person_id in found if person_id is not None}


def cards_of(person_id: UUID) -> list[documents.Card]:
    """All their documents, page by page, old versions too."""
    holder = Actor(kind="holder", id=person_id, name="holder", person_id=person_id)
    cards: list[documents.Card] = []
    cursor = ""
    while True:
        query = documents.ListQuery(limit=100, cursor=cursor, statuses=("current", "superseded"))
        page = documents.list_documents(actor=holder, person_id=person_id, query=query)
        cards += page.cards
        cursor = page.next_cursor
        if not cursor:
            return cards


def signed_in(person_id: UUID) -> PageClient:
    """This person, at their own pages."""
    login = f"real.{secrets.token_hex(6)}"
    people.create_account(login=login, password=PASSWORD, kind="holder", person_id=person_id, language="fr")
    client = PageClient(checks_spelling=False)
    client.sign_in(Reader(login))
    return client


@pytest.mark.parametrize("name", ["cda-fr", "synthea-r4"])
def test_each_real_document__its_reader_opens_its_page(shared: Path, name: str) -> None:
    report = load(shared / "data" / name, test_identities=True)
    assert (report.quarantined, report.failed) == (0, 0)
    opened = 0
    for person_id in persons_of(shared / "data" / name):
        client = signed_in(person_id)
        for card in cards_of(person_id):
            page = client.visit(f"/documents/{card.id}/")
            assert page.h1 == " ".join(card.title.split()), card.id
            assert shows_something(client, page), f"{name}: {card.type_code} {card.media_type} shows nothing"
            opened += 1
    assert opened >= LEAST[name]


def shows_something(client: PageClient, page: Page) -> bool:
    """The document itself stands on the page: as text, or as a picture that is served."""
    told = [node for node in page.all("div") if node.get("class") == "paper"]
    shots = [node.get("src") or "" for node in page.all("img") if "shot" in (node.get("class") or "").split()]
    for shot in shots:
        answer = client.client.get(shot)
        assert answer.status_code == 200, shot
        assert answer["Content-Type"].startswith("image/"), shot
    return bool(shots) or len(" ".join(words(node) for node in told)) > LEAST_WORDS
