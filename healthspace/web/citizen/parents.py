"""Parents of a child: who acts, asking the other one, answering, and adding a child with its letter (CHI-1, CHI-2)."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions, reads
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.journeys import family
from healthspace.web import recall
from healthspace.web.answer_forms import LetterForm, NumberForm, field_fault
from healthspace.web.answer_told import Told, of_error
from healthspace.web.audience import for_holder
from healthspace.web.citizen.own import render
from healthspace.web.citizen.representing import other
from healthspace.web.middleware import WebRequest
from healthspace.web.source import source_of
from healthspace.web.step_up import step_up

TWO_ALREADY: Final = gettext_lazy(
    "This child has two parents here already. If one of them is wrong, ask the help desk."
)


class Certified(forms.Form):
    """The statement of a legal representative, in the text that is certified now."""

    certified = forms.BooleanField(
        error_messages={"required": gettext_lazy("Read the statement, then tick the box.")},
        widget=forms.CheckboxInput(attrs={"piece": "web/parts/tick.html"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement = reads.statement(get_language() or "fr")
        self.fields["certified"].label = self.statement.text
        self.use_required_attribute = False


class OtherParentForm(NumberForm):
    first_names = forms.CharField(
        label=gettext_lazy("First names"),
        help_text=gettext_lazy("As on the birth certificate, the first one at least."),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the first name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_name = forms.CharField(
        label=gettext_lazy("Name at birth"),
        max_length=100,
        error_messages={"required": gettext_lazy("Write the name at birth.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("first_names", "birth_name", "day", "month", "year", "matricule")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matricule"].help_text = gettext_lazy(
            "15 digits, on the health card (carte Vitale) of this parent."
        )


class AddChildForm(Certified, LetterForm):
    """The letter of a child, and the statement."""


def acting_for(request: WebRequest, person_id: UUID) -> Actor:
    """This holder acting for that child, whichever record is shown."""
    return recall.acting(recall.own(request.actor), person_id)


def child_of(request: WebRequest, person_id: UUID) -> recall.Other:
    """A child for whom this holder acts as a parent; Refused for anybody else."""
    one = other(request, person_id)
    if not one.is_child:
        raise Refused("ABSENT")
    return one


@require_safe
@for_holder
def parents(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Who acts for this child, and whom one asked."""
    one, actor = child_of(request, person_id), acting_for(request, person_id)
    shown = {
        "child": one,
        "parents": reads.representatives(actor=actor, person_id=person_id),
        "invitations": reads.invitations_for(actor=actor, child_id=person_id),
    }
    return render(request, "parents", "", shown)


@sensitive_post_parameters("matricule", "day", "month", "year", "first_names", "birth_name")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def invite(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Name the other parent; the page says the same whoever is named (T03)."""
    one = child_of(request, person_id)
    form = OtherParentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            family.name_parent(
                actor=acting_for(request, person_id),
                child_id=person_id,
                matricule=given["matricule"],
                birth_name=given["birth_name"],
                first_names=given["first_names"],
                born_on=given["born_on"],
            )
        except Invalid as fault:
            if fault.field == "parents":
                form.add_error(None, TWO_ALREADY)
            elif fault.rule == "CHI-2":
                form.add_error(None, _("Several invitations wait already. Take one back, or wait for an answer."))
            else:
                form.add_error(*field_fault(fault))
        else:
            messages.success(
                request, _("It is noted. If everything fits, this parent finds your invitation in their own space.")
            )
            return redirect("citizen:parents", person_id)
    shown = {"child": one, "form": form, "born_hint": _("The other parent. Example: 12 5 1981")}
    return render(request, "parent_invite", "", shown, 422 if form.errors else 200)


@require_POST
@for_holder
def withdraw(request: WebRequest, person_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    child_of(request, person_id)
    actions.withdraw_invitation(actor=acting_for(request, person_id), child_id=person_id, invitation_id=invitation_id)
    messages.success(request, _("The invitation is taken back."))
    return redirect("citizen:parents", person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def answer(request: WebRequest, invitation_id: UUID) -> HttpResponse:
    """I am asked to act for a child as a parent: certify it, or say no."""
    own = recall.own(request.actor)
    card = next((one for one in reads.invitations_to(actor=own) if one.id == invitation_id), None)
    if card is None:
        raise Refused("ABSENT")
    if request.method == "POST" and "no" in request.POST:
        actions.refuse_invitation(actor=own, invitation_id=invitation_id)
        messages.success(request, _("It is noted. You do not act for %(name)s.") % {"name": card.name})
        return redirect("citizen:people")
    form = Certified(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.statement.version
        try:
            actions.accept_invitation(actor=own, invitation_id=invitation_id, statement_version=version)
        except Invalid:
            messages.error(request, TWO_ALREADY)
            return redirect("citizen:people")
        recall.family_afresh(request.actor)
        messages.success(request, _("You now act for %(name)s.") % {"name": card.name})
        return redirect("citizen:people")
    return render(request, "parent_answer", "", {"card": card, "form": form}, 422 if form.errors else 200)


@sensitive_post_parameters("code", "matricule", "day", "month", "year")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def add_child(request: WebRequest) -> HttpResponse:
    """A child that is not in the list: its letter's code, and the statement."""
    form = AddChildForm(request.POST or None)
    told: Told | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            family.add_child(
                actor=recall.own(request.actor),
                matricule=given["matricule"],
                born_on=given["born_on"],
                code=given["code"],
                source=source_of(request),
                statement_version=form.statement.version,
            )
        except Invalid as fault:
            form.add_error(*field_fault(fault))
        except NotAccepted as error:
            told = of_error(error)
        else:
            recall.family_afresh(request.actor)
            messages.success(request, _("The child’s space is open, and you act for the child."))
            return redirect("citizen:people")
    status = told.status if told else 422 if form.errors else 200
    shown = {"form": form, "trouble": told, "back": reverse("citizen:people")}
    shown["born_hint"] = _("Of the child. Example: 12 5 2019")
    return render(request, "child_add", "", shown, status)
