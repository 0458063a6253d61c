"""Who is whom at an identity provider; subjects only as keyed hashes, so the table leads nobody back to them."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import LocalTable


class ProviderLink(LocalTable):
    """The account that a subject of an issuer opens; `subject_key` is the keyed hash of issuer and subject."""

    kind = models.CharField(max_length=16)
    subject_key = models.BinaryField(max_length=32, unique=True)
    account_id = models.UUIDField(db_index=True)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "people_provider_link"


class ProviderAttempt(LocalTable):
    """An answer of a provider that was taken once, so that it is never taken twice (keyed hash of its state)."""

    state_key = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_provider_attempt"


class ProviderSession(LocalTable):
    """Which of our sessions began with which session of a provider, so that it can end them (back-channel logout)."""

    session_id = models.UUIDField(unique=True)
    subject_key = models.BinaryField(max_length=32, db_index=True)
    sid_key = models.BinaryField(max_length=32, db_index=True)
    began_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_provider_session"
