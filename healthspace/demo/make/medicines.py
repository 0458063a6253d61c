"""Prescriptions and dispensations of medicines, level 3."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypedDict

from lxml import etree

from healthspace.demo.make.head import document
from healthspace.demo.make.markup import ACT_CODE, ATC, Child, code, day, el, mark, reference, section, table, template
from healthspace.demo.make.numbers import stable_id
from healthspace.demo.make.parts import Header

ROUTES = {
    "orale": ("20053000", "Voie orale"),
    "inhalée": ("20020000", "Voie inhalée"),
    "sous-cutanée": ("20066000", "Voie sous-cutanée"),
    "intraveineuse": ("20045000", "Voie intraveineuse"),
    "intramusculaire": ("20035000", "Voie intramusculaire"),
}
ROUTE_SYSTEM = "0.4.0.127.0.16.1.1.2.1"


class Medicine(TypedDict):
    atc: str
    name: str
    route: str
    dose: str
    rhythm: str


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine of a prescription."""

    key: str
    start: date
    days: int
    renewals: int = 0
    is_long_illness: bool = False

    @property
    def stop(self) -> date:
        return self.start + timedelta(days=self.days)


@cache
def formulary() -> dict[str, Medicine]:
    """Medicines by their international names, with an ordinary dosage."""
    path = Path(__file__).parent.parent / "data" / "medicines.json"
    content: dict[str, Medicine] = json.loads(path.read_text(encoding="utf-8"))
    return content


def dosage(line: Line) -> str:
    """Dose, rhythm and length in one French sentence."""
    medicine = formulary()[line.key]
    return f"{medicine['dose']} {medicine['rhythm']}, pendant {line.days} jours"


def route_code(name: str) -> etree._Element:
    """The administration route, EDQM standard terms."""
    value, label = ROUTES[name]
    return code(value, label, ROUTE_SYSTEM, tag="routeCode")


def manufactured(atc: str, name: str, lot: str = "") -> etree._Element:
    """The product inside a consumable or a supply."""
    material = el("manufacturedMaterial", code(atc, name, ATC), el("name", name))
    if lot:
        material.append(el("lotNumberText", lot))
    return el("manufacturedProduct", *template("1.3.6.1.4.1.19376.1.5.3.1.4.7.2"), material)


def prescription(header: Header, lines: tuple[Line, ...]) -> bytes:
    """An e-prescription of medicines (model eP-MED-DM)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.39",))
    rows: list[tuple[Child, ...]] = [
        (
            f"du {line.start:%d/%m/%Y} au {line.stop:%d/%m/%Y}",
            mark(f"med-{place}", formulary()[line.key]["name"]),
            dosage(line),
            str(line.renewals),
            "Oui" if line.is_long_illness else "Non",
        )
        for place, line in enumerate(lines, 1)
    ]
    head = ("Durée du traitement", "Médicament", "Posologie", "Renouvellements", "En rapport avec une ALD")
    entries = [_prescribed(header, line, place) for place, line in enumerate(lines, 1)]
    body = section(
        "57828-6", "Prescription de médicaments", [table(head, rows)], entries,
        "1.3.6.1.4.1.19376.1.9.1.2.1", "1.2.250.1.213.1.1.2.220",
    )  # fmt: skip
    return document(complete, el("structuredBody", body))


def _prescribed(header: Header, line: Line, place: int) -> etree._Element:
    medicine = formulary()[line.key]
    given = el(
        "substanceAdministration",
        *template(
            "2.16.840.1.113883.10.20.1.24",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7",
            "1.3.6.1.4.1.19376.1.9.1.3.2",
            "1.2.250.1.213.1.1.3.83",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
        ),
        el("id", root=str(stable_id(header.unique_id, "line", str(place))).upper()),
        code("DRUG", "Médicament", ACT_CODE),
        reference(f"med-{place}"),
        el("statusCode", code="completed"),
        el(
            "effectiveTime",
            el("low", value=day(line.start)),
            el("high", value=day(line.stop)),
            xsi_type="IVL_TS",
        ),
        el("repeatNumber", value=str(line.renewals)),
        route_code(medicine["route"]),
        el("consumable", manufactured(medicine["atc"], medicine["name"])),
        classCode="SBADM",
        moodCode="INT",
    )
    return el("entry", given)


def dispensation(header: Header, lines: tuple[Line, ...], prescription_id: str) -> bytes:
    """What the pharmacy handed over for a prescription (model eDISP-MED)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.54",))
    rows: list[tuple[Child, ...]] = [
        (
            mark(f"delivre-{place}", formulary()[line.key]["name"]),
            f"{boxes(line)} boîte{'s' if boxes(line) > 1 else ''}",
            f"{formulary()[line.key]['dose']} {formulary()[line.key]['rhythm']}",
            "Générique délivré",
        )
        for place, line in enumerate(lines, 1)
    ]
    head = ("Médicament délivré", "Quantité", "Posologie rappelée", "Substitution")
    entries = [_supplied(header, line, place, prescription_id) for place, line in enumerate(lines, 1)]
    body = section(
        "60590-7", "Médicaments délivrés", [table(head, rows)], entries,
        "1.3.6.1.4.1.19376.1.9.1.2.3", "2.16.840.1.113883.10.20.1.8", "1.2.250.1.213.1.1.2.236",
    )  # fmt: skip
    return document(complete, el("structuredBody", body))


def boxes(line: Line) -> int:
    """Boxes of thirty units for at most a month, as the pharmacy delivers."""
    return 1 if min(line.days, 30) <= 15 else 2


def _supplied(header: Header, line: Line, place: int, prescription_id: str) -> etree._Element:
    medicine = formulary()[line.key]
    asked = el(
        "substanceAdministration",
        el("id", root=prescription_id),
        el("consumable", manufactured(medicine["atc"], medicine["name"])),
        classCode="SBADM",
        moodCode="INT",
    )
    supply = el(
        "supply",
        *template("2.16.840.1.113883.10.20.1.34", "1.3.6.1.4.1.19376.1.5.3.1.4.7.3", "1.2.250.1.213.1.1.3.206"),
        el("id", root=str(stable_id(header.unique_id, "supply", str(place))).upper()),
        reference(f"delivre-{place}"),
        el("quantity", value=str(boxes(line))),
        el("product", manufactured(medicine["atc"], medicine["name"])),
        el("entryRelationship", asked, typeCode="REFR"),
        classCode="SPLY",
        moodCode="EVN",
    )
    return el("entry", supply)
