"""Checks resources against HL7's own R4 definitions, compiled once from data/elements.json.

Unknown elements are refused and named; so are wrong types, wrong cardinalities, malformed
primitives and codes outside of required value sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, Final

import orjson

from healthspace.fhir.outcome import Issue

MAX_ISSUES: Final = 10
MAX_LIST: Final = 1000
CONTAINABLE: Final = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "Device", "Patient", "RelatedPerson"}
)
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
_DATE = r"(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
_CLOCK = rf"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{{1,9}})?{_ZONE}"
_WORDS: Final = {
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "code": r"\S+( \S+)*",
    **dict.fromkeys(("uri", "url", "canonical"), r"\S*"),
    "date": _DATE + ")?)?",
    "dateTime": f"{_DATE}({_CLOCK})?)?)?",
    "instant": r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])" + _CLOCK,
    "time": r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?",
    "oid": r"urn:oid:[0-2](\.(0|[1-9]\d*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}
_MAX_WORD: Final = 2048
_MAX_TEXT: Final = 1_000_000
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_INTEGERS: Final = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}
Check = Callable[[Any], str]


def _word(pattern: str) -> Check:
    match = re.compile(pattern, re.ASCII).fullmatch
    return lambda value: "" if isinstance(value, str) and len(value) <= _MAX_WORD and match(value) else "malformed"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
        return "malformed"
    return "malformed" if _UNPRINTABLE.search(value) else ""


def _integer(least: int) -> Check:
    return lambda value: "" if type(value) is int and least <= value < 2**31 else "malformed"


def _decimal(value: Any) -> str:
    return "" if type(value) in (int, float) else "malformed"


_PRIMITIVES: Final[dict[str, Check]] = {
    **{name: _word(pattern) for name, pattern in _WORDS.items()},
    **{name: _integer(least) for name, least in _INTEGERS.items()},
    "string": _text,
    "markdown": _text,
    "xhtml": _text,
    "decimal": _decimal,
    "boolean": lambda value: "" if isinstance(value, bool) else "malformed",
    "base64Binary": lambda value: "" if isinstance(value, str) and value else "malformed",
}


@cache
def _definitions() -> dict[str, dict[str, Any]]:
    raw = resources.files("healthspace.fhir").joinpath("data/elements.json").read_bytes()
    types: dict[str, dict[str, Any]] = orjson.loads(raw)["types"]
    return types


def check(resource: Any, kind: str) -> list[Issue]:
    """The findings about a resource of this type; none when it is right."""
    issues: list[Issue] = []
    _object(resource, kind, kind, issues)
    return issues


def _object(value: Any, kind: str, path: str, issues: list[Issue]) -> None:
    if not isinstance(value, dict) or not value:
        issues.append(Issue("structure", "An object with at least one member is expected here.", path))
        return
    definition = _definitions()[kind]
    elements: dict[str, str] = definition["elements"]
    for name, child in value.items():
        if len(issues) >= MAX_ISSUES:
            return
        element = elements.get(name)
        if element is None:
            issues.append(Issue("structure", "This element is not known here.", _below(path, name)))
        elif element.endswith("*"):
            _list(child, element[:-1], f"{path}.{name}", issues)
        else:
            _value(child, element, f"{path}.{name}", issues)
    for name in definition.get("required", ()):
        if name not in value:
            issues.append(Issue("required", "This element is missing.", f"{path}.{name}"))


def _below(path: str, name: str) -> str:
    """The path of an unknown member, its name cut and stripped to what FHIRPath may hold."""
    return f"{path}.{re.sub('[^A-Za-z0-9_]', '?', name[:64])}"


def _list(value: Any, kind: str, path: str, issues: list[Issue]) -> None:
    if not isinstance(value, list) or not value:
        issues.append(Issue("structure", "A list with at least one entry is expected here.", path))
    elif len(value) > MAX_LIST:
        issues.append(Issue("too-long", f"More than {MAX_LIST} entries.", path))
    else:
        for index, child in enumerate(value):
            if len(issues) >= MAX_ISSUES:
                return
            _value(child, kind, f"{path}[{index}]", issues)


def _value(value: Any, kind: str, path: str, issues: list[Issue]) -> None:
    primitive = _PRIMITIVES.get(kind)
    if primitive:
        if primitive(value):
            issues.append(Issue("value", f"This is not a {kind} of FHIR R4.", path))
    elif kind.startswith("code:"):
        if not isinstance(value, str) or value not in kind[5:].split("|"):
            issues.append(Issue("code-invalid", f"One of {kind[5:].replace('|', ', ')} is expected here.", path))
    elif kind == "Resource":
        _inner(value, path, issues)
    else:
        _object(value, kind, path, issues)


def _inner(value: Any, path: str, issues: list[Issue]) -> None:
    kind = value.get("resourceType") if isinstance(value, dict) else None
    allowed = CONTAINABLE | {"DocumentReference", "List", "Binary"} if path.startswith("Bundle.entry") else CONTAINABLE
    if not isinstance(kind, str) or kind not in allowed:
        issues.append(Issue("structure", "A resource of this type is not taken here.", path))
    else:
        _object(value, kind, path, issues)
