"""Secrets of this site, no person's: sealed under the root key itself."""

from __future__ import annotations

from healthspace.vault import reads


def seal_secret(secret: bytes, *, purpose: str) -> bytes:
    """Seal a short secret of the site; `open_secret` with the same purpose gives it back.

    Bound to the root key in use: for secrets that live shorter than a root key does.
    """
    ring = reads.ring()
    name = ring.current.encode()
    return bytes([len(name)]) + name + ring.wrap(secret, _context(purpose))


def open_secret(sealed: bytes, *, purpose: str) -> bytes:
    """The secret again; `Unavailable` if its root key is gone or it was sealed for something else."""
    end = 1 + sealed[0]
    root_id = sealed[1:end].decode()
    return reads.ring_with(root_id).unwrap(root_id, sealed[end:], _context(purpose))


def _context(purpose: str) -> bytes:
    return b"site\0" + purpose.encode()
