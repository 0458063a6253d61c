"""Lines of the register as rows of the tables: who is new is sealed under a fresh key, who changed under the old.

Each function works in the transaction of its part, as the worker, and writes all of its people by one
statement a table (ADR 0007).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.enrolment.actions.intake_lines import Around, Line
from healthspace.enrolment.adapters import copying
from healthspace.enrolment.reads import registry as reads
from healthspace.enrolment.rules.registry import Person
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from healthspace.vault import actions as vault_actions
from healthspace.vault import reads as vault

NEW, CHANGED = "intake_new", "intake_changed"
PARTS: Final = (spaces.PART, reads.PART)
_TABLE: Final = "CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}) ON COMMIT DELETE ROWS"
_COPY: Final = "COPY {name} FROM STDIN (FORMAT BINARY)"
_ENROL: Final = (
    "INSERT INTO enrolment_enrollee (person_id, id, department, birth_year, row_key, born_key, card_key, channel,"
    " letter_format, parent_id, other_parent_id, attending_id, has_old_record, has_care_history, intake_id, line,"
    " sealed, information)"
    " SELECT person_id, person_id, department, birth_year, row_key, born_key, card_key, channel, letter_format,"
    " parent_id, other_parent_id, attending_id, false, false, %s, line, sealed, 'none' FROM {rows}"
)
_AGAIN: Final = (
    " ON CONFLICT (person_id, id) DO UPDATE SET department = EXCLUDED.department, birth_year = EXCLUDED.birth_year,"
    " row_key = EXCLUDED.row_key, born_key = EXCLUDED.born_key, card_key = EXCLUDED.card_key,"
    " channel = EXCLUDED.channel, letter_format = EXCLUDED.letter_format, parent_id = EXCLUDED.parent_id,"
    " other_parent_id = EXCLUDED.other_parent_id, attending_id = EXCLUDED.attending_id,"
    " intake_id = EXCLUDED.intake_id, line = EXCLUDED.line, sealed = EXCLUDED.sealed"
)
_TIE: Final = (
    "INSERT INTO enrolment_dependant (person_id, id, is_attachment)"
    " SELECT parent_id, person_id, true FROM {rows} WHERE parent_id IS NOT NULL"
    " UNION ALL SELECT other_parent_id, person_id, false FROM {rows} WHERE other_parent_id IS NOT NULL"
    " ON CONFLICT (person_id, id) DO NOTHING"
)
_UNTIE: Final = (
    "DELETE FROM enrolment_dependant AS d USING {rows} AS r WHERE d.id = r.person_id"
    " AND d.person_id = ANY(%s::uuid[]) AND d.person_id IS DISTINCT FROM r.parent_id"
    " AND d.person_id IS DISTINCT FROM r.other_parent_id"
)


def fresh_ids(count: int, at: datetime) -> list[bytes]:
    """Ids for new persons (UUID version 7, RFC 9562), ascending: neighbours in time are neighbours in the index."""
    head = int(at.timestamp() * 1000).to_bytes(6, "big")
    random = os.urandom(10 * count)
    return sorted(
        head
        + bytes((0x70 | random[place] & 0x0F, random[place + 1], 0x80 | random[place + 2] & 0x3F))
        + random[place + 3 : place + 10]
        for place in range(0, 10 * count, 10)
    )


def identity_of(person: Person) -> bytes:
    """The identity of a line as it is sealed."""
    oid, _, matricule = person.ins.partition("|")
    return spaces.plain_identity(
        (matricule, oid), person.birth_name, person.first_names.split(), person.born_on, person.sex,
        person.birth_place, person.used_name, person.used_first_name, person.email, person.phone,
    )  # fmt: skip


def channel_of(person: Person, parent: bytes | None) -> str:
    """How this person is told: with the parent, by mail, by letter, or not at all until somebody finds a way."""
    if person.parent_ins:
        return "parent" if parent else "none"
    if person.email:
        return "mail"
    return "post" if person.city else "none"


def enrol(lines: Sequence[Line], persons: Sequence[bytes], around: Around, *, intake_id: int, at: datetime) -> None:
    """New persons: key, identity, space, enrollee and ties, each table by one statement."""
    identities = [identity_of(line.person) for line in lines]
    rests = [reads.plain(line.person) for line in lines]
    sealed = vault_actions.seal_new(persons, [(PARTS[0], identities), (PARTS[1], rests)])
    _fill(NEW, _rows(lines, persons, sealed.rows, around, None))
    spaces_actions.enrol_all(rows=NEW)
    vault_actions.add_keys(rows=NEW, root_id=sealed.root_id, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_ENROL.format(rows=NEW), [intake_id])
        cursor.execute(_TIE.format(rows=NEW))


def change(
    lines: Sequence[tuple[Line, UUID, str, bytes, bytes]], around: Around, *, intake_id: int, untied: Sequence[UUID]
) -> None:
    """Known persons whose line changed: (line, person, channel, sealed identity, sealed rest) each.

    `untied` are the parents they had before.
    """
    cells = [(b"", identity, rest) for *_, identity, rest in lines]
    persons, channels = [person_id.bytes for _, person_id, *_ in lines], [channel for _, _, channel, *_ in lines]
    _fill(CHANGED, _rows([line for line, *_ in lines], persons, cells, around, channels))
    spaces_actions.correct_all(rows=CHANGED)
    with connection.cursor() as cursor:
        cursor.execute(_ENROL.format(rows=CHANGED) + _AGAIN, [intake_id])
        if untied:
            cursor.execute(_UNTIE.format(rows=CHANGED), ["{" + ",".join(map(str, untied)) + "}"])
        cursor.execute(_TIE.format(rows=CHANGED))


def _rows(
    lines: Sequence[Line], persons: Sequence[bytes], cells: Sequence[tuple[bytes, ...]], around: Around,
    channels: Sequence[str] | None,
) -> list[bytes]:  # fmt: skip
    """Each line for COPY, with its keyed hashes; one loop, because it runs 68 million times."""
    born, card, other = vault.finder("born"), vault.finder("card"), around.person
    doctors, row = around.doctors.get, copying.row
    copied = [copying.HEAD]
    for place, (line, person_id) in enumerate(zip(lines, persons, strict=True)):
        number, person, find_key, row_key = line
        text = person_id.hex()
        dashed = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}|"
        serial, parent = person.card_serial, other(person.parent_ins) if person.parent_ins else None
        card_key = card(f"{dashed}{serial}".encode())[:16] if serial else None
        copied.append(
            row(
                person_id,
                (find_key, row_key, born(f"{dashed}{person.born_on}".encode())[:16], card_key),
                int(person.born_on[:4]),
                number,
                cells[place],
                (
                    person.department,
                    channels[place] if channels else channel_of(person, parent),
                    person.letter_format or "standard",
                    person.language or "fr",
                ),
                (
                    parent,
                    other(person.other_parent_ins) if person.other_parent_ins else None,
                    doctors(person.attending_rpps) if person.attending_rpps else None,
                ),
            )
        )
    return copied


def _fill(name: str, copied: list[bytes]) -> None:
    copied.append(copying.END)
    with connection.cursor() as cursor:
        cursor.execute(_TABLE.format(name=name, columns=copying.COLUMNS))
        with connection.wrap_database_errors, cursor.copy(_COPY.format(name=name)) as copy:
            copy.write(b"".join(copied))
