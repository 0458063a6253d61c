"""Signing what the journal and the ledger of destructions say."""

from __future__ import annotations

from healthspace.vault import reads


def sign(message: bytes) -> bytes:
    """Sign with the journal's Ed25519 key: 64 bytes (RFC 8032)."""
    return reads.journal_key().sign(message)


class JournalSigner:
    """The journal's key as the audit room wants it (it may not import this room)."""

    sign = staticmethod(sign)
    public_key = staticmethod(reads.public_key)
    verify = staticmethod(reads.verify)
