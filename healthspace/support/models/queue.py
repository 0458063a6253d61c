"""What waits for an agent, and the names under which agents act."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import LocalTable


class QueueLine(LocalTable):
    """A ticket or an act that waits; whose it is stands sealed, so the queue alone says nothing about anybody."""

    class Kind(models.TextChoices):
        TICKET = "ticket"
        ACT = "act"

    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.CharField(max_length=24)
    since = models.DateTimeField()
    sealed_whose = models.BinaryField()

    class Meta:
        db_table = "support_queue_line"
        indexes = [models.Index(fields=["kind", "since"], name="support_queue_oldest")]


class Agent(LocalTable):
    """The name that an agent's acts carry in people's journals; `account_id` is the agent's account."""

    account_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "support_agent"
