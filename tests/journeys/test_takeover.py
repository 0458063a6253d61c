"""Older records move in once, as they were: documents, authors, masks, rights, lines; closed ones stay out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.adapters import inspect
from healthspace.documents.ports import Limits
from healthspace.journeys.loading import cda
from healthspace.journeys.takeover import Taken, take_in
from healthspace.ops.commands import takeover as command
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories import orders
from tests.journeys.older import Paper, pack

pytestmark = pytest.mark.usefixtures("as_worker")
REAL = (
    ("BIO-CR-BIO_2024.01_TSH_1.xml", "11502-2"),
    ("LDL-SES_2022.01.xml", "11490-0"),
    ("VAC_2023.01.xml", "11369-6"),
)


def waiting(state: str = "informed") -> people.Holder:
    """Amina, whose space is not open yet."""
    return people.holder("BENALI", ("AMINA", "LEILA"), people.around(1987), "F", people.place_in("69"), state=state)


def cards(holder: people.Holder, **query: object) -> dict[str, reads.Card]:
    """Her documents by their senders' identifiers."""
    asked = reads.ListQuery(limit=50, statuses=("current", "superseded"), **query)  # type: ignore[arg-type]
    page = reads.list_documents(actor=holder.actor, person_id=holder.person_id, query=asked)
    return {card.sheet.source_id: card for card in page.cards}


def put(folder: Path, holder: people.Holder, papers: list[Paper], **record: object) -> Taken:
    pack(folder, holder.ins.matricule, holder.ins.oid, papers, **record)
    return take_in(folder)


def test_take_in__three_documents_once_with_ids_authors_and_masks(tmp_path: Path) -> None:
    """T6"""
    amina, closed, doctor, hospital = waiting(), people.paul(), people.dr_nguyen(), people.rivemont()
    papers = [
        Paper(orders.pdf(), rpps=doctor.rpps, finess=hospital.finess),
        Paper(orders.pdf(), finess=hospital.finess, confidentiality=("N", "MASQUE_PS")),
        Paper(orders.pdf(), type_code="DOCPAT03", by_patient=True, title="Mes allergies"),
    ]
    pack(tmp_path / "closed", closed.ins.matricule, closed.ins.oid, [Paper(orders.pdf())], state="closed")
    first = put(tmp_path / "amina", amina, papers)
    assert (first.filed, first.failed) == (3, 0)
    both = take_in(tmp_path)
    assert (both.records, both.closed, both.filed, both.duplicates, both.failed) == (2, 1, 0, 3, 0)
    assert cards(closed) == {}
    with pytest.raises(Refused):
        cards(amina)
    spaces.activate(actor=amina.actor, person_id=amina.person_id)
    found = cards(amina)
    assert set(found) == {paper.unique_id for paper in papers}
    first_card, masked, own = (found[paper.unique_id] for paper in papers)
    assert (first_card.author_professional_id, first_card.author_institution_id) == (doctor.id, hospital.id)
    assert first_card.author_name == "Dr Linh Nguyen"
    assert (first_card.deposited_at.year, first_card.made_at.year) == (2019, 2019)
    assert [one.is_masked for one in (first_card, masked, own)] == [False, True, False]
    assert own.author_kind == "holder"
    opened = reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=masked.id)
    assert opened.content == papers[1].content


def test_take_in__real_documents_of_the_country(tmp_path: Path, shared: Path) -> None:
    contents = [(shared / "data" / "cda-fr" / name).read_bytes() for name, _code in REAL]
    header = inspect.inspect(contents[0], "text/xml", limits=Limits()).cda
    assert header is not None
    traits = cda.claim_of(header.patient).traits
    assert traits is not None
    holder = people.holder(traits.birth_name, traits.first_names, traits.born_on, traits.sex, traits.birth_place)
    papers = [
        Paper(content, type_code=code, media_type="text/xml", title=name[:20])
        for content, (name, code) in zip(contents, REAL, strict=True)
    ]
    taken = put(tmp_path, holder, papers)
    assert (taken.filed, taken.failed) == (3, 0), taken.reasons
    assert {card.kind for card in cards(holder).values()} == {"cda"}
    stranger = people.paul()
    elsewhere = put(tmp_path / "stranger", stranger, [replace(papers[0], unique_id="2.25.1")])
    assert [one.reason for one in elsewhere.reasons] == ["invalid: ID-1"]
    assert cards(stranger) == {}


