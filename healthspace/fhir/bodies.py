"""Reads JSON bodies strictly: UTF-8, no duplicate names, bounded depth, no NUL, finite numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import orjson

from healthspace.fhir.outcome import Fault, fault

MAX_DEPTH: Final = 32
Json = dict[str, Any]


def loads(body: bytes) -> Any:
    """The value of a JSON body, or a 400 that says why not."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _refused("The body is not well-formed JSON in UTF-8.") from None
    if _depth_above(value, MAX_DEPTH):
        raise _refused(f"The body is nested deeper than {MAX_DEPTH} levels.")
    _PLAIN.decode(body.decode())
    return value


def resource(body: bytes, *allowed: str) -> Json:
    """The FHIR resource of a body, of one of the allowed types."""
    value = loads(body)
    if not isinstance(value, dict):
        raise _refused("The body is not a JSON object.")
    kind = value.get("resourceType")
    if kind not in allowed:
        raise fault(400, "structure", f"The body must be of resourceType {' or '.join(allowed)}.",
                    expression="resourceType")  # fmt: skip
    return value


def _unique(pairs: list[tuple[str, Any]]) -> None:
    """Two members of one name mean two different things to two readers (RFC 8259, 4)."""
    names = {name for name, _ in pairs}
    if len(names) != len(pairs):
        raise _refused("A JSON object has two members of the same name.")
    for name, value in pairs:
        if "\0" in name or (isinstance(value, str) and "\0" in value):
            raise _refused("The body holds the character NUL.")


def _whole(digits: str) -> int:
    """Python refuses numbers of thousands of digits by itself; FHIR's never pass eighteen."""
    if len(digits) > 18:
        raise _refused("A number of the body has too many digits.")
    return 0


_PLAIN: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_whole)


def _depth_above(value: Any, limit: int) -> bool:
    level: list[Any] = [value]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return bool(level)


def _children(item: Any) -> Iterator[Any]:
    if isinstance(item, dict):
        yield from (child for child in item.values() if isinstance(child, (dict, list)))
    elif isinstance(item, list):
        yield from (child for child in item if isinstance(child, (dict, list)))


def _refused(text: str) -> Fault:
    return fault(400, "structure", text)


def refuse(text: str) -> NoReturn:
    """Stop with a 400 of the kind `structure`."""
    raise _refused(text)
