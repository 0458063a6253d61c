"""The first lock: looks the facts up, asks `rules.decide`, and writes the journal.

`enter` costs one round trip: row-level context, the state of the space and the ties between
this person and whoever asks, all in one message. Decisions are never kept from one act to the
next (T35), and always taken on the primary (T36).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from healthspace.access import rules
from healthspace.access.adapters import matrix
from healthspace.access.guarded import Guarded
from healthspace.audit import actions as audit
from healthspace.audit import reads as audit_tree
from healthspace.audit.ports import Seal
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused, Unavailable
from healthspace.schema.context import Level, entering_sql, lowering_sql
from healthspace.schema.message import call, send, to_bool, to_text, to_words
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault

READING: Final = rules.READ | rules.CONSULT_ASKS
LAW_ZONE: Final = rules.LAW_ZONE
_FACTS: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT kind || CASE WHEN professional_id IS NULL THEN '' ELSE '!' END"
    " FROM access_tie WHERE person_id = %s AND ended_at IS NULL AND starts_at <= %s"
    " AND (expires_at IS NULL OR expires_at > %s) AND (professional_id = %s OR institution_id = %s))"
    " FROM spaces_space WHERE person_id = %s"
)
# A representative is bound by a mandate that runs at this very instant, and by nothing else (CHI-6, T22).
_FACTS_OF_REPRESENTATIVE: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT 'mandate' FROM access_mandate WHERE person_id = %s AND id = %s"
    " AND ended_at IS NULL AND starts_at <= %s AND ends_at > %s) FROM spaces_space WHERE person_id = %s"
)
_FACT_TYPES: Final = (to_text, to_bool, to_bool, to_bool, to_words)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, about whom, with every fact the law needs at this instant."""

    actor: Actor
    person_id: UUID
    asker: rules.Asker

    @property
    def at(self) -> datetime:
        return self.asker.at


class RefusedHere(Refused):
    """A refusal that knows what it refused, so that the deed can journal it."""

    def __init__(self, standing: Standing, ask: str, item_id: UUID | None, rule: str) -> None:
        super().__init__(rule)
        self.standing = standing
        self.ask = ask
        self.item_id = item_id


def enter(*, actor: Actor, person_id: UUID, beginning: str = "") -> Standing:
    """Work for this person until the transaction ends; refuses nothing by itself.

    One message: context, state of the space, ties or mandate of whoever asks; `beginning` goes before it.
    """
    at = clock.now()
    if actor.kind == "representative":
        asked = call(_FACTS_OF_REPRESENTATIVE, [person_id, actor.own_person_id, at, at, person_id])
    else:
        values = [person_id, at, at, actor.professional_id, actor.institution_id, person_id]
        asked = call(_FACTS, values)
    facts = send(f"{beginning}{entering_sql(person_id, at=at)}; {asked}", _FACT_TYPES)
    return Standing(actor, person_id, _asker(actor, person_id, facts[0] if facts else None, at))


def _asker(
    actor: Actor,
    person_id: UUID,
    facts: tuple[Any, ...] | None,
    at: datetime,
) -> rules.Asker:
    """`facts`: state, the three oppositions, and the ties by kind ("!" when with the professional), or the mandate."""
    if facts is None:
        return rules.Asker(role="anonymous", space_state="", at=at)
    role = actor.kind
    if role in rules.HOLDER_SIDE and actor.person_id != person_id:
        role = "anonymous"
    state, is_samu_opposed, is_break_glass_opposed, is_masked_opposed, ties = facts
    kinds = {tie.rstrip("!") for tie in ties}
    if role == "representative" and "mandate" not in kinds:
        role = "anonymous"
    is_professional = role == "professional"
    return rules.Asker(
        role=role,
        space_state=state,
        at=at,
        professional_id=actor.professional_id,
        institution_id=actor.institution_id,
        mode=actor.mode,
        has_reason=bool(actor.reason.strip()),
        is_blocked="block" in kinds,
        is_attending="attending!" in ties,
        is_authorised=bool(kinds & {"authorisation", "team", "structure"}),
        is_samu_opposed=is_samu_opposed,
        is_break_glass_opposed=is_break_glass_opposed,
        is_masked_opposed=is_masked_opposed,
        readable_types=_readable(actor, at) if is_professional else None,
    )


def _readable(actor: Actor, at: datetime) -> frozenset[str] | None:
    return matrix.readable_types(actor.profession, at.astimezone(LAW_ZONE).date())


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


