"""Letters that were ordered: a code by post for whoever asked too often, or has no mail (T01, ENR-5).

Whoever may still be told waits again and gets the letter of information with a fresh code, and a new window
from its posting. Whoever refused or has a space stays a case: a person writes to them. For the worker's role.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.actions.codes import LETTER_DUE
from healthspace.enrolment.reads import addressees as people

AT_ONCE: Final = 1000
OUTCOME: Final = "by_letter"
_ORDERED: Final = (
    "SELECT person_id FROM enrolment_case WHERE settled_at IS NULL AND kind = %s AND person_id > %s"
    " ORDER BY person_id LIMIT %s FOR UPDATE SKIP LOCKED"
)
_KEEP_PLACE: Final = (
    "INSERT INTO enrolment_earlier_place (person_id, id, batch_id, place_in_batch)"
    " SELECT person_id, gen_random_uuid(), batch_id, place_in_batch FROM enrolment_enrollee"
    " WHERE person_id = ANY(%s) AND batch_id IS NOT NULL"
)
# A wave that is over tells nobody any more: another one takes them.
_WAIT: Final = (
    "UPDATE enrolment_enrollee e SET batch_id = NULL, place_in_batch = NULL, information = 'none', channel = 'post',"
    " wave_id = (SELECT w.id FROM enrolment_wave w WHERE w.id = e.wave_id AND w.state IN ('running', 'paused'))"
    " WHERE e.person_id = ANY(%s)"
)
_SETTLE: Final = (
    "UPDATE enrolment_case SET settled_at = %s, outcome = %s WHERE person_id = ANY(%s) AND kind = %s"
    " AND settled_at IS NULL"
)
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


def take_orders() -> int:
    """Everybody for whom a code by letter was ordered, and who may be told, waits for a letter; how many."""
    done, after = 0, _NOBODY
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ORDERED, [LETTER_DUE, after, AT_ONCE])
            ordered = [row[0] for row in cursor.fetchall()]
            if not ordered:
                return done
            known = people.addressees(ordered)
            told = [
                one.person_id for one in known.values() if one.can_be_told and one.lines and one.channel != "parent"
            ]
            cursor.execute(_KEEP_PLACE, [told])
            cursor.execute(_WAIT, [told])
            cursor.execute(_SETTLE, [clock.now(), OUTCOME, told, LETTER_DUE])
        done, after = done + len(told), str(ordered[-1])
