"""A code by SMS, through the operator's own gateway: one POST of JSON over HTTP."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common.errors import Unavailable
from healthspace.people import rules

NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164
PATIENCE_SECONDS: Final = 10


class HttpGateway:
    """The gateway of SMS_GATEWAY_URL: {"to", "text", "id"}, any 2xx is yes; `id` is the same for the same SMS."""

    def __init__(self, url: str, token: str = "") -> None:
        self._parts, self._token = urlsplit(url), token

    def send(self, *, to: str, code: str, language: str, message_id: UUID) -> None:
        """One SMS with a code; Unavailable when the gateway does not take it."""
        self.tell(to=to, text=words(code, language), message_id=message_id)

    def tell(self, *, to: str, text: str, message_id: UUID) -> None:
        """One SMS with these words; Unavailable when the gateway does not take it."""
        number = international(to)
        if not NUMBER.fullmatch(number):
            raise Unavailable("sms-number")
        body = json.dumps({"to": number, "text": text, "id": str(message_id)})
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        line = self._line()
        try:
            line.request("POST", self._parts.path or "/", body.encode(), headers)
            status = line.getresponse().status
        except (OSError, http.client.HTTPException):
            raise Unavailable("sms") from None
        finally:
            line.close()
        if not 200 <= status < 300:
            raise Unavailable("sms")

    def _line(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)


def international(number: str) -> str:
    """A number as gateways want it (E.164); a French one may begin with 0."""
    digits = re.sub(r"[\s.\-()\u00a0\u202f]", "", number)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+33" + digits[1:] if re.fullmatch(r"0[1-9][0-9]{8}", digits) else digits


def words(code: str, language: str) -> str:
    """The text of the SMS in this language: the code, and nothing about health."""
    minutes = int(rules.CODE_LIFE.total_seconds()) // 60
    with translation.override(language):
        return _("%(code)s is your code for %(minutes)s minutes. Give it to nobody.") % {
            "code": code,
            "minutes": minutes,
        }
