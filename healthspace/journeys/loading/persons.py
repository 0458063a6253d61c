"""The person a file claims: found by exact INS and traits; under --test-identities also given a space."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid
from healthspace.documents.rules import ClaimedIdentity
from healthspace.journeys.loading.parcels import Claim, Unreadable
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import NIR_OID, TEST_OID, Identity, Ins, nir_key, parse_ins, traits_differ

ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Settled:
    """Under which identity to deposit; `person_id` only where INS and traits agree with a space.

    `is_invented`: the number is ours, so the document itself cannot name it.
    """

    identity: ClaimedIdentity
    person_id: UUID | None
    has_opened: bool = False
    is_invented: bool = False


def known(claim: Claim) -> Settled:
    """The claim as it stands: nobody is created, no number is changed, traits are compared (ID-1)."""
    ins = claim.ins or Ins(claim.sender_number, "")
    person_id = spaces.find_person(ins)
    if person_id is not None and not _agrees(person_id, claim):
        person_id = None
    return Settled(ClaimedIdentity(ins, claim.traits), person_id)


def settled(claim: Claim) -> Settled:
    """For test data: the claimed person, given a space if unknown.

    A wrong key, or an INS that another person's traits already hold, leads to a number under the
    test authority: made of the sender's number, or of INS and traits, so always the same one.
    """
    if claim.traits is None or not claim.traits.birth_name or not claim.traits.first_names:
        raise Unreadable("no-traits")
    for attempt in range(ATTEMPTS):
        ins = _number(claim, attempt)
        person_id = spaces.find_person(ins)
        identity = ClaimedIdentity(ins, claim.traits)
        is_invented = claim.ins is None or ins.matricule != claim.ins.matricule
        if person_id is None:
            return Settled(identity, _open(ins, claim), has_opened=True, is_invented=is_invented)
        if _agrees(person_id, claim):
            return Settled(identity, person_id, is_invented=is_invented)
    raise Unreadable("identity-not-settled")


def _agrees(person_id: UUID, claim: Claim) -> bool:
    with transaction.atomic():
        set_context(person_id)
        traits = spaces.identity(person_id).traits
    return claim.traits is not None and not traits_differ(traits, claim.traits)


def _open(ins: Ins, claim: Claim) -> UUID:
    assert claim.traits is not None  # noqa: S101 - settled() looked
    identity = Identity(ins=ins, traits=claim.traits, used_name=claim.used_name, used_first_name=claim.used_first_name)
    try:
        return spaces_actions.open_space(actor=SYSTEM, identity=identity)
    except Conflict:  # another load opened it a moment ago
        found = spaces.find_person(ins)
        if found is None:
            raise
        return found


def _number(claim: Claim, attempt: int) -> Ins:
    if claim.ins is not None and attempt == 0:
        try:
            parse_ins(claim.ins.matricule, claim.ins.oid)
        except Invalid:
            pass
        else:
            return claim.ins
        moved = Ins(claim.ins.matricule, TEST_OID if claim.ins.oid == NIR_OID else claim.ins.oid)
        try:
            return parse_ins(moved.matricule, moved.oid, allow_test=True)
        except Invalid:
            pass
    return _invented(claim, attempt)


def _invented(claim: Claim, attempt: int) -> Ins:
    """A NIR of somebody born abroad, with the right key, drawn from what the sender says."""
    traits = claim.traits
    assert traits is not None  # noqa: S101 - settled() looked
    held = claim.ins.matricule if claim.ins else claim.sender_number
    words = (held, traits.birth_name, *traits.first_names, traits.born_on.isoformat(), str(attempt))
    drawn = int.from_bytes(hashlib.sha256("|".join(words).encode()).digest()[:8], "big")
    country, order = drawn % 900 + 100, drawn // 900 % 999 + 1
    head = f"{2 if traits.sex == 'F' else 1}{traits.born_on:%y%m}99{country:03d}{order:03d}"
    return Ins(head + nir_key(head), TEST_OID)
