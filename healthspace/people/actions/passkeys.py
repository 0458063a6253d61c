"""Passkeys: registered, asked for, checked; every challenge is answered once (WebAuthn 3, 7.1 and 7.2)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from healthspace.common import clock
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.common.ids import NIL
from healthspace.people import reads, rules
from healthspace.people.actions import ways_in
from healthspace.people.actions.sign_in import Proof
from healthspace.people.adapters import webauthn
from healthspace.people.models import Passkey, SpentChallenge
from healthspace.vault import reads as vault

Ceremony = Literal["add", "sign_in", "step_up"]
PART: Final = "passkey:1"
_STATE: Final = "ceremony:1"


def begin_registration(account_id: UUID, name: str) -> tuple[dict[str, Any], str]:
    """What the browser is asked to make, and the sealed state that goes back with its answer.

    `name` is what the authenticator shows for the account; it stays in there. Conflict after 20 passkeys.
    """
    rows = list(Passkey.objects.filter(account_id=account_id))
    if len(rows) >= rules.MOST_PASSKEYS:
        raise Conflict("passkeys")
    challenge = secrets.token_bytes(32)
    options = webauthn.creation_options(
        account_id=account_id, name=name, known=[_credential_id(row) for row in rows], challenge=challenge
    )
    return options, _state(challenge, account_id, "add")


def finish_registration(account_id: UUID, state: str, answer: Mapping[str, Any], label: str) -> reads.PasskeyCard:
    """The new passkey; Invalid when the answer is not right, comes too late, twice, or for another account."""
    at = clock.now()
    try:
        challenge = _challenge(state, account_id, ("add",), at)
        made = webauthn.check_creation(answer, challenge=challenge)
    except webauthn.NotProved:
        raise _not_right() from None
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        row = Passkey(account_id=account_id, made_at=at, sign_count=made.sign_count)
        plain = orjson.dumps({"label": rules.label(label), "id": made.id.hex(), "data": made.data.hex()})
        row.sealed = vault.account_sealer(account_id).seal(plain, item=row.uuid, part=PART)
        row.credential_key = _key(made.id)
        try:
            with transaction.atomic():
                _spend(challenge, at)
                row.save()
        except IntegrityError:
            raise _not_right() from None
        ways_in.note(account, "passkey_added")
    return reads.passkey_card(row)


def begin_assertion(
    account_id: UUID | None = None, *, purpose: Literal["sign_in", "step_up"] = "sign_in"
) -> tuple[dict[str, Any], str]:
    """What the browser is asked to sign, and the sealed state; the same for every account, known or not (T04).

    With `account_id` only a passkey of that account is taken. Writes nothing.
    """
    challenge = secrets.token_bytes(32)
    return webauthn.request_options(challenge=challenge), _state(challenge, account_id or NIL, purpose)


def finish_assertion(state: str, answer: Mapping[str, Any]) -> Proof:
    """The account whose authenticator signed this challenge here, with its user verified; each answer once.

    A counter that does not go forward is a copy of the authenticator: refused.
    """
    at = clock.now()
    try:
        account_id, purpose, challenge = _opened(state, at)
        told = webauthn.read_answer(answer)
        row = Passkey.objects.filter(credential_key=_key(told.credential_id)).first()
        if row is None or (account_id not in {NIL, row.account_id}) or purpose == "add":
            return Proof(None)
        if told.user_handle not in {b"", row.account_id.bytes}:
            return Proof(None)
        data = bytes.fromhex(str(reads.passkey_data(row)["data"]))
        count = webauthn.check_answer(answer, challenge=challenge, credential=data)
    except webauthn.NotProved:
        return Proof(None)
    return _taken(row, count, challenge, at)


def remove_passkey(account_id: UUID, passkey_id: UUID, channels: rules.Channels | None = None) -> None:
    """This passkey opens nothing any more; LastWayIn when nothing but the password would be left.

    Refused when it is not one of this account.
    """
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        gone = Passkey.objects.filter(account_id=account_id, uuid=passkey_id).delete()[0]
        if not gone:
            raise Refused("ABSENT")
        ways_in.require_another(account_id, channels=channels)
        ways_in.note(account, "passkey_removed")


def _taken(row: Passkey, count: int, challenge: bytes, at: datetime) -> Proof:
    try:
        with transaction.atomic():
            account = ways_in.locked_account(row.account_id)
            row.refresh_from_db()
            if (count or row.sign_count) and count <= row.sign_count:
                return Proof(None)
            _spend(challenge, at)
            row.sign_count, row.last_used_at = count, at
            row.save(update_fields=["sign_count", "last_used_at"])
    except (IntegrityError, Refused, Passkey.DoesNotExist):
        return Proof(None)
    return Proof(account, means="passkey")


def _state(challenge: bytes, account_id: UUID, ceremony: Ceremony) -> str:
    plain = orjson.dumps([challenge.hex(), str(account_id), ceremony, clock.now().isoformat()])
    sealed = vault.account_sealer(NIL).seal(plain, item=NIL, part=_STATE)
    return base64.urlsafe_b64encode(sealed).decode()


def _opened(state: str, at: datetime) -> tuple[UUID, str, bytes]:
    try:
        sealed = base64.urlsafe_b64decode(state.encode("ascii"))
        challenge, account_id, ceremony, begun = orjson.loads(
            vault.account_sealer(NIL).unseal(sealed, item=NIL, part=_STATE)
        )
    except ValueError:
        raise webauthn.NotProved("state") from None
    begun_at = datetime.fromisoformat(begun)
    if not begun_at <= at < begun_at + rules.CHALLENGE_LIFE:
        raise webauthn.NotProved("late")
    return UUID(account_id), ceremony, bytes.fromhex(challenge)


def _challenge(state: str, account_id: UUID, ceremonies: tuple[str, ...], at: datetime) -> bytes:
    told_id, ceremony, challenge = _opened(state, at)
    if told_id != account_id or ceremony not in ceremonies:
        raise webauthn.NotProved("state")
    return challenge


def _spend(challenge: bytes, at: datetime) -> None:
    digest = hashlib.sha256(challenge).digest()
    SpentChallenge.objects.create(digest=digest, expires_at=at + rules.CHALLENGE_LIFE)


def _key(credential_id: bytes) -> bytes:
    return vault.find_key("passkey", credential_id.hex())


def _credential_id(row: Passkey) -> bytes:
    return bytes.fromhex(str(reads.passkey_data(row)["id"]))


def _not_right() -> Invalid:
    return Invalid(
        "passkey",
        "LOG-5",
        _("This device did not make a passkey that works here."),
        _("Try once more, or choose another device."),
    )
