"""One space per person, and the index that finds it by INS."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import IndexTable, PersonTable
from healthspace.spaces import rules


class Space(PersonTable):
    """The space of one person: its state in clear, its identity sealed; `id` is the person, so there is one.

    `due_at` is when a closed, suspended or to-be-deleted space goes on by itself. `erasing_at` marks
    the point of no return of its destruction. `sealed_contact` is how to reach the holder of a closed
    space, under the key of the closed time. `state_before` is the state before a death, should it prove an error.
    """

    state = models.CharField(max_length=20)
    state_before = models.CharField(max_length=20, default="", db_default="")
    opened_at = models.DateTimeField(null=True)
    informed_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archive_until = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    reopening_asked_at = models.DateTimeField(null=True)
    erasing_at = models.DateTimeField(null=True)
    sealed_contact = models.BinaryField(null=True)
    identity_status = models.CharField(max_length=12)
    sealed_identity = models.BinaryField()
    is_samu_opposed = models.BooleanField(default=False)
    is_break_glass_opposed = models.BooleanField(default=False)
    is_masked_opposed = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="fr")

    class Meta:
        db_table = "spaces_space"
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="spaces_space_due"),
            models.Index(
                fields=["reopening_asked_at"],
                condition=models.Q(reopening_asked_at__isnull=False),
                name="spaces_space_reopening",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("person_id")), name="spaces_space_one_each"),
            models.CheckConstraint(name="spaces_space_state", condition=models.Q(state__in=rules.STATES)),
            models.CheckConstraint(
                name="spaces_space_status", condition=models.Q(identity_status__in=rules.IDENTITY_STATUSES)
            ),
        ]


class IdentityIndex(IndexTable):
    """Keyed hash of an INS -> person; nation-wide unique by its primary key (storage 4.5, 3)."""

    person_id = models.UUIDField()

    class Meta:
        db_table = "spaces_identity_index"


class ContactChange(PersonTable):
    """A new e-mail or phone that waits 72 hours, and can be stopped from every address known before (T12).

    `sealed` holds what was known before and what is wanted; one at a time for a person. "checking" is a first
    address ever, that nobody can be told of elsewhere: digits sent to it confirm it.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        WAITING = "waiting"
        APPLIED = "applied"
        STOPPED = "stopped"
        DROPPED = "dropped"

    state = models.CharField(max_length=8, choices=State)
    by_kind = models.CharField(max_length=14)
    asked_at = models.DateTimeField()
    applies_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    sealed = models.BinaryField()

    class Meta:
        db_table = "spaces_contact_change"
        indexes = [
            models.Index(fields=["applies_at"], condition=models.Q(state="waiting"), name="spaces_contact_change_due"),
            models.Index(fields=["asked_at"], name="spaces_contact_change_asked"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(state="waiting"), name="spaces_contact_change_one"
            ),
        ]
