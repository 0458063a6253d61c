"""Finding a space and telling its identity and state; the callers decide who may ask (`access`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection

from healthspace.common.errors import Refused
from healthspace.schema.many import Persons
from healthspace.schema.message import call, send, to_text, to_uuid
from healthspace.schema.message import to_bytes as from_bytea
from healthspace.spaces import rules
from healthspace.spaces.models import Space
from healthspace.spaces.rules import OPEN_STATES, Identity, Ins, Traits
from healthspace.vault import reads as vault

__all__ = [
    "OPEN_STATES", "STATE_COLUMNS", "Identity", "Known", "SpaceState", "accepts_tests", "find_person", "find_persons",
    "identity", "ins_key", "known", "parse_ins", "state", "states",
]  # fmt: skip
STATE_COLUMNS: Final = "state, is_samu_opposed, is_break_glass_opposed, is_masked_opposed"
# In plain SQL because each deposit pays for them.
_FIND: Final = "SELECT person_id FROM spaces_identity_index WHERE find_key = %s"
_FIND_MANY: Final = "SELECT find_key, person_id FROM spaces_identity_index WHERE find_key = ANY(%s::bytea[])"
_STATES: Final = (
    "SELECT person_id, state FROM spaces_space WHERE person_id = ANY(%s::uuid[]) ORDER BY person_id FOR SHARE"
)
_FIND_ALL: Final = "SELECT person_id FROM spaces_identity_index WHERE find_key IN (%s, %s, %s, %s)"
_IDENTITY: Final = "SELECT sealed_identity, identity_status FROM spaces_space WHERE person_id = %s"
_KNOWN: Final = (
    "SELECT person_id, state, language, sealed_identity, identity_status FROM spaces_space"
    " WHERE person_id = ANY(%s::uuid[])"
)
_KEPT: Final = (
    "SELECT person_id, state, sealed_identity FROM spaces_space WHERE person_id = ANY(%s::uuid[])"
    " ORDER BY person_id FOR NO KEY UPDATE"
)
PART: Final = "identity:1"
CONTACT_PART: Final = "contact:1"


@dataclass(frozen=True, slots=True)
class SpaceState:
    """The clear part of a space."""

    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    identity_status: str
    is_samu_opposed: bool
    is_break_glass_opposed: bool
    is_masked_opposed: bool
    language: str
    deadline_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Documents can be filed and read."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Known:
    """One of many: the clear state and language, and who it is (None when the key is gone)."""

    state: str
    language: str
    identity: Identity | None


def accepts_tests() -> bool:
    """True where identities of the test and demonstration authorities are taken."""
    return bool(settings.ACCEPT_TEST_IDENTITIES)


def parse_ins(matricule: str, oid: str) -> Ins:
    """`rules.parse_ins`, with wrong keys of test identities taken where this installation takes them."""
    return rules.parse_ins(matricule, oid, allow_test=accepts_tests())


def ins_key(ins: Ins) -> bytes:
    """The keyed hash an INS is found by; without the pepper it says nothing."""
    return vault.find_key("ins", f"{ins.oid}|{ins.matricule}")


def find_person(ins: Ins) -> UUID | None:
    """The person of exactly this INS, or None; one keyed hash and one look-up either way (T03)."""
    found = send(call(_FIND, [ins_key(ins)]), (to_uuid,))
    return found[0][0] if found else None


def persons_of_number(matricule: str) -> list[UUID]:
    """Everyone of these 15 characters, whoever gave them; the same work whatever is found (T03).

    A person types a number, not its authority. Test numbers are looked for only where they are taken.
    """
    tests = (rules.TEST_OID, rules.DEMO_OID) if accepts_tests() else (rules.NIR_OID, rules.NIA_OID)
    keys = [ins_key(Ins(matricule, oid)) for oid in (rules.NIR_OID, rules.NIA_OID, *tests)]
    return [found for (found,) in send(call(_FIND_ALL, keys), (to_uuid,))]


def persons_of(find_keys: Iterable[bytes]) -> dict[bytes, UUID]:
    """The persons of many keys of `ins_key`; who is not known is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND_MANY, ["{" + ",".join([f'"\\\\x{key.hex()}"' for key in find_keys]) + "}"])
        return {bytes(key): person_id for key, person_id in cursor.fetchall()}


