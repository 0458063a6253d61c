"""The facts that the law needs about whoever asks, looked up in one message; nothing is kept between acts (T35)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from healthspace.access import rules
from healthspace.access.adapters import caregivers, matrix
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.ids import NIL
from healthspace.people import reads as people
from healthspace.schema.context import entering_sql
from healthspace.schema.message import call, send, to_bool, to_text, to_words
from healthspace.spaces import reads as spaces

LAW_ZONE: Final = rules.LAW_ZONE
_FACTS: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT kind || CASE WHEN professional_id IS NULL THEN '' ELSE '!' END"
    " FROM access_tie WHERE person_id = %s AND ended_at IS NULL AND starts_at <= %s"
    " AND (expires_at IS NULL OR expires_at > %s) AND (professional_id = %s OR institution_id = %s))"
    " FROM spaces_space WHERE person_id = %s"
)


# A representative is bound by a mandate that runs at this very instant, and by nothing else (CHI-6, T22).
_FACTS_OF_REPRESENTATIVE: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT scope FROM access_mandate WHERE person_id = %s AND id = %s"
    " AND ended_at IS NULL AND starts_at <= %s AND ends_at > %s) FROM spaces_space WHERE person_id = %s"
)
# A helper at a desk: what was ticked in the session that runs at this very instant, of an account still certified.
_FACTS_OF_ASSISTANT: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT unnest(string_to_array(a.scope, ' ') || ('by_' || a.consent))"
    " FROM access_assistance a"
    " JOIN access_certification c ON c.id = a.assistant_id WHERE a.person_id = %s AND a.id = %s"
    " AND a.assistant_id = %s AND a.ended_at IS NULL AND a.starts_at <= %s AND a.ends_at > %s"
    " AND c.revoked_at IS NULL AND c.certified_until >= %s) FROM spaces_space WHERE person_id = %s"
)
# A holder has no ties with themselves; a minor who signs in may keep documents from the parents, from an age on.
_FACTS_OF_HOLDER: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT 'teen' FROM access_teen_way WHERE person_id = %s"
    " AND hides_from <= %s AND ends_at > %s) FROM spaces_space WHERE person_id = %s"
)
# A helper: the categories and scopes of a delegation accepted, not ended, and running at this very instant (3.10).
_FACTS_OF_CAREGIVER: Final = (
    f"SELECT {spaces.STATE_COLUMNS}, ARRAY(SELECT unnest(string_to_array(categories, ',') || ARRAY['helps',"
    " CASE WHEN may_write THEN 'write' ELSE 'helps' END, CASE WHEN sees_profile THEN 'profile' ELSE 'helps' END,"
    " CASE WHEN sees_agenda THEN 'agenda' ELSE 'helps' END, CASE WHEN sees_messages THEN 'messages' ELSE 'helps' END])"
    " FROM access_delegation WHERE person_id = %s AND id = %s AND accepted_at IS NOT NULL AND ended_at IS NULL"
    " AND starts_at <= %s AND ends_at > %s) FROM spaces_space WHERE person_id = %s"
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


def enter(*, actor: Actor, person_id: UUID, beginning: str = "") -> Standing:
    """Work for this person until the transaction ends; refuses nothing by itself.

    One message: context, state of the space, ties or mandate of whoever asks; `beginning` goes before it.
    """
    at = clock.now()
    if actor.kind == "representative":
        asked = call(_FACTS_OF_REPRESENTATIVE, [person_id, actor.own_person_id, at, at, person_id])
    elif actor.kind == "assistant":
        asked = _of_assistant(actor, person_id, at)
    elif actor.kind == "caregiver":
        asked = call(_FACTS_OF_CAREGIVER, [person_id, actor.own_person_id, at, at, person_id])
    elif actor.kind == "holder":
        asked = call(_FACTS_OF_HOLDER, [person_id, at, at, person_id])
    else:
        values = [person_id, at, at, actor.professional_id, actor.institution_id, person_id]
        asked = call(_FACTS, values)
    facts = send(f"{beginning}{entering_sql(person_id, at=at)}; {asked}", _FACT_TYPES)
    if actor.kind == "assistant" and people.is_recovered(person_id):  # the desk is no way round the 72 hours (T13)
        actor = replace(actor, is_restricted=True)
    return Standing(actor, person_id, _asker(actor, person_id, facts[0] if facts else None, at))


def _of_assistant(actor: Actor, person_id: UUID, at: datetime) -> str:
    on = at.astimezone(LAW_ZONE).date()
    return call(_FACTS_OF_ASSISTANT, [person_id, session_of(actor), actor.id, at, at, on.isoformat(), person_id])


def session_of(actor: Actor) -> UUID:
    """The session of help that a helper at a desk acts in; NIL when there is none."""
    return UUID(actor.session_id) if actor.kind == "assistant" and actor.session_id else NIL


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
    if (role == "representative" and not kinds & rules.MANDATES) or (role == "assistant" and not kinds):
        role = "anonymous"
    if role == "caregiver" and "helps" not in kinds:
        role = "anonymous"
    return rules.Asker(
        role=role,
        space_state=state,
        at=at,
        is_restricted=actor.is_restricted,
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
        readable_types=_readable(actor, role, kinds, at),
        mandate=next(iter(kinds)) if role == "representative" else rules.AS_HOLDER,
        may_hide="teen" in kinds and role == "holder",
        scope=_scope(actor, role, state, kinds),
    )


def _scope(actor: Actor, role: str, state: str, kinds: set[str]) -> frozenset[str]:
    if role == "caregiver":
        return frozenset(kinds)
    if role != "assistant":
        return frozenset()
    consent = "code" if rules.BY_CODE in kinds else ""
    words = rules.agreed(kinds, consent=consent, state=state, is_restricted=actor.is_restricted)
    return words | (kinds & {rules.BY_CODE})


def _readable(actor: Actor, role: str, kinds: set[str], at: datetime) -> frozenset[str] | None:
    if role == "caregiver":
        return caregivers.readable_types(kinds)
    if role != "professional":
        return None
    return matrix.readable_types(actor.profession, at.astimezone(LAW_ZONE).date())
