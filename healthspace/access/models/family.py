"""Invitations of a second parent, own sign-ins of teenagers, and what was told of a coming of age."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Invitation(PersonTable):
    """A second parent is named (CHI-2): one row with the child, one with the person invited, under the same `id`.

    `other_id` is whom the row is about on the other side; None with the child while nobody who fits was found,
    which looks the same as somebody who does not answer. `sealed` holds the names as the reader of the row knows
    them.
    """

    class Side(models.TextChoices):
        CHILD = "child"
        INVITED = "invited"

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    side = models.CharField(max_length=8, choices=Side)
    other_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "access_invitation"


class TeenConsent(PersonTable):
    """A parent agrees that the child signs in: `person_id` is the child, `id` the person of the parent."""

    agreed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_teen_consent"


class TeenWay(PersonTable):
    """A minor with a sign-in of their own; one row a person, `id` is the person.

    `hides_from` is when they may begin to keep documents from their parents, until `ends_at`, their majority.
    """

    opened_at = models.DateTimeField()
    hides_from = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "access_teen_way"


class MajorityTold(PersonTable):
    """A step before or at a coming of age was told to this person; `id` follows from the child and the step."""

    told_at = models.DateTimeField()

    class Meta:
        db_table = "access_majority_told"
