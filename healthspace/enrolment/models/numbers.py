"""What the operator sees: numbers of persons and of what happened, as of one moment; nothing of anybody."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import LocalTable


class Tally(LocalTable):
    """How often something stands so: refusals by channel, codes by fate, cases by kind, letters by fate."""

    as_of = models.DateTimeField()
    subject = models.CharField(max_length=16)
    key = models.CharField(max_length=24)
    number = models.BigIntegerField()

    class Meta:
        db_table = "enrolment_tally"
        indexes = [models.Index(fields=["as_of"], name="enrolment_tally_time")]


class CaseLine(LocalTable):
    """An open case as the operator's pages list it: what it is and since when; never whom it is about."""

    as_of = models.DateTimeField()
    case_id = models.UUIDField()
    kind = models.CharField(max_length=24)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "enrolment_case_line"
