"""Notices in the space, and what the holder wants by mail."""

from __future__ import annotations

from django.db import models

from healthspace.common import ids
from healthspace.schema.contract import LocalTable, PersonTable


class Notice(PersonTable):
    """One fact told to the holder; its words come from its kind when it is shown.

    `mailed_at` is when its mail went out, or was found to have no address to go to.
    """

    fact_id = models.UUIDField()
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    item_id = models.UUIDField(null=True)
    is_hidden_from_representatives = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_notice"
        constraints = [models.UniqueConstraint(fields=["person_id", "fact_id"], name="notifications_notice_once")]
        indexes = [
            models.Index(fields=["person_id", "-at"], name="notifications_notice_latest"),
            models.Index(
                fields=["person_id", "mailed_at"],
                name="notifications_notice_mailed",
                condition=models.Q(mailed_at__isnull=False),
            ),
        ]


class MailChoice(PersonTable):
    """The holder's own choice for a kind of notice, where it differs from what holds otherwise."""

    kind = models.CharField(max_length=32)
    is_mailed = models.BooleanField()

    class Meta:
        db_table = "notifications_mail_choice"
        constraints = [models.UniqueConstraint(fields=["person_id", "kind"], name="notifications_mail_choice_once")]


class AuthorNotice(LocalTable):
    """A word to whoever filed a document, about that document; it does not say whose, they know."""

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    fact_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    professional_id = models.UUIDField(null=True, db_index=True)
    institution_id = models.UUIDField(null=True, db_index=True)
    document_id = models.UUIDField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_author_notice"
