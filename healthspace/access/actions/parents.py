"""The second parent: named by the first, answers in their own space; both have the same rights (CHI-2, CHI-4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import orjson

from healthspace.access import events, gate, rules
from healthspace.access.actions.mandates import put, tell
from healthspace.access.adapters import families
from healthspace.access.deed import deed
from healthspace.access.models import Charge, Invitation, Mandate
from healthspace.access.reads.parents import PART, waiting
from healthspace.access.reads.teens import parents_of
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.common.ids import new_id
from healthspace.outbox import actions as outbox
from healthspace.schema.context import one_at_a_time, set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Traits, traits_differ
from healthspace.vault import reads as vault
from healthspace.vault.reads import KeyDestroyed

RULE: Final = "CHI-2"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a parent names: number as typed and checked, names at birth, birth date."""

    matricule: str
    birth_name: str
    first_names: tuple[str, ...]
    born_on: date

    @property
    def name(self) -> str:
        """As the one who named them reads it again."""
        return f"{' '.join(self.first_names)} {self.birth_name}"


@deed
def invite_parent(*, actor: Actor, child_id: UUID, named: Named) -> UUID:
    """A parent names the other one; the worker looks for them, so nothing here says whether they exist (T03).

    Refused to whoever is no parent of the child; Invalid when too many invitations wait or were made today, and for
    a child that has two parents.
    """
    child, parent_id = _as_parent(actor, child_id)
    one_at_a_time("parents", child_id)
    _require_room(child)
    rows = Invitation._default_manager.filter(person_id=child_id, side=Invitation.Side.CHILD)
    is_many = rows.filter(state="waiting", expires_at__gt=child.at).count() >= families.limit("most_waiting")
    if is_many or rows.filter(made_at__gt=child.at - DAY).count() >= families.limit("most_a_day"):
        raise Invalid("matricule", RULE, "There are many invitations already.", "Withdraw one, or wait for an answer.")
    invitation_id = new_id()
    typed = {"name": named.name, "matricule": named.matricule, "birth_name": named.birth_name}
    typed |= {"first_names": " ".join(named.first_names), "born_on": named.born_on.isoformat()}
    Invitation._default_manager.create(
        person_id=child_id,
        id=invitation_id,
        side=Invitation.Side.CHILD,
        by_id=parent_id,
        made_at=child.at,
        expires_at=child.at + families.limit("invitation_days") * DAY,
        sealed=gate.sealer(child).seal(orjson.dumps(typed), item=invitation_id, part=PART),
    )
    tell(child, "parent_invited", named.name, invitation_id, RULE)
    outbox.publish(person_id=child_id, fact=events.ParentInvited(child_id, invitation_id))
    return invitation_id


def _as_parent(actor: Actor, child_id: UUID) -> tuple[gate.Standing, UUID]:
    """The standing of a parent of this child, and their own person; Refused to guardians and everybody else."""
    child, parent_id = gate.enter(actor=actor, person_id=child_id), actor.own_person_id
    gate.require(child, "change_access")
    if child.asker.role != "representative" or parent_id is None or not _is_parent(child, parent_id):
        raise gate.absent(child, "change_access", None)
    return child, parent_id


def _require_room(child: gate.Standing) -> None:
    if len(parents_of(child)) >= families.limit("most_parents"):
        raise Invalid("parents", RULE, "This child has two parents already.", "Write to the help desk.")


def _is_parent(child: gate.Standing, parent_id: UUID) -> bool:
    rows = Mandate._default_manager.filter(person_id=child.person_id, id=parent_id, kind=Mandate.Kind.PARENT)
    return rows.filter(ended_at=None, starts_at__lte=child.at, ends_at__gt=child.at).exists()


def deliver(*, child_id: UUID, invitation_id: UUID) -> UUID | None:
    """Look for whoever was named and put the invitation into their space; their person, or None. Twice is once.

    For the dispatcher, in its transaction of the child; leaves the context of whoever was found. The number
    that was typed is forgotten either way.
    """
    row = waiting(child_id, invitation_id, Invitation.Side.CHILD)
    if row is None:
        return None
    sealer = vault.sealer(child_id)
    typed = orjson.loads(sealer.unseal(bytes(row.sealed), item=invitation_id, part=PART))
    if "matricule" not in typed:
        set_context(row.other_id or child_id)
        return row.other_id
    kept = sealer.seal(orjson.dumps({"name": typed["name"]}), item=invitation_id, part=PART)
    names = {"child": spaces.identity(child_id).name, "by": _name_of(row.by_id)}
    found = _find(typed, {child_id, row.by_id})
    if found is not None:
        set_context(found)
        Invitation._default_manager.create(
            person_id=found,
            id=invitation_id,
            side=Invitation.Side.INVITED,
            other_id=child_id,
            by_id=row.by_id,
            made_at=row.made_at,
            expires_at=row.expires_at,
            sealed=vault.sealer(found).seal(orjson.dumps(names), item=invitation_id, part=PART),
        )
    set_context(child_id)
    Invitation._default_manager.filter(person_id=child_id, id=invitation_id).update(other_id=found, sealed=kept)
    if found is not None:
        set_context(found)
    return found


def _name_of(person_id: UUID) -> str:
    set_context(person_id)
    try:
        return spaces.identity(person_id).name
    except (Refused, KeyDestroyed):
        return ""


