"""Software that calls the machines’ door, and its tokens."""

from __future__ import annotations

from django.db import models

from healthspace.people.models.directory import Institution
from healthspace.schema.contract import LocalTable, ReferenceTable


class Software(ReferenceTable):
    """A piece of software registered for a structure; the journal names it."""

    name = models.CharField(max_length=100)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_software"


class Token(LocalTable):
    """A token of one software; only its SHA-256 is kept, for it is 256 random bits.

    `key_id` is the key or certificate that it was given for; `certificate` the SHA-256 of the client certificate that
    it works with alone (RFC 8705, 3). Both are null for one that was made by hand.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    software_id = models.UUIDField(db_index=True)
    professional_id = models.UUIDField(null=True)
    key_id = models.UUIDField(null=True)
    certificate = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_token"
