"""What binds a child, or a protected adult, to those who act for them."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class MandateTable(PersonTable):
    """The dates of a mandate; it runs from `starts_at` until `ends_at`, unless ended before (CHI-6).

    `kind` says as what one acts, `scope` how far: a judge may let a curator read only, or nothing at all.
    """

    class Basis(models.TextChoices):
        REGISTRY = "registry"
        STATEMENT = "statement"
        JUDGE = "judge"

    class Kind(models.TextChoices):
        PARENT = "parent"
        GUARDIAN = "guardian"
        CURATOR = "curator"
        MANDATARY = "mandatary"
        FAMILY = "family"

    class Scope(models.TextChoices):
        AS_HOLDER = "as_holder"
        READ_AND_FILE = "read_and_file"
        READ = "read"
        NONE = "none"

    basis = models.CharField(max_length=16, choices=Basis)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PARENT, db_default=Kind.PARENT.value)
    scope = models.CharField(max_length=16, choices=Scope, default=Scope.AS_HOLDER, db_default=Scope.AS_HOLDER.value)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Mandate(MandateTable):
    """Who may act for a person: `person_id` is the child or protected adult, `id` the person of the representative.

    One row a pair, so the gate finds it by its key; what happened to it before stands in both journals.
    `sealed_decision` names the judge's decision, under the key of the person it is about.
    """

    sealed_decision = models.BinaryField(null=True)

    class Meta:
        db_table = "access_mandate"
        indexes = [
            models.Index(fields=["ends_at"], condition=models.Q(kind="parent"), name="access_mandate_majority"),
        ]


class Charge(MandateTable):
    """The mirror of a mandate, to find for whom one may act: `person_id` represents, `id` is the other.

    Decides nothing: only the mandate does.
    """

    class Meta:
        db_table = "access_charge"
