"""A desk is no way round what protects the space online: what letter, card and paper are worth; forms (T13, AST-5)."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from healthspace.access import actions as access
from healthspace.access import reads
from healthspace.audit import kinds
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.reads import ListQuery
from healthspace.journeys import assisting, paper, printing
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.people import actions as people_actions
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from tests import desks, people
from tests.factories import orders
from tests.people import Holder
from tests.roles import as_the_worker

PAPERLESS = ("activate", "emergency", "file", "refuse", "summary")


def drawn(actor: Actor, holder: Holder) -> bytes:
    return printing.mandate(actor=actor, person_id=holder.person_id, language="fr")


def scanned(content: bytes) -> bytes:
    with pypdfium2.PdfDocument(content) as document:
        picture = document[len(document) - 1].render(scale=200 / 72, grayscale=True).to_pil()
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def chosen(holder: Holder, *scope: str) -> Actor:
    actor = desks.fatou().asks(holder)
    access.choose_scope(actor=actor, person_id=holder.person_id, scope=scope, identity_paper="passport")
    return actor


def by_paper(holder: Holder, *scope: str) -> Actor:
    actor = chosen(holder, *scope)
    assert paper.take_mandate(actor=actor, person_id=holder.person_id, content=scanned(drawn(actor, holder)))
    return actor


def carried_out(content: bytes, folder: Path) -> paper.Report:
    (folder / f"{secrets.token_hex(4)}.png").write_bytes(scanned(content))
    with as_the_worker():
        return paper.take_in(folder)


def form(actor: Actor, holder: Holder, kind: str, **more: Any) -> bytes:
    return printing.form(actor=actor, person_id=holder.person_id, kind=kind, language="fr", **more)


@pytest.mark.parametrize("word", ["documents", "access", "contact", "close"])
def test_signed_sheet__opens_moves_and_closes_nothing_of_a_space_in_use(word: str) -> None:
    amina = people.amina()
    actor = chosen(amina, word, "file")
    with pytest.raises(Refused):
        paper.take_mandate(actor=actor, person_id=amina.person_id, content=scanned(drawn(actor, amina)))
    assert not reads.assistances(actor=amina.actor, person_id=amina.person_id)


def test_letter_of_a_space_in_use__reads_nothing_at_a_desk() -> None:
    amina = people.amina()
    documents.deposit(actor=people.rivemont().actor, order=orders.order(amina, title="Secret"))
    actor = desks.fatou().asks(amina, proof="letter", letter_code_id=uuid4())
    given: dict[str, Any] = {"actor": actor, "person_id": amina.person_id}
    access.choose_scope(**given, scope=["documents"], identity_paper="passport")
    with pytest.raises(Refused):
        access.start_by_letter(**given)
    with pytest.raises(Refused):
        document_reads.list_documents(**given, query=ListQuery())


def test_own_file_uploaded_back__is_no_signed_sheet() -> None:
    amina = people.amina()
    actor = chosen(amina, "file")
    content = drawn(actor, amina)
    with pytest.raises(Invalid):
        paper.take_mandate(actor=actor, person_id=amina.person_id, content=content)
    assert paper.take_mandate(actor=actor, person_id=amina.person_id, content=scanned(content))


def recover(holder: Holder) -> None:
    people_actions.recover_account(
        account_id=holder.account_id, login=f"taken.{secrets.token_hex(5)}", password="quatre autres mots simples"
    )


@pytest.mark.parametrize("when", ["before", "within"])
def test_recovered_account__is_not_read_at_a_desk_for_72_hours(when: str) -> None:
    amina = people.amina()
    documents.deposit(actor=people.rivemont().actor, order=orders.order(amina, title="Secret"))
    fatou = desks.fatou()
    if when == "before":
        recover(amina)
        with pytest.raises(Refused):
            fatou.helps(amina, ["documents"])
        return
    actor = fatou.helps(amina, ["documents", "summary", "close"])
    recover(amina)
    asks: tuple[Callable[[], object], ...] = (
        lambda: document_reads.list_documents(actor=actor, person_id=amina.person_id, query=ListQuery()),
        lambda: printing.summary(actor=actor, person_id=amina.person_id, language="fr"),
        lambda: assisting.answer(actor=actor, act="close"),
    )
    for ask in asks:
        with pytest.raises(Refused):
            ask()


def test_new_address__gets_no_digits_of_consent_for_72_hours() -> None:
    amina = people.amina()
    spaces.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="thief@example.org")
    with time_machine.travel(clock.now() + timedelta(hours=72, minutes=1)):
        with as_the_worker():
            spaces.apply_due_contacts()
        with transaction.atomic():
            set_context(amina.person_id)
            assert space_reads.identity(amina.person_id).email == "thief@example.org"
        helped = assisting.look(desks.fatou().asks(amina))
        assert helped is not None and helped.mail == ""
    with time_machine.travel(clock.now() + timedelta(hours=145)):
        helped = assisting.look(desks.fatou().asks(amina))
        assert helped is not None and helped.mail == "t•••@example.org"


def test_sheet__lets_a_helper_only_close_what_was_open_in_an_emergency() -> None:
    amina = people.amina()
    actor = by_paper(amina, "emergency")
    given: dict[str, Any] = {"actor": actor, "person_id": amina.person_id}
    no: dict[str, Any] = {"is_samu_opposed": True, "is_break_glass_opposed": True, "is_masked_opposed": True}
    access.change_emergency_choice(**given, **no)
    with pytest.raises(Refused):
        access.change_emergency_choice(**given, **(no | {"is_samu_opposed": False}))
    with pytest.raises(Refused):
        form(actor, amina, "emergency_yes")
    assert form(actor, amina, "emergency_no")


def test_identity_paper__is_said_and_told_in_the_journal() -> None:
    amina = people.amina()
    actor = desks.fatou().asks(amina)
    with pytest.raises(Invalid):
        access.choose_scope(actor=actor, person_id=amina.person_id, scope=["file"], identity_paper="")
    by_paper(amina, *PAPERLESS)
    told = document_reads.journal(actor=amina.actor, person_id=amina.person_id)
    (line,) = [line for line in told if line.kind == "assistance_started" and line.outcome == "done"]
    assert line.details["paper"] == "passport"
    with translation.override("fr"):
        assert "Le passeport a été montré." in kinds.KINDS["assistance_started"].tell(line)


@pytest.mark.parametrize("kind", ["emergency_no", "emergency_yes", "attending", "close"])
def test_form__is_not_printed_at_a_desk_beyond_what_was_ticked(kind: str) -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    actor = desks.fatou().helps(amina, ["file"])
    more = {"professional_id": doctor.id} if kind == "attending" else {}
    with pytest.raises(Refused):
        form(actor, amina, kind, **more)


def test_form_of_a_desk__is_carried_out_as_paper_under_the_printers_name_and_told_at_once(tmp_path: Path) -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    actor = desks.fatou().helps(amina, ["access"])
    content = form(actor, amina, "attending", professional_id=doctor.id)
    assert carried_out(content, tmp_path).done == 1
    told = {line.kind: line for line in document_reads.journal(actor=amina.actor, person_id=amina.person_id)}
    for kind in ("form_taken_in", "access_granted"):
        assert "Fatou Diallo (France Services de Rivemont)" in told[kind].sentence
    dispatcher.run_for(amina.person_id)
    notices = notifications.notices(actor=amina.actor, person_id=amina.person_id)
    assert "form_carried_out" in {notice.kind for notice in notices}


def test_form_of_a_desk__dies_when_the_person_cuts_the_session_and_after_thirty_days(tmp_path: Path) -> None:
    amina = people.amina()
    actor = desks.fatou().helps(amina, ["emergency"])
    cut, kept = form(actor, amina, "emergency_no"), people.amina()
    (card,) = reads.assistances(actor=amina.actor, person_id=amina.person_id)
    access.end_assistance(actor=amina.actor, person_id=amina.person_id, assistance_id=card.id)
    assert [reason for _name, _page, reason in carried_out(cut, tmp_path).faults] == ["old"]
    late = form(desks.fatou().helps(kept, ["emergency"]), kept, "emergency_no")
    with time_machine.travel(clock.now() + timedelta(days=30)):
        assert [reason for _name, _page, reason in carried_out(late, tmp_path).faults] == ["old"]
