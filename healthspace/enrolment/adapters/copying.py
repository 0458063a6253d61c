"""Rows for PostgreSQL in the binary form of COPY, into temporary tables of the worker's connection."""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import Final

HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = Struct(">i")
_UUID: Final = _LENGTH.pack(16)
# person_id, find_key, row_key, born_key, birth_year, line
_CODE: Final = Struct(">hi16si16si32s")
_FIXED: Final = Struct(">hi16si32si16si16sihii")
FIELDS: Final = 17
COLUMNS: Final = (
    "person_id uuid, find_key bytea, row_key bytea, born_key bytea, birth_year int2, line int4, wrapped bytea,"
    " sealed_identity bytea, sealed bytea, department text, channel text, letter_format text, language text,"
    " card_key bytea, parent_id uuid, other_parent_id uuid, attending_id uuid"
)


def row(
    person: bytes, keys: tuple[bytes, bytes, bytes, bytes | None], birth_year: int, line: int,
    sealed: tuple[bytes, ...], texts: tuple[str, str, str, str], ids: tuple[bytes | None, ...],
) -> bytes:  # fmt: skip
    """One row of `COLUMNS`.

    `keys` are find, row, born and card key; `sealed` the wrapped key, the identity and the rest; `texts`
    department, channel, letter format and language; `ids` parent, other parent and attending doctor.
    """
    find_key, row_key, born_key, card_key = keys
    wrapped, identity, rest = sealed
    pack = _LENGTH.pack
    fixed = _FIXED.pack(FIELDS, 16, person, 32, find_key, 16, row_key, 16, born_key, 2, birth_year, 4, line)
    last = _UUID + card_key if card_key else NULL
    for one in ids:
        last += _UUID + one if one else NULL
    return b"".join((
        fixed, pack(len(wrapped)), wrapped, pack(len(identity)), identity, pack(len(rest)), rest, _texts(texts), last,
    ))  # fmt: skip


def code_row(person: bytes, code_id: bytes, key: bytes) -> bytes:
    """A provisional code: the person, the row's id (16 bytes each) and the keyed hash of the code (32)."""
    return _CODE.pack(3, 16, person, 16, code_id, 32, key)


@lru_cache(maxsize=4096)
def _texts(texts: tuple[str, ...]) -> bytes:
    """Few combinations for many people."""
    return b"".join(_LENGTH.pack(len(text.encode())) + text.encode() for text in texts)
