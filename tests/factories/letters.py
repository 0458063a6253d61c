"""A letter in somebody's hands: a person of the register and the code that reached them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.enrolment.actions import codes
from healthspace.enrolment.rules import codes as rules
from healthspace.enrolment.rules import window
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled


@dataclass(frozen=True, slots=True)
class Letter:
    """What one needs to answer: the person, their code, and the number on the card to type."""

    who: Enrolled
    code: str
    matricule: str

    @property
    def person_id(self) -> UUID:
        return self.who.person_id

    @property
    def fields(self) -> dict[str, Any]:
        """The first page, filled in."""
        born_on = self.who.born_on
        return {
            "code": rules.shown(self.code),
            "matricule": self.matricule,
            "day": str(born_on.day),
            "month": str(born_on.month),
            "year": str(born_on.year),
        }


def letter(sent_at: datetime | None = None, *, parent: Enrolled | None = None, **columns: object) -> Letter:
    """An adult, or a child of `parent`, informed just now (or then), with the code of the letter."""
    sent_at = sent_at or clock.now()
    who = enrollees.child(parent) if parent else enrollees.adult(**columns)  # type: ignore[arg-type]
    with transaction.atomic():
        set_context(who.person_id)
        spaces.inform_all([who.person_id], sent_at=sent_at, deadline_at=window.deadline(sent_at))
    return Letter(who, code_for(who, sent_at), parent.matricule if parent else who.matricule)


def code_for(who: Enrolled, at: datetime | None = None, purpose: str = "answer") -> str:
    """A fresh code of this person, in place of the older one."""
    at = at or clock.now()
    code = rules.derive(secrets.token_bytes(32), who.person_id)
    with transaction.atomic():
        set_context(who.person_id)
        codes.issue_one(
            person_id=who.person_id,
            purpose=purpose,
            code=code,
            at=at,
            expires_at=window.code_expires(at),
        )
    return code
