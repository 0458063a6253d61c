"""Searches see the visible only; refused and absent give the same page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from healthspace.documents import actions as documents
from healthspace.fhir import logical_ids
from tests import people
from tests.doors.fhir_client import BASE, Reply, call, document, file, pdf, token_of
from tests.people import Doctor, Holder, Hospital


@pytest.fixture
def amina() -> Holder:
    return people.amina()


@pytest.fixture
def rivemont() -> Hospital:
    return people.rivemont()


@pytest.fixture
def nguyen(amina: Holder) -> Doctor:
    doctor = people.dr_nguyen()
    people.grant(amina, doctor)
    return doctor


def search(token: str, holder: Holder, *query: tuple[str, str], **headers: str) -> Reply:
    return call(
        "GET", "/DocumentReference", token=token, query=[("patient", str(holder.person_id)), *query],
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )  # fmt: skip


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [entry["resource"]["id"] for entry in reply.json.get("entry", []) if entry["search"]["mode"] == "match"]


def on(day: str, **changes: Any) -> dict[str, Any]:
    """Changes that date the care of a document."""
    return {"context": {"period": {"start": f"{day}T08:00:00Z"}}, **changes}


def next_of(reply: Reply) -> list[tuple[str, str]]:
    links = {link["relation"]: link["url"] for link in reply.json["link"]}
    return parse_qsl(urlsplit(links["next"]).query) if "next" in links else []


def test_search__newest_care_first_by_pages(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    filed = [file(amina, rivemont, **on(f"2026-01-{day:02d}")) for day in range(1, 8)]
    token = token_of(nguyen)
    first = search(token, amina, ("_count", "3"), ("_total", "accurate"))
    assert first.json["total"] == 7
    seen = ids(first)
    following = next_of(first)
    while following:
        page = call("GET", "/DocumentReference", token=token, query=following)
        seen += ids(page)
        following = next_of(page)
    assert seen == filed[::-1]
    assert ids(search(token, amina, ("_sort", "date"), ("_count", "2"))) == filed[:2]


def test_search__a_cursor_is_for_one_asker_and_question(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    for day in range(1, 4):
        file(amina, rivemont, **on(f"2026-01-{day:02d}"))
    token = token_of(nguyen)
    following = next_of(search(token, amina, ("_count", "1")))
    other = people.dr_nguyen()
    people.grant(amina, other)
    assert call("GET", "/DocumentReference", token=token_of(other), query=following).status == 400
    assert call("GET", "/DocumentReference", token=token, query=[*following, ("type", "11502-2")]).status == 400
    forged = [(name, value[:-2] + "AA" if name == "_cursor" else value) for name, value in following]
    assert call("GET", "/DocumentReference", token=token, query=forged).status == 400
    paul = people.paul()
    elsewhere = [(name, str(paul.person_id) if name == "patient" else value) for name, value in following]
    assert call("GET", "/DocumentReference", token=token, query=elsewhere).status == 400


def test_search__filters(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    lab = file(amina, rivemont, **on("2026-01-10"))
    letter_type = {"coding": [{"system": "http://loinc.org", "code": "11490-0"}]}
    letter = file(amina, rivemont, type=letter_type, category=None, **on("2025-06-01"))
    token = token_of(nguyen)
    for query, found in (
        (("type", "11502-2"), [lab]),
        (("type", "http://loinc.org|11490-0"), [letter]),
        (("type", "11490-0,11502-2"), [lab, letter]),
        (("type", "urn:other|11490-0"), []),
        (("category", "10"), [lab, letter]),
        (("date", "ge2026"), [lab]),
        (("date", "2025-06"), [letter]),
        (("date", "lt2025-06-01"), []),
        (("date", "le2025-06-01"), [letter]),
        (("period", "gt2025-06-01"), [lab]),
        (("date", "sa2026-01-10T08:00:00Z"), []),
        (("status", "superseded"), []),
        (("status", "current"), [lab, letter]),
        (("setting", "ETABLISSEMENT"), []),
        (("author.identifier", f"https://finess.esante.gouv.fr|{rivemont.finess}"), [lab, letter]),
        (("author.identifier", "https://rpps.esante.gouv.fr|1"), []),
        (("security-label", "MASQUE_PS"), []),
        (("PDSm_isArchived", "true"), []),
    ):
        assert ids(search(token, amina, query)) == found, query


def test_search__malformed_is_400(amina: Holder, nguyen: Doctor) -> None:
    token = token_of(nguyen)
    for query in (
        ("date", "yesterday"), ("date", "2026-13"), ("date", "ne2026"), ("_count", "-1"), ("_count", "x"),
        ("_sort", "title"), ("_total", "all"), ("status", "new"), ("_cursor", "AAAA"), ("_cursor", "é"),
        ("security-label", "N"), ("type", "http://loinc.org|"), ("type", "x\0"), ("date", "2026-02-30"),
    ):  # fmt: skip
        assert search(token, amina, query).status == 400, query
    assert call("GET", "/DocumentReference", token=token).status == 400


def test_search__unknown_parameter_is_told_or_refused(amina: Holder, nguyen: Doctor) -> None:
    token = token_of(nguyen)
    told = search(token, amina, ("colour", "red"), ("_has:Observation:patient:code", "1"))
    outcomes = [entry["resource"] for entry in told.json["entry"] if entry["search"]["mode"] == "outcome"]
    assert len(outcomes[0]["issue"]) == 2
    assert search(token, amina, ("colour", "red"), Prefer="handling=strict").status == 400


def test_search__stranger_and_absent_are_the_same_page(amina: Holder, rivemont: Hospital) -> None:
    file(amina, rivemont)
    stranger = token_of(people.dr_nguyen())
    nobody = people.new_ins(people.around(1970), "F", "69001")
    pages = [
        call("POST", "/DocumentReference/_search", token=stranger, body=form(("patient.identifier", one)),
             headers={"Content-Type": "application/x-www-form-urlencoded"})
        for one in (f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}", f"urn:oid:{nobody.oid}|{nobody.matricule}", "x|y")
    ]  # fmt: skip
    assert {page.status for page in pages} == {200}
    assert len({page.body for page in pages}) == 1
    hers = search(stranger, amina, ("_total", "accurate"), ("_summary", "count"))
    assert hers.json["total"] == 0


def form(*query: tuple[str, str]) -> bytes:
    return urlencode(query).encode()


def test_search__by_ins_in_a_form(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    filed = file(amina, rivemont)
    query = form(("patient.identifier", f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}"))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    page = call("POST", "/DocumentReference/_search", token=token_of(nguyen), body=query, headers=headers)
    assert ids(page) == [filed]
    assert amina.ins.matricule.encode() not in page.body


def test_search__hidden_is_neither_shown_nor_counted(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    kept = file(amina, rivemont)
    hidden = file(amina, rivemont, content=document(amina, pdf(1))["content"])
    person_id, document_id = logical_ids.decode(hidden)
    token = token_of(nguyen)
    assert search(token, amina, ("_summary", "count")).json["total"] == 2
    documents.mask(actor=amina.actor, person_id=person_id, document_id=document_id)
    page = search(token, amina, ("_total", "accurate"), ("_count", "1"))
    assert (page.json["total"], ids(page), next_of(page)) == (1, [kept], [])


def test_patients__by_ins_for_whoever_may_know(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    token = token_of(nguyen)
    identifier = f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}"
    found = call("GET", "/Patient", token=token, query=[("identifier", identifier)])
    patient = found.json["entry"][0]["resource"]
    assert patient["id"] == str(amina.person_id)
    assert patient["name"][0]["family"] == "BENALI"
    assert call("GET", f"/Patient/{amina.person_id}", token=token).json == patient
    people.block(amina, nguyen)
    refused = call("GET", "/Patient", token=token, query=[("identifier", identifier)])
    absent = call("GET", "/Patient", token=token, query=[("identifier", "urn:oid:1.2.250.1.213.1.4.10|" + "1" * 15)])
    assert refused.body == absent.body
    gone = call("GET", "/Patient/00000000-0000-4000-8000-000000000000", token=token)
    assert call("GET", f"/Patient/{amina.person_id}", token=token).body == gone.body
    for query in (
        [],
        [("identifier", "x")],
        [("identifier", "a|b"), ("identifier", "c|d")],
        [("identifier", "a|b,c|d")],
    ):
        assert call("GET", "/Patient", token=token, query=query).status == 400


def test_links__carry_no_identity_number(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    file(amina, rivemont)
    identifier = f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}"
    page = call("GET", "/DocumentReference", token=token_of(nguyen), query=[("patient.identifier", identifier)])
    assert page.json["link"][0]["url"].startswith(BASE)
    assert amina.ins.matricule.encode() not in page.body
