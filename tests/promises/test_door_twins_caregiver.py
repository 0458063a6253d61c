"""Twin records through the pages of a helper: what leaves is byte for byte the same (T23, T30, G8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from healthspace.access import gate
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from tests.page_client import begin_session
from tests.promises import doors
from tests.promises.test_door_twins import NAMELESS, unnamed
from tests.rooms.test_access_twins import AT, Twin
from tests.rooms.test_access_twins_caregiver import make_twin

NOW = AT + timedelta(hours=1)
# The latest pages are asked for some minutes later each, so that no page waits for the one before.
STEP = timedelta(minutes=1)
MORE = [
    "documents/?category=BIOLOGIE", "documents/?category=CERT_MED", "documents/?category=DIR_ANT", "documents/?new=1",
    "documents/?hidden=1", "documents/?sender=me", "documents/?sort=oldest", "documents/?year=2026",
    "documents/search/?q=document", "documents/search/?q=own", "documents/search/?q=rien",
]  # fmt: skip
PLACES = [one.pattern for one in doors.web() if "<path:" not in one.pattern and not one.pattern.startswith("demo")]


@pytest.fixture(scope="module")
def twins() -> tuple[Twin, Twin]:
    with time_machine.travel(AT, tick=False):
        return make_twin(with_hidden=False), make_twin(with_hidden=True)


def in_the_record_of(twin: Twin) -> Client:
    client = Client()
    begin_session(client, twin.parent)
    assert client.post(f"/people/{twin.holder.person_id}/", {"as": "helper"}).status_code == 302
    return client


def opened(twin: Twin) -> list[UUID]:
    """The documents this helper sees, in an order of their own."""
    page = reads.list_documents(actor=twin.reader, person_id=twin.holder.person_id, query=ListQuery(limit=50))
    return [card.id for card in page.cards]


def told(twin: Twin, pattern: str, at: datetime) -> tuple[int, str, dict[str, str]]:
    with time_machine.travel(at, tick=False):
        client = in_the_record_of(twin)
        ids = {"document_id": opened(twin)[0], "person_id": twin.holder.person_id}
        path, _, words = pattern.partition("search/?q=")
        if words:
            answer = client.post(f"/{path}search/", {"q": words}, follow=True)
        else:
            answer = client.get(doors.Address("web", "", pattern).filled(**ids))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = body.decode(errors="replace")
        headers = {name: NAMELESS.sub("ID", value) for name, value in answer.headers.items() if name != "Location"}
        return answer.status_code, unnamed(unnamed(text, twin.holder), twin.parent), headers


@pytest.mark.parametrize("pattern", PLACES + MORE)
def test_page_of_a_helper__twins_are_alike(pattern: str, twins: tuple[Twin, Twin]) -> None:
    """Every address there is, as a helper in the record of somebody: a new one cannot escape."""
    at = NOW + STEP * (PLACES + MORE).index(pattern)
    plain, full = (told(twin, pattern, at) for twin in twins)
    assert plain == full


@pytest.mark.parametrize("address", ["/documents/{}/", "/documents/{}/copy/", "/documents/{}/text/"])
def test_page_of_a_helper__hidden_is_like_absent(address: str, twins: tuple[Twin, Twin]) -> None:
    def answered(item: UUID) -> tuple[int, str]:
        answer = client.get(address.format(item))
        return answer.status_code, NAMELESS.sub("ID", answer.content.decode())

    with time_machine.travel(NOW, tick=False):
        client = in_the_record_of(twins[1])
        absent = answered(uuid4())
        assert {answered(item) for item in twins[1].hidden} == {absent}
    assert absent[0] == 404


def test_page_of_a_helper__shows_what_was_opened(twins: tuple[Twin, Twin]) -> None:
    """Equal silence would prove nothing."""
    for twin in twins:
        status, text, _ = told(twin, "documents/", NOW + timedelta(hours=5))
        assert status == 200
        assert text.count("/documents/ID/") == 10
        assert "very own" not in text


def test_doors__a_planted_leak_is_found(twins: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the gate's condition for lists forgets the categories."""
    honest = gate.visible

    def leaking(standing: gate.Standing) -> tuple[str, list[Any]]:
        return ("status = 'current'", []) if standing.asker.role == "caregiver" else honest(standing)

    forgetful: Callable[..., Any] = leaking
    monkeypatch.setattr(gate, "visible", forgetful)
    plain, full = (told(twin, "documents/", NOW + timedelta(hours=6)) for twin in twins)
    assert plain != full
