"""CDA R2 for the rest of the room: the header as typed values, the body as our own HTML. Parsing is elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from healthspace.documents.adapters import sandbox
from healthspace.documents.ports import CdaHeader, Code, Identifier, Limits, Parent, Party, Patient, Shown

PARIS = ZoneInfo("Europe/Paris")
Json = Mapping[str, Any]


def header(content: bytes, *, limits: Limits | None = None) -> CdaHeader:
    """The header of a CDA document; raises ParserFailed when it is none."""
    return header_from(json.loads(_run("header", content, limits or Limits(), {})))


def to_html(content: bytes, language: str, *, base: str = "", limits: Limits | None = None) -> str:
    """A level 3 body as an accessible HTML fragment, labels in `language` (fr, en).

    Pictures point at {base}/media/<n>: answer those with `media`. `base` is a path of ours.
    """
    return _run("html", content, limits or Limits(), {"language": language, "base": base}).decode()


def media(content: bytes, number: int, *, side: int = 1600, limits: Limits | None = None) -> Shown:
    """Embedded medium `number` (from 1) as a safe copy: WebP for pictures, a scrubbed PDF."""
    return _shown(_run("media", content, limits or Limits(), {"number": number, "side": side}))


def embedded(content: bytes, *, limits: Limits | None = None) -> tuple[str, bytes]:
    """Media type and bytes of the file inside a level 1 document, as sent: show it as its own kind."""
    head, _, body = _run("embedded", content, limits or Limits(), {}).partition(b"\n")
    return str(json.loads(head)["media_type"]), body


def header_from(value: Json) -> CdaHeader:
    """The typed header from the plain values of the parser process."""
    return CdaHeader(
        patient=_patient(value["patient"]),
        identifier=Identifier(**value["identifier"]),
        type=Code(**value["type"]),
        title=value["title"],
        level=value["level"],
        set_id=_identifier(value["set_id"]),
        version=value["version"],
        made_at=instant(value["made_at"]),
        confidentiality=tuple(Code(**one) for one in value["confidentiality"]),
        language=value["language"],
        authors=tuple(_party(one) for one in value["authors"]),
        legal_authenticator=_maybe_party(value["legal_authenticator"]),
        custodian=_maybe_party(value["custodian"]),
        performer=_maybe_party(value["performer"]),
        event=_code(value["event"]),
        service_start=instant(value["service_start"]),
        service_stop=instant(value["service_stop"]),
        setting_code=value["setting_code"],
        facility_code=value["facility_code"],
        parents=tuple(_parent(one) for one in value["parents"]),
        media_types=tuple(value["media_types"]),
    )


def instant(stamp: str) -> datetime | None:
    """An HL7 TS as an aware instant: its own offset, else Paris; missing parts are the first of their kind."""
    digits, sign, offset = _split(stamp)
    if len(digits) not in (4, 6, 8, 10, 12, 14) or not digits.isascii() or not digits.isdigit():
        return None
    parts = [int(digits[:4]), 1, 1, 0, 0, 0]
    for at in range(1, len(digits) // 2 - 1):
        parts[at] = int(digits[2 + 2 * at : 4 + 2 * at])
    try:
        moment = datetime(*parts[:6], tzinfo=PARIS)  # type: ignore[misc,arg-type]  # six parts by construction
        if offset and len(offset) >= 4 and offset[:4].isdigit():
            away = timedelta(hours=int(offset[:2]), minutes=int(offset[2:4]))
            return moment.replace(tzinfo=timezone(-away if sign == "-" else away))
    except ValueError:
        return None
    return moment


def _split(stamp: str) -> tuple[str, str, str]:
    for sign in "+-":
        if sign in stamp:
            digits, _, offset = stamp.partition(sign)
            return digits.split(".")[0], sign, offset
    return stamp.split(".", maxsplit=1)[0], "", ""


def _day(stamp: str) -> date | None:
    """A whole day only: the year alone is not a birth date."""
    if len(stamp) < 8 or not stamp[:8].isdigit():
        return None
    try:
        return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
    except ValueError:
        return None


def _identifier(value: Json | None) -> Identifier | None:
    return None if value is None else Identifier(**value)


def _code(value: Json | None) -> Code | None:
    return None if value is None else Code(**value)


def _patient(value: Json) -> Patient:
    plain = {name: value[name] for name in ("birth_name", "used_name", "used_first_name", "sex", "birth_place")}
    return Patient(
        identifiers=tuple(Identifier(**one) for one in value["identifiers"]),
        first_names=tuple(value["first_names"]),
        born_on=_day(value["born_on"]),
        **plain,
    )


def _party(value: Json) -> Party:
    names = ("rpps", "name", "finess", "organization_name", "setting_code", "software")
    return Party(
        identifier=_identifier(value.get("identifier")),
        specialty=_code(value.get("specialty")),
        organization_id=_identifier(value.get("organization_id")),
        at=instant(value.get("at") or ""),
        **{name: value[name] for name in names if name in value},
    )


def _maybe_party(value: Json | None) -> Party | None:
    return None if value is None else _party(value)


def _parent(value: Json) -> Parent:
    return Parent(
        relation=value["relation"],
        identifier=Identifier(**value["identifier"]),
        set_id=_identifier(value["set_id"]),
        version=value["version"],
    )


def _shown(answer: bytes) -> Shown:
    head, _, body = answer.partition(b"\n")
    return Shown(body=body, **json.loads(head))


def _run(task: str, content: bytes, limits: Limits, params: dict[str, str | int]) -> bytes:
    bounds = {"max_pages": limits.max_pages, "max_pixels": limits.max_pixels}
    return sandbox.run(task, content, params={**bounds, **params}, seconds=limits.seconds, memory_mb=limits.memory_mb)
