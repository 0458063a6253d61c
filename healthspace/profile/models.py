"""The profile of a person: clinical entries, each one FHIR resource, and what the insurer paid for."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import LocalTable, PersonTable


class Entry(PersonTable):
    """One entry; only what lists need stands beside the sealed resource.

    `source_key` is a keyed hash of the sender's identifier: the same entry twice is one row.
    """

    resource_type = models.CharField(max_length=64)
    sealed_resource = models.BinaryField()
    source_document_id = models.UUIDField(null=True)
    source_key = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    author_professional_id = models.UUIDField(null=True)
    author_institution_id = models.UUIDField(null=True)

    class Meta:
        db_table = "profile_entry"
        indexes = [
            models.Index(fields=["person_id", "resource_type", "-recorded_at", "-id"], name="profile_by_type"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "source_key"], name="profile_source"),
        ]


class CareHistory(PersonTable):
    """What the insurer paid for in the last 24 months: one sealed row a person, and its own switch.

    `id` is the person itself; `lines` only counts, so that a first page need not unseal.
    """

    sealed = models.BinaryField()
    lines = models.PositiveIntegerField()
    is_hidden = models.BooleanField(default=False)
    kept_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "profile_care_history"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("person_id")), name="profile_care_history_one"),
        ]


class CarePart(LocalTable):
    """A part of a file of reimbursed care that was taken, written in the same transaction, until the file's end."""

    digest = models.CharField(max_length=64)
    number = models.IntegerField()
    counts = models.JSONField(default=dict)

    class Meta:
        db_table = "profile_care_part"
        constraints = [models.UniqueConstraint(fields=["digest", "number"], name="profile_care_part_once")]
