"""Number, birth date and code: what they open, what they tell, what they count (ENR-4, ENR-6, T01-T03, T2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import answers, codes
from healthspace.enrolment.models import Code
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.rules.claims import NotAccepted, TooSoon
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests.rooms import letters


def reason_of(person: letters.Told, **changed: object) -> str:
    with pytest.raises(NotAccepted) as refused:
        person.claim(**changed)  # type: ignore[arg-type]
    return refused.value.reason


def test_check__the_letters_holder_may_open_or_refuse() -> None:
    amina = letters.told()
    claim = amina.claim()
    assert claim.person_id == amina.person_id
    assert claim.may == {"activate", "refuse"}
    assert not claim.is_child
    assert letters.tries_of(amina) == [0]
    assert reads.recall(claim.kept()).person_id == amina.person_id


def test_check__stranger_learns_nothing_and_moves_nothing() -> None:
    amina, paul = letters.told(), letters.stranger()
    assert reason_of(paul) == "unknown"
    assert reason_of(amina, owner=paul) == "unknown"
    assert letters.tries_of(amina) == [0]


@pytest.mark.parametrize("spelled", ["lower", "spaces", "hyphens", "letters"])
def test_check__the_code_is_read_as_people_write_it(spelled: str) -> None:
    amina = letters.told()
    code = amina.code
    typed = {
        "lower": code.lower(),
        "spaces": " ".join(code),
        "hyphens": f"{code[:4]}-{code[4:8]}-{code[8:]}",
        "letters": code.replace("0", "O").replace("1", "l"),
    }[spelled]
    assert amina.claim(code=typed).person_id == amina.person_id


def test_check__eleven_signs_are_refused_with_the_rule() -> None:
    amina = letters.told()
    with pytest.raises(Invalid) as fault:
        amina.claim(code=amina.code[:11])
    assert (fault.value.field, fault.value.rule) == ("code", "ENR-4")


def test_check__used_code_is_told_only_to_its_holder() -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    assert reason_of(amina) == "used"
    assert reason_of(amina, code=letters.wrong_code()) == "unknown"


def test_check__code_after_its_deadline_is_expired() -> None:
    amina = letters.told()
    with time_machine.travel(clock.now() + timedelta(days=42, hours=2), tick=False):
        assert reason_of(amina) == "expired"


def test_check__five_wrong_tries_lock_the_code_and_a_new_one_works() -> None:
    amina = letters.told()
    for _ in range(5):
        assert reason_of(amina, code=letters.wrong_code()) == "unknown"
    assert letters.tries_of(amina) == [5]
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert reason_of(amina) == "locked"
        with transaction.atomic():
            set_context(amina.person_id)
            codes.issue_one(
                person_id=amina.person_id,
                purpose="answer",
                code="ABCDEFGH0123",
                at=clock.now(),
                expires_at=clock.now() + timedelta(days=42),
            )
        assert reason_of(amina) == "replaced"
        assert amina.claim(code="ABCDEFGH0123").may == {"activate", "refuse"}


def test_check__four_wrong_tries_do_not_lock() -> None:
    amina = letters.told()
    for _ in range(4):
        reason_of(amina, code=letters.wrong_code())
    assert amina.claim().person_id == amina.person_id
    assert letters.tries_of(amina) == [4]


def test_check__wrong_pairs_never_move_a_counter() -> None:
    """T02 in small: right number, wrong birth dates; right birth date, wrong numbers."""
    amina = letters.told()
    for days in range(1, 60):
        wrong = letters.Told(
            amina.person_id, amina.ins, amina.born_on + timedelta(days=days), letters.wrong_code(), "", ""
        )
        assert reason_of(wrong) == "unknown"
    assert letters.tries_of(amina) == [0]


def test_check__one_pair_tried_too_often_waits_whether_or_not_it_exists() -> None:
    amina, paul = letters.told(), letters.stranger()
    waits = []
    with time_machine.travel(clock.now(), tick=False):
        for person in (amina, paul):
            for _ in range(10):
                assert reason_of(person, code=letters.wrong_code()) == "unknown"
            with pytest.raises(TooSoon) as soon:
                person.claim(code=letters.wrong_code())
            waits.append(soon.value.wait_seconds)
    assert waits[0] == waits[1] == 300


def test_check__a_source_with_many_wrong_ones_waits() -> None:
    for _ in range(20):
        assert reason_of(letters.stranger(), source="192.0.2.7") == "unknown"
    assert reason_of(letters.stranger(), source="192.0.2.7") == "too_soon"
    assert letters.told().claim(source="192.0.2.8")


def test_check__child_with_the_number_of_either_parent() -> None:
    jeanne, marc, leo = letters.family()
    for parent in (jeanne, marc):
        claim = leo.claim(owner=parent)
        assert (claim.person_id, claim.by_person_id) == (leo.person_id, parent.person_id)
        assert claim.is_child
    assert reason_of(leo, owner=letters.told()) == "unknown"
    assert letters.tries_of(leo) == [0]


def test_check__grown_up_child_is_not_answered_for_by_a_parent() -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today().replace(year=clock.today().year - 19)
    tom = letters.told("MOREL", "TOM", born_on=born_on, parent=jeanne)
    assert reason_of(tom, owner=jeanne) == "unknown"
    assert tom.claim().person_id == tom.person_id


def test_check__twins_the_code_says_which() -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today() - timedelta(days=365 * 4)
    lea, lou = (letters.told("MOREL", name, born_on=born_on, parent=jeanne) for name in ("LÉA", "LOU"))
    assert lea.claim(owner=jeanne).person_id == lea.person_id
    assert lou.claim(owner=jeanne).person_id == lou.person_id
    assert reason_of(lou, owner=jeanne, code=letters.wrong_code()) == "unknown"
    assert letters.tries_of(lea) == letters.tries_of(lou) == [1]


@pytest.mark.parametrize(("event", "reason"), [("activate", "active"), ("close", "closed"), ("die", "deceased")])
def test_check__state_of_the_space_is_told_to_the_holder_of_a_right_code(event: str, reason: str) -> None:
    amina = letters.told()
    with transaction.atomic():
        set_context(amina.person_id)
        if event != "die":
            spaces.activate(actor=SYSTEM, person_id=amina.person_id)
        if event == "close":
            spaces.close(actor=SYSTEM, person_id=amina.person_id)
        if event == "die":
            spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    assert reason_of(amina) == reason
    assert reason_of(amina, code=letters.wrong_code()) == "unknown"


def test_recall__ten_minutes_of_rest_and_no_longer() -> None:
    kept = letters.told().claim().kept()
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        with pytest.raises(NotAccepted) as over:
            reads.recall(kept)
    assert over.value.reason == "session"
    with pytest.raises(NotAccepted):
        reads.recall({})


def test_recall__nothing_of_a_person_is_kept() -> None:
    kept = letters.told().claim().kept()
    assert set(kept) == {"person_id", "code_id", "by_person_id", "proved_at"}


def test_codes__one_alive_at_a_time() -> None:
    amina = letters.told()
    with transaction.atomic():
        set_context(amina.person_id)
        alive = Code.objects.filter(person_id=amina.person_id, used_at=None, replaced_at=None)
        assert alive.count() == 1


@pytest.mark.parametrize("end", ["close", "die"])
def test_check__closed_space_takes_its_fifth_wrong_try_like_any_other(end: str) -> None:
    """Its key is in the archive then, and the line about the lock cannot be written: the answer stays the same."""
    amina = letters.told()
    if end == "close":
        spaces.activate(actor=SYSTEM, person_id=amina.person_id)
        spaces.close(actor=SYSTEM, person_id=amina.person_id)
    else:
        spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    assert {reason_of(amina, code=letters.wrong_code()) for _ in range(7)} == {"unknown"}
    assert letters.tries_of(amina) == [6]


@pytest.mark.parametrize("children", [0, 1, 8])
def test_candidates__as_many_statements_whatever_the_number_of_children(children: int) -> None:
    """T03: how much is asked tells nobody whose number it is, nor how many children they have."""
    jeanne = letters.told("MOREL", "JEANNE") if children else letters.stranger()
    born_on = clock.today() - timedelta(days=365 * 9)
    for _ in range(children):
        letters.told("MOREL", "LÉO", born_on=born_on, parent=jeanne)
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        found = reads.candidates(matricule=jeanne.ins.matricule, born_on=born_on, at=clock.now(), today=clock.today())
    assert sum(one.is_born_then for one in found) == children
    assert (len(found), len(seen)) == (reads.SLOTS_OF_MINORS, 2 + reads.SLOTS_OF_MINORS)
