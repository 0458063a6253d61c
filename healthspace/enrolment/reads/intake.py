"""What became of a file of the register, for the operator: counts, and each bad line without its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from healthspace.enrolment.models import AwaitedParent, Intake, IntakeFault


@dataclass(frozen=True, slots=True)
class Report:
    """One file: lines = new + changed + unchanged + died + died_before + put_away + refused.

    `mended` lines are taken, with a bad contact left empty; `died_before` were dead and never enrolled;
    `put_away` changed after their space was closed; `cases` wait for a decision. `is_whole` is False for a
    file that was cut, None for one that does not say how long it is.
    """

    intake_id: int
    name: str
    begun_at: datetime
    ended_at: datetime | None
    is_whole: bool | None
    lines: int
    new: int
    changed: int
    unchanged: int
    died: int
    died_before: int
    put_away: int
    refused: int
    mended: int
    renumbered: int
    merged: int
    cases: int
    unknown_doctors: int
    awaited_parents: int
    rules: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not taken, or not wholly: its number, the column and the rule."""

    line: int
    field: str
    rule: str


COUNTED = (
    "lines", "new", "changed", "unchanged", "died", "died_before", "put_away", "refused", "mended", "renumbered",
    "merged", "cases", "unknown_doctors",
)  # fmt: skip


def report(intake_id: int) -> Report:
    """What became of one file; `rules` are (field, rule, how many lines), most frequent first."""
    row = Intake.objects.get(id=intake_id)
    found = IntakeFault.objects.filter(intake_id=intake_id).values_list("field", "rule")
    told = found.annotate(lines=Count("id")).order_by("-lines", "field", "rule")
    return Report(
        intake_id=intake_id,
        name=row.name,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        is_whole=row.counts.get("is_whole"),
        awaited_parents=_awaited(),
        rules=tuple(told),
        **{name: row.counts.get(name, 0) for name in COUNTED},
    )


def bad_lines(intake_id: int) -> Iterator[BadLine]:
    """Every fault of a file in the order of its lines."""
    rows = IntakeFault.objects.filter(intake_id=intake_id).order_by("line", "field")
    for line, field, rule in rows.values_list("line", "field", "rule").iterator(10_000):
        yield BadLine(line, field, rule)


def _awaited() -> int:
    """Children of the whole register whose parent is not in it."""
    return AwaitedParent.objects.values("person_id").distinct().count()
