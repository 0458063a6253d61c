"""What is deleted with a destroyed space."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from healthspace.access import models

TABLES: Final = (
    models.Tie, models.Mandate, models.Charge, models.Delegation, models.Helping, models.Assistance,
    models.PaperForm, models.Invitation, models.MajorityTold, models.TeenConsent, models.TeenWay,
)  # fmt: skip


def erase(*, person_id: UUID) -> None:
    """Delete the ties and mandates of a destroyed space, in the transaction and context of its destruction (CLO-2)."""
    for table in TABLES:
        table._default_manager.filter(person_id=person_id).delete()
