"""What binds a child to those who act for it."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class MandateTable(PersonTable):
    """The dates of a mandate; it runs from `starts_at` until `ends_at`, unless ended before (CHI-6)."""

    class Basis(models.TextChoices):
        REGISTRY = "registry"
        STATEMENT = "statement"

    basis = models.CharField(max_length=16, choices=Basis)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Mandate(MandateTable):
    """Who may act for a child: `person_id` is the child, `id` the person of the representative.

    One row a pair, so the gate finds it by its key; what happened to it before stands in both journals.
    """

    class Meta:
        db_table = "access_mandate"


class Charge(MandateTable):
    """The mirror of a mandate, to find for whom one may act: `person_id` represents, `id` is the child.

    Decides nothing: only the mandate does.
    """

    class Meta:
        db_table = "access_charge"
