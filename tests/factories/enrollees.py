"""People of the insurer's register with real rows, as the intake writes them; each call makes fresh ones.

Adults have a postal address and, unless told otherwise, an e-mail address; children hang on a parent.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.enrolment import models
from healthspace.enrolment.rules import window
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.rules import Identity, Traits
from healthspace.vault import reads as vault
from tests import people

PART = "registry:1"
TOWNS = {"31": ("31000", "TOULOUSE"), "44": ("44000", "NANTES"), "60": ("60000", "BEAUVAIS"), "80": ("80000", "AMIENS")}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person of the register and what the insurer knows of them."""

    person_id: UUID
    identity: Identity
    card_serial: str
    address: dict[str, Any]

    @property
    def matricule(self) -> str:
        return self.identity.ins.matricule

    @property
    def born_on(self) -> date:
        return self.identity.traits.born_on


def adult(
    *,
    name: str = "MARTIN",
    first_name: str = "CAMILLE",
    born_on: date | None = None,
    email: str | None = None,
    department: str = "31",
    address: dict[str, Any] | None = None,
    **columns: Any,
) -> Enrolled:
    """An adult; `email=""` and `address={}` leave a way out."""
    born_on = born_on or people.around(1950 + secrets.randbelow(50))
    email = f"p{secrets.token_hex(8)}@example.org" if email is None else email
    given = new_address(department) if address is None else address
    channel = "mail" if email else "post" if given else "none"
    made = {"department": department, "channel": channel, "email": email, "address": given} | columns
    return _enrol(name=name, first_name=first_name, born_on=born_on, sex="F", **made)


def child(
    parent: Enrolled,
    *,
    other: Enrolled | None = None,
    first_name: str = "LÉO",
    born_on: date | None = None,
    department: str = "31",
    **columns: Any,
) -> Enrolled:
    """A child with its own number, informed with its parent of attachment."""
    made = _enrol(
        name=parent.identity.traits.birth_name,
        first_name=first_name,
        born_on=born_on or people.around(2013 + secrets.randbelow(10)),
        sex="M",
        email="",
        address=parent.address,
        channel="parent",
        department=department,
        parent_id=parent.person_id,
        other_parent_id=other.person_id if other else None,
        ins_parent=parent.matricule,
        **columns,
    )
    for one, is_attachment in ((parent, True), (other, False)):
        if one is not None:
            with transaction.atomic():
                set_context(one.person_id)
                models.Dependant.objects.create(person_id=one.person_id, id=made.person_id, is_attachment=is_attachment)
    return made


def new_address(department: str = "31") -> dict[str, Any]:
    """A street of its own in a town of that department."""
    postcode, town = TOWNS.get(department, (f"{department[:2]}000", "RIVEMONT"))
    street = f"{secrets.randbelow(9999) + 1} RUE {secrets.token_hex(4).upper()}"
    return {"address": [street], "postcode": postcode, "city": town, "country": ""}


def row(person_id: UUID) -> models.Enrollee:
    """The row of this person as it is now."""
    with transaction.atomic():
        set_context(person_id)
        return models.Enrollee.objects.get(person_id=person_id)


def space(person_id: UUID) -> space_reads.SpaceState:
    """The state of this person's space as it is now."""
    with transaction.atomic():
        set_context(person_id)
        return space_reads.state(person_id)


def _enrol(
    *,
    name: str,
    first_name: str,
    born_on: date,
    sex: str,
    email: str,
    address: dict[str, Any],
    state: str = "not_informed",
    language: str = "fr",
    ins_parent: str = "",
    **columns: Any,
) -> Enrolled:
    place = people.place_in("31")
    identity = Identity(
        ins=people.new_ins(born_on, sex, place),
        traits=Traits(name, (first_name,), born_on, sex, place),  # type: ignore[arg-type]
        used_first_name=first_name.capitalize(),
        used_name=name.capitalize(),
        email=email,
    )
    card_serial = "8025000002" + f"{secrets.randbelow(10**11):011d}"
    person_id = spaces.open_space(
        actor=SYSTEM, identity=identity, state=state, language=language, deadline_at=window.deadline(clock.now())
    )
    kept = address | {"card_serial": card_serial, "ins_parent": ins_parent}
    with transaction.atomic():
        set_context(person_id)
        sealer = vault.sealer(person_id)
        models.Enrollee.objects.create(
            person_id=person_id,
            id=person_id,
            birth_year=born_on.year,
            row_key=vault.find_key("row", identity.ins.matricule)[:16],
            born_key=vault.find_key("born", f"{person_id}|{born_on.isoformat()}")[:16],
            card_key=vault.find_key("card", f"{person_id}|{card_serial[-11:]}")[:16],
            sealed=sealer.seal(json.dumps(kept, ensure_ascii=False).encode(), item=person_id, part=PART),
            **columns,
        )
    return Enrolled(person_id, identity, card_serial, address)
