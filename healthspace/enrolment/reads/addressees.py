"""To whom and where information goes: names, postal and mail addresses of many people. For the worker's role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from healthspace.schema.many import Persons, read_by_key
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity
from healthspace.vault import reads as vault

PART: Final = "registry:1"
CAN_BE_TOLD: Final = frozenset({"not_informed", "informed"})
# A parent in one of these states cannot answer for a child.
GONE: Final = frozenset({"closed_deceased", "deleted"})
_ROWS: Final = (
    "SELECT person_id, channel, letter_format, batch_id, merged_into, sealed FROM enrolment_enrollee"
    " WHERE person_id = ANY(%s::uuid[])"
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person as the register knows them; no lines: no postal address, no email: no mail."""

    person_id: UUID
    identity: Identity
    state: str
    language: str
    channel: str
    letter_format: str
    is_waiting: bool
    lines: tuple[str, ...]
    postcode: str

    @property
    def can_be_told(self) -> bool:
        """Not told yet, or told without success, and neither answered nor opened."""
        return self.state in CAN_BE_TOLD

    def way(self) -> str:
        """How to reach them: "mail" where the register says so, "post" where there is an address, else "none"."""
        if self.channel == "mail" and self.identity.email:
            return "mail"
        return "post" if self.lines else "none"


@transaction.atomic
def addressees(person_ids: Iterable[UUID]) -> dict[UUID, Addressee]:
    """These people, by id; left out is whoever was merged into another, is gone, or has no key any more."""
    asked = Persons.of(person_ids)
    read_by_key()
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [asked.array])
        rows = cursor.fetchall()
    sealers = vault.sealers(asked)
    known = spaces.known(asked, sealers)
    found = {}
    for person_id, channel, letter_format, batch_id, merged_into, sealed in rows:
        one = known.get(person_id)
        if one is None or one.identity is None or merged_into is not None or one.state in GONE:
            continue
        kept = orjson.loads(sealers[person_id].unseal(bytes(sealed), item=person_id, part=PART))
        found[person_id] = Addressee(
            person_id=person_id,
            identity=one.identity,
            state=one.state,
            language=one.language,
            channel=channel,
            letter_format=letter_format,
            is_waiting=batch_id is None,
            lines=lines(kept),
            postcode=str(kept.get("postcode", "")),
        )
    return found


def lines(kept: dict[str, Any]) -> tuple[str, ...]:
    """The postal address below the name, as an envelope shows it; () when there is none."""
    town = f"{kept.get('postcode', '')} {kept.get('city', '')}".strip()
    if not kept.get("city"):
        return ()
    return tuple(line for line in (*kept.get("address", ()), town, str(kept.get("country", "")).upper()) if line)
