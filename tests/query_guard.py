"""Fails a test whose query touches a PERSON table without naming its person (storage 4.5, rule 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection


class UnnamedPerson(AssertionError):
    """A query that would go to every shard, and to every person."""


@cache
def person_tables() -> frozenset[str]:
    """The tables distributed by person."""
    return frozenset(m._meta.db_table for m in apps.get_models() if getattr(m, "TABLE_CLASS", "") == "PERSON")


def unnamed(sql: str) -> set[str]:
    """The PERSON tables that this statement touches without a condition (or a value) of person."""
    faults: set[str] = set()
    for told in sql.split(";"):
        statement = re.sub(r"^\s*PREPARE \w+ AS ", "", told)
        words = {word.strip('"') for word in re.findall(r'"?[a-z_]+"?', statement)}
        touched = words & person_tables()
        if not touched or re.match(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|SET|LOCK)\b", statement):
            continue
        if re.match(r"\s*INSERT\b", statement, re.IGNORECASE):
            columns = statement.split("VALUES", maxsplit=1)[0]
            named = "person_id" in columns
        else:
            where = re.split(r"\bWHERE\b", statement, maxsplit=1, flags=re.IGNORECASE)[1:]
            named = bool(where) and bool(re.search(r'person_id"?\s*(=|IN\b)', where[0]))
            named = named or bool(re.search(r'\(\s*"?person_id"?\s*,[^)]*\)\s*(=|IN)', statement))
        if not named:
            faults |= touched
    return faults


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """For `connection.execute_wrapper`."""
    faults = unnamed(sql)
    if faults:
        raise UnnamedPerson(f"{sorted(faults)} without a person: {sql}")
    return execute(sql, params, many, context)


@contextmanager
def every_query_names_its_person() -> Iterator[None]:
    """Watch all queries of Django's connection meanwhile."""
    with connection.execute_wrapper(guard):
        yield
