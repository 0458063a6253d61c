"""OperationOutcome: the one form of every error and warning of this door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from healthspace.fhir.exchange import Answer, json_answer

RULES: Final = "urn:healthspace:rule"
Severity = Literal["fatal", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: FHIR's issue code, what is wrong, where, which rule, and the way out."""

    code: str
    text: str
    expression: str = ""
    rule: str = ""
    way_out: str = ""
    severity: Severity = "error"

    def as_fhir(self) -> dict[str, Any]:
        """The issue as FHIR writes it."""
        issue: dict[str, Any] = {"severity": self.severity, "code": self.code}
        details: dict[str, Any] = {"text": self.text}
        if self.rule:
            details["coding"] = [{"system": RULES, "code": self.rule}]
        issue["details"] = details
        if self.way_out:
            issue["diagnostics"] = self.way_out
        if self.expression:
            issue["expression"] = [self.expression]
        return issue


class Fault(Exception):
    """Stops an interaction with a status and its findings."""

    def __init__(self, status: int, *issues: Issue, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.issues = issues
        self.headers = headers or {}


def fault(status: int, code: str, text: str, *, expression: str = "", way_out: str = "") -> Fault:
    """A fault with one finding."""
    return Fault(status, Issue(code, text, expression, way_out=way_out))


def resource(issues: Iterable[Issue], outcome_id: UUID | None = None) -> dict[str, Any]:
    """The OperationOutcome of these findings."""
    head: dict[str, Any] = {"resourceType": "OperationOutcome"}
    if outcome_id:
        head["id"] = str(outcome_id)
    return {**head, "issue": [issue.as_fhir() for issue in issues]}


def answer(stop: Fault) -> Answer:
    """The answer of a fault."""
    return json_answer(stop.status, resource(stop.issues), stop.headers)


def not_found() -> Fault:
    """Hidden, refused and absent: the same bytes (decision 20)."""
    return Fault(404, NOT_FOUND)


NOT_FOUND: Final = Issue("not-found", "There is nothing here that you may see.")
