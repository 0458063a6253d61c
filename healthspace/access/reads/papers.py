"""What the square of a paper form says, and the form behind it."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.access.models import PaperForm
from healthspace.common.actor import Actor
from healthspace.vault import reads as vault

FORM_PREFIX: Final = "HSF1:"
MARK: Final = 16
SIGNS: Final = 32 + 1 + 32 + 1 + MARK
_TEXT: Final = re.compile(rf"HSF1:([0-9A-F]{{32}}):([0-9A-F]{{32}}):([0-9A-F]{{{MARK}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormCard:
    """A printed form; `professional_id`: whom it names; `printed_by`: the helper and the desk, "" for the holder."""

    id: UUID
    kind: str
    professional_id: UUID | None
    assistance_id: UUID | None
    printed_by: str = ""


def form_card(row: PaperForm, *, printed_by: str) -> FormCard:
    """The card of a form."""
    return FormCard(row.id, row.kind, row.professional_id, row.assistance_id, printed_by)


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form that was printed, as the holder's side sees it; `used_at` None while it did not come back."""

    kind: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


@deed
def printed_forms(*, actor: Actor, person_id: UUID) -> tuple[PrintedForm, ...]:
    """The forms printed for this person, the latest first, for the holder's side."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    rows = PaperForm.objects.filter(person_id=person_id).order_by("-made_at", "id")
    return tuple(PrintedForm(row.kind, row.made_at, row.expires_at, row.used_at) for row in rows)


def form_text(person_id: UUID, form_id: UUID) -> str:
    """What the square of this form says: numbers that lead to it, and a mark that only we can make."""
    ids = f"{person_id.hex}:{form_id.hex}".upper()
    return f"{FORM_PREFIX}{ids}:{_mark(ids)}"


def read_form_text(text: str) -> tuple[UUID, UUID] | None:
    """Person and form of a scanned square; None when it is not one of ours."""
    found = _TEXT.fullmatch(text.strip().upper()) if len(text) <= 120 else None
    if found is None:
        return None
    ids = f"{found[1]}:{found[2]}"
    if not hmac.compare_digest(_mark(ids), found[3]):
        return None
    return UUID(found[1]), UUID(found[2])


def _mark(ids: str) -> str:
    return vault.find_key("paper-form", ids).hex()[:MARK].upper()
