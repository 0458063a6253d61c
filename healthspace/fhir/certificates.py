"""The client certificate that a proxy hands on: RFC 9440's form, or PEM as nginx escapes it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final
from urllib.parse import unquote

HEADER: Final = "client-certificate"
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"


def thumbprint(value: str) -> bytes | None:
    """The SHA-256 of the certificate in such a header (RFC 8705, 3.1); None when there is none, or it is none.

    Whether the certificate is good is the proxy's to say: the header is read only where one is named.
    """
    text = value.strip()
    if len(text) >= 2 and text[0] == text[-1] == ":":
        body = text[1:-1]
    else:
        pem = unquote(text).strip()
        if not (pem.startswith(_BEGIN) and pem.endswith(_END)):
            return None
        body = "".join(pem.removeprefix(_BEGIN).removesuffix(_END).split())
    try:
        der = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
    return hashlib.sha256(der).digest() if der else None
