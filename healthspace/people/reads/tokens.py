"""Who acts with a token of some software."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from django.conf import settings

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.people import rules
from healthspace.people.models import Practice, Professional, Software, SoftwareKey, Token
from healthspace.people.reads.accounts import professional_actor
from healthspace.people.reads.directory import institution_card, professional_card

TOKEN_MEMORY: Final = timedelta(seconds=15)
MOST_TOKENS: Final = 10_000


class _Memory:
    """Tokens seen lately; bounded, for several threads, and never older than `TOKEN_MEMORY`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[bytes, tuple[Actor, datetime, datetime]] = {}

    def get(self, digest: bytes, at: datetime) -> Actor | None:
        """Who acts by what was looked up under this key, if that is fresh enough."""
        with self._lock:
            found = self._known.get(digest)
        if found is None:
            return None
        actor, since, until = found
        return actor if since <= at < until else None

    def put(self, digest: bytes, actor: Actor, at: datetime, until: datetime) -> None:
        with self._lock:
            if len(self._known) >= MOST_TOKENS:
                self._known.clear()
            self._known[digest] = (actor, at, min(until, at + TOKEN_MEMORY))

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


_MEMORY: Final = _Memory()


def token_digest(token: str) -> bytes:
    """What is kept of a token; plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode(errors="backslashreplace")).digest()


def actor_by_token(token: str, certificate: bytes | None = None) -> Actor | None:
    """Who acts with this token, or None; remembered at most 15 s, so what stops one takes that long.

    `certificate` is the SHA-256 of the client certificate that came with it: a token bound to one works with no other.
    """
    digest, at = token_digest(token), clock.now()
    known_by = digest + (certificate or b"")
    actor = _MEMORY.get(known_by, at)
    if actor is not None:
        return actor
    row = Token.objects.filter(digest=digest, revoked_at=None, expires_at__gt=at).first()
    actor = _token_actor(row) if row and _may_be_used(row, certificate) else None
    if row and actor:
        _MEMORY.put(known_by, actor, at, row.expires_at)
    return actor


def _may_be_used(row: Token, certificate: bytes | None) -> bool:
    if row.certificate is not None and (certificate is None or bytes(row.certificate) != certificate):
        return False
    if row.key_id is None:
        return not rules.is_long(row.expires_at - row.created_at) or bool(settings.ACCEPT_LONG_TOKENS)
    return SoftwareKey.objects.filter(id=row.key_id, ended_at=None).exists()


def software_id(name: str, institution_id: UUID) -> UUID | None:
    """The software of that name at this structure, or None."""
    return Software.objects.filter(name=name, institution_id=institution_id).values_list("id", flat=True).first()


def forget_tokens() -> None:
    """Forget what this process remembers of tokens."""
    _MEMORY.clear()


def _token_actor(row: Token) -> Actor | None:
    software = Software.objects.filter(id=row.software_id).select_related("institution").first()
    if software is None or not (software.is_active and software.institution.is_active):
        return None
    place = institution_card(software.institution)
    if row.professional_id is None:
        return Actor(
            kind="institution", id=place.id, name=place.name, institution_id=place.id, institution_name=place.name,
            software=software.name,
        )  # fmt: skip
    works_there = Practice.objects.filter(professional_id=row.professional_id, institution_id=place.id)
    card = Professional.objects.filter(id=row.professional_id, is_active=True, practices__in=works_there).first()
    return professional_actor(professional_card(card), place, software.name) if card else None
