"""People who got a letter: rows of the register, a space that waits, a code in hand; families, twins."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.ids import new_id
from healthspace.enrolment.actions import claims, codes
from healthspace.enrolment.models import Code, Dependant, Enrollee
from healthspace.enrolment.rules import codes as code_rules
from healthspace.enrolment.rules import window
from healthspace.enrolment.rules.claims import Claim
from healthspace.people.rules import search_key
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.rules import Identity, Ins, Traits
from healthspace.vault import reads as vault
from tests.people import around, new_ins, place_in


@dataclass(frozen=True, slots=True)
class Told:
    """A person of the register, as they stand with their letter in hand."""

    person_id: UUID
    ins: Ins
    born_on: date
    code: str
    serial: str
    email: str
    traits: Traits | None = None

    def claim(self, *, owner: Told | None = None, code: str = "", source: str = "") -> Claim:
        """The claim of this letter, with the number on one's own card or a parent's."""
        number = (owner or self).ins.matricule
        return claims.check(matricule=number, born_on=self.born_on, code=code or self.code, source=source)


def told(
    name: str = "BENALI",
    first: str = "AMINA",
    *,
    born_on: date | None = None,
    state: str = "informed",
    parent: Told | None = None,
    other_parent: Told | None = None,
    email: str | None = None,
    attending_id: UUID | None = None,
    sent_at: datetime | None = None,
) -> Told:
    """A fresh person who was sent a letter now (or then), with a living code."""
    born_on = born_on or around(1987)
    place = place_in("69")
    address = f"{search_key(first).lower()}.{secrets.token_hex(6)}@example.org" if email is None else email
    identity = Identity(
        ins=new_ins(born_on, "F", place),
        traits=Traits(name, (first,), born_on, "F", place),
        used_first_name=first.capitalize(),
        used_name=name.capitalize(),
        email=address,
    )
    person_id = spaces.open_space(actor=SYSTEM, identity=identity, state="not_informed")
    serial = f"{secrets.randbelow(10**11):011d}"
    at = sent_at or clock.now()
    with transaction.atomic():
        set_context(person_id)
        Enrollee.objects.create(
            person_id=person_id,
            id=person_id,
            department="69",
            birth_year=born_on.year,
            row_key=secrets.token_bytes(16),
            born_key=vault.find_key("born", f"{person_id}|{born_on.isoformat()}")[:16],
            card_key=vault.find_key("card", f"{person_id}|{serial}")[:16],
            channel="parent" if parent else "post",
            information="sent" if state != "not_informed" else "none",
            parent_id=parent.person_id if parent else None,
            other_parent_id=other_parent.person_id if other_parent else None,
            attending_id=attending_id,
            sealed=vault.sealer(person_id).seal(b"{}", item=person_id, part="registry:1"),
        )
        if state != "not_informed":
            spaces.inform_all([person_id], sent_at=at, deadline_at=window.deadline(at))
        code = code_rules.derive(secrets.token_bytes(32), person_id)
        codes.issue_one(person_id=person_id, purpose="answer", code=code, at=at, expires_at=window.code_expires(at))
    for one, is_attachment in ((parent, True), (other_parent, False)):
        if one is not None:
            with transaction.atomic():
                set_context(one.person_id)
                Dependant.objects.create(person_id=one.person_id, id=person_id, is_attachment=is_attachment)
    return Told(person_id, identity.ins, born_on, code, serial, address, identity.traits)


def family() -> tuple[Told, Told, Told]:
    """Jeanne, Marc, and Léo who is theirs; the letter for Léo went to Jeanne."""
    jeanne, marc = told("MOREL", "JEANNE", born_on=around(1984)), told("MOREL", "MARC", born_on=around(1982))
    born_on = clock.today() - timedelta(days=365 * 9)
    return jeanne, marc, told("MOREL", "LÉO", born_on=born_on, parent=jeanne, other_parent=marc)


def state_of(person: Told) -> str:
    """Where the space of this person stands."""
    with transaction.atomic():
        set_context(person.person_id)
        return space_reads.state(person.person_id).state


def tries_of(person: Told) -> list[int]:
    """The wrong tries counted on each code of this person."""
    with transaction.atomic():
        set_context(person.person_id)
        return list(
            Code.objects.filter(person_id=person.person_id).order_by("issued_at").values_list("wrong_tries", flat=True)
        )


def wrong_code() -> str:
    """Some code that is nobody's."""
    return code_rules.derive(secrets.token_bytes(32), new_id())


def stranger() -> Told:
    """Somebody the register does not know."""
    born_on = around(1970)
    return replace(
        Told(new_id(), new_ins(born_on, "F", place_in("75")), born_on, wrong_code(), "12345678901", ""), email=""
    )
