"""The public directory of professionals and structures."""

from __future__ import annotations

from django.db import models

from healthspace.people import rules
from healthspace.schema.contract import ReferenceTable


class Professional(ReferenceTable):
    """A health or social professional of the public directory (RPPS)."""

    rpps = models.CharField(max_length=11, unique=True)
    family_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    title = models.CharField(max_length=16, default="")
    profession = models.CharField(max_length=8)
    specialty = models.CharField(max_length=32, default="")
    is_active = models.BooleanField(default=True)
    family_key = models.CharField(max_length=120, db_index=True)
    first_key = models.CharField(max_length=120)

    class Meta:
        db_table = "people_professional"

    @property
    def name(self) -> str:
        """As people say it: "Dr Linh Nguyen"."""
        return rules.spoken_name(self.title, self.first_name, self.family_name)


class Institution(ReferenceTable):
    """A structure of the public directory (FINESS)."""

    finess = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=200)
    facility_type = models.CharField(max_length=16)
    setting = models.CharField(max_length=16, default="")
    city = models.CharField(max_length=100, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_institution"


class Practice(ReferenceTable):
    """Where a professional works."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="practices")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="practices")

    class Meta:
        db_table = "people_practice"
        constraints = [models.UniqueConstraint(fields=["professional", "institution"], name="people_practice_once")]
