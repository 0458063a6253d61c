"""What binds an adult to those who help them."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Delegation(PersonTable):
    """Who may help a person: `person_id` is the person helped, `id` the person who helps.

    One row a pair, so the gate finds it by its key; both journals keep what happened before. Running while
    accepted, not ended, and between `starts_at` and `ends_at`. An invitation to somebody who has no space here
    has an id that leads nowhere, and looks like any other. `sealed` is what the inviter typed of them.
    """

    class EndedBy(models.TextChoices):
        HOLDER = "holder"
        CAREGIVER = "caregiver"

    invited_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True, choices=EndedBy)
    reminded_at = models.DateTimeField(null=True)
    categories = models.CharField(max_length=200, blank=True)
    may_write = models.BooleanField(default=False)
    sees_profile = models.BooleanField(default=False)
    sees_agenda = models.BooleanField(default=False)
    sees_messages = models.BooleanField(default=False)
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_delegation"
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=models.Q(ended_at=None, reminded_at=None, accepted_at__isnull=False),
                name="access_delegation_to_ask",
            ),
        ]


class Helping(PersonTable):
    """The mirror of a delegation, to find whom one helps: `person_id` helps, `id` is the person helped.

    Decides nothing: only the delegation does.
    """

    invited_at = models.DateTimeField()

    class Meta:
        db_table = "access_helping"