def kept_identities(person_ids: Iterable[UUID] | Persons) -> dict[UUID, tuple[str, bytes]]:
    """State and sealed identity of many, in the worker's role, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [Persons.of(person_ids).array])
        return {person_id: (state, bytes(sealed)) for person_id, state, sealed in cursor.fetchall()}


def state(person_id: UUID) -> SpaceState:
    """The state of a space, in a transaction whose context is this person; Refused when there is none."""
    row = _row(person_id)
    return SpaceState(
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        identity_status=row.identity_status,
        is_samu_opposed=row.is_samu_opposed,
        is_break_glass_opposed=row.is_break_glass_opposed,
        is_masked_opposed=row.is_masked_opposed,
        language=row.language,
        deadline_at=row.deadline_at,
    )


def states(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The states of many spaces, held until the transaction ends; for mass work in the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [Persons.of(person_ids).array])
        return dict(cursor.fetchall())


def find_persons(numbers: Iterable[Ins]) -> dict[Ins, UUID]:
    """`find_person` for many at once; who is unknown is left out."""
    by_key = {ins_key(ins): ins for ins in numbers}
    with connection.cursor() as cursor:
        cursor.execute(_FIND_MANY, [list(by_key)])
        return {by_key[bytes(key)]: person_id for key, person_id in cursor.fetchall()}


def identity(person_id: UUID) -> Identity:
    """Who the space is about, unsealed, in a transaction whose context is this person.

    Refused when there is no such space, KeyDestroyed when its key is gone.
    """
    found = send(call(_IDENTITY, [person_id]), (from_bytea, to_text))
    if not found:
        raise Refused("ABSENT")
    sealed, status = found[0]
    return from_bytes(vault.sealer(person_id).unseal(sealed, item=person_id, part=PART), status)


def known(person_ids: Iterable[UUID] | Persons, sealers: Mapping[UUID, vault.Sealer]) -> dict[UUID, Known]:
    """State, language and identity of many persons, for mass work of the worker's role.

    `sealers`: those of `vault.reads.sealers`; whose key is gone has no identity here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [Persons.of(person_ids).array])
        rows = cursor.fetchall()
    return {
        person_id: Known(state, language, _unsealed(sealers.get(person_id), person_id, bytes(sealed), status))
        for person_id, state, language, sealed, status in rows
    }


def _unsealed(sealer: vault.Sealer | None, person_id: UUID, sealed: bytes, status: str) -> Identity | None:
    return from_bytes(sealer.unseal(sealed, item=person_id, part=PART), status) if sealer else None


def _row(person_id: UUID) -> Space:
    row = Space.objects.filter(person_id=person_id).first()
    if row is None:
        raise Refused("ABSENT")
    return row


def to_bytes(identity: Identity) -> bytes:
    """An identity as it is sealed (its status stays in clear beside it)."""
    ins, traits = identity.ins, identity.traits
    return plain_identity(
        (ins.matricule, ins.oid), traits.birth_name, traits.first_names, traits.born_on.isoformat(), traits.sex,
        traits.birth_place, identity.used_name, identity.used_first_name, identity.email, identity.phone,
    )  # fmt: skip


def plain_identity(
    ins: tuple[str, str], birth_name: str, first_names: Sequence[str], born_on: str, sex: str, birth_place: str,
    used_name: str, used_first_name: str, email: str, phone: str,
) -> bytes:  # fmt: skip
    """The same from texts alone, for those who write a nation's; `ins` is (matricule, OID)."""
    return orjson.dumps(
        {
            "ins": ins,
            "birth_name": birth_name,
            "first_names": first_names,
            "born_on": born_on,
            "sex": sex,
            "birth_place": birth_place,
            "used_name": used_name,
            "used_first_name": used_first_name,
            "email": email,
            "phone": phone,
        }
    )


def from_bytes(plain: bytes, status: Any) -> Identity:
    """The identity that `to_bytes` wrote."""
    kept = orjson.loads(plain)
    return Identity(
        ins=Ins(*kept["ins"]),
        traits=Traits(
            birth_name=kept["birth_name"],
            first_names=tuple(kept["first_names"]),
            born_on=date.fromisoformat(kept["born_on"]),
            sex=kept["sex"],
            birth_place=kept["birth_place"],
        ),
        used_name=kept["used_name"],
        used_first_name=kept["used_first_name"],
        status=status,
        email=kept["email"],
        phone=kept["phone"],
    )


@dataclass(frozen=True, slots=True)
class Life:
    """Where a space stands between closing and destruction, for its holder."""

    state: str
    closed_at: datetime | None
    archive_until: date | None
    due_at: datetime | None
    is_reopening: bool
    is_erasing: bool


def life(person_id: UUID) -> Life:
    """The dates of a closed space, in a transaction whose context is this person; Refused when there is none."""
    row = _row(person_id)
    return Life(
        state=row.state,
        closed_at=row.closed_at,
        archive_until=row.archive_until,
        due_at=row.due_at,
        is_reopening=row.reopening_asked_at is not None,
        is_erasing=row.erasing_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the holder of a space that is closed."""

    email: str
    phone: str
    language: str


def contact(person_id: UUID) -> Contact | None:
    """How to reach the holder while the space is closed, in the person's context; None when it is not known."""
    row = _row(person_id)
    if row.sealed_contact is None:
        return None
    plain = vault.journal_sealer(person_id).unseal(bytes(row.sealed_contact), item=person_id, part=CONTACT_PART)
    kept = orjson.loads(plain)
    return Contact(kept["email"], kept["phone"], row.language)


def asked_to_reopen(limit: int) -> list[UUID]:
    """Closed spaces whose holders want them back, oldest first; across persons, for the worker's role."""
    rows = Space.objects.filter(reopening_asked_at__isnull=False, erasing_at=None).order_by("reopening_asked_at")
    return list(rows.values_list("person_id", flat=True)[:limit])


def due(at: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Closed, suspended or to-be-deleted spaces that go on by themselves now, with their state; for the worker."""
    rows = Space.objects.filter(due_at__lte=at).order_by("due_at")
    return list(rows.values_list("person_id", "state")[:limit])


def erasing(at: datetime) -> list[UUID]:
    """Spaces whose destruction was begun and not ended: a crash in between; for the worker."""
    rows = Space.objects.filter(due_at__lte=at, erasing_at__isnull=False)
    return list(rows.values_list("person_id", flat=True))
