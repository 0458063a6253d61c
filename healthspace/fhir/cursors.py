"""Opaque page cursors: sealed to the asker, the person and the very question (T30).

A cursor made for one question says nothing and does nothing under another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from functools import cache
from typing import Final

from django.conf import settings

from healthspace.common.actor import Actor
from healthspace.fhir.outcome import fault

_TAG: Final = 16


def make(place: str, *, actor: Actor, question: str) -> str:
    """The cursor of a place in the answer to a question."""
    body = place.encode()
    return base64.urlsafe_b64encode(_tag(body, actor, question) + body).decode().rstrip("=")


def read(cursor: str, *, actor: Actor, question: str) -> str:
    """The place a cursor stands for, or a 400."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _unknown() from None
    tag, body = raw[:_TAG], raw[_TAG:]
    if not body or not hmac.compare_digest(tag, _tag(body, actor, question)):
        raise _unknown()
    return body.decode()


def _unknown() -> Exception:
    return fault(400, "value", "This page cursor was not made for this question.",
                 way_out="Start again from the first page.")  # fmt: skip


@cache
def _key() -> bytes:
    return hashlib.sha256(b"fhir.cursor\0" + settings.SECRET_KEY.encode()).digest()


def _tag(body: bytes, actor: Actor, question: str) -> bytes:
    words = "\0".join((str(actor.id), str(actor.professional_id), str(actor.institution_id), question))
    return hmac.digest(_key(), words.encode() + b"\0\0" + body, "sha256")[:_TAG]
