"""Every address as every role, really called: what each is answered stands in routes_roles.txt, and nowhere else.

A new address has no row, so its answers fail the suite; the failure prints the rows as they are now, ready to paste
once somebody has read each letter. Each call is taken back, so that no call sees what another one did.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase

from healthspace.fhir import logical_ids
from healthspace.web import recall
from tests.doors import fhir_client
from tests.promises import doors, roles_world
from tests.promises.doors import ID, Address
from tests.promises.roles_world import FHIR_ROLES, WEB_ROLES, World

TABLE: Final = Path(__file__).parent / "routes_roles.txt"
LETTERS: Final = frozenset("oemsuaftn-")
INSIDE: Final = frozenset("ome")
WITH_BODY: Final = {"POST", "PUT", "PATCH"}
Row = tuple[str, ...]

# Addresses at which the table finds nobody inside, and why; all others let somebody in.
NOBODY: Final = {
    "web static/<path:name>": "no file has this name",
    "web sign-in/code/": "only between a password and a code",
    "web sign-in/passkey/": "only with the answer of a passkey",
    "web sign-in/with/<slug:kind>/back/": "no provider is set in these tests",
    "web sign-in/with/<slug:kind>/ended/": "no provider is set in these tests",
    "web settings/sign-in/provider/add/": "no provider is set in these tests",
    "web settings/sign-in/passkeys/<uuid:passkey_id>/remove/": "nobody here has a passkey",
    "web access/lines/<uuid:event_id>/": "asks for the moment of the line too",
    "web documents/<uuid:document_id>/hide-from-parents/": "for minors who sign in themselves",
    "web documents/<uuid:document_id>/show-to-parents/": "for minors who sign in themselves",
    "web pro/patients/<uuid:person_id>/documents/<uuid:document_id>/unmask/": "the paper is not masked",
    "fhir POST auth/token": "software proves itself in tests/doors/test_fhir_token.py",
    "fhir POST Patient": "nobody creates records (ENR-10)",
}


def table() -> dict[str, Row]:
    """Door, method and pattern -> the letter of each role, as the file says it."""
    found: dict[str, Row] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            letters, name = line.split("|")
            name = name.strip()
            assert name not in found, f"{name} stands twice"
            found[name] = tuple(letters.split())
    return found


def written(name: str, letters: Row) -> str:
    """A row as the file has it."""
    return f"{' '.join(letters)} | {name}"


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside never happened; what was remembered of it is forgotten."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    recall.ACTORS.clear()


@cache
def world() -> World:
    return roles_world.made()


def calls() -> list[tuple[str, Address, str]]:
    """Every row's name, its address and its method."""
    found = []
    for address in doors.web():
        shown = address.pattern or "/"
        found += [(f"web {method} {shown}", address, method) for method in ("GET", "POST")]
    return found + [(str(address), address, address.method) for address in doors.fhir()]


def web_letter(answer: HttpResponseBase) -> str:
    """What an answer of the web door comes to."""
    to = answer.get("Location", "")
    if answer.status_code == 500:
        return "!"
    if answer.status_code in {301, 302, 303}:
        return "u" if to.startswith("/sign-in/confirm/") else "s" if to.split("?")[0] == "/sign-in/" else "m"
    return {401: "t", 403: "f", 404: "a", 405: "-"}.get(answer.status_code, "o")


def fhir_letter(reply: fhir_client.Reply) -> str:
    """What an answer of the FHIR door comes to; a search that finds nothing is told from one that finds something."""
    if reply.status == 500:
        return "!"
    if reply.status == 200 and b'"searchset"' in reply.body:
        found = [entry for entry in reply.json.get("entry", []) if entry.get("search", {}).get("mode") == "match"]
        return "o" if found else "e"
    return {401: "t", 403: "f", 404: "a", 405: "-", 400: "n", 422: "n"}.get(reply.status, "o")


def asked_on_the_web(role: str, address: Address, method: str) -> str:
    one = world()
    client = one.client(role)
    path = filled(address.pattern, one.ids_for(address.pattern))
    with taken_back():
        return web_letter(client.generic(method, path, **_form(method)))


def filled(pattern: str, ids: dict[str, Any]) -> str:
    """A real path: what the world has an id for, by its own; the rest as in all other tests of addresses."""
    for name, value in ids.items():
        for kind in ("uuid", "slug", "int"):
            pattern = pattern.replace(f"<{kind}:{name}>", str(value))
    return Address("web", "", pattern).filled()