def test_take_in__replaced_versions_stay_behind_the_new_one(tmp_path: Path) -> None:
    amina, hospital = people.amina(), people.rivemont()
    old = Paper(orders.pdf(), finess=hospital.finess, status="Deprecated")
    new = Paper(orders.pdf(), finess=hospital.finess, replaces=old.unique_id, created="20200101")
    assert put(tmp_path, amina, [new, old]).filed == 2
    found = cards(amina)
    assert found[old.unique_id].status == "superseded"
    assert found[new.unique_id].status == "current"
    assert found[new.unique_id].replaces_id == found[old.unique_id].id


def test_take_in__what_the_author_filed_again_is_the_same_document(tmp_path: Path) -> None:
    amina, hospital = people.amina(), people.rivemont()
    paper = Paper(orders.pdf(), finess=hospital.finess)
    order = orders.order(amina, content=paper.content, source_id=paper.unique_id)
    documents.deposit(actor=hospital.actor, order=order)
    taken = put(tmp_path, amina, [paper])
    assert (taken.filed, taken.duplicates) == (0, 1)


def test_take_in__rights_and_lines_move_in_once_and_what_was_ended_stays_ended(tmp_path: Path) -> None:
    amina, doctor, blocked, hospital = waiting(), people.dr_nguyen(), people.dr_nguyen(), people.rivemont()
    record = {
        "authorisations": [
            {"rpps": doctor.rpps, "from": "2026-01-05", "until": "2028-01-05"},
            {"finess": hospital.finess, "from": "2026-01-05"},
            {"rpps": doctor.rpps, "from": "2012-01-05", "until": "2013-01-05"},
        ],
        "blocks": [{"rpps": blocked.rpps, "from": "2020-02-01"}],
        "traces": [
            {"id": "t1", "at": "2024-03-02T10:00:00", "act": "document_opened", "rpps": doctor.rpps, "name": "Dr N"},
            {"id": "t2", "at": "2024-03-03", "act": "something", "name": "Mme Roux", "place": "Cabinet"},
        ],
    }
    papers = [Paper(orders.pdf(), rpps=doctor.rpps)]
    assert put(tmp_path, amina, papers, **record).rights_and_lines == 5
    assert take_in(tmp_path).rights_and_lines == 0
    spaces.activate(actor=amina.actor, person_id=amina.person_id)
    page = reads.list_documents(actor=doctor.actor, person_id=amina.person_id, query=reads.ListQuery())
    assert len(page.cards) == 1
    with pytest.raises(Refused):
        reads.list_documents(actor=blocked.actor, person_id=amina.person_id, query=reads.ListQuery())
    lines = reads.journal(actor=amina.actor, person_id=amina.person_id, limit=50)
    kinds = [one.kind for one in lines]
    assert (kinds.count("older_trace"), kinds.count("older_record_taken")) == (2, 1)
    told = {one.actor_name for one in lines if one.kind == "older_trace"}
    assert told == {"Dr N", "Mme Roux"}
    tie = next(
        one
        for one in access_reads.ties(actor=amina.actor, person_id=amina.person_id)
        if one.professional_id == doctor.id
    )
    access.end(actor=amina.actor, person_id=amina.person_id, tie_id=tie.id)
    take_in(tmp_path)
    with pytest.raises(Refused):
        reads.list_documents(actor=doctor.actor, person_id=amina.person_id, query=reads.ListQuery())


def test_take_in__opposed_and_unknown_stay_out(tmp_path: Path) -> None:
    opposed, nobody = waiting(), people.new_ins(people.around(1950), "M", people.place_in("13"))
    spaces.oppose(actor=opposed.actor, person_id=opposed.person_id)
    pack(tmp_path / "nobody", nobody.matricule, nobody.oid, [Paper(orders.pdf())])
    taken = put(tmp_path / "opposed", opposed, [Paper(orders.pdf())])
    assert take_in(tmp_path).left_out == {"opposed": 1, "unknown": 1}
    assert (taken.filed, taken.left_out) == (0, {"opposed": 1})


