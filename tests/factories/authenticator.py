"""An authenticator of our own (WebAuthn 3, 6): keys of ES256 in memory, real signatures, faults on demand."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor

ORIGIN: Final = "http://localhost:8400"
RP_ID: Final = "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    """base64url without padding, as browsers write bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass
class Faults:
    """What this authenticator, or the browser around it, does wrong."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    is_verified: bool = True
    is_present: bool = True
    challenge: str = ""
    type: str = ""
    user_handle: bytes | None = None
    flip: bool = False


@dataclass
class Authenticator:
    """One device of one person."""

    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    user_handle: bytes = b""

    def create(self, options: dict[str, Any], faults: Faults | None = None) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        asked, faults = options["publicKey"], faults or Faults()
        self.user_handle = raw(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor.encode(cose)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(faults, ATTESTED) + made}
        response = {
            "clientDataJSON": text(self._client_data("webauthn.create", asked, faults)),
            "attestationObject": text(cbor.encode(attestation)),
        }
        return self._answer(response)

    def get(self, options: dict[str, Any], faults: Faults | None = None) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        asked, faults = options["publicKey"], faults or Faults()
        self.count += self.counts
        client_data, data = self._client_data("webauthn.get", asked, faults), self._data(faults, 0)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        handle = self.user_handle if faults.user_handle is None else faults.user_handle
        if faults.flip:
            data = data[:-1] + bytes([data[-1] ^ 1])
        response = {
            "clientDataJSON": text(client_data),
            "authenticatorData": text(data),
            "signature": text(signature),
            "userHandle": text(handle),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = text(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _data(self, faults: Faults, flags: int) -> bytes:
        flags |= PRESENT * faults.is_present | VERIFIED * faults.is_verified
        return hashlib.sha256(faults.rp_id.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client_data(self, kind: str, asked: dict[str, Any], faults: Faults) -> bytes:
        said = {
            "type": faults.type or kind,
            "challenge": faults.challenge or asked["challenge"],
            "origin": faults.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()
