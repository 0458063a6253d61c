"""The bytes of a document inside of FHIR: base64 with a declared size and SHA-1 digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from healthspace.fhir.outcome import Fault, Issue


def decode(data: str, path: str, limit: int) -> bytes:
    """The bytes of a base64Binary element (RFC 4648, 4; white space allowed), whole and within the limit."""
    text = "".join(data.split()) if "\n" in data or " " in data or "\r" in data else data
    try:
        content = binascii.a2b_base64(text, strict_mode=True) if len(text) % 4 == 0 else None
    except (binascii.Error, ValueError):
        content = None
    if content is None:
        raise Fault(422, Issue("value", "This is not whole base64.", path))
    if not content:
        raise Fault(422, Issue("required", "The document is empty.", path, rule="ACC-16"))
    if len(content) > limit:
        raise Fault(413, Issue("too-long", f"A document has at most {limit} bytes.", path))
    return content


def check(attachment: Mapping[str, Any], content: bytes, path: str) -> None:
    """Declared size and digest must be those of the bytes, or something was lost on the way."""
    size = attachment.get("size")
    if size is not None and size != len(content):
        raise Fault(422, Issue("invariant", "The declared size is not that of the document.", f"{path}.size",
                               way_out=f"The document has {len(content)} bytes."))  # fmt: skip
    digest = attachment.get("hash")
    if digest is not None and digest != sha1(content):
        raise Fault(422, Issue("invariant", "The declared hash is not that of the document.", f"{path}.hash",
                               way_out="Give the SHA-1 of the bytes in base64."))  # fmt: skip


def sha1(content: bytes) -> str:
    """SHA-1 in base64, because FHIR R4 says so; a check against accidents, not against forgery."""
    return base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
