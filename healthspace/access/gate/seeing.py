"""The decision to see as a condition on rows, and as a level of row security."""

from __future__ import annotations

from typing import Any, Final

from healthspace.access import rules
from healthspace.access.gate.facts import Standing
from healthspace.schema.context import Level, lowering_sql


def level(standing: Standing) -> Level:
    """How much row-level security lets this standing read: the second lock."""
    asker = standing.asker
    if asker.is_restricted:
        return "none"
    if asker.role == "holder":
        return "holder"
    if asker.role in {"representative", "caregiver"}:
        return "representative"
    if asker.role == "assistant":
        return "holder" if asker.scope & rules.SEEING_SCOPES else "none"
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
    if asker.is_restricted:
        return "false", []
    if asker.role == "caregiver":
        return (
            f"{_LIVE} AND {_SHOWN_TO_HOLDER} AND NOT is_hidden_from_representatives AND type_code = ANY(%s)",
            [asker.at, sorted(asker.readable_types or ())],
        )
    if asker.role == "holder" or (asker.role == "assistant" and asker.scope & rules.SEEING_SCOPES):
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
