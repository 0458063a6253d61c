"""Twin records through every page of a parent: what a child keeps leaves no trace of any size (CHI-4, T21)."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from healthspace.access import actions as access
from healthspace.access.gate import seeing
from healthspace.common.actor import SYSTEM, Actor
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery, copies
from healthspace.journeys import export_space
from healthspace.notifications import reads as notices
from tests import people
from tests.page_client import begin_session
from tests.promises import doors
from tests.promises.test_door_twins import NAMELESS, unnamed
from tests.roles import as_the_worker
from tests.rooms.test_access_parents import delivered
from tests.rooms.test_access_twins import AT, OPEN_TYPES, Twin, _file, announced, directive, secret

NOW = AT + timedelta(hours=1)
STEP = timedelta(minutes=1)
MORE = [
    "documents/?new=1", "documents/?hidden=1", "documents/?sender=me", "documents/?sort=oldest", "documents/?year=2026",
    "documents/?type=11502-2", "documents/search/?q=document", "documents/search/?q=rien", "access/?view=date",
    "access/?view=me", "access/?view=refused",
]  # fmt: skip
PLACES = [one.pattern for one in doors.web() if "<path:" not in one.pattern and not one.pattern.startswith("demo")]
PAGES = PLACES + MORE
OF_ONE = re.compile(r"(?<=_)[0-9a-f]{8}(?=\.)")


def kept(holder: people.Holder, by: Actor, number: int) -> UUID:
    """Filed like any other, read by nobody yet, then kept from the parents by the teenager."""
    found = _file(holder, by, number, "11502-2")
    documents.change_visibility(
        actor=holder.actor, person_id=holder.person_id, document_id=found, ask="hide_from_representatives"
    )
    return found


HIDES = (kept, secret, directive, announced, kept, secret, kept)


def make_twin(*, with_hidden: bool) -> Twin:
    """A teenager with a sign-in and ten documents, and some that the mother may not know of."""
    holder = people.holder("MOREL", ("LÉO", "PAUL"), date(2009, 3, 10), "M", people.place_in("38"))
    hospital, parent = people.rivemont(), people.jeanne()
    acting = parent.representing(holder)
    access.open_own_way(actor=SYSTEM, person_id=holder.person_id)
    for number, type_code in enumerate(OPEN_TYPES * 2):
        _file(holder, hospital.actor, number, type_code)
    hidden = tuple(
        hide(holder, hospital.actor, number * 3 + 100 * (number % 2)) for number, hide in enumerate(HIDES)
    ) if with_hidden else ()  # fmt: skip
    delivered()
    return Twin(holder, acting, hidden, parent)


@pytest.fixture(scope="module")
def twins() -> tuple[Twin, Twin]:
    with time_machine.travel(AT, tick=False):
        return make_twin(with_hidden=False), make_twin(with_hidden=True)


def in_the_record_of(twin: Twin) -> Client:
    client = Client()
    begin_session(client, twin.parent)
    assert client.post(f"/people/{twin.holder.person_id}/").status_code == 302
    return client


def told(twin: Twin, pattern: str, at: datetime) -> tuple[int, list[str], int, dict[str, str]]:
    """Status, lines, length and headers; lines of one instant have no order, so lines are compared sorted."""
    with time_machine.travel(at, tick=False) as traveller:
        client = in_the_record_of(twin)
        page = reads.list_documents(actor=twin.reader, person_id=twin.holder.person_id, query=ListQuery(limit=50))
        traveller.shift(1)
        path, _, words = pattern.partition("search/?q=")
        if words:
            answer = client.post(f"/{path}search/", {"q": words}, follow=True)
        else:
            ids = {"document_id": page.cards[0].id, "person_id": twin.holder.person_id}
            answer = client.get(doors.Address("web", "", pattern).filled(**ids))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = unnamed(unnamed(body.decode(errors="replace"), twin.holder), twin.parent)
        text = re.sub(r"(?<=JM|LM)\b", "", text)
        headers = {name: NAMELESS.sub("ID", value) for name, value in answer.headers.items() if name != "Location"}
        return answer.status_code, sorted(text.splitlines()), len(text), headers


def copied(twin: Twin) -> tuple[list[str], int]:
    """The names of the files in a copy that the parent asked for, and how many lines its lists have.

    Asked before the tests that visit one twin alone.
    """
    person_id = twin.holder.person_id
    asked = documents.ask_copy(actor=twin.reader, person_id=person_id, language="fr")
    with as_the_worker():
        for _ in range(20):
            if not export_space.make_due():
                break
    card = next(one for one in copies.copies(actor=twin.reader, person_id=person_id) if one.id == asked)
    names, lines = [], 0
    for part in card.parts:
        opened = documents.open_copy(actor=twin.reader, person_id=person_id, copy_id=card.id, number=part.number)
        with zipfile.ZipFile(BytesIO(opened.content)) as packed:
            names += [OF_ONE.sub("", name) for name in packed.namelist()]
            sheets = (packed.read(name) for name in packed.namelist() if name.endswith(".csv"))
            lines += sum(len(sheet.splitlines()) for sheet in sheets)
    assert names
    return sorted(names), lines


def test_copy__holds_as_much(twins: tuple[Twin, Twin]) -> None:
    with time_machine.travel(NOW - timedelta(minutes=30), tick=False):
        plain, full = (copied(twin) for twin in twins)
    assert plain == full


@pytest.mark.parametrize("pattern", PAGES)
def test_page_of_a_parent__twins_are_alike(pattern: str, twins: tuple[Twin, Twin]) -> None:
    """Every address there is, as a parent in the record of a child: a new one cannot escape."""
    at = NOW + STEP * PAGES.index(pattern)
    plain, full = (told(twin, pattern, at) for twin in twins)
    assert plain == full


def test_pages__show_what_is_open(twins: tuple[Twin, Twin]) -> None:
    """Equal silence would prove nothing."""
    status, lines, _, _ = told(twins[1], "documents/", NOW)
    assert status == 200
    assert sum("Document " in line for line in lines) >= 10


@pytest.mark.parametrize(
    "end", ["", "original/", "copy/", "text/", "preview/", "rename/", "move/", "not-mine/", "delete/"]
)
def test_page_of_a_parent__hidden_is_like_absent(end: str, twins: tuple[Twin, Twin]) -> None:
    def answered(item: UUID) -> tuple[int, str]:
        answer = client.get(f"/documents/{item}/{end}")
        return answer.status_code, NAMELESS.sub("ID", answer.content.decode())

    with time_machine.travel(NOW, tick=False):
        client = in_the_record_of(twins[1])
        absent = answered(uuid4())
        assert {answered(item) for item in twins[1].hidden} == {absent}
    assert absent[0] in {302, 404}


@pytest.mark.parametrize("end", ["mask/", "unmask/", "rename/", "not-mine/", "show-to-parents/", "hide-from-parents/"])
def test_act_of_a_parent__on_what_is_hidden_answers_like_on_nothing(end: str, twins: tuple[Twin, Twin]) -> None:
    def answered(item: UUID) -> tuple[int, str]:
        answer = client.post(f"/documents/{item}/{end}", {"title": "Genou"})
        return answer.status_code, NAMELESS.sub("ID", answer.content.decode())

    with time_machine.travel(NOW, tick=False):
        client = in_the_record_of(twins[1])
        absent = answered(uuid4())
        assert {answered(item) for item in twins[1].hidden} == {absent}


def test_notices__are_as_many_and_the_same(twins: tuple[Twin, Twin]) -> None:
    with time_machine.travel(NOW, tick=False):
        found = [
            sorted(one.kind for one in notices.notices(actor=twin.reader, person_id=twin.holder.person_id))
            for twin in twins
        ]
        counts = [notices.unread_count(actor=twin.reader, person_id=twin.holder.person_id) for twin in twins]
    assert found[0] == found[1] and counts[0] == counts[1]


def test_pages__a_planted_leak_is_found(twins: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the gate's condition for lists forgets what is hidden from representatives."""
    honest = seeing.visible

    def forgetful(standing: seeing.Standing) -> tuple[str, list[object]]:
        where, values = honest(standing)
        return where.replace(" AND NOT is_hidden_from_representatives", ""), values

    for module in ("healthspace.access.gate", "healthspace.access.gate.seeing"):
        monkeypatch.setattr(f"{module}.visible", forgetful)
    monkeypatch.setattr("healthspace.access.gate.level_sql", lambda _: "SELECT 1")
    at = NOW + timedelta(days=3)
    assert told(twins[0], "documents/", at) != told(twins[1], "documents/", at)
