"""How software proves to be itself: its public keys and client certificates, and the proofs used already."""

from __future__ import annotations

from django.db import models

from healthspace.people.models.software import Software
from healthspace.schema.contract import LocalTable, ReferenceTable


class SoftwareKey(ReferenceTable):
    """A public key (`public` is its JWK as JSON) or a client certificate (`public` is empty) of one software.

    `kid` is what an assertion names: the sender's own, or the thumbprint; of a certificate the SHA-256 of its DER,
    in base64url (RFC 8705, 3.1). Several at a time, so that keys change without a pause.
    """

    software = models.ForeignKey(Software, on_delete=models.CASCADE, related_name="keys")
    kid = models.CharField(max_length=128)
    public = models.TextField(default="")
    thumbprint = models.CharField(max_length=43)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_software_key"
        constraints = [models.UniqueConstraint(fields=["software", "kid"], name="people_software_key_once")]


class SpentAssertion(LocalTable):
    """A client assertion that was used: the SHA-256 of client and `jti`, until it is over anyway (RFC 7523, 3)."""

    key = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_spent_assertion"
