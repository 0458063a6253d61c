"""Twin records through both doors: what leaves is byte for byte the same (T30, T32, G8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from healthspace.access.gate import seeing as gate
from healthspace.fhir import logical_ids
from tests import people
from tests.doors import fhir_client
from tests.page_client import begin_session
from tests.rooms import test_access_twins as twin_records
from tests.rooms.test_access_twins import AT, Twin

NOW = AT + timedelta(hours=1)
# Same length on both sides, so Content-Length says nothing either.
NAMELESS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z2-7]{52}"
    r'|(?<=cursor=)[A-Za-z0-9_=%-]+|(?<=_page=)[A-Za-z0-9_=%.-]+|value="[A-Za-z0-9]{64}"|(?<!%)\b[0-9A-F]{10}\b'
)


@dataclass(frozen=True)
class Pair:
    """Two records alike to one doctor, and the doctor's ways in."""

    doctor: people.Doctor
    token: str
    plain: Twin
    full: Twin


def _pair(reader: str, hides: tuple[twin_records.Hide, ...] = ()) -> Pair:
    with time_machine.travel(AT, tick=False):
        doctor = people.dr_nguyen()
        plain, full = (twin_records.make_twin(reader, doctor, with_hidden=yes, hides=hides) for yes in (False, True))
    return Pair(doctor, fhir_client.token_of(doctor), plain, full)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return _pair("professional")


def unnamed(text: str, holder: people.Holder) -> str:
    """Without ids, cursors and what makes one person another."""
    traits, ins = holder.traits, holder.ins
    day = traits.born_on
    for own in (f"{holder.login}@example.org", ins.matricule, day.isoformat(), traits.birth_place):
        text = text.replace(own, "#" * len(own))
    text = re.sub(rf"{day.day}(er|<sup>er</sup>)?\s\w+\s{day.year}|{day:%d/%m/%Y}|\d+\sans", "BORN", text)
    text = re.sub(r"\d\s\d\d\s\d\d\s\w\w\s\d{3}\s\d{3}\s\d\d", "INS", text)
    return NAMELESS.sub("ID", text)


QUERIES: list[list[tuple[str, str]]] = [
    [],
    [("_count", "3")],
    [("_count", "3"), ("_total", "accurate")],
    [("_summary", "count")],
    [("_count", "0")],
    [("_sort", "date"), ("_count", "4")],
    [("_sort", "-date"), ("_count", "4")],
    [("status", "current")],
    [("status", "superseded")],
    [("status", "entered-in-error")],
    [("status", "current,superseded,entered-in-error")],
    [("type", "http://loinc.org|11502-2")],
    [("type", "ATTEST-RESID")],
    [("date", "ge2026-05-20")],
    [("date", "lt2026-05-28"), ("_total", "accurate")],
    [("security-label", "MASQUE_PS")],
    [("_lastUpdated", "ge2026-01-01")],
    [("_include", "DocumentReference:subject")],
    [("_revinclude", "List:item")],
    [("nonsense", "1")],
]


def pages(pair: Pair, twin: Twin, query: list[tuple[str, str]]) -> Iterator[tuple[int, Any, str]]:
    """Every page of a search, as it left, without names."""
    reply = fhir_client.call(
        "GET", "/DocumentReference", token=pair.token, query=[("patient", str(twin.holder.person_id)), *query]
    )
    for _ in range(20):
        headers = {name: NAMELESS.sub("ID", value) for name, value in reply.headers.items()}
        yield reply.status, headers, unnamed(reply.body.decode(), twin.holder)
        links = reply.json.get("link", []) if reply.status == 200 else []
        further = next((link["url"] for link in links if link["relation"] == "next"), None)
        if further is None:
            return
        path, _, text = further.split("/fhir", 1)[1].partition("?")
        parts = [tuple(part.split("=", 1)) for part in text.split("&")]
        reply = fhir_client.call(
            "GET", path, token=pair.token, query=[(name, unquote_plus(value)) for name, value in parts]
        )


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: "&".join(f"{name}={value}" for name, value in query))
def test_fhir_search__twins_are_alike(query: list[tuple[str, str]], pair: Pair) -> None:
    with time_machine.travel(NOW, tick=False):
        plain, full = (list(pages(pair, twin, query)) for twin in (pair.plain, pair.full))
    assert plain == full


def test_fhir_search__shows_what_is_open(pair: Pair) -> None:
    """Equal silence would prove nothing."""
    with time_machine.travel(NOW, tick=False):
        [(status, _, text), *_] = pages(pair, pair.full, [("_total", "accurate")])
    assert status == 200
    assert text.count('"resourceType":"DocumentReference"') == 10


READS: list[tuple[str, str]] = [
    ("GET", "/DocumentReference/{}"),
    ("GET", "/DocumentReference/{}/_history"),
    ("GET", "/DocumentReference/{}/_history/1"),
    ("GET", "/Binary/{}"),
    ("GET", "/List/{}"),
    ("PUT", "/DocumentReference/{}"),
    ("PATCH", "/DocumentReference/{}"),
]


