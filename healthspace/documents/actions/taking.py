"""Moving a document of an older record in: with its author, its identifiers, its masks and its dates (ENR-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Unavailable
from healthspace.common.ids import new_id
from healthspace.documents import rules
from healthspace.documents.actions import filing, quarantine, whose
from healthspace.documents.rules import Order, Receipt


@dataclass(frozen=True, slots=True)
class Older:
    """A document as the older record holds it: who wrote it, when it was filed there, what replaced it.

    `order.person_id` names the space; `replaces_id` a document moved in before.
    """

    order: Order
    author: Actor
    filed_at: datetime
    is_superseded: bool = False
    replaces_id: UUID | None = None


def take_over(*, actor: Actor, older: Older) -> Receipt:
    """Move one document in, before or after opening, by the installation only; twice is once.

    Keeps the sender's identifier, author, masks and dates, and tells nobody: the space itself will.
    Invalid when the document states another patient (ID-1), Conflict under one identifier with other
    bytes, Refused where nothing is taken in.
    """
    checked = filing.check(older.order)
    if quarantine.doubt_of_scan(older.order):
        raise Unavailable("the virus scanner is down")
    try:
        return _take(actor=actor, checked=checked, older=older)
    except quarantine.IdentityDiffers as difference:
        raise Invalid("identity", "ID-1", difference.reason, "") from None


@deed
def _take(*, actor: Actor, checked: filing.Checked, older: Older) -> Receipt:
    order = checked.order
    if order.person_id is None:
        raise Invalid("identity", "ID-1", "The space is not named.", "")
    standing = gate.enter(actor=actor, person_id=order.person_id)
    rule = gate.require(standing, "take_over").rule
    whose.check_identity(standing, order, checked.patient)
    source_key = filing.key_of_source(older.author, order.source_id)
    duplicate = filing.duplicate_of(standing, checked, source_key)
    if duplicate is not None:
        return duplicate
    filed = filing.Filed(
        document_id=new_id(),
        source_key=source_key,
        author=older.author,
        deposited_at=older.filed_at,
        status="superseded" if older.is_superseded else "current",
        replaces_id=older.replaces_id,
    )
    filing.write(standing, checked, filed)
    gate.journal(
        standing,
        "document_deposited",
        rule=rule,
        item_id=filed.document_id,
        details={"type_code": order.type_code, "version": "1"},
        is_hidden_from_representatives=rules.HIDDEN_FROM_REPRESENTATIVES in order.confidentiality,
    )
    return Receipt("filed", filed.document_id, order.person_id, corrections=checked.corrections)
