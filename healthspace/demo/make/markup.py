"""Small words for writing CDA R2 with lxml."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias

from lxml import etree

HL7 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
ATC = "2.16.840.1.113883.6.73"
CIM10 = "2.16.840.1.113883.6.3"
ACT_CODE = "2.16.840.1.113883.5.4"
INTERPRETATION = "2.16.840.1.113883.5.83"

ROOT_NAMES: dict[str, str] = {None: HL7, "xsi": XSI}  # type: ignore[dict-item]  # None is the default namespace
Child: TypeAlias = etree._Element | str | None


def el(tag: str, *children: Child, **attributes: str) -> etree._Element:
    """An element of HL7 v3; `xsi_type` gives xsi:type, a trailing underscore is dropped."""
    node = etree.Element(f"{{{HL7}}}{tag}", nsmap=ROOT_NAMES if tag == "ClinicalDocument" else None)
    for name, value in attributes.items():
        key = f"{{{XSI}}}type" if name == "xsi_type" else name.rstrip("_")
        node.set(key, value)
    for child in children:
        _add(node, child)
    return node


def _add(node: etree._Element, child: Child) -> None:
    if child is None:
        return
    if not isinstance(child, str):
        node.append(child)
    elif len(node):
        node[-1].tail = (node[-1].tail or "") + child
    else:
        node.text = (node.text or "") + child


def template(*roots: str) -> list[etree._Element]:
    """The declarations of conformity, in order."""
    return [el("templateId", root=root) for root in roots]


def code(value: str, label: str, system: str = LOINC, *, tag: str = "code") -> etree._Element:
    """A coded value with its label."""
    return el(tag, code=value, displayName=label, codeSystem=system)


def stamp(moment: datetime) -> str:
    """A moment as CDA writes it, with its offset."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def day(value: date) -> str:
    """A date as CDA writes it."""
    return value.strftime("%Y%m%d")


def table(head: tuple[str, ...], rows: Sequence[tuple[Child, ...]]) -> etree._Element:
    """A narrative table with a head row."""
    body = el("tbody", *(el("tr", *(el("td", cell) for cell in row)) for row in rows))
    return el("table", el("thead", el("tr", *(el("th", word) for word in head))), body, border="0")


def mark(anchor: str, text: str) -> etree._Element:
    """Narrative text that an entry points to."""
    return el("content", text, ID=anchor)


def section(loinc: str, title: str, text: list[Child], entries: list[etree._Element], *models: str) -> etree._Element:
    """A section inside its component: models, code, title, narrative and coded entries."""
    parts = [*template(*models), code(loinc, title), el("title", title), el("text", *text), *entries]
    return el("component", el("section", *parts))


def reference(anchor: str) -> etree._Element:
    """The text of an entry: a pointer into the narrative."""
    return el("text", el("reference", value=f"#{anchor}"))
