"""A letter with a code for a sign-in of one's own: to a minor (CHI-7), or to who came of age (CHI-6).

By post alone, and to nobody but the person: a mail address of a child may be read by a parent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import codes
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.adapters.short_mail import Words
from healthspace.enrolment.models import Case
from healthspace.enrolment.rules import claims, window
from healthspace.people import reads as people
from healthspace.spaces import reads as spaces

PURPOSE: Final = "own_way"
LETTER: Final = codes.OWN_WAY_LETTER


def order_letter(*, person_id: UUID, at: datetime) -> None:
    """Order it with the next print run, once; in the transaction and context of the person."""
    codes.order_letter(person_id, LETTER, at, to=person_id)


def words(case: Case, at: datetime, language: str) -> Words | None:
    """The words of the letter, its code made; None when there is a sign-in already. In the person's context."""
    state = spaces.state(case.person_id).state
    if not claims.may(PURPOSE, state) or people.account_of_person(case.person_id) is not None:
        return None
    code = codes.fresh_code(case.person_id, case.id)
    expires_at = window.code_expires(at)
    codes.issue_one(person_id=case.person_id, purpose=PURPOSE, code=code, at=at, expires_at=expires_at)
    journal(case.person_id, SYSTEM, "code_sent", "ENR-5")
    return short_mail.own_way(code, language=language)
