"""A new adult gets the letter with the code of a first sign-in whatever breaks, and another when it is lost (CHI-6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict
from healthspace.enrolment.actions import codes, ordered, own_way
from healthspace.enrolment.models import Case
from healthspace.journeys import family
from healthspace.outbox import dispatcher
from healthspace.people import reads as accounts
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests import people
from tests.roles import as_the_worker
from tests.rooms import letters
from tests.rooms.test_access_parents import delivered, told
from tests.rooms.test_enrolment_ordered import at_home, code_of, of_town

SECRET = "four plain words here"


def eighteen_yesterday() -> date:
    today = clock.today() - timedelta(days=1)
    return date(today.year - 18, today.month, min(today.day, 28))


def new_adult(name: str = "MOREL") -> letters.Told:
    """Somebody whose parent used the space until yesterday, and who has no sign-in."""
    born_on, parent = eighteen_yesterday(), letters.told(name, "JEANNE")
    with time_machine.travel(clock.now() - timedelta(days=300), tick=False):
        one = at_home(letters.told(name, "INÈS", born_on=born_on))
        spaces.activate(actor=SYSTEM, person_id=one.person_id)
        access.represent(actor=SYSTEM, person_id=one.person_id, representative_id=parent.person_id, born_on=born_on)
    return one


def waiting(one: letters.Told) -> list[Case]:
    with transaction.atomic():
        set_context(one.person_id)
        return list(Case.objects.filter(person_id=one.person_id, kind=own_way.LETTER, settled_at=None))


@pytest.mark.parametrize("fault", [RuntimeError, Conflict])
def test_letter__is_not_lost_when_the_turn_breaks_off(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    """Seen failing before: every mark was kept first, so the next turn ordered nothing for those that remained."""
    first, second = sorted((new_adult(), new_adult()), key=lambda one: one.person_id)
    real: Callable[..., None] = own_way.order_letter

    def breaks(*, person_id: UUID, **other: object) -> None:
        if person_id == first.person_id:
            raise fault("the worker is stopped here")
        real(person_id=person_id, **other)

    with as_the_worker():
        monkeypatch.setattr(own_way, "order_letter", breaks)
        if fault is RuntimeError:
            with pytest.raises(RuntimeError):
                family.tell_who_comes_of_age()
        else:
            family.tell_who_comes_of_age()
            assert len(waiting(second)) == 1
        monkeypatch.setattr(own_way, "order_letter", real)
        for _ in range(2):
            family.tell_who_comes_of_age()
        assert [len(waiting(one)) for one in (first, second)] == [1, 1]


def test_new_code__adult_without_a_sign_in_gets_another_letter_and_gets_in(tmp_path: Path) -> None:
    """Seen failing before: `send_new` ended in nothing, and nobody could ever get in."""
    ines = new_adult(f"M{clock.now():%H%M%S%f}".translate(str.maketrans("0123456789", "ABCDEFGHIJ")))
    codes.request_new(matricule=ines.ins.matricule, serial=ines.serial, born_on=ines.born_on, source="")
    dispatcher.run_for(ines.person_id)
    assert not [one for one in mail.outbox if ines.email in one.to]
    with as_the_worker():
        ordered.print_ordered(tmp_path)
    claim = ines.claim(code=code_of(of_town(tmp_path, ines.traits.birth_name.capitalize())))  # type: ignore[union-attr]
    assert claim.may == {"own_way"} and not claim.is_child
    family.open_own_way(claim, login=f"ines.{ines.person_id.hex[:8]}", password=SECRET, language="fr")
    assert accounts.account_of_person(ines.person_id) is not None


@pytest.mark.parametrize("ended", ["renounced", "by the register"])
def test_letter__comes_too_to_whom_no_parent_acts_for_any_more(ended: str) -> None:
    """Seen failing before: only children with a running mandate were looked at."""
    born_on, jeanne = eighteen_yesterday(), people.jeanne()
    with time_machine.travel(clock.now() - timedelta(days=300), tick=False):
        ines = letters.told("MOREL", "INÈS", born_on=born_on)
        spaces.activate(actor=SYSTEM, person_id=ines.person_id)
        access.represent(actor=SYSTEM, person_id=ines.person_id, representative_id=jeanne.person_id, born_on=born_on)
        if ended == "renounced":
            access.renounce(actor=jeanne.actor, child_id=ines.person_id)
        else:
            access.end_by_register(actor=SYSTEM, person_id=ines.person_id, representative_id=jeanne.person_id)
    with as_the_worker():
        family.tell_who_comes_of_age()
    with transaction.atomic():
        set_context(ines.person_id)
        assert Case.objects.filter(person_id=ines.person_id, kind=own_way.LETTER).count() == 1
    delivered()
    assert "child_majority_now" not in told(jeanne)


@pytest.mark.parametrize("to_whom", ["self", "parent"])
def test_ordered_code__of_a_form_is_the_first_sign_in_and_goes_to_nobody_else(tmp_path: Path, to_whom: str) -> None:
    """What a parent ordered before the birthday is not printed after it."""
    ines, jeanne = new_adult(), at_home(letters.told("MOREL", "JEANNE"))
    to = ines.person_id if to_whom == "self" else jeanne.person_id
    with transaction.atomic():
        set_context(ines.person_id)
        codes.order_letter(ines.person_id, codes.LETTER_DUE, clock.now(), to=to)
        case = Case.objects.get(person_id=ines.person_id, kind=codes.LETTER_DUE)
        found = ordered._new_code(case, clock.now(), "fr", is_child=False)
    assert (found is not None) == (to_whom == "self")
