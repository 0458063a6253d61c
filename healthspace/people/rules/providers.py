"""What a token of an identity provider must say, and what it tells of who signed in (OpenID Connect Core 1.0)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from healthspace.common.errors import HealthspaceError, Unavailable
from healthspace.people.rules.directory import is_rpps

ProviderKind = Literal["citizen", "professional"]
Claims = Mapping[str, Any]

LEEWAY: Final = timedelta(seconds=30)
LONGEST_AGE: Final = timedelta(minutes=10)
ATTEMPT_LASTS: Final = timedelta(minutes=10)
LOGOUT_AGE: Final = timedelta(minutes=5)
LONGEST_SIGNED_IN: Final = timedelta(hours=12)  # over there; asking for it makes the provider say when it was
LONGEST_SUBJECT: Final = 255
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
# The national identifier of a professional (PS_IdNat) is the kind of number, 8 for RPPS, then the number.
NATIONAL_PREFIX: Final = "8"


class ProviderAway(Unavailable):
    """The identity provider does not answer, or not as agreed: another way in is offered."""

    code = "provider-away"


class ProviderRefused(HealthspaceError):
    """What the provider sent proves nothing; `fault` names the first thing wrong, and holds nothing personal."""

    code = "provider-refused"

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Provider:
    """One identity provider as the operator set it.

    `acrs`: levels of assurance taken, the first is asked for; `certificate`: files of the client's certificate
    and its key, for mutual TLS; `authority`: file of who certifies the provider, "" for the usual ones.
    """

    kind: ProviderKind
    name: str
    issuer: str
    client_id: str
    client_secret: str = ""
    client_key: str = ""
    scopes: tuple[str, ...] = ("openid",)
    acrs: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    is_userinfo_signed: bool = False
    certificate: tuple[str, str] | None = None
    authority: str = ""

    @property
    def host(self) -> str:
        """The only host its answers are fetched from, with its port."""
        return urlsplit(self.issuer).netloc

    @property
    def label(self) -> str:
        """What people call it: the operator's word, else its host."""
        return self.name or self.host


