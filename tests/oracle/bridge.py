"""The one place that knows both sides: a situation of the law put in the product's words.

It may translate, never decide: nothing here looks at an answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthspace.access import rules
from healthspace.access.guarded import Guarded
from tests.oracle import law
from tests.oracle.law import State

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ME, MY_PLACE, SOMEBODY, SOMEWHERE = (UUID(int=n) for n in (1, 2, 3, 4))
READABLE, UNREADABLE, DIRECTIVE = "11502-2", "ATTEST-RESID", "EXPPAT_3"
OPENS = frozenset({READABLE, DIRECTIVE})
OPENS_PLAIN = frozenset({READABLE})

# the law's ask -> the product's
ASKS = {"see_listed": "see", "change_emergency_choice": "change_emergency"}
TIED = frozenset({"explicit", "team", "structure"})
HIDDEN = {"no": None, "waiting": NOW + timedelta(days=3), "released": NOW - timedelta(seconds=1)}
STATUS = {"quarantined": "disowned"}


def ask_of(state: State) -> str:
    """The product's name of the ask."""
    return ASKS.get(state.ask, state.ask)


def asker_of(state: State) -> rules.Asker:
    """Who asks, as the gate would have looked it up; the row of the matrix follows `cell`."""
    # Without a link (mandate over, delegation not running) the gate finds an anybody.
    is_helper = state.kind in law.CAREGIVERS
    is_nobody = state.kind == "other_holder" or ((state.kind == "representative" or is_helper) and not state.link)
    is_professional = state.kind == "professional"
    return rules.Asker(
        role="anonymous" if is_nobody else "caregiver" if is_helper else state.kind,  # type: ignore[arg-type]
        space_state=state.space,
        at=NOW,
        professional_id=ME if is_professional else None,
        institution_id=MY_PLACE if state.kind in ("professional", "institution") else None,
        mode=state.mode,  # type: ignore[arg-type]
        has_reason=state.reason,
        is_blocked=state.blocked,
        is_attending=state.attending,
        is_authorised=state.tie in TIED,
        is_samu_opposed=state.samu_opposed,
        is_break_glass_opposed=state.glass_opposed,
        is_masked_opposed=state.masked_opposed,
        readable_types=(OPENS if state.cell else OPENS_PLAIN) if is_professional or is_helper else None,
        scope=frozenset({"write", "profile"}) if state.kind == "caregiver" else frozenset(),
    )


def item_of(state: State) -> Guarded | None:
    """The document, as its guarded columns."""
    if state.ask in law.ABOUT_THE_SPACE:
        return None
    type_code = DIRECTIVE if state.directive else READABLE if state.cell else UNREADABLE
    kind, professional, place = {
        "same": ("professional", ME, SOMEWHERE),
        "place": ("institution", None, MY_PLACE),
        "person": ("holder", None, None),
        # a colleague of the same structure who signed in person is somebody else
        "other": ("professional", SOMEBODY, MY_PLACE),
        "elsewhere": ("institution", None, SOMEWHERE),
    }[state.author]
    return Guarded(
        status=STATUS.get(state.status, state.status),  # type: ignore[arg-type]
        type_code=type_code,
        class_code="90" if state.directive else "10" if state.cell else "95",
        author_kind=kind,  # type: ignore[arg-type]
        author_professional_id=professional,
        author_institution_id=place,
        is_masked=state.masked,
        hidden_from_holder_until=HIDDEN[state.hidden],
        is_hidden_from_representatives=state.hidden_from_representatives,
    )


def product(state: State) -> tuple[bool, str]:
    """What the product answers."""
    decision = rules.decide(asker_of(state), ask_of(state), item_of(state))
    return decision.is_allowed, decision.rule
