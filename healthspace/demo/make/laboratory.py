"""Laboratory reports, level 3, with reference ranges and flags."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TypedDict

from lxml import etree

from healthspace.demo.make.head import document
from healthspace.demo.make.markup import INTERPRETATION, code, el, mark, reference, section, stamp, table, template
from healthspace.demo.make.parts import Header

MODELS = ("1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55")
FLAGS = {"N": "Normal", "L": "Anormalement bas", "H": "Anormalement haut"}


class Analyte(TypedDict):
    loinc: str
    label: str
    unit: str
    shown: str
    low: float | None
    high: float | None
    digits: int
    usual: float
    spread: float


class Panel(TypedDict):
    label: str
    chapter: str
    chapter_label: str
    analytes: list[str]


class Catalogue(TypedDict):
    panels: dict[str, Panel]
    analytes: dict[str, Analyte]


@dataclass(frozen=True, slots=True)
class Result:
    """One measured value; `shown` is French, with a decimal comma."""

    key: str
    value: float
    shown: str
    flag: str


@cache
def catalogue() -> Catalogue:
    """Panels and analytes that our laboratory knows."""
    path = Path(__file__).parent.parent / "data" / "analytes.json"
    content: Catalogue = json.loads(path.read_text(encoding="utf-8"))
    return content


def measure(panels: tuple[str, ...], levels: dict[str, float], chance: Random) -> dict[str, Result]:
    """Values around the usual ones, or around `levels` where the person's illness says otherwise."""
    results: dict[str, Result] = {}
    for panel in panels:
        for key in catalogue()["panels"][panel]["analytes"]:
            analyte = catalogue()["analytes"][key]
            drawn = levels.get(key, analyte["usual"]) + chance.uniform(-1, 1) * analyte["spread"] * 0.6
            results[key] = _result(key, analyte, round(max(drawn, 0.01), analyte["digits"]))
    return results


def _result(key: str, analyte: Analyte, value: float) -> Result:
    shown = f"{value:.{analyte['digits']}f}"
    low, high = analyte["low"], analyte["high"]
    flag = "L" if low is not None and value < low else "H" if high is not None and value > high else "N"
    return Result(key=key, value=value, shown=shown.replace(".", ","), flag=flag)


def report(header: Header, panels: tuple[str, ...], results: dict[str, Result], comment: str) -> bytes:
    """A laboratory report with one chapter for each panel, and the biologist's comment."""
    first = catalogue()["panels"][panels[0]]
    complete = replace(header, models=MODELS, event_code=first["chapter"], event_label=first["chapter_label"])
    chapters = [_chapter(panel, header, results) for panel in panels]
    if comment:
        chapters.append(section("48767-8", "Commentaire du biologiste", [el("paragraph", comment)], []))
    return document(complete, el("structuredBody", *chapters))


def _chapter(panel: str, header: Header, results: dict[str, Result]) -> etree._Element:
    shape = catalogue()["panels"][panel]
    keys = shape["analytes"]
    rows = [_row(results[key]) for key in keys]
    text = table(("Examen", "Résultat", "Valeurs de référence", "Interprétation"), rows)
    act = el(
        "act",
        code(shape["chapter"], shape["chapter_label"]),
        el("statusCode", code="completed"),
        *(el("entryRelationship", _observation(results[key], header), typeCode="COMP") for key in keys),
        classCode="ACT",
        moodCode="EVN",
    )
    entry = el("entry", *template("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21"), act, typeCode="DRIV")
    inner = section(
        shape["chapter"], shape["label"], [text], [entry],
        "1.3.6.1.4.1.19376.1.3.3.2.2", "1.2.250.1.213.1.1.2.71",
    )  # fmt: skip
    outer = el(
        "section",
        *template("1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70"),
        code(shape["chapter"], shape["chapter_label"]),
        el("title", shape["chapter_label"]),
        inner,
    )
    return el("component", outer)


def span(analyte: Analyte) -> str:
    """The reference range in French words."""
    low, high = _number(analyte["low"], analyte["digits"]), _number(analyte["high"], analyte["digits"])
    if low and high:
        return f"{low} à {high} {analyte['shown']}"
    return f"inférieur à {high} {analyte['shown']}" if high else f"supérieur à {low} {analyte['shown']}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}".replace(".", ",")


def _row(result: Result) -> tuple[etree._Element | str, ...]:
    analyte = catalogue()["analytes"][result.key]
    value = f"{result.shown} {analyte['shown']}"
    shown = value if result.flag == "N" else el("content", value, styleCode="Bold")
    return (mark(f"examen-{result.key}", analyte["label"]), shown, span(analyte), FLAGS[result.flag])


def _observation(result: Result, header: Header) -> etree._Element:
    analyte = catalogue()["analytes"][result.key]
    sides = (("low", analyte["low"]), ("high", analyte["high"]))
    bounds = [el(side, value=f"{limit:g}", unit=analyte["unit"]) for side, limit in sides if limit is not None]
    normal = code("N", "Normal", INTERPRETATION, tag="interpretationCode")
    value_range = el("value", *bounds, xsi_type="IVL_PQ")
    observed = el("observationRange", value_range, normal, classCode="OBS", moodCode="EVN.CRT")
    return el(
        "observation",
        *template("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80"),
        code(analyte["loinc"], analyte["label"]),
        reference(f"examen-{result.key}"),
        el("statusCode", code="completed"),
        el("effectiveTime", value=stamp(header.started_at)),
        el("value", xsi_type="PQ", value=f"{result.value:g}", unit=analyte["unit"]),
        code(result.flag, FLAGS[result.flag], INTERPRETATION, tag="interpretationCode"),
        el("referenceRange", observed, typeCode="REFV"),
        classCode="OBS",
        moodCode="EVN",
    )
