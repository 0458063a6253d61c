"""Paper for people without a screen: printed, signed, scanned, carried out once."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
import time_machine

from healthspace.access import actions as access
from healthspace.access import reads
from healthspace.access.rules import FORM_LASTS
from healthspace.common import clock
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import reads as document_reads
from healthspace.journeys import assisting, paper, printing
from healthspace.profile import actions as profile
from tests import desks, people
from tests.people import Holder
from tests.roles import as_the_worker


def words_of(content: bytes) -> str:
    """Everything that the pages of a PDF say."""
    with pypdfium2.PdfDocument(content) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def scanned(content: bytes, folder: Path, name: str = "scan0001") -> Path:
    """What the post room's scanner makes of the last page: grey, 200 dots an inch."""
    with pypdfium2.PdfDocument(content) as document:
        picture = document[len(document) - 1].render(scale=200 / 72, grayscale=True).to_pil()
    path = folder / f"{name}.png"
    picture.save(path)
    return path


def form(holder: Holder, kind: str, **more: object) -> bytes:
    who = {"actor": holder.actor, "person_id": holder.person_id}
    return printing.form(**who, kind=kind, language="fr", **more)  # type: ignore[arg-type]


def take_in(folder: Path) -> paper.Report:
    with as_the_worker():
        return paper.take_in(folder)


def test_summary__holds_the_facts_of_an_emergency_in_both_languages() -> None:
    amina, doctor, fatou = people.amina(), people.dr_nguyen(), desks.fatou()
    access.name_attending_doctor(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    resource = {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": "Pénicilline"}}
    profile.keep(actor=amina.actor, person_id=amina.person_id, resource=resource)
    helper = fatou.helps(amina, ["summary"])
    for actor in (amina.actor, helper):
        for language, word in (("fr", "Allergies"), ("en", "Attending doctor")):
            said = words_of(printing.summary(actor=actor, person_id=amina.person_id, language=language))
            for one in (word, "Pénicilline", "Amina Benali", "Dr Linh Nguyen"):
                assert one in said
    told = document_reads.journal(actor=amina.actor, person_id=amina.person_id)
    printed = [line for line in told if line.kind == "summary_printed"]
    assert {line.actor_name for line in printed} == {"Fatou Diallo", "Amina Benali"}


def test_summary__stranger_and_helper_without_it_are_refused() -> None:
    amina, paul, fatou = people.amina(), people.paul(), desks.fatou()
    for actor in (paul.actor, fatou.helps(amina, ["emergency"])):
        with pytest.raises(Refused):
            printing.summary(actor=actor, person_id=amina.person_id, language="fr")


def test_emergency_form__that_comes_back_is_carried_out_once(tmp_path: Path) -> None:
    amina = people.amina()
    content = form(amina, "emergency_no")
    assert "Amina Benali" in words_of(content)
    scanned(content, tmp_path)
    report = take_in(tmp_path)
    assert (report.files, report.done, report.faults) == (1, 1, [])
    assert [path.parent.name for path in tmp_path.rglob("*.png")] == ["read"]
    told = [line.kind for line in document_reads.journal(actor=amina.actor, person_id=amina.person_id)]
    assert told[:3] == ["emergency_choice_changed", "form_taken_in", "form_printed"]
    scanned(content, tmp_path)
    assert take_in(tmp_path).faults == [("scan0001.png", 1, "used")]


def test_doctor_form__names_the_doctor(tmp_path: Path) -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    scanned(form(amina, "attending", professional_id=doctor.id), tmp_path)
    assert take_in(tmp_path).done == 1
    ties = reads.ties(actor=amina.actor, person_id=amina.person_id)
    assert [(tie.kind, tie.name) for tie in ties] == [("attending", "Dr Linh Nguyen")]


def test_code_and_closing_forms__order_a_letter_and_close(tmp_path: Path) -> None:
    amina = people.amina()
    scanned(form(amina, "new_code"), tmp_path, "first")
    scanned(form(amina, "close"), tmp_path, "second")
    report = take_in(tmp_path)
    assert (report.done, report.faults) == (2, [])
    with pytest.raises(Refused):
        reads.ties(actor=amina.actor, person_id=amina.person_id)


def test_form__changed_foreign_old_or_blank_is_for_a_person_to_look_at(tmp_path: Path) -> None:
    amina, paul = people.amina(), people.paul()
    content = form(amina, "emergency_no")
    text = reads.form_text(amina.person_id, amina.account_id)
    assert reads.read_form_text(text) == (amina.person_id, amina.account_id)
    forged = text.replace(amina.person_id.hex.upper(), paul.person_id.hex.upper())
    for wrong in (forged, text[:-1], "HSF1:", "x" * 500, text[:-1] + ("0" if text[-1] != "0" else "1")):
        assert reads.read_form_text(wrong) is None
    scanned(printing.summary(actor=amina.actor, person_id=amina.person_id, language="fr"), tmp_path, "blank")
    scanned(content, tmp_path, "old")
    (tmp_path / "cut.pdf").write_bytes(content[: len(content) // 2])
    with time_machine.travel(clock.now() + FORM_LASTS):
        report = take_in(tmp_path)
    reasons = {name: reason for name, _page, reason in report.faults}
    assert reasons == {"blank.png": "no_square", "old.png": "old", "cut.pdf": "unreadable"}
    assert report.done == 0


def test_form__stranger_and_unknown_kind_are_not_printed() -> None:
    amina, paul = people.amina(), people.paul()
    with pytest.raises(Refused):
        printing.form(actor=paul.actor, person_id=amina.person_id, kind="close", language="fr")
    for kind in ("mandate", "nonsense", "attending"):
        with pytest.raises(Invalid):
            form(amina, kind)


def test_signed_sheet__starts_its_own_session_and_no_other(tmp_path: Path) -> None:
    amina, fatou = people.amina(), desks.fatou()
    first, second = fatou.asks(amina), fatou.asks(amina)
    for actor in (first, second):
        access.choose_scope(actor=actor, person_id=amina.person_id, scope=["emergency"], identity_paper="passport")
    content = printing.mandate(actor=first, person_id=amina.person_id, language="fr")
    said = words_of(content)
    assert "Fatou Diallo" in said and "France Services de Rivemont" in said and "Amina Benali" in said
    scan = scanned(content, tmp_path).read_bytes()
    assert not paper.take_mandate(actor=second, person_id=amina.person_id, content=scan)
    assert paper.take_mandate(actor=first, person_id=amina.person_id, content=scan)
    helped = assisting.look(first)
    assert helped is not None and helped.card.consent == "paper" and helped.card.runs_at(clock.now())
    blank = io.BytesIO()
    with pytest.raises(Invalid):
        paper.take_mandate(actor=second, person_id=amina.person_id, content=blank.getvalue() or b"no scan at all")
    scanned(content, tmp_path)
    assert take_in(tmp_path).faults[0][2] == "nobody"


def test_signed_sheet__agrees_to_nothing_ticked_afterwards(tmp_path: Path) -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.asks(amina)
    who = {"actor": actor, "person_id": amina.person_id}
    access.choose_scope(**who, scope=["emergency"], identity_paper="passport")
    scan = scanned(printing.mandate(**who, language="fr"), tmp_path).read_bytes()
    digits = access.new_assistance_code(**who)
    access.choose_scope(**who, scope=["emergency", "documents"], identity_paper="passport")
    assert not paper.take_mandate(**who, content=scan)
    assert not access.start_by_code(**who, digits=digits)
