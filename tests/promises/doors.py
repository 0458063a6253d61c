"""Every address of both doors, as the doors themselves know them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver

from healthspace.fhir import service

LISTED = Path(__file__).parent / "addresses.txt"
ID = r"<id>"


@dataclass(frozen=True, slots=True)
class Address:
    """One address: door, method ("" = any) and pattern."""

    door: str
    method: str
    pattern: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.door, self.method, self.pattern or "/")))

    def filled(self, **ids: UUID) -> str:
        """A real path: named ids given, the others random."""
        pattern = re.sub(r"<slug:\w+>", "department", self.pattern)
        path = re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1]) or uuid4()), pattern)
        path = path.replace(ID, str(ids.get("document_id") or uuid4()))
        return "/" + re.sub(r"<path:\w+>", "nothing.css", re.sub(r"<int:\w+>", "1", path))


def web() -> Iterator[Address]:
    """Every page's pattern."""

    def walk(resolver: URLResolver, before: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, before + str(entry.pattern))
            elif isinstance(entry, URLPattern):
                yield Address("web", "", before + str(entry.pattern))

    return walk(get_resolver(), "")


def fhir() -> Iterator[Address]:
    """Every interaction's method and pattern."""
    for path, (method, _) in service.PUBLIC.items():
        yield Address("fhir", method, path)
    for pattern, handlers in service.ROUTES:
        path = pattern.pattern.replace(service._ID, ID).replace("()", "")
        for method in handlers:
            yield Address("fhir", method, path)


def listed() -> dict[str, str]:
    """Address -> who it is for, as addresses.txt says."""
    found: dict[str, str] = {}
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            who, address = line.split(maxsplit=1)
            assert address not in found, f"{address} stands twice"
            found[address] = who
    return found
