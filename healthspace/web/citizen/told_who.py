"""Who did something in a record, when it was no professional: what they are to the person, and what they saw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from healthspace.audit.reads import Entry
from healthspace.common.actor import Actor

TIED: Final = frozenset({"professional", "institution", "app"})
DESK: Final = frozenset({"support", "assistant", "operator"})
QUESTIONS: Final = frozenset({"ticket_read", "ticket_answered", "ticket_closed"})
STATE: Final = frozenset({"status_looked", "tries_forgiven"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page: whether at a child's record, and the names of those who help now."""

    actor: Actor
    is_child: bool = False
    helpers: Collection[str] = ()


def relation(entry: Entry, viewer: Viewer) -> str:
    """What whoever acted is to the person; empty for professionals and places, whose bond says it."""
    if entry.actor_kind == "representative":
        return _representative(entry.actor_id, viewer)
    if entry.actor_kind == "caregiver":
        return _("Your helper") if entry.actor_name in viewer.helpers else _("Was your helper")
    if entry.actor_kind == "support":
        return _("Help desk agent")
    if entry.actor_kind == "assistant":
        return _("Help at a desk")
    return "" if entry.actor_kind in TIED else _("The service itself")


def _representative(actor_id: UUID, viewer: Viewer) -> str:
    is_me = viewer.actor.kind == "representative" and viewer.actor.id == actor_id
    if viewer.is_child:
        return _("You (parent)") if is_me else _("The other parent")
    return _("You (legal representative)") if is_me else _("Legal representative")


def of_desk(run: Sequence[Entry]) -> str:
    """What somebody of the service saw and did; empty when it is to be counted as for everybody else."""
    if run[0].actor_kind not in DESK or any(entry.kind.startswith(("document", "profile")) for entry in run):
        return ""
    kinds = {entry.kind for entry in run if entry.outcome == "done"}
    if kinds & QUESTIONS and kinds & STATE:
        return _("Saw no document. Read your question and the state of your space.")
    if kinds & QUESTIONS:
        return _("Saw no document. Read your question.")
    if kinds and kinds <= STATE:
        return _("Saw no document. Looked at the state of your space.")
    return _("Saw no document. What was done stands in the details.")
