"""Sessions of the pages: who is signed in, since when, on what kind of device."""

from __future__ import annotations

from django.db import models

from healthspace.common import ids
from healthspace.schema.contract import LocalTable


class Session(LocalTable):
    """One sign-in. A page needs its row alive, so that ending the row ends the session everywhere.

    `device_key` is a keyed hash of the device’s own cookie; the address it came from is not kept.
    """

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    account_id = models.UUIDField(db_index=True)
    means = models.CharField(max_length=16)
    browser = models.CharField(max_length=20, default="")
    system = models.CharField(max_length=20, default="")
    device_key = models.BinaryField(max_length=32)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_session"
        indexes = [models.Index(fields=["started_at"], name="people_session_started")]