def provider_fault(provider: Provider) -> str:
    """Why a provider's settings cannot be used, or ""; said to the operator."""
    address = urlsplit(provider.issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        return "issuer is no https address"
    if address.query or address.fragment or not address.netloc or "@" in address.netloc:
        return "issuer is no plain address"
    if not provider.algorithms or not set(provider.algorithms) <= SAFE_ALGORITHMS:
        return "algorithms"
    if not provider.client_id or not (provider.client_secret or provider.client_key or provider.certificate):
        return "client"
    return "" if provider.acrs else "acr"


def endpoint_fault(provider: Provider, address: object, *, is_for_browsers: bool = False) -> str:
    """Why an address told by the provider is not used: only its own host is asked, and never in clear."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    except ValueError:
        return "endpoint"
    if parts.scheme != urlsplit(provider.issuer).scheme or "@" in parts.netloc or not parts.netloc:
        return "endpoint"
    return "" if is_for_browsers or parts.netloc == provider.host else "endpoint"


def id_token_fault(claims: Claims, *, provider: Provider, nonce: str, at: datetime) -> str:
    """The first thing wrong in an ID token whose signature holds, or "" (Core 3.1.3.7, stricter where it may be)."""
    return (
        _issued_fault(claims, provider)
        or _time_fault(claims, at, LONGEST_AGE)
        or _subject_fault(claims)
        or _signed_in_fault(claims, at)
        or ("" if _equal(claims.get("nonce"), nonce) else "nonce")
        or ("" if _text(claims.get("acr")) in provider.acrs else "acr")
    )


def userinfo_fault(claims: Claims, *, provider: Provider, subject: str, is_signed: bool, at: datetime) -> str:
    """The first thing wrong in what the provider tells of a person, or "" (Core 5.3.2, 5.3.4)."""
    if not _equal(claims.get("sub"), subject):
        return "userinfo-sub"
    if not is_signed:
        return "userinfo-plain" if provider.is_userinfo_signed else ""
    fault = _issued_fault(claims, provider)
    if not fault and "exp" in claims:
        fault = _end_fault(claims, at)
    return f"userinfo-{fault}" if fault else ""


def logout_fault(claims: Claims, *, provider: Provider, at: datetime) -> str:
    """The first thing wrong in a logout token whose signature holds, or "" (Back-Channel Logout 1.0, 2.6)."""
    fault = _issued_fault(claims, provider) or _issued_at_fault(claims, at, LOGOUT_AGE)
    if fault:
        return fault
    if "exp" in claims and _end_fault(claims, at):
        return "exp"
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        return "events"
    if "nonce" in claims:
        return "nonce"
    if not _text(claims.get("jti")):
        return "jti"
    return "" if _text(claims.get("sub")) or _text(claims.get("sid")) else "sub"


def answer_fault(*, state: str, expected: str, issuer: str | None, provider: Provider, must_name_issuer: bool) -> str:
    """The first thing wrong in where the browser came back from, or "": other state, mixed-up issuer (RFC 9207)."""
    if not expected or not _equal(state, expected):
        return "state"
    if issuer is None:
        return "iss" if must_name_issuer else ""
    return "" if _equal(issuer, provider.issuer) else "iss"


def _issued_fault(claims: Claims, provider: Provider) -> str:
    if not _equal(claims.get("iss"), provider.issuer):
        return "iss"
    audience = claims.get("aud")
    if audience not in (provider.client_id, [provider.client_id]):
        return "aud"  # nobody else is trusted with a token for us, so no second audience either
    return "" if claims.get("azp", provider.client_id) == provider.client_id else "azp"


def _time_fault(claims: Claims, at: datetime, longest: timedelta) -> str:
    return _end_fault(claims, at) or _issued_at_fault(claims, at, longest)


def _end_fault(claims: Claims, at: datetime) -> str:
    end, begin = _number(claims.get("exp")), _number(claims.get("nbf", 0))
    if end is None or at.timestamp() >= end + LEEWAY.total_seconds():
        return "exp"
    return "nbf" if begin is None or begin > at.timestamp() + LEEWAY.total_seconds() else ""


def _issued_at_fault(claims: Claims, at: datetime, longest: timedelta) -> str:
    issued = _number(claims.get("iat"))
    if issued is None or not -longest.total_seconds() <= issued - at.timestamp() <= LEEWAY.total_seconds():
        return "iat"
    return ""


def _signed_in_fault(claims: Claims, at: datetime) -> str:
    if "auth_time" not in claims:
        return ""
    when = _number(claims["auth_time"])
    longest = LONGEST_SIGNED_IN + LEEWAY
    is_right = when is not None and -longest.total_seconds() <= when - at.timestamp() <= LEEWAY.total_seconds()
    return "" if is_right else "auth_time"


def signed_in_within(claims: Claims, span: timedelta, at: datetime) -> bool:
    """Whether the person proved who they are no longer ago, as the provider tells; a session there is no proof."""
    when = _number(claims.get("auth_time"))
    return when is not None and at.timestamp() - when < span.total_seconds()


def _subject_fault(claims: Claims) -> str:
    subject = claims.get("sub")
    return "" if isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT else "sub"


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST_SUBJECT else ""


def _equal(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(errors="replace"), expected.encode())


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who a professional's provider says signed in: their RPPS, and the structures it names (FINESS).

    The directory decides what they are; the structures only say which place to propose first.
    """

    rpps: str
    finess: frozenset[str] = frozenset()


def practitioner(claims: Claims) -> Practitioner | None:
    """The professional in claims of Pro Santé Connect's shape; None without one well-formed RPPS number.

    `SubjectNameID` alone: other names may be what people chose for themselves.
    """
    national = _text(claims.get("SubjectNameID"))
    rpps = national.removeprefix(NATIONAL_PREFIX) if len(national) == 12 else national
    if not is_rpps(rpps):
        return None
    return Practitioner(rpps, frozenset(_finess_numbers(claims.get("SubjectRefPro"))))


def _finess_numbers(reference: object) -> list[str]:
    found = []
    for exercise in _list(reference, "exercices"):
        for activity in _list(exercise, "activities"):
            if isinstance(activity, dict):
                site = _text(activity.get("companyFINESSSiteNumber") or activity.get("companySiteIdentifier"))
                found.append(site.removeprefix("F") if len(site) == 10 else site)
    return [number for number in found if number]


def _list(holder: object, name: str) -> list[Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value[:50] if isinstance(value, list) else []
