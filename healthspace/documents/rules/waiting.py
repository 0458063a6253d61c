"""A deposit put aside whole, so that it can be filed later exactly as it was sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from healthspace.common.actor import Actor
from healthspace.documents.rules.orders import Author, ClaimedIdentity, Order
from healthspace.spaces.rules import Ins, Traits


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who sent what; the bytes of the document are kept apart, so `order.content` is empty here."""

    actor: Actor
    order: Order

    def to_bytes(self) -> bytes:
        """Compact JSON, ready to be sealed."""
        kept = replace(self.order, content=b"", confidentiality=frozenset())
        plain = {name: getattr(kept, name) for name in Order.__slots__ if name not in {"content", "confidentiality"}}
        plain["confidentiality"] = sorted(self.order.confidentiality)
        plain["extras"] = dict(self.order.extras)
        return orjson.dumps({"actor": self.actor, "order": plain})

    @classmethod
    def from_bytes(cls, plain: bytes, content: bytes) -> Waiting:
        """The deposit back, with its bytes, from what `to_bytes` made."""
        given: dict[str, Any] = orjson.loads(plain)
        return cls(_actor(given["actor"]), _order(given["order"], content))


def _actor(given: dict[str, Any]) -> Actor:
    for name in ("id", "person_id", "professional_id", "institution_id"):
        given[name] = UUID(given[name]) if given[name] else None
    return Actor(**given)


def _order(given: dict[str, Any], content: bytes) -> Order:
    for name in ("made_at", "service_start", "service_stop"):
        given[name] = datetime.fromisoformat(given[name]) if given[name] else None
    given["authors"] = tuple(Author(**author) for author in given["authors"])
    given["confidentiality"] = frozenset(given["confidentiality"])
    given["person_id"] = UUID(given["person_id"]) if given["person_id"] else None
    if given["identity"]:
        given["identity"] = _identity(given["identity"])
    return Order(content=content, **given)


def _identity(given: dict[str, Any]) -> ClaimedIdentity:
    traits = given["traits"]
    if traits:
        traits["born_on"] = date.fromisoformat(traits["born_on"])
        traits["first_names"] = tuple(traits["first_names"])
    return ClaimedIdentity(Ins(**given["ins"]), Traits(**traits) if traits else None)
