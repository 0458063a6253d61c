"""Random worlds on the real database: one record, its documents, everybody who may ask.

A world remembers what it did, so that the law can be asked without reading the database.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.db import transaction

from healthspace.access import actions as access
from healthspace.access.models import Delegation
from healthspace.common.actor import ANONYMOUS, Actor
from healthspace.documents import actions as documents
from healthspace.documents.rules import Order
from healthspace.schema.context import set_context
from healthspace.terminology import reads as terminology
from tests import people
from tests.factories.orders import order, own_order
from tests.oracle import matrix
from tests.oracle.law import State

BEGIN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SOON, LATER = BEGIN + timedelta(hours=3), BEGIN + timedelta(days=40)  # before and after the announcement
PROFESSIONS = ("10", "10", "21", "60", "80", "28", "331")
CELLS = matrix.from_text()
RIGHTS = "EXPPAT_1"  # papers about rights are of no helper (T23)


@dataclass
class Filed:
    """A document as the world knows it."""

    id: UUID
    by: Actor
    type_code: str
    masked: bool = False
    announced: bool = False
    secret: bool = False
    status: str = "current"


@dataclass
class Asking:
    """Somebody who asks, and the facts of the law about them."""

    actor: Actor
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """One record at a seed."""

    seed: int
    holder: people.Holder
    askers: list[Asking]
    documents: list[Filed]

    def state(self, asking: Asking, ask: str, filed: Filed | None, at: datetime) -> State:
        """The situation in the law's words."""
        facts = dict(asking.facts)
        if asking.facts.get("tie_until", at) < at:
            facts["tie"] = "expired"
        facts.pop("tie_until", None)
        opened = facts.pop("opened", ())
        state = State(kind=asking.kind, ask=ask, **facts)
        if filed is None:
            return state
        profession = asking.actor.profession
        return state._replace(
            author=_authorship(asking.actor, filed.by, asking.kind),
            masked=filed.masked,
            hidden=("waiting" if at < LATER else "released") if filed.announced else "no",
            hidden_from_representatives=filed.secret,
            status=filed.status,
            directive=filed.type_code in matrix.directives(),
            cell=_is_opened(filed, opened) if opened else CELLS.get((profession, filed.type_code), False),
        )


def _authorship(asker: Actor, by: Actor, kind: str) -> str:
    if by.kind == "holder":
        return "person"
    if by.kind == "institution":
        return (
            "place"
            if asker.institution_id == by.institution_id and kind in {"professional", "institution"}
            else "elsewhere"
        )
    is_same = kind == "professional" and asker.professional_id == by.professional_id
    return "same" if is_same else "other"


def build(seed: int, size: int = 8) -> World:
    """A world from its seed: the same acts in the same order each time."""
    chance = random.Random(seed)
    with time_machine.travel(BEGIN, tick=True):
        holder = people.leo()
        hospital = people.rivemont()
        doctors = [
            people.professional("Nguyen", f"Linh{code}", code, place=hospital if number % 3 == 1 else None)
            for number, code in enumerate(PROFESSIONS)
        ]
        filers = [hospital.actor, doctors[0].actor, doctors[1].actor, doctors[2].actor, holder.actor]
        filed = [_file(chance, holder, chance.choice(filers)) for _ in range(size)]
        for document in list(filed):
            filed += _change(chance, holder, document)
        switches = _switches(chance, holder)
        askers = [a for doctor in doctors for a in _professional(chance, holder, doctor, switches)]
        _share_structures(askers)
    paul, jeanne = people.paul(), people.jeanne()
    askers += [
        Asking(holder.actor, "holder"),
        Asking(jeanne.representing(holder), "representative"),
        *_helpers(chance, holder),
        # Whoever says they stand for the holder, without a mandate that runs, is anybody.
        Asking(replace(jeanne.actor, kind="representative"), "representative", {"link": False}),
        Asking(replace(paul.representing(holder), own_person_id=None), "representative", {"link": False}),
        Asking(people.paul().claiming(holder), "representative", {"link": False}),
        Asking(_ended(holder), "representative", {"link": False}),
        Asking(replace(paul.actor, kind="caregiver"), "caregiver", {"link": False}),
        Asking(replace(paul.actor, kind="caregiver", person_id=holder.person_id), "caregiver", {"link": False}),
        Asking(access.as_caregiver(paul.actor, holder.person_id), "caregiver", {"link": False}),
        Asking(hospital.actor, "institution"),
        Asking(people.rivemont().actor, "institution"),
        Asking(paul.actor, "other_holder"),
        Asking(replace(ANONYMOUS, kind="support"), "support"),
        Asking(replace(ANONYMOUS, kind="app"), "app"),
        Asking(ANONYMOUS, "anonymous"),
    ]
    return World(seed, holder, askers, filed)


def _is_opened(filed: Filed, opened: Collection[str]) -> bool:
    return terminology.document_type(filed.type_code).category in opened and filed.type_code != RIGHTS


