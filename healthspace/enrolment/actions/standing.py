"""Waves that look after themselves: done when all are told; newcomers told without a plan. For the worker's role.

Whoever comes where a wave is done (births, arrivals, moves), and whoever a done wave did not reach, belongs to the
standing wave, which runs until somebody pauses or stops it. A wave that was stopped keeps nobody: whoever it told
and who did not answer may be told anew by a later wave, with a new code and a new six weeks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.models import Wave
from healthspace.enrolment.rules import departments as france

_DATA: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "newcomers.json").read_text(encoding="utf-8")
)
NAME: Final[str] = _DATA["name"]
PER_DAY: Final[int | None] = _DATA["per_day"]
# Waits, can be reached, and has neither answered nor a space.
_WAITS: Final = (
    "SELECT 1 FROM enrolment_enrollee e JOIN spaces_space s ON s.person_id = e.person_id AND s.id = e.person_id"
    " WHERE e.batch_id IS NULL AND e.merged_into IS NULL AND e.channel <> 'none'"
    " AND s.state IN ('not_informed', 'informed') AND NOT EXISTS (SELECT 1 FROM enrolment_case c"
    " WHERE c.person_id = e.person_id AND c.kind = 'unreachable' AND c.settled_at IS NULL)"
)
_WAITS_LISTED: Final = f"{_WAITS} AND e.wave_id = %s LIMIT 1"
_WAITS_THERE: Final = (
    f"{_WAITS} AND e.department = ANY(%s) AND (e.channel = 'parent' OR e.birth_year BETWEEN %s AND %s)"
    " AND (e.wave_id IS NULL OR e.wave_id = %s) LIMIT 1"
)
_BATCHES: Final = (
    "SELECT count(*) FILTER (WHERE state IN ('drafted', 'ready')), count(*) FILTER (WHERE state = 'sent')"
    " FROM enrolment_batch WHERE wave_id = %s"
)
_NOT_REACHED: Final = (
    "UPDATE enrolment_enrollee SET wave_id = %s WHERE wave_id = %s AND batch_id IS NULL AND merged_into IS NULL"
)
# A child whose parent still waits goes with the letter of that parent.
_NEW: Final = (
    "UPDATE enrolment_enrollee e SET wave_id = %s WHERE e.department = ANY(%s) AND e.batch_id IS NULL"
    " AND e.wave_id IS NULL AND e.merged_into IS NULL AND CASE WHEN e.channel = 'parent' THEN NOT EXISTS"
    " (SELECT 1 FROM enrolment_enrollee p WHERE p.person_id = e.parent_id AND p.batch_id IS NULL)"
    " ELSE e.birth_year BETWEEN %s AND %s END"
)
_OF_STOPPED: Final = (
    " FROM enrolment_batch b, enrolment_wave w, spaces_space s WHERE e.batch_id = b.id AND b.state = 'sent'"
    " AND w.id = b.wave_id AND w.state = 'stopped' AND (w.id = %s OR %s::bigint IS NULL) AND e.information = 'sent'"
    " AND s.person_id = e.person_id AND s.id = e.person_id AND s.state IN ('not_informed', 'informed')"
)
_KEEP_PLACES: Final = (
    "INSERT INTO enrolment_earlier_place (person_id, id, batch_id, place_in_batch)"
    " SELECT e.person_id, gen_random_uuid(), e.batch_id, e.place_in_batch FROM enrolment_enrollee e, LATERAL"
    f" (SELECT 1{_OF_STOPPED}) AS told"
)
_FREE: Final = (
    "UPDATE enrolment_enrollee e SET batch_id = NULL, place_in_batch = NULL, wave_id = NULL, information = 'none'"
    f"{_OF_STOPPED}"
)


@dataclass(frozen=True, slots=True)
class Tended:
    """Waves that became done, newcomers who now wait for the standing wave, people freed from stopped waves."""

    done: int = 0
    newcomers: int = 0
    free: int = 0


def tend() -> Tended:
    """What waves need from time to time; safe to run twice and to stop."""
    free = free_stopped()
    done = sum(finish(wave.id) for wave in Wave.objects.filter(state="running").order_by("id"))
    return Tended(done, gather(), free)


@transaction.atomic
def finish(wave_id: int) -> bool:
    """True when the wave is done from now on: it began, all its batches are sent, and nobody waits for it."""
    wave = Wave.objects.select_for_update(of=("self",)).get(id=wave_id)
    if wave.state != "running" or wave.list_name == NAME or wave.starts_on > clock.today():
        return False
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, [wave.id])
        unsent, sent = cursor.fetchone()
        if unsent or not sent:
            return False
        if wave.list_name:
            cursor.execute(_WAITS_LISTED, [wave.id])
        else:
            cursor.execute(_WAITS_THERE, [*_scope(wave), wave.id])
        if cursor.fetchone() is not None:
            return False
    Wave.objects.filter(id=wave.id).update(state="done")
    return True


@transaction.atomic
def gather() -> int:
    """Whoever waits where a wave is done waits for the standing wave; how many. It is made with the first of them."""
    over = list(Wave.objects.filter(state="done").order_by("id"))
    if not over:
        return 0
    standing, _ = Wave.objects.get_or_create(
        name=NAME,
        defaults={"list_name": NAME, "starts_on": clock.today(), "per_day": PER_DAY, "state": "running",
                  "made_at": clock.now()},
    )  # fmt: skip
    if standing.state not in {"running", "paused"}:
        return 0
    found = 0
    with connection.cursor() as cursor:
        for wave in over:
            cursor.execute(_NOT_REACHED, [standing.id, wave.id])
            found += cursor.rowcount
            if not wave.list_name:
                cursor.execute(_NEW, [standing.id, *_scope(wave)])
                found += cursor.rowcount
    return found


@transaction.atomic
def free_stopped(wave_id: int | None = None) -> int:
    """Whoever a stopped wave told, and who did not answer, may be told by a later one; how many.

    Their place is kept, so that the slip of the earlier letter still counts, and their code works until a new one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_PLACES, [wave_id, wave_id])
        cursor.execute(_FREE, [wave_id, wave_id])
        return int(cursor.rowcount)


def _scope(wave: Wave) -> tuple[list[str], int, int]:
    """Departments and birth years of a wave."""
    return list(wave.departments or france.NAMES), wave.born_from or 0, wave.born_to or 9999
