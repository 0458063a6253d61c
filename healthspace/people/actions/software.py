"""Software that calls the machines' door, and its tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from healthspace.common import clock
from healthspace.people import reads
from healthspace.people.models import Software, Token


def register_software(*, name: str, institution_id: UUID) -> UUID:
    """Software of a structure, by the name the journal will show; its id."""
    row, _ = Software.objects.get_or_create(name=name, institution_id=institution_id)
    return row.id


def issue_token(
    *,
    software_id: UUID,
    professional_id: UUID | None = None,
    valid_for: timedelta = timedelta(days=365),
    key_id: UUID | None = None,
    certificate: bytes | None = None,
) -> str:
    """A token of 256 random bits, shown this once; with a professional it names the real user.

    `key_id` is the key it is given for; with a certificate (SHA-256) it works with that alone. Longer than 15 minutes
    it opens something on test systems only (`ACCEPT_LONG_TOKENS`).
    """
    token = secrets.token_urlsafe(32)
    at = clock.now()
    Token.objects.create(
        digest=reads.token_digest(token),
        software_id=software_id,
        professional_id=professional_id,
        key_id=key_id,
        certificate=certificate,
        created_at=at,
        expires_at=at + valid_for,
    )
    return token


def revoke_token(token: str) -> None:
    """This token opens nothing more: here at once, in other processes within 15 s."""
    Token.objects.filter(digest=reads.token_digest(token), revoked_at=None).update(revoked_at=clock.now())
    reads.forget_tokens()