def _find(typed: dict[str, str], without: set[UUID]) -> UUID | None:
    """The adult with an open space whose number, names and birth date all fit; never by a near match (ID-1)."""
    born_on, names = date.fromisoformat(typed["born_on"]), tuple(typed["first_names"].split())
    claimed = Traits(typed["birth_name"], names, born_on, "U")
    for person_id in spaces.persons_of_number(typed["matricule"]):
        set_context(person_id)
        try:
            is_open, known = spaces.state(person_id).is_open, spaces.identity(person_id).traits
        except (Refused, KeyDestroyed):
            continue
        is_adult = rules.comes_of_age(known.born_on) <= clock.now()
        if person_id not in without and is_open and is_adult and not traits_differ(known, claimed):
            return person_id
    return None


@deed
def accept_invitation(*, actor: Actor, invitation_id: UUID, statement_version: str) -> UUID:
    """The second parent certifies and acts from now on like the first; the child's person.

    Refused when it is not theirs, or over, or the parent who asked is none any more. Invalid without the
    present text of the statement, and once the child has two other parents.
    """
    own = _own(actor)
    row = _theirs(own, invitation_id)
    acting = replace(actor, kind="representative", person_id=row.other_id, own_person_id=own.person_id)
    check_statement(statement_version)
    child = gate.enter(actor=acting, person_id=acting.person_id or own.person_id)
    if child.asker.space_state not in rules.OPEN_STATES or not _is_parent(child, row.by_id):
        raise gate.absent(gate.enter(actor=actor, person_id=own.person_id), "change_access", None)
    one_at_a_time("parents", child.person_id)
    if own.person_id not in parents_of(child):
        _require_room(child)
    dates = {
        "basis": Mandate.Basis.STATEMENT, "kind": Mandate.Kind.PARENT, "scope": Mandate.Scope.AS_HOLDER,
        "starts_at": own.at, "ends_at": rules.comes_of_age(spaces.identity(child.person_id).traits.born_on),
    }  # fmt: skip
    put(Mandate, child.person_id, own.person_id, dates)
    _answer(child, invitation_id, "accepted")
    tell(child, "invitation_accepted", actor.name, invitation_id, RULE)
    gate.journal(child, "statement_made", rule="CHI-1", details={"version": statement_version})
    _tell_inviter(row, child)
    own = gate.enter(actor=actor, person_id=own.person_id)
    put(Charge, own.person_id, child.person_id, dates)
    _answer(own, invitation_id, "accepted")
    tell(own, "mandate_given", "", child.person_id, RULE)
    return child.person_id


@deed
def refuse_invitation(*, actor: Actor, invitation_id: UUID) -> None:
    """Whoever was named says no, and gives no reason."""
    own = _own(actor)
    row = _theirs(own, invitation_id)
    _answer(own, invitation_id, "refused")
    tell(own, "invitation_refused", "", invitation_id, RULE)
    acting = replace(actor, kind="representative", person_id=row.other_id, own_person_id=own.person_id)
    child = gate.enter(actor=acting, person_id=acting.person_id or own.person_id)
    _answer(child, invitation_id, "refused")
    tell(child, "invitation_refused", actor.name, invitation_id, RULE)
    _tell_inviter(row, child)


@deed
def withdraw_invitation(*, actor: Actor, child_id: UUID, invitation_id: UUID) -> None:
    """A parent takes an invitation back that was not answered."""
    child, _parent_id = _as_parent(actor, child_id)
    row = waiting(child_id, invitation_id, Invitation.Side.CHILD)
    if row is None:
        raise gate.absent(child, "change_access", None)
    _answer(child, invitation_id, "withdrawn")
    tell(child, "invitation_withdrawn", "", invitation_id, RULE)
    if row.other_id is not None:
        _answer(gate.enter(actor=actor, person_id=row.other_id), invitation_id, "withdrawn")


def _own(actor: Actor) -> gate.Standing:
    if actor.kind != "holder" or actor.person_id is None:
        raise Refused("ABSENT")
    own = gate.enter(actor=actor, person_id=actor.person_id)
    gate.require(own, "change_access")
    return own


def _theirs(own: gate.Standing, invitation_id: UUID) -> Invitation:
    row = waiting(own.person_id, invitation_id, Invitation.Side.INVITED)
    if row is None or row.other_id is None:
        raise gate.absent(own, "change_access", None)
    return row


def _answer(standing: gate.Standing, invitation_id: UUID, state: str) -> None:
    """Only what waits can be answered, however many ask at once."""
    rows = Invitation._default_manager.filter(person_id=standing.person_id, id=invitation_id, state="waiting")
    if not rows.update(state=state, answered_at=standing.at):
        raise gate.absent(standing, "change_access", None)


def _tell_inviter(row: Invitation, child: gate.Standing) -> None:
    set_context(row.by_id)
    outbox.publish(person_id=row.by_id, fact=events.ParentAnswered(row.by_id, row.id, child.person_id))


def check_statement(version: str) -> None:
    """Invalid unless this is the text that is certified now."""
    if version != families.statement("fr").version:
        raise Invalid("statement", "CHI-1", "The statement has not been certified.", "Read it, then tick the box.")


@deed
def certify_representation(*, actor: Actor, child_id: UUID, statement_version: str) -> None:
    """A representative whose mandate runs certifies being one; the version of the text stays in the child's journal."""
    check_statement(statement_version)
    child = gate.enter(actor=actor, person_id=child_id)
    gate.require(child, "change_access")
    if child.asker.role != "representative":
        raise gate.absent(child, "change_access", None)
    gate.journal(child, "statement_made", rule="CHI-1", details={"version": statement_version})
