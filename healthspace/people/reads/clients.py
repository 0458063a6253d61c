"""Registered software as its keys show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.people.models import Software, SoftwareKey


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A public key or a client certificate of software; `is_certificate` tells which."""

    id: UUID
    kid: str
    is_certificate: bool
    added_at: datetime
    ended_at: datetime | None


def software_keys(software_id: UUID) -> list[KeyCard]:
    """Every key and certificate that this software has or had, oldest first."""
    rows = SoftwareKey.objects.filter(software_id=software_id).order_by("added_at", "kid")
    return [KeyCard(row.id, row.kid, not row.public, row.added_at, row.ended_at) for row in rows]


def is_client(software_id: UUID) -> bool:
    """Whether this software and its structure are registered and active."""
    return Software.objects.filter(id=software_id, is_active=True, institution__is_active=True).exists()
