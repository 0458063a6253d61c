"""Whether everybody is accounted for: by plain statements that share nothing with what was done."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

NATION: Final = 68_000_000
# Each must give the expected number; None: it is only told.
_CHECKS: Final = (
    ("spaces", "SELECT count(*) FROM spaces_space", "persons"),
    ("enrolled", "SELECT count(*) FROM enrolment_enrollee", "persons"),
    ("refused", "SELECT count(*) FROM spaces_space WHERE state = 'opposed'", "refused"),
    (
        "open + refused + still waiting",
        "SELECT count(*) FROM spaces_space WHERE state IN ('open_inactive', 'opposed', 'informed', 'not_informed')",
        "persons",
    ),
    (
        "told and neither refused nor opened",
        "SELECT count(*) FROM spaces_space WHERE state = 'informed'",
        "none",
    ),
    ("opened by law", "SELECT count(*) FROM spaces_space WHERE state = 'open_inactive'", "told"),
    (
        "opened without its line in the journal",
        "SELECT count(*) FROM spaces_space s WHERE s.state = 'open_inactive' AND 1 <> (SELECT count(*) FROM audit_event"
        " e WHERE e.person_id = s.person_id AND e.kind = 'space_opened_by_law')",
        "none",
    ),
    (
        "refused and opened all the same",
        "SELECT count(*) FROM spaces_space s JOIN audit_event e ON e.person_id = s.person_id"
        " AND e.kind = 'space_opened_by_law' WHERE s.state = 'opposed'",
        "none",
    ),
    (
        "persons with two living codes for one purpose",
        "SELECT count(*) FROM (SELECT 1 FROM enrolment_code WHERE used_at IS NULL AND replaced_at IS NULL"
        " GROUP BY person_id, purpose HAVING count(*) > 1) AS twice",
        "none",
    ),
    (
        "places of a batch that two persons hold",
        "SELECT count(*) FROM (SELECT 1 FROM enrolment_enrollee WHERE batch_id IS NOT NULL"
        " GROUP BY batch_id, place_in_batch HAVING count(*) > 1) AS twice",
        "none",
    ),
    ("journal lines outside of the tree", "SELECT count(*) FROM audit_event WHERE leaf_index IS NULL", "none"),
)
_SIZES: Final = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relname IN ('spaces_space',"
    " 'spaces_identity_index', 'vault_person_key', 'enrolment_enrollee', 'enrolment_code', 'audit_event')"
    " ORDER BY 2 DESC"
)


def balance(persons: int, refused: int) -> list[dict[str, Any]]:
    """Each total with what it must be, as the worker's role reads it across everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM spaces_space WHERE state NOT IN ('opposed', 'not_informed')")
        expected = {"persons": persons, "refused": refused, "none": 0, "told": cursor.fetchone()[0]}
        out = []
        for what, statement, wanted in _CHECKS:
            cursor.execute(statement)
            found = cursor.fetchone()[0]
            out.append({"what": what, "found": found, "expected": expected[wanted]})
    return [one | {"is_right": one["found"] == one["expected"]} for one in out]


def sizes(persons: int) -> dict[str, str]:
    """Octets a person by table, and the whole for the nation."""
    out, total = {}, 0
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        for table, octets in cursor.fetchall():
            out[table] = f"{octets / persons:.0f} octets a person"
            total += octets
    out["together"] = f"{total / persons:.0f} octets a person, {total / persons * NATION / 1e9:.0f} GB for 68 million"
    return out
