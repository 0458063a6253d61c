"""Acts that one agent proposes and another one agrees to."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class JointAct(PersonTable):
    """A death, a death in error, two files that are one person, a guardian's file: two agents, or nothing.

    `sealed` holds both names and what the first one wrote down. The database itself refuses one agent as both.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        REFUSED = "refused"

    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State, default="proposed")
    other_id = models.UUIDField(null=True)
    sealed = models.BinaryField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "support_joint_act"
        constraints = [
            models.CheckConstraint(
                name="support_joint_act_two",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
        ]
