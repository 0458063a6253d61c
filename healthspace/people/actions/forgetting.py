"""What goes when an account or its time is over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from healthspace.common import clock
from healthspace.people import rules
from healthspace.people.models import (
    PaperCode,
    Passkey,
    ProviderLink,
    ProviderSession,
    Session,
    SignInMinute,
    SpentChallenge,
    StepAttempt,
    StepMark,
    Totp,
    TrustedDevice,
)  # fmt: skip

OF_ACCOUNTS = (Passkey, Totp, PaperCode, StepAttempt, StepMark, TrustedDevice, ProviderLink)


def forget_factors(account_ids: Iterable[UUID]) -> None:
    """Every way in of these accounts is gone, and every trace of how it was used."""
    named = list(account_ids)
    sessions = Session.objects.filter(account_id__in=named)
    ProviderSession.objects.filter(session_id__in=sessions.values("uuid")).delete()
    for table in OF_ACCOUNTS:
        table.objects.filter(account_id__in=named).delete()


def end_attempts(account_ids: Iterable[UUID]) -> None:
    """Codes under way and remembered browsers of these accounts are dead; passkeys and apps stay, for an account
    closed in error."""
    named = list(account_ids)
    for table in (StepAttempt, TrustedDevice):
        table.objects.filter(account_id__in=named).delete()


def forget_old_steps() -> int:
    """Remove a portion of what nothing counts any more; how many rows. For the worker's schedule."""
    at = clock.now()
    gone = [
        StepAttempt.objects.filter(expires_at__lt=at),
        SpentChallenge.objects.filter(expires_at__lt=at),
        TrustedDevice.objects.filter(expires_at__lt=at),
        StepMark.objects.filter(at__lt=at - rules.MARKS_KEPT),
        SignInMinute.objects.filter(minute_at__lt=at - 2 * rules.USUAL),
    ]
    return sum(map(remove_some, gone))


def remove_some(rows: QuerySet[Any]) -> int:
    """Remove at most `GONE_AT_ONCE` of these rows, so that no statement holds a table for long; how many."""
    gone: int = rows.model._default_manager.filter(pk__in=rows.values("pk")[: rules.GONE_AT_ONCE]).delete()[0]
    return gone
