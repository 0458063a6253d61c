"""Single letters: ordered when no mail is known, printed once, with a code that works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2
import pytest
from django.db import transaction

from healthspace.enrolment.actions import answers, codes, ordered
from healthspace.enrolment.models import Case, Enrollee
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault
from tests.rooms import letters

pytestmark = pytest.mark.usefixtures("as_worker")
ADDRESS = {"address": ["12 rue des Lilas"], "postcode": "69003", "city": "LYON"}


def at_home(person: letters.Told) -> letters.Told:
    """The same person, with a postal address in the register."""
    with transaction.atomic():
        set_context(person.person_id)
        sealed = vault.sealer(person.person_id).seal(
            json.dumps(ADDRESS).encode(), item=person.person_id, part="registry:1"
        )
        Enrollee.objects.filter(person_id=person.person_id).update(sealed=sealed)
    return person


def words_in(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("*.pdf")):
        with pypdfium2.PdfDocument(path) as document:
            found += [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    return found


def of_town(folder: Path, name: str) -> str:
    """The one letter to this person (other tests order letters too)."""
    return next(words for words in words_in(folder) if name in words)


@pytest.fixture(autouse=True)
def _nothing_waits(as_worker: None) -> None:
    """Orders of other tests are not this one's."""
    with transaction.atomic():
        for case in Case.objects.filter(kind__in=ordered.KINDS, settled_at=None):
            set_context(case.person_id)
            Case.objects.filter(person_id=case.person_id, id=case.id).update(settled_at=case.opened_at)


def code_of(words: str) -> str:
    return re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", words)[0]


def test_print_ordered__a_new_code_by_post_works(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path).letters == 1
    words = of_town(tmp_path, "Amina Benali")
    assert "12 rue des Lilas" in words
    assert amina.claim(code=code_of(words)).may == {"activate", "refuse"}
    assert ordered.print_ordered(tmp_path).letters == 0


def test_print_ordered__confirmation_on_paper_undoes_like_the_mail(tmp_path: Path) -> None:
    amina = at_home(letters.told())
    answers.oppose(amina.claim())
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path).letters == 1
    claim = amina.claim(code=code_of(of_town(tmp_path, "Amina Benali")))
    assert claim.may == {"undo"}
    answers.undo(claim)
    assert letters.state_of(amina) == "informed"


def test_print_ordered__undone_meanwhile_is_not_printed(tmp_path: Path) -> None:
    amina = at_home(letters.told())
    from healthspace.enrolment.reads import claims

    kept = amina.claim().kept()
    answers.oppose(claims.recall(kept))
    dispatcher.run_for(amina.person_id)
    answers.undo(claims.recall(kept))
    assert ordered.print_ordered(tmp_path).letters == 0


def test_print_ordered__without_an_address_stays_a_case(tmp_path: Path) -> None:
    amina = letters.told(email="")
    with transaction.atomic():
        set_context(amina.person_id)
        sealed = vault.sealer(amina.person_id).seal(b"{}", item=amina.person_id, part="registry:1")
        Enrollee.objects.filter(person_id=amina.person_id).update(sealed=sealed)
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    done = ordered.print_ordered(tmp_path)
    assert (done.letters, done.without_address) == (0, 1)
