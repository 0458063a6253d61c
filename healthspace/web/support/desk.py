"""The phone desk: who calls, what they want, written down under the agent's own name (ENR-8, ENR-12).

Nothing of the caller stays in the session: the second step sends again what was typed, and proves it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.actions import phone
from healthspace.enrolment.rules import claims, codes
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.web.answer_forms import NumberForm, field_fault
from healthspace.web.answer_told import Told, of_error
from healthspace.web.audience import for_support
from healthspace.web.middleware import WebRequest
from healthspace.web.support import more

TYPED: Final = ("matricule", "serial", "code", "day", "month", "year")
ACTS: Final[Mapping[str, Callable[[Actor, phone.Caller], object]]] = {
    "refuse": phone.oppose,
    "withdraw": phone.withdraw,
    "close": phone.close,
    "reopen": phone.reopen,
}


class DeskForm(NumberForm):
    code = forms.CharField(
        label=_("The code of the letter, if the caller has it"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
    )
    serial = forms.CharField(
        label=_("Otherwise: the serial number of the health card"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )
    field_order = ("matricule", "day", "month", "year", "code", "serial")

    def clean(self) -> dict[str, Any]:
        """One of the two proofs, in its form."""
        given = super().clean()
        if not given.get("code") and not given.get("serial"):
            self.add_error("code", _("Ask for the code, or for the serial number of the card."))
        try:
            given["code"] = codes.normalise(given["code"]) if given.get("code") else ""
        except Invalid:
            self.add_error("code", _("A code has 12 letters and digits, without U. Read it again with the caller."))
        try:
            given["serial"] = claims.card_serial(given["serial"]) if given.get("serial") else ""
        except Invalid:
            self.add_error("serial", _("The serial number has 8 to 13 digits. Check it on the card."))
        return given


@sensitive_post_parameters(*TYPED)
@require_http_methods(["GET", "HEAD", "POST"])
@for_support
def find(request: WebRequest) -> HttpResponse:
    """Who calls, and what they can ask for."""
    form = DeskForm(request.POST or None)
    callers, told = _found(request, form) if request.method == "POST" else ([], None)
    status = told.status if told else 422 if form.errors else 200
    cards = [more.shown(request.actor, caller) for caller in callers]
    shown = {"form": form, "callers": cards, "trouble": told, "here_is": "home"}
    return render(request, "web/support/desk.html", shown, status=status)


@sensitive_post_parameters(*TYPED)
@require_POST
@for_support
def answer(request: WebRequest) -> HttpResponse:
    """Write down what the caller says, or order a letter with a new code."""
    form = DeskForm(request.POST)
    wanted = request.POST.get("act", "")
    if wanted == "code" and form.is_valid() and not form.cleaned_data["serial"]:
        form.add_error("serial", _("For a new code, ask for the serial number of the health card."))
    callers, told = _found(request, form)
    shown: dict[str, Any] = {"form": form, "callers": callers, "trouble": told, "here_is": "home"}
    if told is None and callers:
        try:
            shown |= _done(request, form, callers, wanted)
        except NotAccepted as error:
            shown["trouble"] = of_error(error)
    shown["callers"] = [more.shown(request.actor, one, wanted, request.POST) for one in shown["callers"]]
    is_wrong = bool(form.errors) or (wanted in more.OFFERS and shown["trouble"] is not None)
    return render(request, "web/support/desk.html", shown, status=422 if is_wrong else 200)


def _found(request: WebRequest, form: DeskForm) -> tuple[list[phone.Caller], Told | None]:
    if not form.is_valid():
        return [], None
    given = form.cleaned_data
    try:
        return phone.find(
            request.actor,
            matricule=given["matricule"],
            born_on=given["born_on"],
            code=given["code"],
            serial=given["serial"],
        ), None
    except Invalid as fault:
        form.add_error(*field_fault(fault))
        return [], None
    except NotAccepted as error:
        return [], of_error(error)


def _done(request: WebRequest, form: DeskForm, callers: list[phone.Caller], wanted: str) -> dict[str, Any]:
    given = form.cleaned_data
    if wanted == "code":
        phone.order_code(request.actor, matricule=given["matricule"], born_on=given["born_on"], serial=given["serial"])
        return {"done": "code", "form": DeskForm(), "callers": []}
    caller = _chosen(callers, request.POST.get("person", ""))
    if wanted in more.OFFERS:
        ended = more.done(request.actor, caller, wanted, request.POST)
        if isinstance(ended, Told):
            return {"trouble": ended, "callers": [caller]}
        return {"done": ended, "form": DeskForm(), "callers": []}
    if wanted not in ACTS:
        raise Refused("ABSENT")
    receipt = ACTS[wanted](request.actor, caller)
    return {"done": wanted, "name": caller.name, "receipt": receipt, "form": DeskForm(), "callers": []}


def _chosen(callers: list[phone.Caller], text: str) -> phone.Caller:
    try:
        person_id = UUID(text)
    except ValueError:
        raise Refused("ABSENT") from None
    found = next((caller for caller in callers if caller.person_id == person_id), None)
    if found is None:
        raise Refused("ABSENT")
    return found
