"""Talks to witnesses: C2SP tlog-witness over HTTP, with the standard library."""

from __future__ import annotations

import base64
import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from healthspace.audit import rules

TIMEOUT_SECONDS: Final = 10
WITNESS_KEY: Final = b"\x04"
LOG_KEY: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a witness listens, its name and its Ed25519 key."""

    url: str
    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        return rules.key_hash(self.name, WITNESS_KEY, self.key)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness said; status 0 when it did not answer."""

    status: int
    text: str


def witnesses() -> list[Witness]:
    """Those the settings name, each as "URL VERIFIER-KEY"."""
    return [read(text) for text in getattr(settings, "JOURNAL_WITNESSES", ())]


def read(text: str) -> Witness:
    """A witness from its line; `ValueError` if it is none."""
    url, vkey = text.split()
    name, named, coded = vkey.split("+", 2)
    raw = base64.b64decode(coded, validate=True)
    if raw[:1] != WITNESS_KEY or len(raw) != 33 or rules.key_hash(name, raw[:1], raw[1:]).hex() != named:
        raise ValueError("not the key of a witness")
    return Witness(url.rstrip("/"), name, raw[1:])


def verifier_key(name: str, public_key: bytes) -> str:
    """The journal's own key, as witnesses are given it."""
    named = rules.key_hash(name, LOG_KEY, public_key).hex()
    return f"{name}+{named}+{base64.b64encode(LOG_KEY + public_key).decode()}"


def submit(witness: Witness, old_size: int, proof: Sequence[bytes], note: str) -> Answer:
    """Send one checkpoint with the proof that it follows from `old_size`."""
    lines = [f"old {old_size}", *(base64.b64encode(step).decode() for step in proof)]
    content = ("\n".join(lines) + "\n\n" + note).encode()
    place = urlsplit(witness.url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", place.path + "/add-checkpoint", content)
        response = connection.getresponse()
        return Answer(response.status, response.read(65_536).decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        return Answer(0, "")
    finally:
        connection.close()
