"""People of the register who are enrolled already: deaths, moves, corrections; nothing for who did not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import intake_family, intake_rows
from healthspace.enrolment.actions.intake_family import Changed
from healthspace.enrolment.actions.intake_lines import Around, Line, Part
from healthspace.enrolment.reads import registry as reads
from healthspace.enrolment.reads.registry import Known
from healthspace.enrolment.rules.registry import Person
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity
from healthspace.vault import reads as vault

IN_USE: Final = frozenset({"active", "suspended"})
PUT_AWAY: Final = frozenset({"closed_deceased", "deleted", ""})


def take(part: Part, again: Sequence[tuple[Line, UUID]], around: Around) -> list[Line]:
    """Those who are known: dead, unchanged, named twice in this file, or changed; the lines of the changed ones.

    Lines of a number that stands twice in a file: the first counts, whichever process is faster.
    """
    before = reads.known([person_id for _, person_id in again]) if again else {}
    changed: list[tuple[Line, UUID]] = []
    for line, person_id in again:
        row = before.get(person_id)
        if row and row.intake_id == part.intake_id and row.line is not None and row.line != line.number:
            if row.line < line.number:
                part.twice(line.number)
                continue
            part.twice(row.line)
            part.counts["unchanged" if row.row_key == line.row_key else "changed"] -= 1
        if row and row.row_key == line.row_key:
            part.counts["unchanged"] += 1
        elif line.person.died_on:
            _die(part, person_id)
        else:
            changed.append((line, person_id))
    return _change(part, changed, before, around)


def _die(part: Part, person_id: UUID) -> None:
    """Closed and put away; told once more it changes nothing."""
    state = spaces.states([person_id]).get(person_id, "")
    if state in PUT_AWAY:
        part.counts["unchanged"] += 1
        return
    spaces_actions.note_death(actor=SYSTEM, person_id=person_id)
    part.counts["died"] += 1


def _change(
    part: Part, changed: Sequence[tuple[Line, UUID]], before: Mapping[UUID, Known], around: Around
) -> list[Line]:
    """Sealed anew under the key they have; whoever has none (closed, destroyed) stays as it is."""
    if not changed:
        return []
    ids = [person_id for _, person_id in changed]
    kept, sealers = spaces.kept_identities(ids), vault.sealers(ids)
    rows, untied, families = [], set(), []
    for line, person_id in changed:
        sealer, row = sealers.get(person_id), before.get(person_id)
        if sealer is None or person_id not in kept:
            part.counts["put_away"] += 1
            continue
        state, sealed = kept[person_id]
        old = spaces.from_bytes(sealer.unseal(sealed, item=person_id, part=spaces.PART), "qualified")
        person = _with_own_contact(line.person, old, state)
        families.append(Changed(person_id, old, state, _parents(row), _named(line.person, around)))
        rows.append((
            line._replace(person=person), person_id, _channel(row, person, old, around.person(person.parent_ins)),
            sealer.seal(intake_rows.identity_of(person), item=person_id, part=spaces.PART),
            sealer.seal(reads.plain(person), item=person_id, part=reads.PART),
        ))  # fmt: skip
        untied |= {one for one in (row.parent_id, row.other_parent_id) if one} if row else set()
    if rows:
        intake_rows.change(rows, around, intake_id=part.intake_id, untied=sorted(untied))
        intake_family.follow(families)
    part.counts["changed"] += len(rows)
    return [line for line, *_ in rows]


def _parents(row: Known | None) -> frozenset[UUID]:
    """Whom the register named before."""
    return frozenset(one for one in (row.parent_id, row.other_parent_id) if one) if row else frozenset()


def _named(person: Person, around: Around) -> frozenset[UUID]:
    """Whom it names now, among those who are known."""
    found = (around.person(person.parent_ins), around.person(person.other_parent_ins))
    return frozenset(UUID(bytes=one) for one in found if one)


def _with_own_contact(person: Person, old: Identity, state: str) -> Person:
    """Whoever uses the space chose mail and phone there; the register does not overrule it."""
    return person._replace(email=old.email, phone=old.phone) if state in IN_USE else person


def _channel(row: Known | None, person: Person, old: Identity, parent: bytes | None) -> str:
    """As for a new person; but a mail address that was given up for letters stays so until it changes."""
    chosen = intake_rows.channel_of(person, parent)
    gave_up = row is not None and row.channel == "post" and person.email == old.email
    return "post" if chosen == "mail" and gave_up else chosen
