"""What all answers share: who answers, the code used once, the answer kept with the text it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Refused
from healthspace.common.ids import NIL, new_id
from healthspace.enrolment.models import Answer, Code, Enrollee
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import delays, texts, window
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.rules import Identity
from healthspace.vault import reads as vault

Channel = Literal["web", "phone", "post", "desk"]
ByKind = Literal["holder", "parent", "agent"]
PART: Final = proofs.PART


@dataclass(frozen=True, slots=True)
class By:
    """Who answers: for the journal (`actor`), for the proof (`kind`), and the person or agent behind."""

    kind: ByKind
    actor: Actor
    person_id: UUID | None = None
    agent_id: UUID | None = None


def by_claim(claim: Claim) -> By:
    """The person of the claim, or the parent whose number was typed; opens a transaction of its own."""
    if not claim.is_child:
        actor = Actor(kind="holder", id=NIL, name=claim.name, person_id=claim.person_id)
        return By("holder", actor, claim.person_id)
    return by_parent(claim.person_id, claim.by_person_id)


def by_parent(child_id: UUID, parent_id: UUID) -> By:
    """A parent who answers for a child."""
    name = reads.name_of(parent_id)
    actor = Actor(kind="representative", id=NIL, name=name, person_id=child_id, own_person_id=parent_id)
    return By("parent", actor, parent_id)


def by_agent(agent: Actor, by_person_id: UUID | None) -> By:
    """An agent who writes down what a caller says, or a helper what the person beside them says; Refused to others."""
    if agent.kind not in {"support", "system", "assistant"}:
        raise Refused("ENR-8")
    return By("agent", agent, by_person_id, agent.id)


def use_code(claim: Claim, at: datetime) -> None:
    """The code has served; NotAccepted when it just served elsewhere (one use, however many ask at once)."""
    done = Code.objects.filter(
        person_id=claim.person_id,
        id=claim.code_id,
        used_at=None,
        replaced_at=None,
        expires_at__gt=at,
        wrong_tries__lte=delays.WRONG_TRIES,
    ).update(used_at=at)
    if not done:
        raise NotAccepted("used")


def be_informed(person_id: UUID, at: datetime) -> None:
    """Whoever answers a letter has it, even when its posting was not written down yet."""
    if space_reads.state(person_id).state == "not_informed":
        spaces.inform_all([person_id], sent_at=at, deadline_at=window.deadline(at))


def change(person_id: UUID, act: str, *, actor: Actor, kind: str = "", stands_at: datetime | None = None) -> None:
    """One change of the space's state; NotAccepted, with the reason, when the state does not allow it.

    `stands_at`: from when a refusal can no longer be undone.
    """
    try:
        if act == "withdraw":
            spaces.withdraw_objection(actor=actor, person_id=person_id, kind=kind)
        elif act in {"refuse", "refuse_by_post"}:
            is_late = act == "refuse_by_post"
            spaces.oppose(actor=actor, person_id=person_id, stands_at=stands_at, is_opened_meanwhile=is_late)
        elif act == "close":
            spaces.close(actor=actor, person_id=person_id)
        else:
            spaces.activate(actor=actor, person_id=person_id)
    except Conflict:
        state = space_reads.state(person_id).state
        raise NotAccepted("late" if state == "open_inactive" else rules.why_not(state)) from None


def keep(
    *,
    person_id: UUID,
    kind: str,
    text: str,
    channel: Channel,
    by: By,
    language: str,
    at: datetime,
    undo_until: datetime | None = None,
    answer_id: UUID | None = None,
    who: Identity | None = None,
) -> UUID:
    """Keep an answer with the version and digest of the text read, and what its proof shows, sealed.

    Beside it the address known at this moment, so that whoever answered cannot turn the confirmation away
    (T25). `who`: read before, when the key of the space goes into the archive with this answer.
    """
    answer_id, language = answer_id or new_id(), texts.spoken(language)
    who = who or space_reads.identity(person_id)
    plain = _shown(who, by, text, language)
    sealed = vault.journal_sealer(person_id).seal(
        json.dumps(plain, ensure_ascii=False).encode(), item=answer_id, part=PART
    )
    Answer.objects.create(
        person_id=person_id,
        id=answer_id,
        kind=kind,
        channel=channel,
        by_kind=by.kind,
        by_person_id=by.person_id,
        agent_id=by.agent_id,
        at=at,
        undo_until=undo_until,
        text_version=texts.VERSION,
        text_digest=texts.digest(texts.VERSION, language),
        sealed=sealed,
    )
    return answer_id


def _shown(who: Identity, by: By, text: str, language: str) -> dict[str, object]:
    """What the proof shows, and the address known now."""
    return {
        "name": who.name,
        "birth_name": who.traits.birth_name,
        "first_names": who.traits.first_names,
        "born_on": who.traits.born_on.isoformat(),
        "by_name": by.actor.name,
        "email": who.email,
        "language": language,
        "said": str(texts.text("answers", language)[text]).format(name=who.name),
    }


def parents_of(person_id: UUID) -> list[UUID]:
    """The parents of a minor of this context, as the insurer knows them; the one of attachment first.

    Nobody from the eighteenth birthday on (CHI-6), whatever the register still says.
    """
    if not rules.is_minor(space_reads.identity(person_id).traits.born_on, clock.today()):
        return []
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    found = [row.parent_id, row.other_parent_id] if row else []
    return [parent for parent in found if parent]


def has_space(person_id: UUID) -> bool:
    """True when this person has a row here; leaves the transaction in their context."""
    set_context(person_id)
    try:
        space_reads.state(person_id)
    except Refused:
        return False
    return True
