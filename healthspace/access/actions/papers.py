"""Paper forms: printed for one person beside a helper or by the holder, signed, and carried out once."""

from __future__ import annotations

from uuid import UUID

from healthspace.access import events, gate, rules
from healthspace.access.deed import deed
from healthspace.access.models import Assistance, Certification, PaperForm
from healthspace.access.reads.papers import FormCard, form_card
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.common.ids import new_id
from healthspace.outbox import actions as outbox
from healthspace.people import reads as people

RULE = "AST-4"


@deed
def print_form(*, actor: Actor, person_id: UUID, kind: str, professional_id: UUID | None = None) -> UUID:
    """A form for this person, to be signed and sent; its id. By the holder, or by a helper who may do the same now.

    Invalid for an unknown form, or one that names a doctor without naming one.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    if standing.asker.role not in {"holder", "assistant"} or not standing.asker.space_state:
        raise gate.absent(standing, "help", None)
    if kind not in rules.FORMS or kind == "mandate" or (kind == "attending") != (professional_id is not None):
        raise Invalid("kind", RULE, "This form cannot be printed.", "Choose a form of the list.")
    if standing.asker.role == "assistant" and not rules.may_print(standing.asker.scope, kind):
        raise gate.RefusedHere(standing, "help", None, "AST-2")
    if professional_id is not None and people.professional(professional_id).profession != "10":
        raise Invalid("professional_id", "ACC-5", "An attending doctor is a doctor.", "Choose a doctor.")
    return _made(standing, kind, professional_id)


@deed
def print_mandate(*, actor: Actor, person_id: UUID) -> UUID:
    """The sheet by which the person agrees to this very session of help; its id. For a helper who asked for one."""
    standing = gate.enter(actor=actor, person_id=person_id)
    if actor.kind != "assistant" or not standing.asker.space_state or not actor.session_id:
        raise gate.absent(standing, "help", None)
    return _made(standing, "mandate", None)


def _made(standing: gate.Standing, kind: str, professional_id: UUID | None) -> UUID:
    session_id, is_desk = gate.session_of(standing.actor), standing.actor.kind == "assistant"
    row = PaperForm.objects.create(
        person_id=standing.person_id,
        id=new_id(),
        kind=kind,
        professional_id=professional_id,
        assistance_id=session_id if is_desk else None,
        made_at=standing.at,
        expires_at=standing.at + (rules.FORM_OF_DESK_LASTS if is_desk else rules.FORM_LASTS),
    )
    gate.journal(standing, "form_printed", rule=RULE, item_id=row.id)
    return row.id


@deed
def use_form(*, actor: Actor, person_id: UUID, form_id: UUID) -> FormCard:
    """A signed form came back: it has served from now on. Conflict when it had, or is too old; Refused when unknown.

    For the installation, and for the helper of the session that a mandate names.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    rows = PaperForm.objects.select_for_update(of=("self",)).filter(person_id=person_id, id=form_id)
    row = rows.first()
    if row is None or not _may_use(actor, row):
        raise Refused("ABSENT")
    if row.used_at is not None or standing.at >= row.expires_at:
        raise Conflict("used" if row.used_at else "old")
    PaperForm.objects.filter(person_id=person_id, id=form_id).update(used_at=standing.at)
    card = form_card(row, printed_by=_printed_by(row))
    details = {"form": row.kind, "printed_by": card.printed_by}
    gate.journal(standing, "form_taken_in", rule=RULE, item_id=form_id, details=details)
    if row.kind not in {"mandate", "close"}:  # a closing is told by its own mail
        outbox.publish(person_id=person_id, fact=events.FormCarriedOut(person_id, form_id))
    return card


def _printed_by(row: PaperForm) -> str:
    """The helper and the desk that printed this form; "" when its holder did."""
    if row.assistance_id is None:
        return ""
    session = Assistance.objects.filter(person_id=row.person_id, id=row.assistance_id).first()
    helper = Certification.objects.filter(id=session.assistant_id).first() if session else None
    if session is None or helper is None:
        return ""
    return f"{helper.name} ({people.institution(session.institution_id).name})"


def _may_use(actor: Actor, row: PaperForm) -> bool:
    if row.kind == "mandate":
        return actor.kind == "assistant" and row.assistance_id == gate.session_of(actor)
    return actor.kind == "system"
