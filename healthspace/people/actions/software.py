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
    *, software_id: UUID, professional_id: UUID | None = None, valid_for: timedelta = timedelta(days=365)
) -> str:
    """A bearer token of 256 random bits, shown this once; with a professional it names the real user."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    Token.objects.create(
        digest=reads.token_digest(token),
        software_id=software_id,
        professional_id=professional_id,
        created_at=at,
        expires_at=at + valid_for,
    )
    return token


def revoke_token(token: str) -> None:
    """This token opens nothing more: here at once, in other processes within 15 s."""
    Token.objects.filter(digest=reads.token_digest(token), revoked_at=None).update(revoked_at=clock.now())
    reads.forget_tokens()
