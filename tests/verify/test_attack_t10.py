"""T10: forged requests: every unsafe method without its token is refused, and no GET changes a row."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.doors.test_web_step_up import ENDING, filled, names
from tests.page_client import begin_session

ALL = sorted(set(names()))
# Asking who acts writes when the session was last used; the journal's line of a reading is meant to be written.
OWN_TRACES = {"django_session", "people_session", "audit_entry", "audit_line"}
# Machines that bring their own proof instead of a cookie.
WITHOUT_COOKIES = {"public:provider_ended"}


@pytest.fixture(scope="module")
def inside() -> Client:
    client = Client(enforce_csrf_checks=True)
    begin_session(client, people.amina())
    return client


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(("name", "pattern"), ALL)
def test_unsafe_method__without_its_token_is_refused(name: str, pattern: str, method: str, inside: Client) -> None:
    if name in WITHOUT_COOKIES or name == "asset":
        return
    answer = getattr(inside, method)(filled(pattern))
    assert answer.status_code == 403, f"{name}: {answer.status_code}"


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_foreign_origin__with_a_stolen_token_is_refused(origin: str, inside: Client) -> None:
    inside.get("/settings/")
    token = inside.cookies["csrftoken"].value
    answer = inside.post("/sign-out/", {"csrfmiddlewaretoken": token}, HTTP_ORIGIN=origin)
    assert answer.status_code == 403
    assert inside.get("/settings/").status_code == 200


def test_login_csrf__a_foreign_form_signs_nobody_in() -> None:
    """Nobody is put into the attacker's account to type health data there."""
    attacker, victim = people.paul(), Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-in/code/", "/sign-in/passkey/", "/start/"):
        answer = victim.post(address, {"login": attacker.login, "password": attacker.password})
        assert answer.status_code == 403
    assert victim.get("/settings/").status_code == 302


def _tables(owner: Any) -> list[str]:
    rows = owner.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1"
    )
    return [name for (name,) in rows if name not in OWN_TRACES and not name.startswith(("procrastinate_", "audit_"))]


def _newest(owner: Any, tables: list[str]) -> dict[str, Any]:
    """The newest transaction that wrote into each table, and how many rows it has."""
    return {
        name: owner.execute(f'SELECT max(xmin::text::bigint), count(*) FROM "{name}"').fetchone() for name in tables
    }


def test_get__twice_of_every_address_changes_no_row(inside: Client, owner_connection: Any) -> None:
    tables = _tables(owner_connection)
    addresses = [filled(pattern) for name, pattern in ALL if name not in ENDING]
    for address in addresses:  # what is made on a first visit (a cookie's session) is there now
        inside.get(address)
    before = _newest(owner_connection, tables)
    for address in addresses:
        inside.get(address)
    after = _newest(owner_connection, tables)
    assert {name for name in tables if before[name] != after[name]} == set()
