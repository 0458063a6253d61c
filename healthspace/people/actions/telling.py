"""Telling somebody something by SMS, where the operator has a gateway."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from healthspace.people.adapters.sms_http import HttpGateway


def tell_by_sms(*, to: str, text: str, message_id: UUID) -> bool:
    """One SMS, with nothing about health in it; False where no gateway is set. Unavailable when it does not answer.

    The same `message_id` for the same SMS, so that a second try is not a second SMS.
    """
    if not settings.SMS_GATEWAY_URL:
        return False
    HttpGateway(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN).tell(to=to, text=text, message_id=message_id)
    return True
