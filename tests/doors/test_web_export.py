"""The pages of a copy of everything: asked for, told when ready, downloaded with the password again."""

from __future__ import annotations

import io
import zipfile

import pytest

from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.journeys import export_space
from tests import people
from tests.factories import orders
from tests.page_client import PageClient

pytestmark = pytest.mark.usefixtures("as_worker")


def signed_in(person: people.Holder, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


def make() -> None:
    while export_space.make_due():
        pass


def download(client: PageClient, address: str, password: str) -> tuple[int, bytes, str]:
    client.client.get(address)
    token = client.client.cookies["csrftoken"].value
    answer = client.client.post(address, {"password": password, "csrfmiddlewaretoken": token})
    return answer.status_code, answer.content, answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_export__is_asked_made_and_downloaded_with_the_password(language: str) -> None:
    amina, hospital = people.amina(), people.rivemont()
    documents.deposit(actor=hospital.actor, order=orders.order(amina))
    client = signed_in(amina, language)
    assert client.visit("/settings/").link("copie" if language == "fr" else "copy") == "/settings/copy/"
    waiting = client.send("/settings/copy/", page="/settings/copy/")
    assert ("se prépare" if language == "fr" else "being made") in waiting.said
    make()
    ready = client.visit("/settings/copy/")
    address = ready.link("Télécharger" if language == "fr" else "Download")
    assert "1 document" in ready.said
    client.visit(address)
    status, _content, _name = download(client, address, "not my password")
    assert status == 422
    status, content, name = download(client, address, amina.password)
    assert status == 200
    assert amina.traits.birth_name.lower() not in name.lower()
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "index.html" in names
    assert sum(one.startswith("documents/") for one in names) == 1


def test_export__the_password_is_asked_a_few_times_only() -> None:
    amina = people.amina()
    client = signed_in(amina)
    client.send("/settings/copy/", page="/settings/copy/")
    make()
    address = client.visit("/settings/copy/").link("Télécharger")
    for _try in range(5):
        assert download(client, address, "wrong")[0] == 422
    status, content, _name = download(client, address, amina.password)
    assert status == 422
    assert "minute" in content.decode()


def test_export__stranger_gets_what_is_not_there() -> None:
    amina, paul = people.amina(), people.paul()
    client, other = signed_in(amina), signed_in(paul)
    client.send("/settings/copy/", page="/settings/copy/")
    make()
    address = client.visit("/settings/copy/").link("Télécharger")
    other.visit(address, 404)
    assert download(other, address, paul.password)[0] == 404
    assert "Votre copie" not in other.visit("/settings/copy/").said


def test_export__old_copies_and_odd_numbers_are_not_there() -> None:
    amina = people.amina()
    client = signed_in(amina)
    client.send("/settings/copy/", page="/settings/copy/")
    make()
    address = client.visit("/settings/copy/").link("Télécharger")
    client.visit(address.replace("/1/", "/99/"), 404)
    lines = reads.journal(actor=amina.actor, person_id=amina.person_id)
    assert "export_downloaded" not in [one.kind for one in lines]
