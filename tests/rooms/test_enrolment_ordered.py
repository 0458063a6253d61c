"""Single letters: ordered when no mail is known, printed once, with a code that works."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.actions import answers, codes, ordered
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.models import Case, Enrollee
from healthspace.enrolment.reads import claims
from healthspace.enrolment.rules import codes as rules
from healthspace.enrolment.rules import texts
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces.models import Space
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
    return str(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", words)[0])


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
    kept = amina.claim().kept()
    answers.oppose(claims.recall(kept))
    dispatcher.run_for(amina.person_id)
    answers.undo(claims.recall(kept))
    assert ordered.print_ordered(tmp_path).letters == 0


def test_print_ordered__a_second_refusal_is_confirmed_too(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    kept = amina.claim().kept()
    answers.oppose(claims.recall(kept))
    dispatcher.run_for(amina.person_id)
    answers.undo(claims.recall(kept))
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path / "first").letters == 1
    answers.oppose(amina.claim(code=code_of(of_town(tmp_path / "first", "Amina Benali"))))
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path / "second").letters == 1
    assert amina.claim(code=code_of(of_town(tmp_path / "second", "Amina Benali"))).may == {"undo"}


def test_print_ordered__refused_undone_and_refused_between_two_print_runs(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    kept = amina.claim().kept()
    answers.oppose(claims.recall(kept))
    dispatcher.run_for(amina.person_id)
    answers.undo(claims.recall(kept))
    fresh = new_code(amina)
    answers.oppose(amina.claim(code=fresh))
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path).letters == 1
    assert amina.claim(code=code_of(of_town(tmp_path, "Amina Benali"))).may == {"undo"}


def test_print_ordered__two_children_refused_are_two_letters_to_the_other_parent(tmp_path: Path) -> None:
    jeanne, marc = letters.told("MOREL", "JEANNE"), at_home(letters.told("MOREL", "MARC", email=""))
    born = clock.today() - timedelta(days=365 * 9)
    for days in (0, 500):
        one = letters.told(
            "MOREL", "LÉO", born_on=born + timedelta(days=days), parent=jeanne, other_parent=marc, email=""
        )
        answers.oppose(one.claim(owner=jeanne))
    dispatcher.run_for(marc.person_id)
    assert ordered.print_ordered(tmp_path).letters == 2


def new_code(person: letters.Told) -> str:
    """A living code, as a letter brings it."""
    code, at = rules.derive(secrets.token_bytes(32), person.person_id), clock.now()
    with transaction.atomic():
        set_context(person.person_id)
        expires_at = at + timedelta(days=42)
        codes.issue_one(person_id=person.person_id, purpose="answer", code=code, at=at, expires_at=expires_at)
    return code


@pytest.mark.parametrize("act", ["withdraw", "activate"])
def test_refusal__that_is_no_more_is_confirmed_to_nobody(tmp_path: Path, act: str) -> None:
    amina = at_home(letters.told(email=""))
    answers.oppose(amina.claim())
    dispatcher.run_for(amina.person_id)
    claim = amina.claim(code=new_code(amina))
    if act == "withdraw":
        answers.withdraw(claim)
    else:
        answers.activate(claim, login=f"a{secrets.token_hex(6)}", password=secrets.token_hex(12), language="fr")
    assert ordered.print_ordered(tmp_path).letters == 0


def test_refusal__taken_back_before_the_dispatcher_came_is_confirmed_to_nobody(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    answers.oppose(amina.claim())
    answers.withdraw(amina.claim(code=new_code(amina)))
    dispatcher.run_for(amina.person_id)
    with transaction.atomic():
        set_context(amina.person_id)
        assert not Case.objects.filter(person_id=amina.person_id, kind="refusal_letter").exists()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("informed", "dire oui ou non à votre espace"),
        ("opposed", "Si vous ne faites rien, le refus reste"),
        ("open_inactive", "Votre espace de santé est ouvert"),
    ],
)
def test_print_ordered__a_new_code_says_what_it_is_good_for(tmp_path: Path, state: str, said: str) -> None:
    amina = at_home(letters.told(email=""))
    Space.objects.filter(person_id=amina.person_id).update(state=state)
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path).letters == 1
    assert said in of_town(tmp_path, "Amina Benali")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("state", ["not_informed", "informed", "opposed", "open_inactive"])
def test_new_code__words_of_a_child_are_about_the_child(state: str, language: str) -> None:
    own, child = (
        short_mail.new_code("ABCDEFGHJKMN", is_child=one, state=state, language=language).lines for one in (False, True)
    )
    assert len(own) == len(child) == 7
    assert [own[place] == child[place] for place in range(7)] == [True, True, False, False, True, False, True]
    assert texts.text("single", language)["new_code"].keys() == texts.text("single", "fr")["new_code"].keys()


def test_print_ordered__two_runs_at_once_print_each_letter_once(tmp_path: Path) -> None:
    people = [at_home(letters.told(email="")) for _ in range(3)]
    for one in people:
        codes.request_new(matricule=one.ins.matricule, serial=one.serial, born_on=one.born_on, source="")
        dispatcher.run_for(one.person_id)

    def run(number: int) -> int:
        try:
            return ordered.print_ordered(tmp_path / str(number)).letters
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as several:
        assert sum(several.map(run, range(3))) == 3


def test_print_ordered__files_are_for_their_owner_alone_with_a_manifest(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    before = os.umask(0o022)
    try:
        ordered.print_ordered(tmp_path / "press")
    finally:
        os.umask(before)
    (pdf,), (about,) = (tmp_path / "press").glob("*.pdf"), (tmp_path / "press").glob("*.json")
    told = json.loads(about.read_text())
    assert told["files"] == {pdf.name: hashlib.sha256(pdf.read_bytes()).hexdigest()}
    assert told["letters"] == 1
    assert {path.stat().st_mode & 0o777 for path in (pdf, about)} == {0o600}
    assert (tmp_path / "press").stat().st_mode & 0o777 == 0o700


def test_print_ordered__without_an_address_is_an_unreachable_person(tmp_path: Path) -> None:
    amina = letters.told(email="")
    with transaction.atomic():
        set_context(amina.person_id)
        sealed = vault.sealer(amina.person_id).seal(b"{}", item=amina.person_id, part="registry:1")
        Enrollee.objects.filter(person_id=amina.person_id).update(sealed=sealed)
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    done = ordered.print_ordered(tmp_path)
    assert (done.letters, done.without_address) == (0, 1)
    assert (ordered.print_ordered(tmp_path).letters, ordered.print_ordered(tmp_path).without_address) == (0, 0)
    with transaction.atomic():
        set_context(amina.person_id)
        assert Case.objects.filter(person_id=amina.person_id, kind="unreachable", settled_at=None).count() == 1
