"""Sessions of help at a desk: asked for, agreed to by the person, 30 minutes, cut at any time."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from datetime import date
from typing import Final, Literal
from uuid import UUID

from healthspace.access import events, gate, rules
from healthspace.access.deed import deed
from healthspace.access.models import Assistance, Certification, PaperForm
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.common.ids import new_id
from healthspace.outbox import actions as outbox
from healthspace.vault import reads as vault

RULE: Final = "AST-1"
SCOPE_RULE: Final = "AST-2"
CONSENT_RULE: Final = "AST-5"
ASK: Final = "help"


def certify(*, account_id: UUID, name: str, until: date) -> None:
    """This account of a desk may help until that day, the last included; `name` is what journals show. Again: renewed.

    Invalid without a name or for a day that has passed.
    """
    if not name.strip():
        raise Invalid("name", "AST-3", "The name of the helper is missing.", "Give first and family name.")
    if until < clock.today():
        raise Invalid("until", "AST-3", "This day has passed.", "Give the last day of the certificate.")
    values = {"name": name.strip(), "certified_until": until, "revoked_at": None}
    Certification.objects.update_or_create(id=account_id, defaults=values)


def revoke_certification(*, account_id: UUID) -> None:
    """This account helps nobody any more: sessions that run stop at their next act."""
    Certification.objects.filter(id=account_id, revoked_at=None).update(revoked_at=clock.now())


@deed
def ask_assistance(
    *,
    actor: Actor,
    person_id: UUID,
    by_person_id: UUID,
    proof: Literal["letter", "card"],
    is_child: bool = False,
    letter_code_id: UUID | None = None,
) -> UUID:
    """A certified helper begins with a person beside them, whom a letter's code or a health card named; its id.

    Nothing is allowed by it yet. Refused (AST-1) to anybody else.
    """
    _require_certified(actor)
    standing = gate.enter(actor=actor, person_id=person_id)
    if not standing.asker.space_state or actor.institution_id is None:
        raise Refused("ABSENT")
    row = Assistance.objects.create(
        person_id=person_id,
        id=new_id(),
        assistant_id=actor.id,
        institution_id=actor.institution_id,
        by_person_id=by_person_id,
        proof=proof,
        is_child=is_child,
        letter_code_id=letter_code_id,
        asked_at=standing.at,
    )
    gate.journal(standing, "identity_searched", rule=RULE)
    return row.id


@deed
def choose_scope(*, actor: Actor, person_id: UUID, scope: Collection[str], identity_paper: str) -> None:
    """What the person ticked, before the session starts, and which identity paper of theirs the helper saw.

    Invalid when nothing was ticked, or what cannot be, and without a paper.

    Digits sent and sheets printed before agree to nothing any more: the person agrees to what they saw.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    row = _asked(standing)
    can = rules.SCOPES_OF_CHILD if row.is_child else rules.SCOPES.keys()
    if not scope or not set(scope) <= can:
        raise Invalid("scope", SCOPE_RULE, "Nothing was ticked that can be done here.", "Tick at least one line.")
    if identity_paper not in rules.IDENTITY_PAPERS:
        raise Invalid("identity_paper", CONSENT_RULE, "No identity paper was seen.", "Ask the person for one.")
    own = Assistance.objects.filter(person_id=person_id, id=row.id)
    own.update(scope=" ".join(sorted(set(scope))), identity_paper=identity_paper, code_key=None)
    sheets = PaperForm.objects.filter(person_id=person_id, assistance_id=row.id, kind="mandate", used_at=None)
    sheets.update(expires_at=standing.at)


@deed
def new_assistance_code(*, actor: Actor, person_id: UUID) -> str:
    """Eight digits for the person alone, to be sent where they read; the ones before are dead. Conflict after three."""
    standing = gate.enter(actor=actor, person_id=person_id)
    row = _asked(standing)
    if row.codes_sent >= rules.MOST_CODES:
        raise Conflict("codes")
    digits = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    Assistance.objects.filter(person_id=person_id, id=row.id).update(
        code_key=_code_key(row.id, digits),
        code_until=standing.at + rules.CODE_LASTS,
        code_tries=0,
        codes_sent=row.codes_sent + 1,
    )
    return digits


def start_by_code(*, actor: Actor, person_id: UUID, digits: str) -> bool:
    """The person typed the digits that only they could read; True when the session runs. Five tries, then new ones."""
    if not _count_code(actor=actor, person_id=person_id, digits=digits):
        return False
    _start(actor=actor, person_id=person_id, consent="code")
    return True


def start_by_letter(*, actor: Actor, person_id: UUID) -> None:
    """The person typed the code of their letter at the beginning and agreed on the screen. Refused without."""
    _start(actor=actor, person_id=person_id, consent="letter")


def start_by_paper(*, actor: Actor, person_id: UUID, sheet: bytes) -> None:
    """The person signed the sheet of this very session; the caller read its square. The scan is kept, sealed."""
    _start(actor=actor, person_id=person_id, consent="paper", sheet=sheet)


