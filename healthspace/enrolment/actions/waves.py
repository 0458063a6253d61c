"""Waves: who is informed together, from which day, at which pace; pause, resume, stop. For the worker's role."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.enrolment.actions import standing
from healthspace.enrolment.models import Batch, Wave
from healthspace.enrolment.rules import departments as france
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

OPERATORS: Final = frozenset({"system", "operator"})
EXAMPLES: Final = Path(__file__).parents[1] / "data" / "waves"
LIST_AT_ONCE: Final = 5000
# An act, from which states it can be done, and the state after it.
CHANGES: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "start": (frozenset({"planned"}), "running"),
    "pause": (frozenset({"running"}), "paused"),
    "resume": (frozenset({"paused"}), "running"),
    "stop": (frozenset({"planned", "running", "paused", "done"}), "stopped"),
}
_LIST: Final = (
    "UPDATE enrolment_enrollee SET wave_id = %s"
    " WHERE person_id = ANY(%s) AND batch_id IS NULL AND wave_id IS NULL AND merged_into IS NULL"
)
_LET_GO: Final = (
    "UPDATE enrolment_enrollee SET batch_id = NULL, place_in_batch = NULL, wave_id = NULL, information = 'none'"
    " WHERE batch_id = %s"
)
_LET_GO_LIST: Final = "UPDATE enrolment_enrollee SET wave_id = NULL WHERE wave_id = %s AND batch_id IS NULL"


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of the numbers of a list."""

    taken: int
    unknown: int
    informed_before: int


def plan(
    *,
    actor: Actor,
    name: str,
    departments: Iterable[str] = (),
    born_from: int | None = None,
    born_to: int | None = None,
    list_name: str = "",
    starts_on: date,
    per_day: int | None = None,
) -> int:
    """A wave to come, by departments (none: all of them), birth years, or a list; its number.

    Invalid for an unknown department or years that exclude everybody; Conflict when the name is taken.
    """
    _require_operator(actor)
    chosen = sorted(set(departments))
    _check(name, chosen, born_from, born_to, per_day)
    try:
        with transaction.atomic():
            wave = Wave.objects.create(
                name=name,
                departments=chosen,
                born_from=born_from,
                born_to=born_to,
                list_name=list_name,
                starts_on=starts_on,
                per_day=per_day,
                made_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict("a wave has this name already") from None
    return wave.id


def plan_calendar(*, actor: Actor, calendar: Mapping[str, Any], first_day: date) -> list[int]:
    """The waves of a calendar (such as `data/waves/pilot.json`): all of them or none; their numbers."""
    try:
        waves = [dict(one) for one in calendar["waves"]]
        with transaction.atomic():
            return [
                plan(
                    actor=actor,
                    name=str(one["name"]),
                    departments=[str(code) for code in one.get("departments", ())],
                    born_from=one.get("born_from"),
                    born_to=one.get("born_to"),
                    starts_on=_starts_on(one, first_day),
                    per_day=one.get("per_day"),
                )
                for one in waves
            ]
    except (KeyError, TypeError, ValueError):
        raise Invalid(
            "calendar", "WAVE", "This is not a calendar of waves.", "Take data/waves/pilot.json as a model."
        ) from None


def example(name: str) -> Mapping[str, Any]:
    """A calendar that ships with the product; Invalid when there is none of that name."""
    path = EXAMPLES / f"{name}.json"
    if path.parent != EXAMPLES or not path.is_file():
        known = ", ".join(sorted(one.stem for one in EXAMPLES.glob("*.json")))
        raise Invalid("example", "WAVE", "There is no such example.", f"There are: {known}.")
    read: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def take_list(*, actor: Actor, wave_id: int, numbers: Iterable[Ins]) -> Listed:
    """Put the people of these numbers into a wave; children come with their parent of attachment."""
    _require_operator(actor)
    _one(wave_id)
    taken = unknown = before = 0
    chunk: list[Ins] = []
    for number in numbers:
        chunk.append(number)
        if len(chunk) == LIST_AT_ONCE:
            taken, unknown, before = _listed(wave_id, chunk, (taken, unknown, before))
            chunk = []
    return Listed(*_listed(wave_id, chunk, (taken, unknown, before)))


def start(*, actor: Actor, wave_id: int) -> None:
    """From now on the wave's batches are drafted, and sent from its first day on."""
    _change(actor, wave_id, "start")


def pause(*, actor: Actor, wave_id: int) -> None:
    """No further mail leaves and nothing is drafted; what was sent stays sent, its six weeks run."""
    _change(actor, wave_id, "pause")


def resume(*, actor: Actor, wave_id: int) -> None:
    """Go on where the pause came."""
    _change(actor, wave_id, "resume")


@transaction.atomic
def stop(*, actor: Actor, wave_id: int) -> int:
    """End a wave for good: unsent batches are cancelled, and no space of it opens; how many people are free again.

    Whoever was told already can still answer, and may be told anew by a later wave like everybody else of it.
    A batch that a crash cut off is ended by the next `sending.send_mails`.
    """
    _change(actor, wave_id, "stop")
    unsent = Batch.objects.select_for_update(of=("self",)).filter(wave_id=wave_id, state__in=("drafted", "ready"))
    free = 0
    with connection.cursor() as cursor:
        for batch in unsent.filter(sent_up_to=0):
            cursor.execute(_LET_GO, [batch.id])
            free += cursor.rowcount
            Batch.objects.filter(id=batch.id).update(state="cancelled", sealed_secret=b"")
        cursor.execute(_LET_GO_LIST, [wave_id])
    return free + standing.free_stopped(wave_id)


def _change(actor: Actor, wave_id: int, act: str) -> None:
    _require_operator(actor)
    before, after = CHANGES[act]
    if not Wave.objects.filter(id=wave_id, state__in=before).update(state=after):
        state = _one(wave_id).state
        raise Conflict(f"a wave that is {state} cannot {act}")


def _one(wave_id: int) -> Wave:
    wave = Wave.objects.filter(id=wave_id).first()
    if wave is None:
        raise Refused("ABSENT")
    return wave


def _require_operator(actor: Actor) -> None:
    if actor.kind not in OPERATORS:
        raise Refused("ENR-1")


def _check(name: str, chosen: list[str], born_from: int | None, born_to: int | None, per_day: int | None) -> None:
    if not name.strip() or len(name) > 80:
        raise Invalid("name", "WAVE", "A wave needs a name of at most 80 signs.", "Give it one.")
    unknown = [code for code in chosen if code not in france.NAMES]
    if unknown:
        raise Invalid("departments", "WAVE", f"No department {unknown[0]}.", "Use the codes of data/departments.json.")
    if born_from is not None and born_to is not None and born_from > born_to:
        raise Invalid("born", "WAVE", "The first birth year is after the last.", "Give the earlier year first.")
    if per_day is not None and per_day < 1:
        raise Invalid("per_day", "WAVE", "At least one mail a day.", "Pause the wave to send none.")


def _starts_on(one: Mapping[str, Any], first_day: date) -> date:
    if "starts_on" in one:
        return date.fromisoformat(one["starts_on"])
    return first_day + timedelta(days=int(one.get("starts_in_days", 0)))


def _listed(wave_id: int, chunk: list[Ins], so_far: tuple[int, int, int]) -> tuple[int, int, int]:
    if not chunk:
        return so_far
    with transaction.atomic(), connection.cursor() as cursor:
        found = spaces.find_persons(chunk)
        cursor.execute(_LIST, [wave_id, list(found.values())])
        taken = cursor.rowcount
    return so_far[0] + taken, so_far[1] + len(set(chunk)) - len(found), so_far[2] + len(found) - taken
