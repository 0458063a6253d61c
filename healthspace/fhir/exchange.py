"""One question and one answer of the door, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

FHIR_JSON: Final = "application/fhir+json; charset=utf-8"
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; header names in lower case, `path` below the base and without its slash."""

    method: str
    path: str
    query: Params
    headers: Mapping[str, str]
    body: bytes
    base: str

    def header(self, name: str) -> str:
        """The header's value, or nothing."""
        return self.headers.get(name, "")

    def prefers(self, word: str) -> bool:
        """Whether `Prefer` (RFC 7240) carries this word, as in `return=minimal`."""
        wishes = self.header("prefer").replace(";", ",").lower().split(",")
        return word.lower() in {wish.strip().replace(" ", "") for wish in wishes}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, headers and the exact bytes."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(status: int, resource: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    """A FHIR resource as an answer."""
    body = orjson.dumps(resource)
    return Answer(status, body, {"Content-Type": FHIR_JSON, **(headers or {})})


def dumps(resource: Mapping[str, Any]) -> bytes:
    """The bytes of a resource."""
    return orjson.dumps(resource)
