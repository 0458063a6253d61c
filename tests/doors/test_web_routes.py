"""Each address has its owner and its stranger; none is left out, and none changes anything by GET."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from healthspace.access import actions as access
from healthspace.documents import actions as documents
from tests import people
from tests.factories import orders
from tests.page_client import PageClient

OPEN_TO_ALL = {"static/<path:name>", "", "sign-in/", "sign-in/again/", "sign-out/", "language/", "help/"}
OPEN_TO_ALL |= {"accessibility/", "privacy/"}
OPEN_TO_ALL |= {"sign-in/stop/<slug:token>/", "sign-in/stopped/", "sign-in/not-stopped/"}
OPEN_TO_ALL |= {"contact/stop/<slug:token>/", "contact/stopped/", "contact/not-stopped/"}
OPEN_TO_ALL |= {f"sign-in/with/<slug:kind>/{end}" for end in ("", "back/", "ended/")}
OPEN_TO_ALL |= {"sign-in/code/", "sign-in/passkey/", "sign-in/passkey/options/", "sign-in/no-way/", "sign-in/lost/"}
OPEN_TO_ALL |= {"sign-in/lost/new/", "sign-out/fast/"}
ONLY_POST = {"sign-out/", "language/", "documents/search/", "notices/read/", "pro/search/", "home/read/"}
ONLY_POST |= {"people/me/", "people/<uuid:person_id>/"}
ONLY_POST |= {"closed/reopen/", "closed/keep/", "closed/object/", "support/answer/"}
ONLY_POST |= {"assist/code/send/", "assist/paper/sheet/", "assist/session/doctor/<uuid:professional_id>/"}
ONLY_POST |= {"assist/session/summary/", "assist/session/forms/print/", "assist/end/", "assist/ended/sheet/"}
ONLY_POST |= {"access/desks/<uuid:assistance_id>/end/", "access/summary/"}
ONLY_POST |= {"operator/waves/<int:wave_id>/pause/", "operator/waves/<int:wave_id>/resume/"}
ONLY_POST |= {"sign-in/passkey/", "sign-in/passkey/options/", "sign-out/fast/", "settings/sign-in/app/end/"}
ONLY_POST |= {f"settings/sign-in/passkeys/{end}" for end in ("", "options/", "<uuid:passkey_id>/remove/")}
ONLY_POST |= {f"settings/sign-in/sessions/{end}" for end in ("end/", "<uuid:session_id>/end/")}
ONLY_POST |= {"settings/sign-in/devices/forget/"}
ONLY_POST |= {"settings/sign-in/provider/remove/"}
ONLY_POST |= {"settings/contact/stop/", "questions/<uuid:ticket_id>/close/"}
ONLY_POST |= {"start/leave/", "start/undo/", "start/withdraw/"}
ONLY_POST |= {"documents/<uuid:document_id>/mask/", "documents/<uuid:document_id>/unmask/"}
ONLY_POST |= {"pro/patients/<uuid:person_id>/documents/search/", "pro/notices/<uuid:notice_id>/read/"}
ONLY_POST |= {"documents/<uuid:document_id>/hide-from-parents/", "documents/<uuid:document_id>/show-to-parents/"}
ONLY_POST |= {"people/<uuid:person_id>/parents/<uuid:invitation_id>/back/"}


def addresses() -> list[str]:
    """Every pattern of the web door."""

    def walk(patterns: list[Any], before: str) -> list[str]:
        found: list[str] = []
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                found += walk(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern):
                found.append(here)
        return found

    return walk(get_resolver("healthspace.web.urls").url_patterns, "")


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """Amina with a document from a hospital and a doctor; Paul and another doctor know nothing of it."""
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    report = documents.deposit(actor=hospital.actor, order=orders.order(amina)).document_id
    own = documents.deposit(actor=amina.actor, order=orders.own_order(amina)).document_id
    return {
        "amina": amina,
        "doctor": doctor,
        "paul": people.paul(),
        "stranger": people.dr_nguyen(),
        "report": report,
        "own": own,
    }


def filled(pattern: str, world: dict[str, Any]) -> str:
    """The pattern with Amina's ids."""
    values = {
        "document_id": world["report"],
        "person_id": world["amina"].person_id,
        "professional_id": world["doctor"].id,
        "event_id": uuid4(),
        "tie_id": uuid4(),
        "delegation_id": uuid4(),
        "notice_id": uuid4(),
        "passkey_id": uuid4(),
        "session_id": uuid4(),
        "kind": "citizen",
        "number": 1,
        "copy_id": uuid4(),
        "invitation_id": uuid4(),
        "wave_id": 1,
        "ticket_id": uuid4(),
        "file_id": uuid4(),
        "act_id": uuid4(),
        "token": "x",
        "breakdown": "department",
        "assistance_id": uuid4(),
        "act": "refuse",
    }
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), pattern)


