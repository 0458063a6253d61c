"""A change of e-mail or phone that waits, and the link that stops it (T12)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from healthspace.spaces import reads
from healthspace.spaces.models import ContactChange
from healthspace.spaces.rules import contacts as rules
from healthspace.spaces.rules.contacts import Reach, Token
from healthspace.vault import reads as vault

CHANGE_PART: Final = "contact-change:1"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change as its holder sees it; `is_first`: digits confirm it, otherwise it waits until `applies_at`."""

    id: UUID
    before: Reach
    after: Reach
    by_kind: str
    state: str
    asked_at: datetime
    applies_at: datetime

    @property
    def is_first(self) -> bool:
        """A first address ever."""
        return self.state == "checking"


def waiting_contact(person_id: UUID) -> Waiting | None:
    """The change that waits for this person, in their context; None without one."""
    row = ContactChange.objects.filter(person_id=person_id, state="waiting").first()
    return card(row) if row else None


def is_fresh(person_id: UUID, at: datetime) -> bool:
    """True while an address of this person was put in less than 72 hours ago; in their context."""
    rows = ContactChange.objects.filter(person_id=person_id, state="applied", decided_at__gt=at - rules.WAIT)
    return rows.exists()


def contact_change(person_id: UUID, change_id: UUID) -> Waiting | None:
    """Any change of this person, whatever became of it, in their context."""
    row = ContactChange.objects.filter(person_id=person_id, id=change_id).first()
    return card(row) if row and row.sealed else None


def kept_changes(person_id: UUID) -> list[Waiting]:
    """Every change of this person that is still kept, the newest first, in their context; for their copy."""
    rows = ContactChange.objects.filter(person_id=person_id).order_by("-asked_at")
    return [card(row) for row in rows if row.sealed]


def card(row: ContactChange) -> Waiting:
    """A row, unsealed; KeyDestroyed when the key is gone."""
    plain = vault.sealer(row.person_id).unseal(bytes(row.sealed), item=row.id, part=CHANGE_PART)
    kept: Mapping[str, Mapping[str, str]] = orjson.loads(plain)
    return Waiting(
        id=row.id,
        before=Reach(**kept["before"]),
        after=Reach(**kept["after"]),
        by_kind=row.by_kind,
        state=row.state,
        asked_at=row.asked_at,
        applies_at=row.applies_at,
    )


def sealed(person_id: UUID, change_id: UUID, before: Reach, after: Reach) -> bytes:
    """What a row keeps of both."""
    kept = {
        name: {"email": reach.email, "phone": reach.phone} for name, reach in (("before", before), ("after", after))
    }
    return vault.sealer(person_id).seal(orjson.dumps(kept), item=change_id, part=CHANGE_PART)


def stop_token(person_id: UUID, change_id: UUID) -> str:
    """What the link in a message carries: made under the installation's key, so nothing of it is kept."""
    return rules.to_text(Token(person_id, change_id, _mark(person_id, change_id)))


def right_token(text: str) -> Token | None:
    """The token of a link when we made it, else None; the same work for any that has the form."""
    token = rules.from_text(text)
    if token is None or not hmac.compare_digest(token.mark, _mark(token.person_id, token.change_id)):
        return None
    return token


def first_digits(change_id: UUID) -> str:
    """The eight digits that confirm a first address: made from the change, so nothing of them is kept."""
    return rules.digits_of(vault.find_key("contact-digits", str(change_id)))


def due_contacts(at: datetime, limit: int) -> list[UUID]:
    """Whose change has waited long enough, the oldest first; across persons, for the worker's role."""
    rows = ContactChange.objects.filter(state="waiting", applies_at__lte=at).order_by("applies_at")
    return list(rows.values_list("person_id", flat=True)[:limit])


def old_contacts(before: datetime, limit: int) -> list[UUID]:
    """Whose changes ended or were never confirmed long ago; across persons, for the worker's role."""
    rows = ContactChange.objects.exclude(state="waiting").filter(asked_at__lt=before)
    return list(rows.values_list("person_id", flat=True).distinct()[:limit])


def reach(person_id: UUID) -> Reach:
    """How this person is reached now, in their context."""
    known = reads.identity(person_id)
    return Reach(known.email, known.phone)


def _mark(person_id: UUID, change_id: UUID) -> bytes:
    return vault.find_key("contact-stop", f"{person_id}|{change_id}")[: rules.MARK_BYTES]
