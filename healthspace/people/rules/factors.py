"""The second step of a sign-in as plain rules: which ways count for whom, shapes of codes, limits, RFC 6238."""

from __future__ import annotations

import base64
import hmac
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote

from healthspace.common.errors import HealthspaceError

Method = Literal["email", "sms", "totp", "paper"]
Purpose = Literal["sign_in", "step_up"]

# Which codes are a second step after the password, by kind of account (ASVS 5.0, 6.3.3 and 6.3.6): a code sent by
# mail or SMS counts for patients only.
METHODS: Final[dict[str, tuple[Method, ...]]] = {
    "holder": ("email", "sms", "totp", "paper"),
    "professional": ("totp", "paper"),
    "support": ("totp", "paper"),
    "operator": ("totp", "paper"),
    "assistant": ("totp", "paper"),
}
# What begins a session besides those codes, by kind of account; a password is in neither.
OTHER_MEANS: Final[dict[str, frozenset[str]]] = {
    "holder": frozenset({"passkey", "provider", "trusted", "letter", "recovery"}),
    "professional": frozenset({"passkey", "provider"}),
    "support": frozenset({"passkey"}),
    "operator": frozenset({"passkey"}),
    "assistant": frozenset({"passkey"}),
}
TRUSTS_DEVICES: Final = frozenset({"holder"})

CODE_DIGITS: Final = 8  # T06: with six, 100,000 stolen passwords would give an account a day
CODE_LIFE: Final = timedelta(minutes=10)
ATTEMPT_LIFE: Final = timedelta(minutes=15)
TRIES_PER_ATTEMPT: Final = 5
WRONG_LIMITS: Final = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))
WRONG_IN_A_ROW: Final = 100  # NIST SP 800-63B-4, 3.2.2: then only another way in, or a letter
SENDS_LIMITS: Final = ((3, timedelta(hours=1)),)
SOURCE_SENDS_LIMITS: Final = ((30, timedelta(hours=1)),)  # a whole practice or village can share one address
CLOCKS_DIFFER: Final = timedelta(minutes=5)  # of two machines of one site, at most
MARKS_KEPT: Final = timedelta(days=30)
DEVICE_LIFE: Final = timedelta(days=30)
CHALLENGE_LIFE: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 20
LONGEST_LABEL: Final = 60

PAPER_CODES: Final = 10
PAPER_SIGNS: Final = 10  # 50 bits each
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_READ_AS: Final = str.maketrans("OIL", "011")

TOTP_STEP_SECONDS: Final = 30
TOTP_DIGITS: Final = 6  # what every app shows
TOTP_SECRET_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class Channels:
    """Where a code can be sent; told by the door, for this room cannot see spaces."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


class LastWayIn(HealthspaceError):
    """Without this one the account could not prove itself any more."""

    code = "last-way-in"


def methods(kind: str, *, channels: Channels, has_totp: bool, paper_left: int, sends_sms: bool) -> tuple[Method, ...]:
    """The codes this kind of account can be asked for, most convenient first."""
    there: dict[Method, bool] = {
        "email": bool(channels.email),
        "sms": bool(channels.phone) and sends_sms,
        "totp": has_totp,
        "paper": paper_left > 0,
    }
    order: tuple[Method, ...] = ("totp", "email", "sms", "paper")
    return tuple(method for method in order if there[method] and method in METHODS.get(kind, ()))


def opens_session(kind: str, means: str) -> bool:
    """True if this proof begins a session of an account of this kind; False for whatever nobody listed."""
    return means in METHODS.get(kind, ()) or means in OTHER_MEANS.get(kind, ())


def trusts_devices(kind: str) -> bool:
    """True if a browser may be remembered for this kind of account: holders only."""
    return kind in TRUSTS_DEVICES


def wait_until(
    moments: Sequence[datetime], limits: Sequence[tuple[int, timedelta]], *, at: datetime
) -> datetime | None:
    """When one more is allowed, or None for now; never more than `most` within any `window`.

    `moments` in any order; those well after `at` are of a clock that was wrong and count for nothing (T69).
    """
    past = sorted(moment for moment in moments if moment <= at + CLOCKS_DIFFER)
    waits = [past[-most] + window for most, window in limits if len(past) >= most and past[-most] + window > at]
    return max(waits, default=None)


def code_digits(text: str) -> str:
    """The digits somebody typed, without the spaces and hyphens people put in; "" for anything else."""
    digits = re.sub(r"[\s\-\u00a0\u202f.]", "", text[:32])
    return digits if digits.isascii() and digits.isdigit() else ""


def paper_code(text: str) -> str:
    """The signs of a paper code as typed, whatever the case and spaces, O for 0, I or L for 1; "" otherwise."""
    signs = re.sub(r"[\s\-\u00a0\u202f.]", "", text[:32]).upper().translate(_READ_AS)
    return signs if len(signs) == PAPER_SIGNS and all(sign in ALPHABET for sign in signs) else ""


def paper_shown(code: str) -> str:
    """A paper code as it is printed: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"


def totp_step(at: datetime) -> int:
    """The number of the 30 seconds that `at` lies in (RFC 6238, 4.2)."""
    return int(at.timestamp()) // TOTP_STEP_SECONDS


def totp_code(secret: bytes, step: int, digits: int = TOTP_DIGITS) -> str:
    """The code of one time step (RFC 6238 with HMAC-SHA1, truncated after RFC 4226, 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 0x0F
    value = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(value % 10**digits).zfill(digits)


def totp_is_right(secret: bytes, code: str, *, at: datetime, last_step: int) -> bool:
    """True for the code of this very time step, unless it was taken already; no tolerance (T06)."""
    step = totp_step(at)
    is_equal = hmac.compare_digest(totp_code(secret, step), code_digits(code).zfill(1))
    return is_equal and step > last_step


def totp_uri(secret: bytes, *, issuer: str) -> str:
    """What an authenticator app reads; names the product and no person."""
    name = quote(issuer, safe="")
    return (
        f"otpauth://totp/{name}:{name}?secret={base32(secret)}&issuer={name}"
        f"&algorithm=SHA1&digits={TOTP_DIGITS}&period={TOTP_STEP_SECONDS}"
    )


def base32(secret: bytes) -> str:
    """A secret as people type it into an app (RFC 4648, without padding)."""
    return base64.b32encode(secret).decode().rstrip("=")


def masked_email(address: str) -> str:
    """An address so that only its owner knows it again: j•••@example.org."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}" if name else ""


def masked_phone(number: str) -> str:
    """A phone number by its last two digits: •• 12."""
    digits = re.sub(r"\D", "", number)
    return f"•• {digits[-2:]}" if digits else ""


def label(text: str) -> str:
    """A name somebody gives to a passkey: one line of at most 60 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_LABEL]