OF_THE_LETTER = [pattern for pattern in addresses() if pattern.startswith("start")]
GUARDED = [pattern for pattern in addresses() if pattern not in {*OPEN_TO_ALL, *OF_THE_LETTER}]
OF_PROFESSIONALS = [pattern for pattern in GUARDED if pattern.startswith("pro/")]
OF_ALL_INSIDE = [pattern for pattern in GUARDED if pattern.startswith(("settings/sign-in/", "sign-in/confirm/"))]
OF_HOLDERS = [pattern for pattern in GUARDED if not pattern.startswith("pro/") and pattern not in OF_ALL_INSIDE]


@pytest.mark.parametrize("pattern", GUARDED)
def test_each_address__visitor_is_sent_to_the_sign_in(pattern: str, world: dict[str, Any]) -> None:
    visitor = PageClient()
    answer = visitor.client.get(filled(pattern, world))
    if pattern in ONLY_POST:
        assert answer.status_code == 405
        visitor.client.get("/help/")
        token = visitor.client.cookies["csrftoken"].value
        answer = visitor.client.post(filled(pattern, world), {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("pattern", OF_HOLDERS)
def test_holders_address__professional_finds_nothing(pattern: str, world: dict[str, Any]) -> None:
    client = _signed_in(world["doctor"])
    assert _asked(client, pattern, world).status_code == 404


@pytest.mark.parametrize("pattern", OF_PROFESSIONALS)
def test_professionals_address__holder_finds_nothing(pattern: str, world: dict[str, Any]) -> None:
    client = _signed_in(world["amina"])
    assert _asked(client, pattern, world).status_code == 404


@pytest.mark.parametrize("pattern", [one for one in OF_HOLDERS if "document_id" in one])
def test_document_address__another_holder_finds_nothing(pattern: str, world: dict[str, Any]) -> None:
    client = _signed_in(world["paul"])
    assert _asked(client, pattern, world).status_code == 404


@pytest.mark.parametrize("pattern", [one for one in OF_PROFESSIONALS if "person_id" in one])
def test_record_address__stranger_gets_the_one_answer(pattern: str, world: dict[str, Any]) -> None:
    client = _signed_in(world["stranger"])
    answer = _asked(client, pattern, world)
    if pattern.endswith(("agreement/", "search/")):
        assert answer.status_code in {200, 302}
        return
    absent = _asked(client, pattern, world | {"amina": people.amina(), "report": uuid4()})
    assert answer.status_code == absent.status_code == 404
    assert _without_tokens(answer.content) == _without_tokens(absent.content)


def _signed_in(person: Any) -> Any:
    client = PageClient()
    client.sign_in(person)
    return client.client


def _asked(client: Any, pattern: str, world: dict[str, Any]) -> Any:
    """GET, or POST where there is nothing else."""
    if pattern not in ONLY_POST:
        return client.get(filled(pattern, world))
    client.get("/help/")
    return client.post(filled(pattern, world), {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def _without_tokens(content: bytes) -> bytes:
    content = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)
    return re.sub(rb'name="next" value="[^"]*"', b"", content)


def test_each_address__is_open_or_guarded_on_purpose() -> None:
    assert set(addresses()) >= OPEN_TO_ALL
    assert set(addresses()) >= ONLY_POST
    assert len(addresses()) == len(set(addresses()))


@pytest.mark.parametrize("pattern", sorted(ONLY_POST))
def test_act__without_its_token_is_refused(pattern: str, world: dict[str, Any]) -> None:
    client = _signed_in(world["amina"])
    assert client.post(filled(pattern, world)).status_code == 403