def test_take_in__from_the_takeover_date_no_newer_record(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TAKEOVER_ON = "2022-07-01"
    old, new = people.amina(), people.paul()
    pack(tmp_path / "a", old.ins.matricule, old.ins.oid, [Paper(orders.pdf())], created_on="2022-06-30")
    pack(tmp_path / "b", new.ins.matricule, new.ins.oid, [Paper(orders.pdf())], created_on="2022-07-01")
    assert command.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "invalid: ENR-10" in said and "nobody can create" in said
    assert len(cards(old)) == 1
    assert cards(new) == {}


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"digest": "0" * 40}, "digest-differs"),
        ({"file": "../../../etc/passwd"}, "file-outside"),
        ({"file": "DOC99999"}, "No such file or directory"),
        ({"created": "20261350"}, "no-date"),
        ({"type_code": "nothing"}, "invalid: JDV_J07"),
        ({"confidentiality": ("MASQUE_PS", "INVISIBLE_PATIENT")}, "invalid: ACC-18"),
    ],
)
def test_take_in__bad_documents_are_told(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    amina = people.amina()
    taken = put(tmp_path, amina, [replace(Paper(orders.pdf()), **change)])  # type: ignore[arg-type]
    assert [one.reason for one in taken.reasons] == [reason]
    assert cards(amina) == {}


@pytest.mark.parametrize("broken", ["", "{", '{"ins": "1"}', "[]"])
def test_take_in__a_record_that_does_not_say_how_it_stands_stays_out(tmp_path: Path, broken: str) -> None:
    amina = people.amina()
    subset = pack(tmp_path / "amina", amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf())])
    (subset / "RECORD.json").write_text(broken)
    assert take_in(tmp_path).failed == 1
    assert cards(amina) == {}


def test_take_in__metadata_with_entities_or_of_somebody_else_are_refused(tmp_path: Path) -> None:
    amina, paul = people.amina(), people.paul()
    subset = pack(tmp_path / "amina", amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf())])
    record = json.loads((subset / "RECORD.json").read_text())
    (subset / "RECORD.json").write_text(json.dumps(record | {"ins": paul.ins.matricule, "oid": paul.ins.oid}))
    other = pack(tmp_path / "paul", paul.ins.matricule, paul.ins.oid, [Paper(orders.pdf())])
    (other / "METADATA.XML").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    taken = take_in(tmp_path)
    assert {one.reason for one in taken.reasons} == {"patient-differs", "metadata-doctype"}
    assert cards(paul) == {}


def test_take_over__stranger_and_holder_are_refused() -> None:
    amina, paul, hospital = people.amina(), people.paul(), people.rivemont()
    for actor in (amina.actor, paul.actor, hospital.actor):
        order = orders.order(amina, identity=None, person_id=amina.person_id)
        with pytest.raises(Refused):
            documents.take_over(actor=actor, older=documents.Older(order, hospital.actor, order.made_at))
        with pytest.raises(Refused):
            access.take_over(actor=actor, person_id=amina.person_id, ties=[], traces=[])
        with pytest.raises(Refused):
            access.note_taken_over(actor=actor, person_id=amina.person_id)
    assert cards(amina) == {}


def test_take_over__an_order_without_a_space_is_invalid() -> None:
    amina, hospital = people.amina(), people.rivemont()
    order = orders.order(amina)
    with pytest.raises(Invalid):
        documents.take_over(actor=SYSTEM, older=documents.Older(order, hospital.actor, order.made_at))


def test_deposit__without_authorisation_search_is_refused_but_filing_and_withdrawing_are_not() -> None:
    """T12"""
    amina, doctor = people.amina(), people.dr_nguyen()
    with pytest.raises(Refused):
        reads.list_documents(actor=doctor.actor, person_id=amina.person_id, query=reads.ListQuery())
    filed = documents.deposit(actor=doctor.actor, order=orders.order(amina))
    assert filed.status == "filed"
    with pytest.raises(Refused):
        reads.list_documents(actor=people.paul().actor, person_id=amina.person_id, query=reads.ListQuery())
    documents.delete(actor=doctor.actor, person_id=amina.person_id, document_id=filed.document_id)
    assert cards(amina) == {}
