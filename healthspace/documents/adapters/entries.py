"""Coded entries of a section without narrative, as a simple table: what, value, date. Parser process only."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from healthspace.documents.adapters.cda_xml import NS, XSI_TYPE, attribute, first, text_of
from healthspace.documents.adapters.markup import Writing, escape, when

ACTS = ("observation", "substanceAdministration", "supply", "procedure", "act", "encounter")
MATERIAL = "h:consumable/h:manufacturedProduct/h:manufacturedMaterial"
LINES_MAX = 500


def table(section: etree._Element, writing: Writing) -> str:
    """Every entry that says something in words, in order; "" when none does."""
    lines = []
    for act in _acts(section):
        what, value, date = _name(act, writing), _value(act, writing), _time(act, writing)
        if what and (value or date or etree.QName(act).localname != "act"):
            lines.append((what, value, date))
        if len(lines) >= LINES_MAX:
            break
    if not lines:
        return ""
    names = ("what", "value", "date")
    used = [at for at, _ in enumerate(names) if any(line[at] for line in lines)]
    head = "".join(f'<th scope="col">{escape(writing.words[names[at]])}</th>' for at in used)
    rows = "".join("<tr>" + "".join(f"<td>{escape(line[at])}</td>" for at in used) + "</tr>" for line in lines)
    writing.count += 1
    label = escape(f"{writing.words['table']} {writing.count}, {writing.heading}".rstrip(", "))
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _acts(section: etree._Element) -> Iterator[etree._Element]:
    for entry in section.findall("h:entry", NS):
        for element in entry.iter():
            if etree.QName(element).localname in ACTS:
                yield element


def _name(act: etree._Element, writing: Writing) -> str:
    for path in (f"{MATERIAL}/h:name", f"{MATERIAL}/h:code", "h:code"):
        said = _words(first(act, path), writing)
        if said:
            return said
    return ""


def _words(coded: etree._Element | None, writing: Writing) -> str:
    """What a coded element says to a reader: its text, the narrative it points at, or the name of its code."""
    if coded is None:
        return ""
    original = first(coded, "h:originalText")
    reference = attribute(original, "h:reference", "value") or attribute(coded, "h:reference", "value")
    if reference.startswith("#") and writing.texts.get(reference[1:]):
        return writing.texts[reference[1:]]
    return text_of(original) or coded.get("displayName") or text_of(coded)


def _value(act: etree._Element, writing: Writing) -> str:
    said = [_one_value(value, writing) for value in act.findall("h:value", NS)]
    dose = first(act, "h:doseQuantity")
    if dose is not None:
        said.append(_quantity(dose))
    said += [_words(one, writing) for one in act.findall("h:interpretationCode", NS)]
    return ", ".join(one for one in said if one)


def _one_value(value: etree._Element, writing: Writing) -> str:
    kind = (value.get(XSI_TYPE) or "").split(":")[-1]
    if kind in ("CD", "CE", "CV", "CO", "CS"):
        return _words(value, writing)
    if kind == "TS":
        return when(value.get("value") or "", writing.words)
    if kind == "BL":
        return writing.words["yes" if value.get("value") == "true" else "no"]
    if kind.startswith("IVL"):
        return _range(value, writing)
    if kind in ("ED", "ST"):
        return "" if value.get("representation") else text_of(value)
    return _quantity(value)


def _quantity(element: etree._Element) -> str:
    number = element.get("value") or ""
    if not number:
        low, high = attribute(element, "h:low", "value"), attribute(element, "h:high", "value")
        number = " – ".join(one for one in (low, high) if one)
    unit = (element.get("unit") or attribute(element, "h:low", "unit")).strip("{}")
    return f"{number} {unit}".strip() if number and unit != "1" else number


def _range(element: etree._Element, writing: Writing) -> str:
    if (element.get(XSI_TYPE) or "").endswith("TS"):
        return _time_of(element, writing)
    return _quantity(element)


def _time(act: etree._Element, writing: Writing) -> str:
    return _time_of(first(act, "h:effectiveTime"), writing)


def _time_of(element: etree._Element | None, writing: Writing) -> str:
    if element is None:
        return ""
    low, high = attribute(element, "h:low", "value"), attribute(element, "h:high", "value")
    said = [when(stamp, writing.words) for stamp in (element.get("value") or "", low, high) if stamp]
    return " – ".join(one for one in said if one)
