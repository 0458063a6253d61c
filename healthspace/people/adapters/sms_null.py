"""No SMS gateway: codes are not offered by SMS."""

from __future__ import annotations

from uuid import UUID

from healthspace.common.errors import Unavailable


class NoSms:
    """Where SMS_GATEWAY_URL names nothing."""

    def send(self, *, to: str, code: str, language: str, message_id: UUID) -> None:
        """Unavailable."""
        raise Unavailable("sms")