def _form(method: str) -> dict[str, Any]:
    return {"data": b"", "content_type": "application/x-www-form-urlencoded"} if method in WITH_BODY else {}


def asked_of_fhir(role: str, address: Address, method: str) -> str:
    one = world()
    amina = one.amina
    item = str(amina.person_id)
    if not address.pattern.startswith("Patient"):
        named = "submission_id" if address.pattern.startswith("List") else "document_id"
        item = logical_ids.encode(amina.person_id, one.ids[named])
    path = "/" + address.pattern.replace(ID, item, 1).replace(ID, "1")
    query, body, headers = _question(one, address, method)
    with taken_back():
        reply = fhir_client.call(
            method, path.rstrip("/") or "/", token=one.tokens.get(role, ""), body=body, query=query, headers=headers
        )
    return fhir_letter(reply)


def _question(one: World, address: Address, method: str) -> tuple[Any, Any, dict[str, str]]:
    """The query, the body and the headers that make a call of this address a sound one, about Amina."""
    amina = one.amina
    ins = ("identifier", f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}")
    whose = ins if address.pattern.startswith("Patient") else ("patient", f"Patient/{amina.person_id}")
    if address.pattern.endswith("_search"):
        form = "&".join([f"{whose[0]}={whose[1]}"])
        return (), form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    if method == "GET":
        return ([] if ID in address.pattern else [whose]), None, {}
    if method == "PATCH":
        change = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]
        return (), change, {"Content-Type": "application/json-patch+json"}
    if method == "PUT":
        return (), one.resource | {"status": "entered-in-error"}, {}
    bodies = {"DocumentReference": fhir_client.document, "": fhir_client.submission}
    made = bodies.get(address.pattern)
    return (), made(amina) if made else {"resourceType": address.pattern}, {}


@cache
def column(door: str, role: str) -> dict[str, str]:
    """Row -> what this role is answered now."""
    ask = asked_on_the_web if door == "web" else asked_of_fhir
    return {name: ask(role, address, method) for name, address, method in calls() if address.door == door}


def roles_of(name: str) -> tuple[str, ...]:
    return WEB_ROLES if name.startswith("web ") else FHIR_ROLES


def row(name: str) -> Row:
    """What every role is answered now, in the order of the file."""
    return tuple(column(name.split(maxsplit=1)[0], role)[name] for role in roles_of(name))


def is_silent(letters: Row) -> bool:
    """No role is answered: the address does not know this method (or, to some, is not there), so it needs no row."""
    return "-" in letters and set(letters) <= {"-", "a"}


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """Thousands of refusals are what is wanted here: nobody reads a line of log for each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("door, role", [("web", r) for r in WEB_ROLES] + [("fhir", r) for r in FHIR_ROLES])
def test_role__is_answered_what_the_table_says(door: str, role: str) -> None:
    said, found = table(), column(door, role)
    place = (WEB_ROLES if door == "web" else FHIR_ROLES).index(role)
    wrong = {
        name: f"table {said[name][place]}, answered {letter}"
        for name, letter in found.items()
        if name in said and said[name][place] != letter
    }
    assert not wrong, "\n".join(f"{name}: {told}" for name, told in wrong.items())
    assert not {name for name, letter in found.items() if letter == "!"}


def test_address__none_escapes_the_table() -> None:
    """The rows that are missing, as they would be now: read each letter, then paste them."""
    said = table()
    now = {name: row(name) for name, _, _ in calls() if name not in said}
    missing = [written(name, letters) for name, letters in now.items() if not is_silent(letters)]
    assert not missing, "rows missing in tests/promises/routes_roles.txt:\n" + "\n".join(missing)


def test_table__has_no_row_of_an_address_that_is_gone() -> None:
    there = {name: roles_of(name) for name, _, _ in calls()}
    gone = [name for name in table() if name not in there]
    assert not gone, f"rows of addresses that are gone: {gone}"
    for name, letters in table().items():
        assert len(letters) == len(there[name]), name
        assert set(letters) <= LETTERS, name
        assert not is_silent(letters), name


def test_table__somebody_is_let_in_everywhere() -> None:
    """A row that lets nobody in says nothing: the world of this table lacks what the address leads to."""
    said = [(name.replace("web POST", "web").replace("web GET", "web"), letters) for name, letters in table().items()]
    closed = {name for name, _ in said} - {name for name, letters in said if INSIDE & set(letters)}
    assert closed == set(NOBODY), f"nobody gets in: {closed - set(NOBODY)}; somebody does: {set(NOBODY) - closed}"
