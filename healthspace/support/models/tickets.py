"""A question of the holder, what was written about it, and its files: sealed under the person's key."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Ticket(PersonTable):
    """One question; in clear is only what about, where it stands and when it is erased."""

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    topic = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State, default="open")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    erase_on = models.DateField()

    class Meta:
        db_table = "support_ticket"
        indexes = [models.Index(fields=["erase_on"], name="support_ticket_erase")]


class TicketMessage(PersonTable):
    """One text of a ticket, by the holder or by an agent; the agent's name is sealed with it."""

    ticket_id = models.UUIDField()
    by_kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "support_ticket_message"
        indexes = [models.Index(fields=["person_id", "ticket_id", "at"], name="support_message_of")]


class TicketFile(PersonTable):
    """A file sent with a ticket; its name is sealed, its body lies sealed in the store."""

    ticket_id = models.UUIDField()
    media_type = models.CharField(max_length=24)
    size = models.PositiveIntegerField()
    sealed_name = models.BinaryField()
    blob = models.CharField(max_length=64)

    class Meta:
        db_table = "support_ticket_file"
        indexes = [
            models.Index(fields=["person_id", "ticket_id"], name="support_file_of"),
            models.Index(fields=["blob"], name="support_file_blob"),
        ]
