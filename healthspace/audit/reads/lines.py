"""Lines of one person's journal, opened and told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from healthspace.audit import kinds, rules
from healthspace.audit.ports import Unseal
from healthspace.schema.message import call, send, to_bool, to_bytes, to_instant, to_text, to_uuid

Place = tuple[datetime, UUID]
"""Where a page of the journal ended: (at, id) of its last line."""

_COLUMNS: Final = (
    "id, at, kind, actor_kind, actor_id, institution_id, outcome, rule, item_id, leaf_index,"
    " is_hidden_from_representatives, sealed"
)
_COLUMN_TYPES: Final = (
    *(to_uuid, to_instant, to_text, to_text, to_uuid, to_uuid),
    *(to_text, to_text, to_uuid, int, to_bool, to_bytes),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's journal, opened; `sentence` is in the language of the page."""

    id: UUID
    at: datetime
    kind: str
    actor_kind: str
    actor_id: UUID
    actor_name: str
    institution_id: UUID | None
    institution_name: str
    profession: str
    software: str
    mode: str
    reason: str
    outcome: str
    rule: str
    item_id: UUID | None
    details: Mapping[str, str]
    leaf_index: int | None
    is_hidden_from_representatives: bool

    @property
    def sentence(self) -> str:
        """Who did what, in plain words, for the holder."""
        return kinds.KINDS[self.kind].tell(self)

    @property
    def place(self) -> Place:
        """Give it as `before` to read on."""
        return (self.at, self.id)


def journal(
    *,
    person_id: UUID,
    unseal: Unseal,
    before: Place | datetime | None = None,
    limit: int = 50,
    item_id: UUID | None = None,
    hidden_from: str = "",
    without_items: Collection[UUID] = (),
    since: datetime | None = None,
    by: Collection[str] = (),
    outcome: str = "",
) -> list[Entry]:
    """The newest lines of this person, newest first, inside a transaction of that person.

    `since`, `by` (kinds of actor) and `outcome` narrow what is read, not what is kept.
    `hidden_from="representative"` leaves out what the minor keeps secret; `without_items` what the
    reader may not know of (documents hidden from the holder).
    """
    wanted = ["person_id = %s"]
    values: list[Any] = [person_id]
    _narrow(wanted, values, before, item_id)
    if hidden_from == "representative":
        wanted.append("NOT is_hidden_from_representatives")
    if without_items:
        wanted.append("(item_id IS NULL OR item_id <> ALL(%s))")
        values.append(list(without_items))
    for condition, value in (("at >= %s", since), ("actor_kind = ANY(%s)", list(by)), ("outcome = %s", outcome)):
        if value:
            wanted.append(condition)
            values.append(value)
    statement = f"SELECT {_COLUMNS} FROM audit_event WHERE {' AND '.join(wanted)} ORDER BY at DESC, id DESC LIMIT %s"
    return [_entry(row, unseal) for row in send(call(statement, [*values, limit]), _COLUMN_TYPES)]


def _narrow(wanted: list[str], values: list[Any], before: Place | datetime | None, item_id: UUID | None) -> None:
    if isinstance(before, datetime):
        wanted.append("at < %s")
        values.append(before)
    elif before is not None:
        wanted.append("(at, id) < (%s, %s)")
        values.extend(before)
    if item_id is not None:
        wanted.append("item_id = %s")
        values.append(item_id)


def _entry(row: tuple[Any, ...], unseal: Unseal) -> Entry:
    opened = unseal(row[11], row[0]) if row[11] else rules.common_payload(row[2])
    payload = orjson.loads(opened[rules.BLIND_BYTES :])
    return Entry(
        id=row[0],
        at=row[1],
        kind=row[2],
        actor_kind=row[3],
        actor_id=row[4],
        actor_name=payload["actor"],
        institution_id=row[5],
        institution_name=payload["institution"],
        profession=payload["profession"],
        software=payload["software"],
        mode=payload["mode"],
        reason=payload["reason"],
        outcome=row[6],
        rule=row[7],
        item_id=row[8],
        details=payload["details"],
        leaf_index=row[9],
        is_hidden_from_representatives=row[10],
    )
