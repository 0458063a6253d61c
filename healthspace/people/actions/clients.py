"""Keys and certificates of registered software: added, changed without a pause, ended."""

from __future__ import annotations

import base64
import hashlib
import ssl
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.people import reads, rules
from healthspace.people.adapters import jwt_assertion
from healthspace.people.models import Software, SoftwareKey


def add_keys(*, software_id: UUID, text: str) -> tuple[str, ...]:
    """The public keys of a PEM file, a JWK or a JWK set are this software's; their ids. Twice is once.

    Invalid when one is private, weak, of another kind, or its id is another key's already.
    """
    keys = jwt_assertion.read_keys(text)
    with transaction.atomic():
        for key in keys:
            _add(software_id, key.kid, key.jwk, key.thumbprint)
    return tuple(key.kid for key in keys)


def add_certificate(*, software_id: UUID, pem: str) -> str:
    """This client certificate is the software's (RFC 8705); its id, which is its thumbprint. Twice is once."""
    try:
        der = ssl.PEM_cert_to_DER_cert(pem.strip())
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError):
        raise Invalid("--certificate", "RFC8705", "This is no certificate.", "Give one certificate in PEM.") from None
    kid = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    with transaction.atomic():
        _add(software_id, kid, "", kid)
    return kid


def end_key(*, software_id: UUID, kid: str) -> bool:
    """This key or certificate proves nothing more, nor do the tokens given for it; False when there is none living.

    Here at once, in other processes within 15 s.
    """
    living = SoftwareKey.objects.filter(software_id=software_id, kid=kid, ended_at=None)
    is_ended = living.update(ended_at=clock.now()) > 0
    reads.forget_tokens()
    return is_ended


def stop_software(*, software_id: UUID) -> None:
    """Nothing of this software opens anything, until it is resumed: here at once, elsewhere within 15 s."""
    Software.objects.filter(id=software_id).update(is_active=False)
    reads.forget_tokens()


def resume_software(*, software_id: UUID) -> None:
    """Stopped software may call again, with the keys that it had."""
    Software.objects.filter(id=software_id).update(is_active=True)


def _add(software_id: UUID, kid: str, public: str, thumbprint: str) -> None:
    Software.objects.select_for_update().get(id=software_id)  # two at a time cannot pass the limit
    known = SoftwareKey.objects.filter(software_id=software_id, kid=kid).first()
    if known is not None:
        _check_same(known, public)
        return
    if SoftwareKey.objects.filter(software_id=software_id, ended_at=None).count() >= rules.MOST_KEYS:
        raise Invalid("--key", "RFC7517", f"Software has at most {rules.MOST_KEYS} living keys.", "End an old one.")
    SoftwareKey.objects.create(
        software_id=software_id, kid=kid, public=public, thumbprint=thumbprint, added_at=clock.now()
    )


def _check_same(known: SoftwareKey, public: str) -> None:
    if known.ended_at is not None:
        raise Invalid("--key", "RFC7517", "This key was ended.", "Make a new one; what was ended stays ended.")
    if known.public != public:
        raise Invalid("--key", "RFC7517", "Another key has this id already.", "Give the new key an id of its own.")
