"""RECORD.json beside METADATA.XML: whose older record, its state, rights and journal (docs/older-records.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from healthspace.access.ports import OlderTie, OlderTrace
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid
from healthspace.common.ids import NIL
from healthspace.documents.rules import Author
from healthspace.journeys.loading.authors import ANY_PRACTICE
from healthspace.journeys.loading.parcels import Unreadable
from healthspace.people import actions as people_actions
from healthspace.people import reads as people

NAME: Final = "RECORD.json"
MOST_BYTES: Final = 16 * 1024 * 1024
LAW_ZONE: Final = ZoneInfo("Europe/Paris")
Json = Mapping[str, Any]
Kind = Literal["authorisation", "structure", "block", "attending"]


@dataclass(frozen=True, slots=True)
class Record:
    """An older record as a whole; `created_on` is when it was opened, `is_closed` keeps it out."""

    matricule: str
    oid: str
    created_on: date
    is_closed: bool
    ties: tuple[Json, ...]
    traces: tuple[Json, ...]


def read(folder: Path) -> Record:
    """The record of this folder; `Unreadable` without a RECORD.json that says whose it is and how it stands."""
    path = folder / NAME
    if not path.is_file():
        raise Unreadable("no-record-json")
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("record-too-large")
    try:
        given = orjson.loads(path.read_bytes())
        return Record(
            matricule=str(given["ins"]),
            oid=str(given["oid"]),
            created_on=date.fromisoformat(given["created_on"]),
            is_closed={"open": False, "closed": True}[given["state"]],
            ties=(
                *({**one, "kind": "authorisation"} for one in _objects(given, "authorisations")),
                *({**one, "kind": "block"} for one in _objects(given, "blocks")),
                *({**one, "kind": "attending"} for one in [given.get("attending_doctor")] if one),
            ),
            traces=_objects(given, "traces"),
        )
    except (ValueError, KeyError, TypeError):
        raise Unreadable("record-json") from None


def _objects(given: Json, name: str) -> tuple[Json, ...]:
    """A list of objects, or nothing; ValueError for anything else."""
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(name)
    return tuple(found)


def refuse_if_too_new(created_on: date, takeover_on: date | None) -> None:
    """From the takeover date nobody can create an old-style record any more (CSP R1111-40)."""
    if takeover_on is not None and created_on >= takeover_on:
        raise Invalid(
            "created_on",
            "ENR-10",
            "This older record was created after the takeover date: such records are no longer opened.",
            "File its documents into the person's health space.",
        )


def ties(record: Record) -> list[OlderTie]:
    """Rights as access keeps them; an authorisation whose party the directory cannot name is left out.

    `Unreadable` for a block that cannot be kept: the person's no is never lost in silence (ACC-10).
    """
    found = []
    for one in record.ties:
        tie = _tie(one)
        if tie is not None:
            found.append(tie)
        elif one["kind"] == "block" and not _is_over(one):
            raise Unreadable("block-not-kept")
    return found


def _is_over(one: Json) -> bool:
    return bool(one.get("until")) and _midnight(one["until"]) <= clock.now()


def traces(record: Record) -> list[OlderTrace]:
    """The journal of the older record, each line by whom it names."""
    try:
        return [
            OlderTrace(
                number=str(one["id"]),
                by=_by(one),
                on=date.fromisoformat(str(one["at"])[:10]),
                act=str(one.get("act", ""))[:32],
                is_secret=one.get("is_secret") is True,
            )
            for one in record.traces
        ]
    except (ValueError, KeyError):
        raise Unreadable("record-traces") from None


def _tie(one: Json) -> OlderTie | None:
    professional_id, institution_id = _professional(one), None
    if professional_id is None:
        institution_id = _institution(one)
    if professional_id is None and institution_id is None:
        return None
    kind: Kind = one["kind"]
    if institution_id is not None:
        if kind != "authorisation":
            return None
        kind = "structure"
    until = one.get("until")
    return OlderTie(
        kind, professional_id, institution_id, _midnight(one.get("from")), _midnight(until) if until else None
    )


def _midnight(text: object) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(str(text)[:10]), time(), LAW_ZONE)
    except ValueError:
        raise Unreadable("record-dates") from None


def _professional(one: Json) -> UUID | None:
    rpps = str(one.get("rpps", ""))
    if not rpps:
        return None
    known = people.professional_by_rpps(rpps)
    if known is not None:
        return known.id
    try:
        return people_actions.ensure_professional(
            rpps=rpps,
            family_name=str(one["family_name"]),
            first_name=str(one["first_name"]),
            profession=str(one["profession"]),
        )
    except (KeyError, Invalid):
        return None


def _institution(one: Json) -> UUID | None:
    finess = str(one.get("finess", ""))
    if not finess:
        return None
    known = people.institution_by_finess(finess)
    if known is not None:
        return known.id
    try:
        return people_actions.ensure_institution(
            finess=finess, name=str(one["name"]), facility_type=ANY_PRACTICE, setting=""
        )
    except (KeyError, Invalid):
        return None


def _by(one: Json) -> Actor:
    """Who did it, as far as the older record says; a name alone is told as a name."""
    if one.get("by") == "holder":
        return Actor(kind="holder", id=NIL, name="")
    professional_id = _professional(one)
    author = Author(name=str(one.get("name", "")), institution=str(one.get("place", "")))
    kind: Literal["professional", "institution"] = "professional" if professional_id or author.name else "institution"
    return Actor(
        kind=kind,
        id=professional_id or NIL,
        name=author.name or author.institution,
        professional_id=professional_id,
        institution_name=author.institution,
    )
