"""Counting: how many persons stand where, by department, age and channel, as of now. For the worker's role.

The doors cannot look across persons; they read what this leaves behind, which is nothing but numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.reads.case_lines import SHOWN
from healthspace.enrolment.rules import delays
from healthspace.enrolment.rules.numbers import BANDS, DAYS_SHOWN, OLDEST_BAND

_BANDS: Final = " ".join(f"WHEN {{age}} <= {last} THEN '{name}'" for name, last in BANDS)
_COUNT: Final = (
    "INSERT INTO enrolment_count (as_of, wave_id, department, ages, channel, state, information, persons, empty_shells)"
    " SELECT %(at)s, b.wave_id, e.department, CASE "
    + _BANDS.format(age="%(year)s - e.birth_year")
    + f" ELSE '{OLDEST_BAND}' END,"
    " e.channel, s.state, e.information, count(*), count(*) FILTER (WHERE s.state IN ('open_inactive', 'active')"
    " AND NOT e.has_old_record AND NOT e.has_care_history)"
    " FROM enrolment_enrollee e JOIN spaces_space s ON s.person_id = e.person_id"
    " LEFT JOIN enrolment_batch b ON b.id = e.batch_id WHERE e.merged_into IS NULL GROUP BY 2, 3, 4, 5, 6, 7"
)
_CODES: Final = (
    "SELECT CASE WHEN used_at IS NOT NULL THEN 'used' WHEN replaced_at IS NOT NULL THEN 'replaced'"
    " WHEN wrong_tries >= %(locked)s THEN 'locked' WHEN expires_at <= %(at)s THEN 'expired' ELSE 'alive' END, count(*)"
    " FROM enrolment_code GROUP BY 1"
)
# What a person answered last is what counts; a refusal that was undone or taken back is no refusal.
_REFUSALS: Final = (
    "SELECT channel, count(*) FROM (SELECT DISTINCT ON (a.person_id) a.channel FROM enrolment_answer a"
    " JOIN spaces_space s ON s.person_id = a.person_id WHERE a.kind = 'opposed' AND a.undone_at IS NULL"
    " AND s.state = 'opposed' ORDER BY a.person_id, a.at DESC, a.id) AS newest GROUP BY 1"
)
_BACK: Final = (
    "SELECT CASE WHEN undone_at IS NOT NULL THEN 'undone' ELSE 'withdrawn' END, count(DISTINCT person_id)"
    " FROM enrolment_answer WHERE kind = 'withdrawn' OR undone_at IS NOT NULL GROUP BY 1"
)
_CASES: Final = "SELECT kind, count(*) FROM enrolment_case WHERE settled_at IS NULL GROUP BY 1"
_LETTERS: Final = (
    "SELECT key, sum(number) FROM (SELECT channel || '_' || state AS key, letters AS number FROM enrolment_batch"
    " UNION ALL SELECT channel || '_bounced', bounced FROM enrolment_batch"
    " UNION ALL SELECT channel || '_returned', returned FROM enrolment_batch) AS fates"
    " GROUP BY 1 HAVING sum(number) > 0"
)
TALLIES: Final = (
    ("codes", _CODES),
    ("refusals", _REFUSALS),
    ("back", _BACK),
    ("cases", _CASES),
    ("letters", _LETTERS),
)
# The pages list the oldest of each kind; `healthspace cases` lists all.
_CASE_LINES: Final = (
    "INSERT INTO enrolment_case_line (as_of, case_id, kind, opened_at) SELECT %(at)s, id, kind, opened_at FROM"
    " (SELECT id, kind, opened_at, row_number() OVER (PARTITION BY kind ORDER BY opened_at, id) AS place"
    f" FROM enrolment_case WHERE settled_at IS NULL) AS waiting WHERE place <= {SHOWN}"
)
# One count a day stays for the curves, as many days as they show; the newest is always there.
_FORGET: Final = (
    "DELETE FROM {table} WHERE as_of < %(at)s AND as_of >= date_trunc('day', %(at)s::timestamptz, 'Europe/Paris')"
    f" OR as_of < %(at)s - interval '{DAYS_SHOWN} days'"
)


def count_once() -> int:
    """Count everybody, keep it as of now, and drop earlier counts of the same day; how many rows it took."""
    at = clock.now()
    values: dict[str, datetime | int] = {"at": at, "year": clock.today().year, "locked": delays.WRONG_TRIES}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in ("enrolment_count", "enrolment_tally"):
            cursor.execute(_FORGET.format(table=table), values)
        cursor.execute("DELETE FROM enrolment_case_line WHERE as_of < %(at)s", values)
        rows = 0
        for query in (_COUNT, _CASE_LINES):
            cursor.execute(query, values)
            rows += int(cursor.rowcount)
        for subject, query in TALLIES:
            statement = (
                f"INSERT INTO enrolment_tally (as_of, subject, key, number) SELECT %(at)s, '{subject}', t.* FROM"
            )
            cursor.execute(f"{statement} ({query}) AS t", values)
            rows += int(cursor.rowcount)
    return rows
