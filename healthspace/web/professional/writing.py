"""Depositing, replacing and changing documents, by professionals."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Conflict, Invalid, Refused, SpaceClosed, TooLarge
from healthspace.documents import actions as documents
from healthspace.documents import reads, rules
from healthspace.documents.rules import Author, ClaimedIdentity, Receipt
from healthspace.people import reads as people
from healthspace.spaces.rules import Traits
from healthspace.web import filing
from healthspace.web.ask import Ask
from healthspace.web.audience import for_professional
from healthspace.web.middleware import WebRequest
from healthspace.web.professional import patient
from healthspace.web.professional.forms import DepositForm, WhoseForm
from healthspace.web.professional.reading import or_no_record


def _author(request: WebRequest) -> Author:
    actor = request.actor
    if actor.professional_id is None:
        raise Refused("ABSENT")
    card = people.professional(actor.professional_id)
    place = people.institution(actor.institution_id) if actor.institution_id else None
    return Author(
        name=card.name,
        rpps=card.rpps,
        specialty=card.specialty,
        institution=place.name if place else "",
        finess=place.finess if place else "",
    )


def _codes(given: dict[str, Any]) -> frozenset[str]:
    codes = {
        rules.MASKED: given.get("is_masked"),
        rules.HIDDEN_FROM_HOLDER: given.get("visible") == "later",
        rules.HIDDEN_FROM_REPRESENTATIVES: given.get("parents") == "secret",
    }
    return frozenset(code for code, is_chosen in codes.items() if is_chosen)


def _filed(request: WebRequest, form: DepositForm, **whose: Any) -> Receipt | None:
    given = form.cleaned_data
    try:
        return documents.deposit(
            actor=request.actor,
            order=filing.order(
                file=given["content"],
                type_code=given["type_code"],
                title=given["title"],
                made_on=given["made_on"],
                confidentiality=_codes(given),
                authors=(_author(request),),
                **whose,
            ),
        )
    except (Invalid, TooLarge, Conflict) as error:
        field, sentence = filing.fault(error)
        form.add_error(field if field in form.fields else None, sentence)
        return None


def _told(request: WebRequest, receipt: Receipt) -> None:
    if receipt.status == "quarantined":
        messages.warning(
            request,
            _("Kept apart: the identity or the file must be checked by a person. The patient sees nothing yet."),
        )
    else:
        messages.success(request, _("The document is filed."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_professional
@or_no_record
def deposit(request: WebRequest, person_id: UUID) -> HttpResponse:
    """File a document in an open record; the button repeats whose it is."""
    banner = patient.of(request, person_id)
    form = _form(request, is_minor=banner.is_minor)
    if request.method == "POST" and form.is_valid():
        receipt = _filed(request, form, person_id=person_id)
        if receipt is not None:
            _told(request, receipt)
            return redirect("professional:record", person_id)
    shown = {
        "patient": banner,
        "form": form,
        "heading": _("Deposit a document"),
        "button": _("Deposit for %(name)s") % {"name": f"{banner.first} {banner.family}"},
    }
    return patient.render(request, "deposit", shown, 422 if form.errors else 200)


def _form(request: WebRequest, *, is_minor: bool | None) -> DepositForm:
    if request.method == "POST":
        return DepositForm(request.POST, request.FILES, is_minor=is_minor)
    return DepositForm(is_minor=is_minor)


@require_http_methods(["GET", "HEAD", "POST"])
@for_professional
def deposit_new(request: WebRequest) -> HttpResponse:
    """File for a patient whose record one does not read: INS and traits must agree (ID-1)."""
    whose = WhoseForm(request.POST or None)
    form = _form(request, is_minor=None)
    if request.method == "POST" and whose.is_valid() & form.is_valid():
        try:
            receipt = _filed(request, form, identity=_claimed(whose.cleaned_data))
        except SpaceClosed:
            receipt = None
            form.add_error(None, _("Nothing can be filed for this patient."))
        except Invalid as fault:
            receipt = None
            whose.add_error("matricule", patient.ins_fault(fault))
        if receipt is not None:
            _told(request, receipt)
            return redirect("professional:home")
    shown = {"whose": whose, "form": form}
    return patient.render(request, "deposit_new", shown, 422 if form.errors or whose.errors else 200)


def _claimed(given: dict[str, Any]) -> ClaimedIdentity:
    born_on: date = given["born_on"]
    traits = Traits(given["birth_name"], tuple(given["first_names"].split()), born_on, given["sex"])
    return ClaimedIdentity(patient.ins_of(given["matricule"]), traits)


@require_http_methods(["GET", "HEAD", "POST"])
@for_professional
@or_no_record
def replace(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """A new version of one's own document."""
    card = reads.document_card(actor=request.actor, person_id=person_id, document_id=document_id)
    if "replace" not in card.can:
        raise Refused("ACC-8A")
    # A new version is hidden from whom the old one was, whatever is answered, so it is not asked.
    form = _form(request, is_minor=False if card.is_hidden_from_representatives else None)
    if card.is_masked:
        del form.fields["is_masked"]
    if request.method == "POST" and form.is_valid():
        receipt = _filed(request, form, person_id=person_id, replaces=str(document_id))
        if receipt is not None:
            _told(request, receipt)
            return redirect("professional:document", person_id, receipt.document_id)
    elif request.method == "GET":
        form.initial = {"type_code": card.type_code, "title": card.original_title, "visible": "now"}
    shown = {
        "form": form,
        "replaced": card,
        "heading": _("Replace by a new version"),
        "button": _("Deposit the new version"),
    }
    return patient.render(request, "deposit", shown, 422 if form.errors else 200)