def level(standing: Standing) -> Level:
    """How much row-level security lets this standing read: the second lock."""
    asker = standing.asker
    if asker.role in {"holder", "caregiver"}:
        return "holder"
    if asker.role == "representative":
        return "representative"
    if asker.role not in {"professional", "institution"}:
        return "none"
    if asker.role == "institution" or asker.is_blocked:
        return "author"
    if asker.is_attending:
        return "attending"
    if asker.mode == "normal":
        return "professional" if asker.is_authorised else "author"
    if not rules.decide(asker, "open_record").is_allowed:
        return "author"
    return "professional" if asker.is_masked_opposed else "emergency"


def level_sql(standing: Standing) -> str:
    """Lower the context from deciding to reading as this very asker."""
    actor = standing.actor
    return lowering_sql(level(standing), actor_id=actor.professional_id, place_id=actor.institution_id)


_LIVE: Final = "status IN ('current', 'superseded', 'archived')"
_LIVE_OR_OWN: Final = f"({_LIVE} OR (status = 'disowned' AND author_kind = 'holder'))"
_SHOWN_TO_HOLDER: Final = "(hidden_from_holder_until IS NULL OR hidden_from_holder_until <= %s)"
_OWN: Final = (
    "((author_kind = 'professional' AND author_professional_id = %s)"
    " OR (author_kind = 'institution' AND author_institution_id = %s))"
)


def visible(standing: Standing) -> tuple[str, list[Any]]:
    """`decide(..., "see", row)` as a condition on the guarded columns, for lists and counts."""
    asker = standing.asker
    if asker.role in {"holder", "caregiver"}:
        return f"{_LIVE_OR_OWN} AND {_SHOWN_TO_HOLDER}", [asker.at]
    if asker.role == "representative":
        return (
            f"{_LIVE_OR_OWN} AND {_SHOWN_TO_HOLDER} AND NOT is_hidden_from_representatives AND type_code <> ALL(%s)",
            [asker.at, sorted(rules.DIRECTIVES)],
        )
    if asker.role == "institution":
        return f"({_LIVE} OR status = 'disowned') AND {_OWN}", [None, asker.institution_id]
    if asker.role != "professional":
        return "false", []
    own = [asker.professional_id, asker.institution_id]
    others, params = _visible_of_others(asker)
    return f"({_LIVE} AND ({_OWN} OR {others})) OR (status = 'disowned' AND {_OWN})", own + params + own


def _visible_of_others(asker: rules.Asker) -> tuple[str, list[Any]]:
    if asker.is_blocked:
        return "false", []
    if asker.is_attending:
        return "true", []
    emergency = asker.mode != "normal"
    if emergency and not rules.decide(asker, "list").is_allowed:
        return "false", []
    if not emergency and not asker.is_authorised:
        return "false", []
    mask = "" if emergency and not asker.is_masked_opposed else "NOT is_masked AND "
    return f"{mask}type_code = ANY(%s)", [sorted(asker.readable_types or ())]


def sealer(standing: Standing) -> vault.Sealer:
    """Seals and unseals for the person of this standing."""
    return vault.sealer(standing.person_id)


def journal(
    standing: Standing,
    kind: str,
    *,
    rule: str,
    item_id: UUID | None = None,
    outcome: audit.Outcome = "done",
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
) -> None:
    """One event of this person's journal, sealed, in the act's own transaction.

    What is hidden from legal representatives leaves them no line either (CHI-4).
    """
    statement = journal_sql(
        standing,
        kind,
        rule=rule,
        item_id=item_id,
        outcome=outcome,
        details=details,
        is_hidden_from_representatives=is_hidden_from_representatives,
    )
    send(statement)


def journal_sql(
    standing: Standing,
    kind: str,
    *,
    rule: str,
    item_id: UUID | None = None,
    outcome: audit.Outcome = "done",
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
) -> str:
    """The statement of `journal`, to be sent together with the commit."""
    statement, values = audit.prepare(
        person_id=standing.person_id,
        actor=standing.actor,
        kind=kind,
        outcome=outcome,
        rule=rule,
        item_id=item_id,
        details=details,
        is_hidden_from_representatives=is_hidden_from_representatives,
        seal=event_seal(standing.person_id),
    )
    return call(statement, values)


def event_seal(person_id: UUID) -> Seal:
    """Seals the payload of an event under the person's key."""
    seal = vault.journal_sealer(person_id).seal
    return lambda plain, event_id: seal(plain, item=event_id, part="event")
