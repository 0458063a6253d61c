"""Asking `rules.decide`, and refusing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings

from healthspace.access import rules
from healthspace.access.gate.facts import Standing
from healthspace.access.guarded import Guarded
from healthspace.audit import reads as audit_tree
from healthspace.common.errors import Refused, Unavailable

READING: Final = rules.READ | rules.CONSULT_ASKS


class RefusedHere(Refused):
    """A refusal that knows what it refused, so that the deed can journal it."""

    def __init__(self, standing: Standing, ask: str, item_id: UUID | None, rule: str) -> None:
        super().__init__(rule)
        self.standing = standing
        self.ask = ask
        self.item_id = item_id


def decide(standing: Standing, ask: str, item: Guarded | None = None) -> rules.Decision:
    """The rule's answer, without raising: for abilities and lists."""
    return rules.decide(standing.asker, ask, item)


def require(standing: Standing, ask: str, item: Guarded | None = None, item_id: UUID | None = None) -> rules.Decision:
    """The decision, or `Refused` (journalled by the deed after its rollback)."""
    decision = rules.decide(standing.asker, ask, item)
    if not decision.is_allowed:
        raise RefusedHere(standing, ask, item_id, decision.rule)
    if ask in READING and standing.asker.role == "professional" and standing.actor.mode == "normal":
        _require_journal()
    return decision


def _require_journal() -> None:
    """No log, no read: when lines no longer reach the signed tree, only emergencies are read."""
    if audit_tree.is_behind(settings.JOURNAL_MAY_LAG_SECONDS):
        raise Unavailable("the journal is behind")


def absent(standing: Standing, ask: str, item_id: UUID | None) -> RefusedHere:
    """What is not there is refused like what is hidden (decision 20)."""
    return RefusedHere(standing, ask, item_id, "ABSENT")
