"""Vaccination notes and the vaccination history, level 3, after the French calendar."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypedDict

from lxml import etree

from healthspace.demo.make.head import document
from healthspace.demo.make.markup import ACT_CODE, Child, code, day, el, mark, reference, section, table, template
from healthspace.demo.make.medicines import manufactured, route_code
from healthspace.demo.make.numbers import draw, stable_id
from healthspace.demo.make.parts import Header, Subject

SECTION = ("2.16.840.1.113883.10.20.1.6", "1.3.6.1.4.1.19376.1.5.3.1.3.23", "1.2.250.1.213.1.1.2.147")


class Vaccine(TypedDict):
    atc: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One injection."""

    key: str
    given_on: date
    rank: int
    lot: str


@cache
def _content() -> dict[str, Vaccine | list[tuple[int, str, int]]]:
    path = Path(__file__).parent.parent / "data" / "vaccines.json"
    content: dict[str, Vaccine | list[tuple[int, str, int]]] = json.loads(path.read_text(encoding="utf-8"))
    return content


def vaccine(key: str) -> Vaccine:
    """Name and ATC code of a vaccine."""
    found = _content()[key]
    assert isinstance(found, dict)  # noqa: S101 - the data file has one list, under "schedule"
    return found


def shot(subject: Subject, key: str, given_on: date, rank: int) -> Shot:
    """An injection with an invented lot number."""
    lot = f"{key[:2].upper()}{draw(subject.ins, key, str(rank), below=90000) + 10000}"
    return Shot(key=key, given_on=given_on, rank=rank, lot=lot)


def calendar(subject: Subject, until: date) -> tuple[Shot, ...]:
    """The injections a person of that birth date has had under today's calendar."""
    shots: list[Shot] = []
    schedule = _content()["schedule"]
    assert isinstance(schedule, list)  # noqa: S101 - same data file
    for months, key, rank in schedule:
        late = draw(subject.ins, key, str(rank), "late", below=20)
        given_on = subject.born_on + timedelta(days=int(months * 30.44) + late)
        if date(1988, 1, 1) <= given_on <= until:
            shots.append(shot(subject, key, given_on, rank))
    return tuple(shots)


def note(header: Header, one: Shot) -> bytes:
    """A vaccination note for one injection (model VAC-NOTE)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.46",))
    return document(complete, el("structuredBody", _section(header, (one,), "Vaccination")))


def history(header: Header, shots: tuple[Shot, ...]) -> bytes:
    """All injections of a person (model VAC)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.37",))
    return document(complete, el("structuredBody", _section(header, shots, "Historique des vaccinations")))


def _section(header: Header, shots: tuple[Shot, ...], title: str) -> etree._Element:
    rows: list[tuple[Child, ...]] = [
        (
            f"{one.given_on:%d/%m/%Y}",
            mark(f"vaccin-{place}", vaccine(one.key)["name"]),
            one.lot,
            str(one.rank),
            "Voie intramusculaire",
            header.author.shown_name,
        )
        for place, one in enumerate(shots, 1)
    ]
    head = ("Date", "Vaccin", "Lot n°", "Rang", "Voie d’administration", "Vaccinateur")
    entries = [_entry(header, one, place) for place, one in enumerate(shots, 1)]
    return section("11369-6", title, [table(head, rows)], entries, *SECTION)


def _entry(header: Header, one: Shot, place: int) -> etree._Element:
    product = vaccine(one.key)
    rank = el(
        "observation",
        *template("2.16.840.1.113883.10.20.1.46"),
        code("30973-2", "Numéro de la dose"),
        el("statusCode", code="completed"),
        el("value", xsi_type="INT", value=str(one.rank)),
        classCode="OBS",
        moodCode="EVN",
    )
    given = el(
        "substanceAdministration",
        *template("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45"),
        el("id", root=str(stable_id(header.unique_id, "shot", str(place))).upper()),
        code("IMMUNIZ", "Vaccination", ACT_CODE),
        reference(f"vaccin-{place}"),
        el("statusCode", code="completed"),
        el("effectiveTime", value=day(one.given_on)),
        route_code("intramusculaire"),
        el("doseQuantity", value="1"),
        el("consumable", manufactured(product["atc"], product["name"], one.lot)),
        el("entryRelationship", rank, typeCode="SUBJ"),
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )
    return el("entry", given)