@pytest.mark.parametrize(("method", "path"), READS)
def test_fhir_read__hidden_is_like_absent(method: str, path: str, pair: Pair) -> None:
    def answer(item: UUID) -> tuple[int, set[str], str]:
        logical_id = logical_ids.encode(pair.full.holder.person_id, item)
        body = {"resourceType": "DocumentReference", "id": logical_id, "status": "current"}
        reply = fhir_client.call(method, path.format(logical_id), token=pair.token, body=body)
        return reply.status, set(reply.headers), NAMELESS.sub("ID", reply.body.decode())

    with time_machine.travel(NOW, tick=False):
        absent = answer(uuid4())
        assert {str(answer(item)) for item in pair.full.hidden} == {str(absent)}
    assert absent[0] >= 400


def signed_in(person: people.Doctor | people.Holder) -> Client:
    client = Client()
    begin_session(client, person)
    return client


def text_of(client: Client, address: str, holder: people.Holder) -> tuple[int, str]:
    path, _, words = address.partition("search/?q=")
    answer = client.post(path + "search/", {"q": words}, follow=True) if words else client.get(address)
    return answer.status_code, unnamed(answer.content.decode(), holder)


PROFESSIONALS_PAGES = [
    "/pro/patients/{person}/",
    "/pro/patients/{person}/documents/",
    "/pro/patients/{person}/documents/?type=11502-2",
    "/pro/patients/{person}/documents/?type=ATTEST-RESID",
    "/pro/patients/{person}/documents/search/?q=document",
    "/pro/patients/{person}/documents/search/?q=rien",
    "/pro/patients/{person}/deposit/",
]


@pytest.mark.parametrize("page", PROFESSIONALS_PAGES)
def test_page_of_professionals__twins_are_alike(page: str, pair: Pair) -> None:
    with time_machine.travel(NOW, tick=False):
        plain, full = (
            text_of(signed_in(pair.doctor), page.format(person=twin.holder.person_id), twin.holder)
            for twin in (pair.plain, pair.full)
        )
    assert plain == full


HOLDERS_PAGES = [
    "/home/",
    "/documents/",
    "/documents/?type=11502-2",
    "/documents/search/?q=document",
    "/documents/folders/",
    "/access/",
    "/access/professionals/",
    "/notices/",
    "/settings/",
]


@pytest.fixture(scope="module")
def holders() -> Pair:
    """What a doctor will announce is unknown to the holder, in lists, journal and counts."""
    return _pair("holder", hides=(twin_records.announced,))


@pytest.mark.parametrize("page", HOLDERS_PAGES)
def test_page_of_the_holder__twins_are_alike(page: str, holders: Pair) -> None:
    with time_machine.travel(NOW, tick=False):
        plain, full = (text_of(signed_in(twin.holder), page, twin.holder) for twin in (holders.plain, holders.full))
    assert plain[0] == 200
    assert plain == full


@pytest.fixture(scope="module")
def children() -> Pair:
    """What a child keeps from its parents is unknown to a parent who acts for it by a mandate (CHI-4, T21)."""
    return _pair("representative", hides=(twin_records.secret, twin_records.directive, twin_records.announced))


def in_the_record_of(twin: Twin) -> Client:
    client = signed_in(twin.parent)
    assert client.post(f"/people/{twin.holder.person_id}/").status_code == 302
    return client


# The whole journal first: later on, so many lines share one instant that a page of it shows some by chance.
PARENTS_PAGES = ["/access/?view=date", "/access/?view=me", "/access/?view=refused", "/access/"]
PARENTS_PAGES += [page for page in HOLDERS_PAGES if page != "/access/"] + ["/care/", "/settings/copy/"]


@pytest.mark.parametrize("page", PARENTS_PAGES)
def test_page_of_the_parent__twins_are_alike(page: str, children: Pair) -> None:
    visit = NOW + timedelta(minutes=1 + PARENTS_PAGES.index(page))
    plain, full = (_as_the_parent_sees(twin, page, visit) for twin in (children.plain, children.full))
    assert plain[0] == 200
    # The lines of the beginning are all of one instant, so have no order of their own.
    assert sorted(plain[1].splitlines()) == sorted(full[1].splitlines())
    assert len(plain[1]) == len(full[1])


def _as_the_parent_sees(twin: Twin, page: str, visit: datetime) -> tuple[int, str]:
    """Each step at an instant of its own, so that the newest lines have an order."""
    with time_machine.travel(visit, tick=False) as traveller:
        client = signed_in(twin.parent)
        traveller.shift(1)
        assert client.post(f"/people/{twin.holder.person_id}/").status_code == 302
        traveller.shift(1)
        return text_of(client, page, twin.holder)


@pytest.mark.parametrize("address", ["/documents/{}/", "/documents/{}/original/", "/documents/{}/rename/"])
def test_page_of_the_parent__secret_is_like_absent(address: str, children: Pair) -> None:
    def told(item: UUID) -> tuple[int, str]:
        answer = client.get(address.format(item))
        return answer.status_code, NAMELESS.sub("ID", answer.content.decode())

    with time_machine.travel(NOW, tick=False):
        client = in_the_record_of(children.full)
        absent = told(uuid4())
        assert {told(item) for item in children.full.hidden} == {absent}
    assert absent[0] == 404


def test_doors__a_planted_leak_is_found(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the gate's condition for lists forgets the matrix."""
    forgetful: Callable[..., Any] = lambda asker: ("NOT is_masked", [])  # noqa: E731
    monkeypatch.setattr(gate, "_visible_of_others", forgetful)
    with time_machine.travel(NOW, tick=False):
        plain, full = (list(pages(pair, twin, [("_total", "accurate")])) for twin in (pair.plain, pair.full))
    assert plain != full
