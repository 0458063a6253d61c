"""Files of the insurer, and what became of their lines."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import LocalTable, PersonTable


class Intake(LocalTable):
    """One file of the insurer: how far it was read, what became of its rows; read once by its digest."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    position = models.BigIntegerField(default=0)
    line = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enrolment_intake"


class IntakeFault(LocalTable):
    """A line that was not taken: its number, the field and the rule; nothing of its content."""

    intake_id = models.BigIntegerField()
    line = models.BigIntegerField()
    field = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)

    class Meta:
        db_table = "enrolment_intake_fault"
        constraints = [
            models.UniqueConstraint(fields=["intake_id", "line", "field"], name="enrolment_intake_fault_once")
        ]


class IntakePart(LocalTable):
    """A part of a file that was taken, written in the same transaction: it is never taken twice."""

    intake_id = models.BigIntegerField()
    number = models.IntegerField()
    counts = models.JSONField(default=dict)

    class Meta:
        db_table = "enrolment_intake_part"
        constraints = [models.UniqueConstraint(fields=["intake_id", "number"], name="enrolment_intake_part_once")]


class AwaitedParent(PersonTable):
    """A child (`person_id`) whose parent is not in the register yet; linked as soon as the parent is."""

    parent_key = models.BinaryField(max_length=32)
    is_attachment = models.BooleanField()

    class Meta:
        db_table = "enrolment_awaited_parent"
