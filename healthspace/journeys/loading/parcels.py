"""What one file of a load holds: a person as claimed, documents to file, entries to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from healthspace.common.errors import HealthspaceError
from healthspace.documents.rules import Order
from healthspace.spaces.rules import Ins, Traits

REASONS_KEPT: Final = 10_000
Outcome = Literal["filed", "duplicate", "quarantined", "failed"]


class Unreadable(HealthspaceError):
    """A file that says nothing we can file; `reason` is a code, never content."""

    code = "unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose it is, as the file says: an INS, or only the sender's own number of the person."""

    ins: Ins | None
    traits: Traits | None
    used_name: str = ""
    used_first_name: str = ""
    sender_number: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One person's part of a file; the orders name no person yet. `passed_over` is what is not clinical.

    `drawn_from`: which order (by `source_id`) says the same as an entry (by `Type/id`).
    """

    claim: Claim
    orders: tuple[Order, ...] = ()
    entries: tuple[Mapping[str, Any], ...] = ()
    passed_over: int = 0
    drawn_from: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the load: how to read it, its name relative to the path given, and the folder it must lie in."""

    kind: Literal["cda", "bundle", "plain"]
    path: Path
    name: str
    folder: Path = Path()
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one document (or one file as a whole), and why."""

    file: str
    outcome: Outcome
    reason: str = ""
    document: str = ""


@dataclass(slots=True)
class Report:
    """Counts of a load and the reason of everything that was not filed (the first ten thousand)."""

    files: int = 0
    filed: int = 0
    duplicates: int = 0
    quarantined: int = 0
    failed: int = 0
    entries: int = 0
    entries_known: int = 0
    passed_over: int = 0
    spaces_opened: int = 0
    seconds: float = 0.0
    reasons: list[Line] = field(default_factory=list)
    reasons_left_out: int = 0

    def add(self, line: Line) -> None:
        """Count one outcome; keep its reason unless it went well."""
        if line.outcome == "filed":
            self.filed += 1
        elif line.outcome == "duplicate":
            self.duplicates += 1
        elif line.outcome == "quarantined":
            self.quarantined += 1
        else:
            self.failed += 1
        if line.outcome in {"quarantined", "failed"}:
            self._keep(line)

    def _keep(self, line: Line) -> None:
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(line)
        else:
            self.reasons_left_out += 1
