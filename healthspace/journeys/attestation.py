"""Answers about help, each with its certificate filed in the documents of the person helped (3.10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from healthspace.access import actions as access
from healthspace.access import gate, rules
from healthspace.access import reads as access_reads
from healthspace.access.deed import deed
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Refused
from healthspace.common.ids import new_id
from healthspace.documents import actions as documents
from healthspace.documents.rules import MASKED, Author, Order
from healthspace.journeys.attesting import page
from healthspace.spaces import reads as spaces
from healthspace.terminology import reads as terminology

Answer = Literal["accepted", "declined", "ended", "left"]
TYPE: Final = "EXPPAT_1"
LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}


@deed
def accept_help(*, actor: Actor, person_id: UUID) -> UUID:
    """Say yes to somebody who asked for help; the certificate's id. Raises as `access.accept_help`."""
    access.accept_help(actor=actor, person_id=person_id)
    return _certify(SYSTEM, person_id, "accepted", actor.name, _own_terms(actor, person_id))


@deed
def decline_help(*, actor: Actor, person_id: UUID) -> UUID:
    """Say no to somebody who asked for help; the certificate's id."""
    access.decline_help(actor=actor, person_id=person_id)
    return _certify(SYSTEM, person_id, "declined", actor.name, None)


@deed
def end_help(*, actor: Actor, person_id: UUID, delegation_id: UUID) -> UUID | None:
    """The person ends the help, silently; the certificate's id, None when only the question is taken back."""
    found = access_reads.helpers(actor=actor, person_id=person_id)
    card = next((one for one in found if one.id == delegation_id), None)
    stopped = access.end_help(actor=actor, person_id=person_id, delegation_id=delegation_id)
    if card is None or stopped == "withdrawn":
        return None
    return _certify(actor, person_id, "ended", card.name, None)


@deed
def leave_help(*, actor: Actor, person_id: UUID) -> UUID:
    """A helper stops; the certificate's id."""
    access.leave_help(actor=actor, person_id=person_id)
    return _certify(SYSTEM, person_id, "left", actor.name, None)


def _own_terms(actor: Actor, person_id: UUID) -> rules.Terms:
    card = next((one for one in access_reads.helped(actor=actor) if one.person_id == person_id), None)
    if card is None:
        raise Refused("ABSENT")
    return card.terms


def _certify(by: Actor, person_id: UUID, answer: Answer, helper: str, terms: rules.Terms | None) -> UUID:
    """File the certificate, masked to professionals; no helper sees papers of this type (T23)."""
    standing = gate.enter(actor=by, person_id=person_id)
    name, language = spaces.identity(person_id).name, spaces.state(person_id).language
    with translation.override(language):
        shown = _page(standing.at, answer, (name, helper), terms)
    order = Order(
        type_code=TYPE,
        title=shown.title,
        media_type="application/pdf",
        content=page.write(shown),
        made_at=standing.at,
        source_id=f"urn:uuid:{new_id()}",
        person_id=person_id,
        authors=(Author(name=shown.product),),
        confidentiality=frozenset({MASKED}),
        language=LANGUAGES.get(language, "fr-FR"),
    )
    return documents.deposit(actor=by, order=order).document_id


def _page(at: datetime, answer: Answer, names: tuple[str, str], terms: rules.Terms | None) -> page.Page:
    person, helper = names
    titles = {
        "accepted": _("Certificate of help accepted"),
        "declined": _("Certificate of help declined"),
        "ended": _("Certificate of help ended by the person helped"),
        "left": _("Certificate of help ended by the helper"),
    }
    leads = {
        "accepted": _("Both have agreed: the helper acts in the health space of the person helped, as said here."),
        "declined": _("The person who was asked does not wish to help. Nothing was opened to them."),
        "ended": _("The person helped has ended this help. The helper sees nothing more from this moment on."),
        "left": _("The helper has stopped. The helper sees nothing more from this moment on."),
    }
    local = at.astimezone(rules.LAW_ZONE)
    rows = [(_("Person helped"), person), (_("Helper"), helper)]
    rows += [(_("Day and time"), date_format(local, "j F Y, H:i"))]
    return page.Page(
        product=settings.SITE_NAME,
        language=translation.get_language() or "fr",
        at=at,
        title=titles[answer],
        lead=leads[answer],
        rows=rows + _opened(terms),
        cannot_title=_("What a helper can never do"),
        cannot=_cannot() if terms else (),
        keep=_("This certificate is in the documents of the person helped. Helpers and professionals do not see it."),
    )


def _opened(terms: rules.Terms | None) -> list[tuple[str, str]]:
    if terms is None:
        return []
    language = translation.get_language() or "fr"
    shelves = [one.label(language) for code, one in terminology.categories().items() if code in terms.categories]
    further = {"profile": _("the health profile"), "agenda": _("the agenda"), "messages": _("the messages")}
    opened = shelves + [word for scope, word in further.items() if scope in terms.scopes]
    right = _("read, and add papers") if "write" in terms.scopes else _("read only")
    return [(_("May see"), ", ".join(opened)), (_("Right"), right), (_("Last day"), _day(terms.last_day))]


def _day(on: date) -> str:
    return date_format(on, "j F Y")


def _cannot() -> Sequence[str]:
    return (
        _("Choose who sees the record, or hide anything."),
        _("Change the contact details, the sign-in or the settings."),
        _("Close, delete or copy the health space."),
        _("See who else helps, or what others did."),
        _("Let somebody else help in their place."),
    )
