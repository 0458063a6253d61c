"""Signing in through an identity provider: begun, finished once, linked to an account, ended from over there."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from healthspace.common import clock
from healthspace.common.errors import Conflict
from healthspace.people import reads
from healthspace.people.actions import sessions, ways_in
from healthspace.people.models import Account, ProviderAttempt, ProviderLink, ProviderSession
from healthspace.people.reads import providers
from healthspace.people.rules import providers as rules
from healthspace.people.rules.providers import Claims, ProviderKind, ProviderRefused
from healthspace.vault import reads as vault

SESSION_MEMORY: Final = timedelta(hours=13)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way, to be kept in the visitor's own session and nowhere else."""

    kind: ProviderKind
    state: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back in the address."""

    state: str
    code: str
    issuer: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """A person whom the provider vouches for; `account` is the one it opens already, if any.

    `subject_key` and `sid_key` are keyed hashes (32 bytes); `claims` are the provider's, checked.
    """

    kind: ProviderKind
    subject_key: bytes
    sid_key: bytes
    claims: Claims
    account: reads.AccountCard | None


def begin(*, kind: ProviderKind, back: str, is_fresh: bool = False) -> tuple[str, Attempt]:
    """The provider's address to send the visitor to, and the attempt; ProviderAway when it does not answer.

    `is_fresh`: the provider is to ask who is there now, for a fresh proof.
    """
    attempt = Attempt(kind, secrets.token_urlsafe(32), clock.now())
    address = providers.client(kind).address(
        state=attempt.state, nonce=_nonce(attempt), verifier=_verifier(attempt), back=back, is_fresh=is_fresh
    )
    return address, attempt


def finish(*, attempt: Attempt, answer: Answer, back: str) -> Proven:
    """Who came back, proved by the provider's tokens; each attempt once.

    ProviderRefused when anything is not as it must be (another state or issuer, too late, a second time, a token
    that does not hold), ProviderAway when the provider does not answer.
    """
    client, at = providers.client(attempt.kind), clock.now()
    fault = rules.answer_fault(
        state=answer.state,
        expected=attempt.state,
        issuer=answer.issuer,
        provider=client.provider,
        must_name_issuer=client.names_itself,
    )
    if not fault and not timedelta() <= at - attempt.began_at < rules.ATTEMPT_LASTS:
        fault = "late"
    if fault:
        raise ProviderRefused(fault)
    _take_once(attempt, at)
    if answer.error or not answer.code:
        raise ProviderRefused("stopped" if answer.error == "access_denied" else "code")
    told = client.finish(code=answer.code, nonce=_nonce(attempt), verifier=_verifier(attempt), back=back)
    subject_key = _subject_key(client.provider.issuer, str(told.id_token["sub"]))
    sid_key = _sid_key(client.provider.issuer, str(told.id_token.get("sid", "")))
    claims = {**told.person, **told.id_token}  # what the provider signed is not written over by what it only sent
    return Proven(attempt.kind, subject_key, sid_key, claims, _account_of(subject_key, at))


def link(*, account_id: UUID, proven: Proven) -> None:
    """From now on this provider's person opens this account and no other; told in the holder's journal.

    Conflict when it opens another account already. What opened the account at that provider before does no more.
    """
    at = clock.now()
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        row, is_new = ProviderLink.objects.get_or_create(
            subject_key=proven.subject_key,
            defaults={"kind": proven.kind, "account_id": account_id, "linked_at": at, "used_at": at},
        )
        if row.account_id != account_id:
            raise Conflict("provider")
        ProviderLink.objects.filter(account_id=account_id, kind=proven.kind).exclude(id=row.id).delete()
        if is_new:
            ways_in.note(account, "provider_added")


def unlink(*, account_id: UUID, kind: ProviderKind) -> None:
    """The provider opens this account no more; told in the holder's journal."""
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        if ProviderLink.objects.filter(account_id=account_id, kind=kind).delete()[0]:
            ways_in.note(account, "provider_removed")


