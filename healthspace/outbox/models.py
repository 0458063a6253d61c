"""The facts that wait to be told."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class WaitingFact(PersonTable):
    """One fact, written in the deed's own transaction.

    It waits while `next_try_at` is set; afterwards it is either done (`done_at`) or dead
    (`done_at` empty, `failed_reason` says why), and a dead one is kept.
    """

    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_reason = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "outbox_fact"
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outbox_fact_waiting",
                condition=models.Q(next_try_at__isnull=False),
            ),
            models.Index(fields=["done_at"], name="outbox_fact_done", condition=models.Q(done_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_fact_done_or_waiting",
                condition=models.Q(done_at=None) | models.Q(next_try_at=None),
            )
        ]
