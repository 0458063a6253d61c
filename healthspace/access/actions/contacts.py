"""How a minor is reached: never by what is one of the parents', who would read the codes of the sign-in (T21)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.access.reads.teens import without_parents
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces.rules.contacts import Reach

RULE = "T21"


@transaction.atomic
def ask_contact_change(*, actor: Actor, person_id: UUID, email: str, phone: str = "") -> spaces.Asked:
    """As `spaces.ask_contact_change`; Invalid too for a minor's e-mail or phone that is one of the parents'."""
    asked = spaces.ask_contact_change(actor=actor, person_id=person_id, email=email, phone=phone)
    set_context(person_id)
    if without_parents(person_id, Reach(email, phone)) != Reach(email, phone):
        raise Invalid("email", RULE, "A parent is reached by this already.", "Give one that only you read.")
    return asked


def apply_due_contacts(limit: int = 100) -> int:
    """As `spaces.apply_due_contacts`; a parent's own, that became theirs while it waited, is dropped."""
    return spaces.apply_due_contacts(limit, is_wrong=_is_of_parent)


def _is_of_parent(person_id: UUID, after: Reach) -> bool:
    return without_parents(person_id, after) != after
