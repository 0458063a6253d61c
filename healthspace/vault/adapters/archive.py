"""The archive's key pair: doors seal closed spaces to its public half, only the worker holds the other.

HPKE in its base mode (RFC 9180): X25519, HKDF-SHA256, AES-256-GCM. The two halves are two files, so
that the private one can lie where the doors' Unix user cannot read it, or with two officers.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from healthspace.common.errors import Unavailable
from healthspace.vault.adapters.keyring import read_secret, write_secret

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
Sealing = tuple[str, X25519PublicKey]


def public_path(path: Path) -> Path:
    """Where the public half lies: beside the private one, unless an operator moved that."""
    return path.with_suffix(".pub")


def make_pair(path: Path) -> None:
    """A fresh pair in two new files; what is there already stays."""
    if public_path(path).exists():
        return
    if not path.exists():
        secret = base64.b64encode(os.urandom(32)).decode()
        name = "archive-" + os.urandom(8).hex()
        content = {"version": 1, "current": name, "keys": {name: secret}}
        write_secret(path, json.dumps(content, indent=1).encode(), replace=False)
    name, private = _current(path)
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    write_secret(public_path(path), json.dumps({"version": 1, "id": name, "x25519": public}).encode(), replace=False)


def public_half(path: Path) -> Sealing:
    """Its name and the public key; `Unavailable` when there is none."""
    try:
        content = json.loads(public_path(path).read_bytes())
        return content["id"], X25519PublicKey.from_public_bytes(base64.b64decode(content["x25519"]))
    except FileNotFoundError as error:
        raise Unavailable("the archive has no public key here: start the worker once, or copy the file") from error
    except (ValueError, KeyError) as error:
        raise Unavailable("the archive's public key file is damaged: restore it from its backup") from error


def seal(sealing: Sealing, key: bytes, context: bytes) -> bytes:
    """A person's key, sealed to the archive; whoever sealed it cannot open it again."""
    return SUITE.encrypt(key, sealing[1], info=context)


def unseal(path: Path, archive_id: str, sealed: bytes, context: bytes) -> bytes:
    """The person's key again; `Unavailable` without the private half or when it does not fit."""
    private = _keys(path).get(archive_id)
    if private is None:
        raise Unavailable("the archive key that sealed this is not in the archive key file")
    try:
        return SUITE.decrypt(sealed, private, info=context)
    except (InvalidTag, ValueError) as error:
        raise Unavailable("an archived key does not open under its archive key") from error


def _current(path: Path) -> tuple[str, X25519PrivateKey]:
    name = json.loads(read_secret(path))["current"]
    return name, _keys(path)[name]


def _keys(path: Path) -> dict[str, X25519PrivateKey]:
    try:
        content = json.loads(read_secret(path))
        pairs = {name: base64.b64decode(key) for name, key in content["keys"].items()}
        return {name: X25519PrivateKey.from_private_bytes(key) for name, key in pairs.items()}
    except FileNotFoundError as error:
        raise Unavailable("the archive key file is not here: restore it from its backup") from error
    except (ValueError, KeyError) as error:
        raise Unavailable("the archive key file is damaged: restore it from its backup") from error
