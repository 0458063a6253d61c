"""An address under confirmation."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Contact(PersonTable):
    """An address that is being confirmed by digits sent to it; `id` is the code of the claim behind."""

    sealed = models.BinaryField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enrolment_contact"
