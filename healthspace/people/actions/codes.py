"""Codes sent by mail or SMS: eight digits, ten minutes, at most three an hour (T06, T07)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from healthspace.common import clock, ids
from healthspace.common.errors import Refused, Unavailable
from healthspace.people import reads, rules
from healthspace.people.actions import attempts
from healthspace.people.adapters.code_mail import Mail
from healthspace.people.adapters.sms_http import HttpGateway
from healthspace.people.adapters.sms_null import NoSms
from healthspace.people.models import StepMark
from healthspace.people.ports import CodeSender
from healthspace.vault import reads as vault


def send_code(*, attempt_id: UUID, method: Literal["email", "sms"], source: str = "") -> None:
    """Send a fresh code for this attempt; the one before is dead. `source`: the address the request came from.

    TooManyTries after three in an hour for this account (or thirty from one source), Refused for an attempt
    that is over or a way it does not offer, Unavailable when nothing could be handed over (it does not count).
    """
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    with transaction.atomic():
        row, account = attempts.open_attempt(attempt_id)
        at = clock.now()
        channels = attempts.channels_of(row)
        if method not in reads.methods_of(account, channels):
            raise Refused("ABSENT")
        mark = _counted(row.account_id, source, at)
        row.code_key, row.code_method, row.code_ends_at = attempts.key_of(row, code), method, at + rules.CODE_LIFE
        row.save(update_fields=["code_key", "code_method", "code_ends_at"])
    to = channels.email if method == "email" else channels.phone
    try:
        sender(method).send(to=to, code=code, language=account.language, message_id=ids.new_id())
    except Unavailable:
        mark.delete()
        raise


def sender(method: str) -> CodeSender:
    """What sends codes of this kind here."""
    if method == "email":
        return Mail()
    if settings.SMS_GATEWAY_URL:
        return HttpGateway(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN)
    return NoSms()


def _counted(account_id: UUID, source: str, at: datetime) -> StepMark:
    """One more sent; the account is locked, so codes asked for at the same moment are counted one by one."""
    source_key = vault.find_key("source", source) if source else None
    sent = StepMark.objects.filter(kind=StepMark.Kind.SENT, at__gt=at - rules.SENDS_LIMITS[0][1])
    waits = [rules.wait_until(_moments(sent.filter(account_id=account_id)), rules.SENDS_LIMITS, at=at)]
    if source_key:
        waits.append(rules.wait_until(_moments(sent.filter(source_key=source_key)), rules.SOURCE_SENDS_LIMITS, at=at))
    wait = max((one for one in waits if one), default=None)
    if wait:
        raise rules.TooManyTries(wait)
    return StepMark.objects.create(account_id=account_id, source_key=source_key, kind=StepMark.Kind.SENT, at=at)


def _moments(marks: QuerySet[StepMark]) -> list[datetime]:
    return list(marks.values_list("at", flat=True))