def _helpers(chance: random.Random, holder: people.Holder) -> Iterator[Asking]:
    """Three helpers by real rows: one reads, one changes, one is too late; a child has none, the law is the same."""
    categories = sorted(terminology.categories())
    for kind, scopes, until in (
        ("reading_caregiver", (), LATER + timedelta(days=1)),
        ("caregiver", ("write", "profile"), LATER + timedelta(days=1)),
        ("caregiver", ("write", "profile"), BEGIN),
    ):
        helper, opened = people.paul(), chance.sample(categories, 6)
        with transaction.atomic():
            set_context(holder.person_id)
            Delegation._default_manager.create(
                person_id=holder.person_id,
                id=helper.person_id,
                invited_at=BEGIN,
                answer_by=LATER,
                accepted_at=BEGIN,
                starts_at=BEGIN,
                ends_at=until,
                categories=",".join(opened),
                may_write="write" in scopes,
                sees_profile="profile" in scopes,
                sealed=b"",
            )
        is_late = until == BEGIN
        facts = {"opened": opened, **({"link": False} if is_late else {})}
        yield Asking(access.as_caregiver(helper.actor, holder.person_id), kind, facts)


def _ended(holder: people.Holder) -> Actor:
    """A parent who said: I am not the legal representative."""
    parent = people.paul()
    acting = parent.representing(holder)
    access.renounce(actor=acting, child_id=holder.person_id)
    return acting


def _file(
    chance: random.Random, holder: people.Holder, by: Actor, replaced: Filed | None = None, **changes: Any
) -> Filed:
    type_code = chance.choice([code for code, class_code in matrix.types().items() if class_code])
    codes = set()
    if by.kind != "holder":
        codes = chance.choice([set(), set(), {"MASQUE_PS"}, {"INVISIBLE_PATIENT"}, {"INVISIBLE_REPRESENTANTS_LEGAUX"}])
    if replaced and replaced.masked:
        codes -= {"INVISIBLE_PATIENT"}
    sent: Order = (own_order if by.kind == "holder" else order)(
        holder,
        type_code=type_code,
        media_type="text/plain",
        content=b"Bonjour",
        made_at=BEGIN - timedelta(days=chance.randrange(900)),
        confidentiality=frozenset(codes),
        **changes,
    )
    receipt = documents.deposit(actor=by, order=sent)
    assert receipt.status == "filed" and receipt.document_id
    return Filed(
        receipt.document_id,
        by,
        type_code,
        masked="MASQUE_PS" in codes or bool(replaced and replaced.masked),
        announced="INVISIBLE_PATIENT" in codes,
        secret="INVISIBLE_REPRESENTANTS_LEGAUX" in codes or bool(replaced and replaced.secret),
    )


def _change(chance: random.Random, holder: people.Holder, filed: Filed) -> list[Filed]:
    """One later act on a document; replacing it gives a new one."""
    where: dict[str, Any] = {"person_id": holder.person_id, "document_id": filed.id}
    act = chance.choice(["nothing", "nothing", "mask", "delete", "disown", "replace"])
    if act == "delete":
        documents.delete(actor=filed.by, **where)
        filed.status = "deleted"
    elif act == "replace":
        new = _file(chance, holder, filed.by, replaced=filed, replaces=str(filed.id))
        filed.status = "superseded"
        return [new]
    elif act in {"mask", "disown"} and not filed.announced:
        if act == "mask":
            documents.mask(actor=holder.actor, **where)
            filed.masked = True
        else:
            documents.disown(actor=holder.actor, **where)
            filed.status = "quarantined"
    return []


def _switches(chance: random.Random, holder: people.Holder) -> dict[str, bool]:
    samu, glass, masked = (chance.random() < 0.4 for _ in range(3))
    access.change_emergency_choice(
        actor=holder.actor,
        person_id=holder.person_id,
        is_samu_opposed=samu,
        is_break_glass_opposed=glass,
        is_masked_opposed=masked,
    )
    return {"samu_opposed": samu, "glass_opposed": glass, "masked_opposed": masked}


def _share_structures(askers: list[Asking]) -> None:
    """What is given to a structure is given to all who act there."""
    given = {asking.actor.institution_id for asking in askers if asking.facts["tie"] == "structure"}
    for asking in askers:
        if asking.actor.institution_id in given:
            asking.facts["tie"] = "structure"
            asking.facts.pop("tie_until", None)


def _professional(
    chance: random.Random, holder: people.Holder, doctor: people.Doctor, switches: dict[str, bool]
) -> Iterator[Asking]:
    """One professional, bound to the person in some way, in each mode."""
    who = {"actor": holder.actor, "person_id": holder.person_id}
    facts: dict[str, Any] = {"tie": chance.choice(["none", "explicit", "explicit", "structure", "brief", "ended"])}
    match facts["tie"]:
        case "explicit":
            access.grant(**who, professional_id=doctor.id)
        case "structure":
            access.grant(**who, institution_id=doctor.institution_id)
        case "brief":
            access.grant(**who, professional_id=doctor.id, until=SOON - timedelta(hours=1))
            facts |= {"tie": "explicit", "tie_until": SOON - timedelta(hours=1)}
        case "ended":
            access.end(**who, tie_id=access.grant(**who, professional_id=doctor.id))
    if doctor.actor.profession == "10" and chance.random() < 0.4:
        access.name_attending_doctor(**who, professional_id=doctor.id)
        facts["attending"] = True
    if chance.random() < 0.25:
        access.block(**who, professional_id=doctor.id)
        facts["blocked"] = True
    reason = chance.random() < 0.7
    for mode in ("normal", "samu", "break_glass"):
        actor = replace(doctor.actor, mode=mode, reason="unconscious" if reason else " ")
        yield Asking(actor, "professional", {**facts, **switches, "mode": mode, "reason": reason})
