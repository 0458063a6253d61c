"""Statements of the hot path are planned once a connection, not once an act.

Half of what a short read costs PostgreSQL is planning, row-level policies included. `once` turns a
statement into the `EXECUTE` of a prepared one; it can then be sent together with others in one
message, which the driver's own prepared statements cannot.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

MOST: Final = 256
_known: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    prepare: str
    execute: str


def once(sql: str) -> str:
    """The same statement, with the same `%s` places, prepared on this connection.

    Past `MOST` different statements a connection prepares no more, and behind a pooler of transactions
    (DATABASE_POOLED) none at all: the text comes back as it is.
    """
    if not settings.PREPARES_STATEMENTS:
        return sql
    form = _form(sql)
    held = connections[DEFAULT_DB_ALIAS]
    if held.connection is None:
        held.ensure_connection()
    known = _known.setdefault(held.connection, set())
    if form.name not in known:
        if len(known) >= MOST:
            return sql
        with held.cursor() as cursor:
            cursor.execute(form.prepare)
        known.add(form.name)
    return form.execute


@lru_cache(maxsize=1024)
def _form(sql: str) -> _Form:
    name = f"hs_{hashlib.sha256(sql.encode()).hexdigest()[:20]}"
    first, *rest = sql.split("%s")
    numbered = first + "".join(f"${place}{part}" for place, part in enumerate(rest, 1))
    values = f" ({', '.join(['%s'] * len(rest))})" if rest else ""
    return _Form(name, f"PREPARE {name} AS {numbered}", f"EXECUTE {name}{values}")
