"""What binds a person to a professional or a structure."""

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
