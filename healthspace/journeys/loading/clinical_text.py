"""A report that came as coded results only, written out as plain text so that a person can read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Resource = Mapping[str, Any]


def report(resource: Resource, results: Sequence[Resource]) -> str:
    """Title, date, conclusion and one line for each result, in the words of the sender."""
    lines = [_label(resource.get("code", {})) or "Report", _day(resource), ""]
    lines += [f"- {_result(one)}" for one in results if one]
    if resource.get("conclusion"):
        lines += ["", str(resource["conclusion"])]
    return "\n".join(lines) + "\n"


def _day(resource: Resource) -> str:
    return str(resource.get("effectiveDateTime") or resource.get("issued") or "")[:10]


def _label(concept: Mapping[str, Any]) -> str:
    coding: Mapping[str, Any] = next(iter(concept.get("coding", [])), {})
    return str(concept.get("text") or coding.get("display") or coding.get("code") or "")


def _result(observation: Resource) -> str:
    parts = [_value(part) for part in observation.get("component", [])]
    value = _value(observation) or "; ".join(part for part in parts if part)
    span = next((str(one["text"]) for one in observation.get("referenceRange", []) if "text" in one), "")
    flag = next((_label(one) for one in observation.get("interpretation", [])), "")
    extra = ", ".join(word for word in (span, flag) if word)
    return f"{_label(observation.get('code', {}))}: {value}" + (f" ({extra})" if extra else "")


def _value(holder: Mapping[str, Any]) -> str:
    if "valueQuantity" in holder:
        quantity = holder["valueQuantity"]
        number = quantity.get("value")
        shown = f"{number:.2f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
        return f"{shown} {quantity.get('unit', '')}".strip()
    if "valueCodeableConcept" in holder:
        return _label(holder["valueCodeableConcept"])
    return str(holder.get("valueString", holder.get("valueDateTime", "")))
