"""What a fact is: something that happened to a person's space, told to others after the deed.

Rooms define their own facts in their `events.py`. A fact carries ids, codes, figures and dates;
anything that could be a sentence or a name is refused when it is published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType, UnionType
from typing import Any, ClassVar, Final, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

CODE: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
_KNOWN: Final[dict[str, type[Fact]]] = {}
_FIELDS: Final[dict[str, dict[str, type]]] = {}

JsonValue = str | int | bool | None
F = TypeVar("F", bound="Fact")


@dataclass(frozen=True, slots=True)
class Fact:
    """Root of all facts; `person_id` is the space it happened in."""

    KIND: ClassVar[str] = ""

    person_id: UUID

    def __init_subclass__(cls) -> None:
        room = cls.__module__.removeprefix("healthspace.").split(".")[0]
        cls.KIND = f"{room}.{cls.__name__}"
        _KNOWN[cls.KIND] = cls


def known() -> Mapping[str, type[Fact]]:
    """Every kind of fact that any imported room can tell, by its name `room.Class`."""
    return MappingProxyType(_KNOWN)


def to_payload(fact: Fact) -> dict[str, JsonValue]:
    """The fact's own fields as JSON values; ValueError when a text is not a code."""
    return {name: _to_json(name, getattr(fact, name)) for name in _own_fields(type(fact))}


def from_payload(kind: str, person_id: UUID, payload: Mapping[str, JsonValue]) -> Fact:
    """The fact again, after its kind and payload; KeyError for a kind nobody defines."""
    cls = _KNOWN[kind]
    values = {name: _from_json(hint, payload[name]) for name, hint in _own_fields(cls).items()}
    return cls(person_id=person_id, **values)


def _own_fields(cls: type[Fact]) -> dict[str, type]:
    found = _FIELDS.get(cls.KIND)
    if found is None:
        hints = get_type_hints(cls)
        found = {f.name: _plain(hints[f.name]) for f in fields(cls) if f.name != "person_id"}
        _FIELDS[cls.KIND] = found
    return found


def _plain(hint: Any) -> type:
    if get_origin(hint) in {Union, UnionType}:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if hint not in {UUID, str, int, bool, datetime, date}:
        raise TypeError(f"a fact cannot carry {hint}")
    return hint  # type: ignore[no-any-return]  # one of the six types just checked


def _to_json(name: str, value: Any) -> JsonValue:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and not CODE.fullmatch(value):
        raise ValueError(f"{name} of a fact must be a code")
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{name} of a fact has a type that facts cannot carry")


def _from_json(hint: type, value: JsonValue) -> Any:
    if value is None:
        return None
    if hint is UUID:
        return UUID(str(value))
    if hint in {date, datetime}:
        return datetime.fromisoformat(str(value)) if hint is datetime else date.fromisoformat(str(value))
    return value