def professional_account(proven: Proven) -> reads.AccountCard:
    """The account of the professional whom the provider names by RPPS, made at their first sign-in.

    The directory decides: ProviderRefused ("directory") when it does not know the number or the professional no
    longer practises, ("other") when this person of the provider had another number before.
    """
    named = rules.practitioner(proven.claims)
    card = reads.professional_by_rpps(named.rpps) if named else None
    if card is None or not card.is_active:
        raise ProviderRefused("directory")
    if proven.account is not None and proven.account.professional_id != card.id:
        raise ProviderRefused("other")
    account = proven.account or _account_of_professional(card.id)
    if not account.is_active:
        raise ProviderRefused("closed")
    link(account_id=account.id, proven=proven)
    return account


def note_session(*, session_id: UUID, proven: Proven) -> None:
    """This session of ours began with that session of the provider's, which may end it."""
    ProviderSession.objects.create(
        session_id=session_id, subject_key=proven.subject_key, sid_key=proven.sid_key, began_at=clock.now()
    )


def end_from_provider(*, kind: ProviderKind, token: str) -> int:
    """The provider says its session is over: ours that began with it end too; how many.

    ProviderRefused when the token does not hold. A token that comes twice ends nothing that began after it.
    """
    client = providers.client(kind)
    claims = client.logout_claims(token)
    issued_at = datetime.fromtimestamp(claims["iat"], tz=clock.now().tzinfo) + rules.LEEWAY
    rows = ProviderSession.objects.filter(began_at__lte=issued_at)
    if claims.get("sid"):
        rows = rows.filter(sid_key=_sid_key(client.provider.issuer, str(claims["sid"])))
    if claims.get("sub"):
        rows = rows.filter(subject_key=_subject_key(client.provider.issuer, str(claims["sub"])))
    ended = list(rows.values_list("session_id", flat=True))
    for session_id in ended:
        sessions.end_session(session_id)
    ProviderSession.objects.filter(session_id__in=ended).delete()
    return len(ended)


def forget_old_attempts() -> int:
    """Remove answers and sessions that are long over; for the worker's schedule."""
    at = clock.now()
    ProviderSession.objects.filter(began_at__lt=at - SESSION_MEMORY).delete()
    return ProviderAttempt.objects.filter(used_at__lt=at - 2 * rules.ATTEMPT_LASTS).delete()[0]


def _take_once(attempt: Attempt, at: datetime) -> None:
    try:
        with transaction.atomic():
            ProviderAttempt.objects.create(state_key=vault.find_key("provider-state", attempt.state), used_at=at)
    except IntegrityError:
        raise ProviderRefused("again") from None


def _account_of(subject_key: bytes, at: datetime) -> reads.AccountCard | None:
    row = ProviderLink.objects.filter(subject_key=subject_key).first()
    if row is None:
        return None
    ProviderLink.objects.filter(id=row.id).update(used_at=at)
    return reads.account(row.account_id)


def _account_of_professional(professional_id: UUID) -> reads.AccountCard:
    """Their account, or a new one that no password opens."""
    row = Account.objects.filter(professional_id=professional_id).order_by("id").first()
    if row is None:
        login_key = vault.find_key("login", f"provider:{professional_id}").hex()
        row, _ = Account.objects.get_or_create(
            login_key=login_key,
            defaults={
                "password": make_password(None),
                "kind": Account.Kind.PROFESSIONAL,
                "professional_id": professional_id,
                "created_at": clock.now(),
            },
        )
    return reads.account_card(row)


def _nonce(attempt: Attempt) -> str:
    return _derived("provider-nonce", attempt)


def _verifier(attempt: Attempt) -> str:
    """The PKCE verifier (RFC 7636): found again from the state, so that nothing in the database gives it away."""
    return _derived("provider-verifier", attempt)


def _derived(purpose: str, attempt: Attempt) -> str:
    key = vault.find_key(purpose, f"{attempt.kind}|{attempt.state}")
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def _subject_key(issuer: str, subject: str) -> bytes:
    return vault.find_key("provider-subject", f"{issuer}\n{subject}")


def _sid_key(issuer: str, sid: str) -> bytes:
    return vault.find_key("provider-sid", f"{issuer}\n{sid}")
