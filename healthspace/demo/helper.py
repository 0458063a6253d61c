"""A desk of the town where a certified helper sits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.demo.make import numbers
from healthspace.people import actions as people
from healthspace.people import reads as people_reads

LOGIN: Final = "fatou.conseil"
NAME: Final = "Fatou Diallo"
DESK: Final = "France Services de Rivemont"
TOLD: Final = f"certified helper at a desk: {NAME}, {DESK}"
NUMBER: Final = 70
OTHER_SOCIAL: Final = "SA41"
LASTS: Final = timedelta(days=365)


def settle(password: str) -> None:
    """The desk, its helper and a certificate for a year from today; again without harm."""
    desk_id = people.ensure_institution(
        finess=numbers.finess(NUMBER), name=DESK, facility_type=OTHER_SOCIAL, city="Rivemont"
    )
    known = people_reads.account_by_login(LOGIN)
    account = known or people.create_account(login=LOGIN, password=password, kind="assistant", institution_id=desk_id)
    access.certify(account_id=account.id, name=NAME, until=clock.today() + LASTS)
