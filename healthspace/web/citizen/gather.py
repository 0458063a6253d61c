"""What one page needs from several rooms, read in one transaction."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from healthspace.access import gate
from healthspace.access import reads as access
from healthspace.access.deed import deed
from healthspace.audit import reads as audit
from healthspace.audit import rules as tree
from healthspace.audit.reads import Entry
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.documents import reads as documents
from healthspace.notifications import reads as notifications
from healthspace.profile import reads as profile
from healthspace.spaces import reads as spaces
from healthspace.web.citizen.told import OTHERS

RECENT: Final = timedelta(days=30)
ON_HOME: Final = 8
LINES_ON_HOME: Final = 50
LINES_OF_ONE_INSTANT: Final = 5


@dataclass(frozen=True, slots=True)
class FirstPage:
    page: documents.Page
    by_others: tuple[Entry, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What a space holds when its holder first comes in; `readers` are names of those who may read it."""

    documents: int
    care_lines: int
    readers: tuple[str, ...]
    emergency: str


@dataclass(frozen=True, slots=True)
class Proved:
    """A line of the journal with its place in the sealed list; `state` is sealed, pending or wrong."""

    entry: Entry
    state: str
    leaf_index: int = 0
    tree_size: int = 0
    leaf_hash: str = ""
    root_hash: str = ""
    path: tuple[str, ...] = ()


@deed
def first_page(*, actor: Actor, person_id: UUID) -> FirstPage:
    """Documents, openings by others of the last month and unread notices of the holder."""
    query = documents.ListQuery(limit=ON_HOME, is_visit=True)
    return FirstPage(
        documents.list_documents(actor=actor, person_id=person_id, query=query),
        lines_of_others(actor=actor, person_id=person_id, limit=LINES_ON_HOME, is_act=False),
        notifications.unread_count(actor=actor, person_id=person_id),
    )


@deed
def lines_of_others(*, actor: Actor, person_id: UUID, limit: int, is_act: bool = True) -> tuple[Entry, ...]:
    """What others did, or tried, in the last month; newest first."""
    return documents.journal(
        actor=actor, person_id=person_id, since=clock.now() - RECENT, by=OTHERS, limit=limit, is_act=is_act
    )


@deed
def emergency_choices(*, actor: Actor, person_id: UUID) -> spaces.SpaceState:
    """What the holder chose for an emergency."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    return spaces.state(person_id)


@deed
def first_day(*, actor: Actor, person_id: UUID) -> FirstDay:
    """What came with the opening, and what was chosen on the way in."""
    listed = documents.list_documents(
        actor=actor, person_id=person_id, query=documents.ListQuery(limit=1, with_total=True)
    )
    choices = emergency_choices(actor=actor, person_id=person_id)
    is_nobody = choices.is_samu_opposed and choices.is_break_glass_opposed
    return FirstDay(
        documents=listed.total or 0,
        care_lines=profile.care_summary(actor=actor, person_id=person_id).lines,
        readers=tuple(tie.name for tie in access.ties(actor=actor, person_id=person_id) if tie.kind != "block"),
        emergency="none" if is_nobody else "samu" if choices.is_break_glass_opposed else "all",
    )


@deed
def prove(*, actor: Actor, person_id: UUID, event_id: UUID, before: audit.Place) -> Proved:
    """One line the holder may see, and whether it is in the sealed list as it stands here."""
    seen = documents.journal(actor=actor, person_id=person_id, before=before, limit=LINES_OF_ONE_INSTANT, is_act=False)
    entry = next((line for line in seen if line.id == event_id), None)
    if entry is None:
        raise Refused("ABSENT")
    proof = audit.proof(person_id=person_id, event_id=event_id)
    if proof is None:
        return Proved(entry, "pending")
    root = tree.parse_checkpoint(proof.checkpoint).root
    is_there = tree.is_included(proof.leaf, proof.index, proof.size, proof.hashes, root)
    return Proved(
        entry=entry,
        state="sealed" if is_there else "wrong",
        leaf_index=proof.index + 1,
        tree_size=proof.size,
        leaf_hash=proof.leaf.hex(),
        root_hash=root.hex(),
        path=tuple(step.hex() for step in proof.hashes),
    )