# after these the document may be gone for whoever asked
OUT_OF_SIGHT = ("delete", "mask")
Change = Callable[[WebRequest, UUID, UUID], None]


def _confirmed(
    ability: str, title: str | Promise, yes: str | Promise, line: str | Promise, done: str | Promise, change: Change
) -> Callable[..., HttpResponseBase]:
    """A page that asks, and the act that follows from yes."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_professional
    @or_no_record
    def page(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
        if request.method == "POST":
            change(request, person_id, document_id)
            messages.success(request, str(done))
            if ability in OUT_OF_SIGHT:
                return redirect("professional:home")
            return redirect("professional:document", person_id, document_id)
        card = reads.document_card(actor=request.actor, person_id=person_id, document_id=document_id)
        if ability not in card.can:
            raise Refused("ACC-8A")
        back = reverse("professional:document", args=[person_id, document_id])
        ask = Ask(str(title), str(yes), back, about=card.title, lines=(str(line),), is_dangerous=True)
        return patient.render(request, "confirm", {"ask": ask})

    return page


def _delete(request: WebRequest, person_id: UUID, document_id: UUID) -> None:
    documents.delete(actor=request.actor, person_id=person_id, document_id=document_id)


def _mask(request: WebRequest, person_id: UUID, document_id: UUID) -> None:
    documents.mask(actor=request.actor, person_id=person_id, document_id=document_id)


def _unmask(request: WebRequest, person_id: UUID, document_id: UUID) -> None:
    documents.unmask(actor=request.actor, person_id=person_id, document_id=document_id)


def _reveal(ask: str) -> Change:
    def change(request: WebRequest, person_id: UUID, document_id: UUID) -> None:
        documents.change_visibility(actor=request.actor, person_id=person_id, document_id=document_id, ask=ask)

    return change


delete = _confirmed(
    "delete",
    gettext_lazy("Withdraw this document?"),
    gettext_lazy("Withdraw it"),
    gettext_lazy("It leaves the record at once; its trace stays in the journal. Use it for a mistake."),
    gettext_lazy("The document is withdrawn."),
    _delete,
)
mask = _confirmed(
    "mask",
    gettext_lazy("Mask this document at the patient’s request?"),
    gettext_lazy("Mask it"),
    gettext_lazy("Other professionals no longer see it, save the attending doctor."),
    gettext_lazy("The document is masked."),
    _mask,
)
unmask = _confirmed(
    "unmask",
    gettext_lazy("End the mask of this document?"),
    gettext_lazy("End the mask"),
    gettext_lazy("The professionals whom the patient accepts see it again."),
    gettext_lazy("The document is no longer masked."),
    _unmask,
)
reveal = _confirmed(
    "reveal_to_holder",
    gettext_lazy("Show this document to the patient now?"),
    gettext_lazy("Show it"),
    gettext_lazy("It cannot be hidden again. Tell the patient first."),
    gettext_lazy("The patient can now see the document."),
    _reveal("reveal_to_holder"),
)
reveal_to_parents = _confirmed(
    "reveal_to_representatives",
    gettext_lazy("Show this document to the legal representatives?"),
    gettext_lazy("Show it"),
    gettext_lazy("It cannot be hidden again. The minor must agree."),
    gettext_lazy("The legal representatives can now see the document."),
    _reveal("reveal_to_representatives"),
)
