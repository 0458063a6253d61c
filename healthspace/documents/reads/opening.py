"""Opening one document: decided, read under the reader's own row-level context, journalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from healthspace.access import deed, gate
from healthspace.common.actor import Actor
from healthspace.documents.reads.rows import COLUMN_TYPES, COLUMNS, Card, CardMaker, Row
from healthspace.schema.context import lowering_sql
from healthspace.schema.message import call, send
from healthspace.vault import reads as vault

_ONE = f"SELECT {COLUMNS} FROM documents_document WHERE person_id = %s AND id = %s"
_BY_SOURCE = f"SELECT {COLUMNS} FROM documents_document WHERE person_id = %s AND source_key = %s"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with its bytes, exactly as filed."""

    card: Card
    content: bytes


def row_of(standing: gate.Standing, document_id: UUID, *, lock: bool = False) -> Row | None:
    """The row as the gate sees it, for deciding and changing; locked until the deed ends."""
    return _row(_ONE, [standing.person_id, document_id], lock=lock)


def row_by_source(standing: gate.Standing, source_key: bytes, *, lock: bool = False) -> Row | None:
    """The row filed under this keyed sender's identifier, as the gate sees it."""
    return _row(_BY_SOURCE, [standing.person_id, source_key], lock=lock)


def _row(sql: str, params: list[Any], *, lock: bool) -> Row | None:
    found = send(call(sql + (" FOR UPDATE" if lock else ""), params), COLUMN_TYPES)
    return Row(*found[0]) if found else None


def allowed_row(standing: gate.Standing, document_id: UUID, ask: str, *, lock: bool = False) -> tuple[Row, str]:
    """The row and the rule that allows the ask, or the refusal; absent and hidden look alike."""
    row = row_of(standing, document_id, lock=lock)
    if row is None:
        raise gate.absent(standing, ask, document_id)
    return row, gate.require(standing, ask, row.guarded(), document_id).rule


def document_card(*, actor: Actor, person_id: UUID, document_id: UUID) -> Card:
    """The description of one document for this reader; journalled as an opening."""
    return _open(actor, person_id, document_id, "document_opened", with_content=False).card


def open_document(*, actor: Actor, person_id: UUID, document_id: UUID, is_download: bool = False) -> Opened:
    """Description and bytes of one document for this reader; the journal is written first.

    Raises `Refused` alike for what is hidden and what is not there.
    """
    kind = "document_downloaded" if is_download else "document_opened"
    return _open(actor, person_id, document_id, kind, with_content=True)


def _open(actor: Actor, person_id: UUID, document_id: UUID, kind: str, *, with_content: bool) -> Opened:
    with deed.reading(actor=actor, person_id=person_id) as standing:
        found = send(f"{gate.level_sql(standing)}; {call(_ONE, [person_id, document_id])}", COLUMN_TYPES)
        if not found:
            _refuse_unseen(standing, document_id)
        row = Row(*found[0])
        rule = gate.require(standing, "open", row.guarded(), document_id).rule
        opened = CardMaker(standing).card(row)
        content = b""
        if with_content:
            content = vault.open_blob(person_id=person_id, item=document_id, blob=row.blob)
        deed.finish(_event(standing, kind, rule, row))
        return Opened(opened, content)


def _refuse_unseen(standing: gate.Standing, document_id: UUID) -> NoReturn:
    """Row-level security showed nothing: look as the gate, to refuse under the right rule."""
    send(lowering_sql("gate", actor_id=None, place_id=None))
    row, _ = allowed_row(standing, document_id, "open")
    raise RuntimeError(f"row-level security and the gate disagree on a {row.status} document")


def journal_row(
    standing: gate.Standing,
    kind: str,
    rule: str,
    row: Row,
    details: Mapping[str, str] | None = None,
) -> None:
    """An event about a document: its type and version are sealed with it."""
    send(_event(standing, kind, rule, row, details))


def _event(
    standing: gate.Standing,
    kind: str,
    rule: str,
    row: Row,
    details: Mapping[str, str] | None = None,
) -> str:
    return gate.journal_sql(
        standing,
        kind,
        rule=rule,
        item_id=row.id,
        details={"type_code": row.type_code, "version": str(row.version), **(details or {})},
        is_hidden_from_representatives=row.is_hidden_from_representatives,
    )
