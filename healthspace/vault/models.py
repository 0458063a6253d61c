"""One wrapped key a person, and the names of the root keys ever used here."""

from __future__ import annotations

from django.db import models

from healthspace.common import clock
from healthspace.schema.contract import LocalTable, PersonTable


class PersonKey(PersonTable):
    """The person's key, wrapped under a root key; without it nothing of the person can be read.

    `id` is the person, so there is one.

    While a refusal stands, the key of what was kept before lies in the archive beside a living one, and
    that one is kept as `interim` too: it opens what was sealed meanwhile once the first is back.

    While the space is closed the key lies sealed to the archive's public key (`archived`), and the
    doors hold only `interim`, a key of its own for the journal of the closed time. After destruction
    the row stays, empty, so that no second key can take its place.
    """

    wrapped = models.BinaryField(null=True, max_length=128)
    root_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=clock.now)
    destroyed_at = models.DateTimeField(null=True)
    archived = models.BinaryField(null=True, max_length=160)
    archive_id = models.CharField(max_length=40, default="", db_default="")
    archived_at = models.DateTimeField(null=True)
    interim = models.BinaryField(null=True, max_length=128)
    interim_root_id = models.CharField(max_length=40, default="", db_default="")

    class Meta:
        db_table = "vault_person_key"
        indexes = [
            models.Index(
                fields=["person_id"],
                condition=models.Q(destroyed_at__isnull=False),
                name="vault_person_key_gone",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("person_id")), name="vault_person_key_one"),
            models.CheckConstraint(
                condition=models.Q(
                    wrapped__isnull=True, archived__isnull=True, interim__isnull=True, destroyed_at__isnull=False
                )
                | models.Q(wrapped__isnull=False, archived__isnull=True, destroyed_at__isnull=True)
                | models.Q(archived__isnull=False, interim__isnull=False, destroyed_at__isnull=True),
                name="vault_person_key_whole_or_destroyed",
            ),
        ]


class Root(LocalTable):
    """A root key this database has used: tells a lost key file from a first start."""

    root_id = models.CharField(max_length=40, unique=True)
    first_used_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "vault_root"
