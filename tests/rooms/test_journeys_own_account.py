"""Whose code makes or gives back an account: nobody's but the person's, by letter, and once (T13, T21)."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from healthspace.common import clock
from healthspace.common.errors import HealthspaceError
from healthspace.enrolment.actions import claims, codes, ordered
from healthspace.enrolment.models import Case, Code
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.journeys import family, recover
from healthspace.outbox import dispatcher
from healthspace.people import actions
from healthspace.people import reads as accounts
from healthspace.people.models import Account
from healthspace.people.reads import AccountCard
from healthspace.schema.context import set_context
from tests import people
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.factories.letters import code_for

SECRET = "a long other secret"


def login() -> str:
    return f"camille.{secrets.token_hex(5)}"


def account_of(who: Enrolled) -> AccountCard:
    return actions.create_account(login=login(), password=people.PASSWORD, kind="holder", person_id=who.person_id)


def teen_of(parent: Enrolled) -> Enrolled:
    return enrollees.child(parent, born_on=date(clock.today().year - 17, 12, 31), state="active")


def claimed(who: Enrolled, code: str, *, by: Enrolled | None = None) -> Claim:
    return claims.check(matricule=(by or who).matricule, born_on=who.born_on, code=code, source="")


def reason(who: Enrolled, code: str, *, by: Enrolled | None = None) -> str:
    with pytest.raises(NotAccepted) as refused:
        claimed(who, code, by=by)
    return refused.value.reason


def recovered(claim: Claim) -> AccountCard:
    return recover.recover(claim, login=login(), password=SECRET)


def made(claim: Claim) -> AccountCard:
    return family.open_own_way(claim, login=login(), password=SECRET, language="fr")


@pytest.mark.parametrize("purpose", ["recover", "own_way", "answer"])
def test_parent__with_a_number_of_their_own_gets_no_account_of_a_teenager(purpose: str) -> None:
    parent = enrollees.adult(state="active")
    teen = teen_of(parent)
    if purpose != "own_way":
        account_of(teen)
    code = code_for(teen, purpose=purpose)
    assert reason(teen, code, by=parent) == ("active" if purpose == "answer" else "unknown")


def test_parent__with_the_child_s_own_number_gets_no_lost_account_back() -> None:
    parent = enrollees.adult(state="active")
    teen = teen_of(parent)
    card = account_of(teen)
    assert reason(teen, code_for(teen, purpose="recover")) == "minor"
    assert reason(teen, code_for(teen)) == "active"
    grown = enrollees.adult(state="active")
    mine = account_of(grown)
    claim = claimed(grown, code_for(grown, purpose="recover"))
    for altered in (replace(claim, is_child=True), replace(claim, by_person_id=parent.person_id)):
        with pytest.raises(NotAccepted):
            recovered(altered)
    assert accounts.account_of_person(teen.person_id) == card and not accounts.is_restricted(mine.id)


def test_parent__holding_the_claim_of_an_own_way_opens_nothing() -> None:
    """The second lock: whatever the claim says it may."""
    parent = enrollees.adult(state="active")
    teen = teen_of(parent)
    claim = claimed(teen, code_for(teen, purpose="own_way"))
    with pytest.raises(NotAccepted):
        made(replace(claim, by_person_id=parent.person_id))
    assert accounts.account_of_person(teen.person_id) is None


@pytest.mark.parametrize("by_own_card", [True, False], ids=["own card", "the child's card"])
def test_parent__who_asks_for_a_code_of_a_teenager_s_account_gets_none(by_own_card: bool) -> None:
    parent = enrollees.adult(state="active")
    teen = teen_of(parent)
    account_of(teen)
    shown = parent if by_own_card else teen
    codes.request_new(matricule=shown.matricule, serial=shown.card_serial[-11:], born_on=teen.born_on, source="")
    dispatcher.run_for(teen.person_id)
    assert letters_of(teen) == []


def letters_of(who: Enrolled) -> list[Case]:
    with transaction.atomic():
        set_context(who.person_id)
        return list(Case.objects.filter(person_id=who.person_id, settled_at=None).order_by("opened_at"))


def test_letter__ordered_to_a_parent_before_the_account_makes_no_code_after(as_worker: None) -> None:
    parent = enrollees.adult(state="active")
    grown = enrollees.child(parent, born_on=date(clock.today().year - 19, 1, 2), state="active")
    with transaction.atomic():
        set_context(grown.person_id)
        for to in (parent, grown, grown):
            codes.order_letter(grown.person_id, codes.LETTER_DUE, clock.now(), to=to.person_id)
    account_of(grown)
    to_parent, to_person = letters_of(grown)
    with transaction.atomic():
        set_context(grown.person_id)
        assert ordered._words(to_parent, clock.now(), "fr") is None
        assert living(grown.person_id) == []
        assert ordered._words(to_person, clock.now(), "fr") is not None
        assert living(grown.person_id) == ["recover"]


def living(person_id: UUID) -> list[str]:
    rows = Code.objects.filter(person_id=person_id, used_at=None, replaced_at=None)
    return sorted(rows.values_list("purpose", flat=True))


def kept_alive(who: Enrolled) -> list[str]:
    with transaction.atomic():
        set_context(who.person_id)
        return living(who.person_id)


def test_mailed_code__of_before_gives_no_account_back() -> None:
    soon = clock.today() + timedelta(days=10)
    parent = enrollees.adult(state="active")
    teen = enrollees.child(parent, born_on=date(soon.year - 18, soon.month, soon.day), state="open_inactive")
    mailed = code_for(teen)
    with time_machine.travel(clock.now() + timedelta(days=12), tick=True):
        made(claimed(teen, code_for(teen, purpose="own_way")))
        assert kept_alive(teen) == []
        assert reason(teen, mailed) == "replaced"


def test_every_other_code__is_dead_once_an_account_is_given_back() -> None:
    who = enrollees.adult(state="active")
    account_of(who)
    for purpose in ("answer", "undo"):
        code_for(who, purpose=purpose)
    recovered(claimed(who, code_for(who, purpose="recover")))
    assert kept_alive(who) == []


def test_own_way__makes_no_second_account() -> None:
    who = enrollees.adult(state="active")
    code = code_for(who, purpose="own_way")
    claim = claimed(who, code)
    account_of(who)
    assert reason(who, code) == "used"
    with pytest.raises(NotAccepted):
        made(claim)
    assert Account.objects.filter(person_id=who.person_id).count() == 1


def test_account__is_one_a_person_whoever_is_first() -> None:
    who = enrollees.adult(state="active")

    def make(_number: int) -> bool:
        try:
            account_of(who)
        except HealthspaceError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(8))) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(
            login_key=secrets.token_hex(32), kind="holder", person_id=who.person_id, created_at=clock.now()
        )
