"""Who acts: carried by every action and written in every line of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from healthspace.common.ids import NIL

ActorKind = Literal[
    "holder",
    "representative",
    "caregiver",
    "assistant",
    "professional",
    "institution",
    "app",
    "support",
    "operator",
    "system",
    "anonymous",
]
Mode = Literal["normal", "samu", "break_glass"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an institution or the system itself, as proved at the door.

    `id` is the account, professional or institution; `person_id` the space whose holder's side acts;
    `own_person_id` the space of a representative's or caregiver's own, which the mandate names; `profession` a TRE_G15
    code; `name` what the journal shows;
    `is_restricted` a recovered account that opens no health data for 72 hours (T13); `on_paper` that a signed form is
    carried out, and who printed it.
    """

    kind: ActorKind
    id: UUID
    name: str
    person_id: UUID | None = None
    own_person_id: UUID | None = None
    professional_id: UUID | None = None
    profession: str = ""
    institution_id: UUID | None = None
    institution_name: str = ""
    software: str = ""
    mode: Mode = "normal"
    reason: str = ""
    session_id: str = ""
    is_restricted: bool = False
    on_paper: str = ""


SYSTEM: Final = Actor(kind="system", id=NIL, name="healthspace")
ANONYMOUS: Final = Actor(kind="anonymous", id=NIL, name="")