@deed
def _count_code(*, actor: Actor, person_id: UUID, digits: str) -> bool:
    """Count the try before it is compared, so that guesses at the same moment cannot slip through."""
    standing = gate.enter(actor=actor, person_id=person_id)
    row = _asked(standing)
    own = Assistance.objects.filter(person_id=person_id, id=row.id)
    if row.code_key is None or row.code_until is None or standing.at >= row.code_until:
        return False
    if row.code_tries >= rules.CODE_TRIES:
        return False
    own.update(code_tries=row.code_tries + 1)
    plain = "".join(sign for sign in digits[:40] if sign.isdecimal())
    is_right = hmac.compare_digest(bytes(row.code_key), _code_key(row.id, plain))
    if is_right:
        own.update(code_key=None)
    return is_right


@deed
def _start(*, actor: Actor, person_id: UUID, consent: str, sheet: bytes = b"") -> None:
    standing = gate.enter(actor=actor, person_id=person_id)
    _require_certified(actor)
    row = _asked(standing)
    if not row.scope or (consent == "letter" and row.proof != "letter"):
        raise gate.RefusedHere(standing, ASK, row.id, RULE)
    _require_worth(standing, row, consent)
    ends_at = standing.at + rules.SESSION_LASTS
    sealed = gate.sealer(standing).seal(sheet, item=row.id, part="mandate:1") if sheet else None
    Assistance.objects.filter(person_id=person_id, id=row.id).update(
        consent=consent, starts_at=standing.at, ends_at=ends_at, sealed_mandate=sealed
    )
    details = {
        "scope": row.scope,
        "consent": consent,
        "paper": row.identity_paper,
        "until": ends_at.isoformat(timespec="minutes"),
    }
    gate.journal(standing, "assistance_started", rule=RULE, item_id=row.id, details=details)
    if standing.asker.space_state in rules.OPEN_STATES:
        outbox.publish(person_id=person_id, fact=events.AssistanceStarted(person_id, row.id))


def _require_worth(standing: gate.Standing, row: Assistance, consent: str) -> None:
    """A paper was seen, and this way to agree is worth everything that was ticked."""
    words = frozenset(row.scope.split())
    asker = standing.asker
    worth = rules.agreed(words, consent=consent, state=asker.space_state, is_restricted=asker.is_restricted)
    if words != worth or not row.identity_paper:
        raise gate.RefusedHere(standing, ASK, row.id, CONSENT_RULE)


@deed
def end_assistance(*, actor: Actor, person_id: UUID, assistance_id: UUID) -> bool:
    """The session is over at this instant, whoever of the two ends it (or an agent by phone); False when it was.

    Cut by the person or an agent, the forms that were printed in it are worth nothing any more. Refused to anybody
    else, like what is not there.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    row = Assistance.objects.filter(person_id=person_id, id=assistance_id).first()
    is_own = standing.asker.role in {"holder", "representative"} or actor.kind in {"support", "system"}
    is_helper = row is not None and actor.kind == "assistant" and row.assistant_id == actor.id
    if row is None or not (is_own or is_helper):
        raise gate.absent(standing, ASK, assistance_id)
    if not is_helper:
        forms = PaperForm.objects.filter(person_id=person_id, assistance_id=row.id, expires_at__gt=standing.at)
        forms.update(expires_at=standing.at)
    is_over = row.ended_at is not None or (row.ends_at is not None and row.ends_at <= standing.at)
    if is_over:
        return False
    by = "assistant" if is_helper else actor.kind
    Assistance.objects.filter(person_id=person_id, id=row.id).update(ended_at=standing.at, ended_by=by)
    if row.starts_at is not None:
        gate.journal(standing, "assistance_ended", rule=RULE, item_id=row.id)
    return True


def require_scope(*, actor: Actor, person_id: UUID, word: str) -> gate.Standing:
    """Within a deed: this helper's session runs, and the person ticked this word; Refused (AST-2) otherwise."""
    standing = gate.enter(actor=actor, person_id=person_id)
    if standing.asker.role != "assistant" or word not in standing.asker.scope:
        raise gate.RefusedHere(standing, ASK, gate.session_of(actor), SCOPE_RULE)
    return standing


def require_no_more(standing: gate.Standing, *now_opposed: bool) -> None:
    """A helper only closes what was open in an emergency, unless the person agreed by their own digits (AST-5)."""
    asker = standing.asker
    before = (asker.is_samu_opposed, asker.is_break_glass_opposed, asker.is_masked_opposed)
    is_more = any(was and not now for was, now in zip(before, now_opposed, strict=True))
    if asker.role == "assistant" and rules.BY_CODE not in asker.scope and is_more:
        raise gate.RefusedHere(standing, "change_emergency", None, CONSENT_RULE)


def _asked(standing: gate.Standing) -> Assistance:
    """The session that this helper has asked for and nobody has agreed to yet, locked."""
    session_id = gate.session_of(standing.actor)
    rows = Assistance.objects.select_for_update(of=("self",)).filter(
        person_id=standing.person_id,
        id=session_id,
        assistant_id=standing.actor.id,
        starts_at=None,
        ended_at=None,
        asked_at__gt=standing.at - rules.ASKING_LASTS,
    )
    row = rows.first()
    if row is None or standing.actor.kind != "assistant":
        raise gate.absent(standing, ASK, session_id)
    return row


def _require_certified(actor: Actor) -> None:
    today = clock.today()
    rows = Certification.objects.filter(id=actor.id, revoked_at=None, certified_until__gte=today)
    if actor.kind != "assistant" or not rows.exists():
        raise Refused(RULE)


def _code_key(assistance_id: UUID, digits: str) -> bytes:
    return vault.find_key("assistance-code", f"{assistance_id}|{digits}")
