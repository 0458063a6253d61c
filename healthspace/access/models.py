"""What binds a person to a professional or a structure, and a child to those who act for it."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Tie(PersonTable):
    """One bond, dated; never deleted, only ended, so that yesterday can be told.

    `authorisation` is given to a professional, `structure` to an institution, `team` to the care
    team of an institution with its dated initial consent (ACC-4); `block` beats all but
    authorship; `attending` names the attending doctor (ACC-5).
    """

    class Kind(models.TextChoices):
        AUTHORISATION = "authorisation"
        TEAM = "team"
        STRUCTURE = "structure"
        BLOCK = "block"
        ATTENDING = "attending"

    kind = models.CharField(max_length=16, choices=Kind)
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    institution = models.ForeignKey(
        "people.Institution", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    basis = models.CharField(max_length=32)
    given_by_kind = models.CharField(max_length=16)
    given_by_id = models.UUIDField()
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_tie"
        indexes = [
            models.Index(
                fields=["person_id", "professional"],
                condition=models.Q(ended_at=None),
                name="access_tie_professional",
            ),
            models.Index(
                fields=["person_id", "institution"],
                condition=models.Q(ended_at=None),
                name="access_tie_institution",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(professional=None) ^ models.Q(institution=None),
                name="access_tie_one_party",
            ),
        ]


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
