"""Answering the letter: who one is, then the choice between opening and refusing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import claims
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.web.answer_forms import LetterForm, field_fault
from healthspace.web.answer_told import TOLD, WAYS, Told, of_error
from healthspace.web.middleware import WebRequest
from healthspace.web.public import start_claim
from healthspace.web.public.start_claim import for_claim
from healthspace.web.source import source_of


@sensitive_post_parameters("code", "matricule", "day", "month", "year")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: WebRequest) -> HttpResponse:
    """Ask for the code and for whom it is; every pair that does not go together reads the same (T03)."""
    form = LetterForm(request.POST or None)
    told: Told | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            claim = claims.check(
                matricule=given["matricule"],
                born_on=given["born_on"],
                code=given["code"],
                source=source_of(request),
            )
        except Invalid as fault:
            form.add_error(*field_fault(fault))
        except NotAccepted as error:
            told = of_error(error)
        else:
            start_claim.hold(request, claim)
            return redirect("public:choice")
    status = told.status if told else 422 if form.errors else 200
    return render(request, "web/public/start.html", {"form": form, "trouble": told}, status=status)


@require_safe
@for_claim()
def choice(request: WebRequest, claim: Claim) -> HttpResponse:
    """What may be answered, and what happens without an answer."""
    if "recover" in claim.may:
        return redirect("public:recover")
    if "own_way" in claim.may:
        return redirect("public:own_way")
    if "refuse" in claim.may:
        return render(request, "web/public/start_choice.html", {"claim": claim, "default_on": claim.deadline_at})
    way = WAYS["undo" if "undo" in claim.may else claim.state]
    return render(request, "web/public/start_later.html", {"claim": claim, "way": way, "may": claim.may})


@require_safe
def again(request: WebRequest) -> HttpResponse:
    """The ten minutes are over."""
    return tell(request, TOLD["over"])


@require_POST
def leave(request: WebRequest) -> HttpResponse:
    """Forget who answered, on this device."""
    start_claim.let_go(request)
    return redirect("public:left")


@require_safe
def left(request: WebRequest) -> HttpResponse:
    """Nothing is kept on this device."""
    return tell(request, TOLD["left"])


@require_safe
def answer_help(request: WebRequest) -> HttpResponse:
    """Phone, post, desk, child: the ways without a screen."""
    return render(request, "web/public/answer_help.html")


def tell(request: WebRequest, told: Told) -> HttpResponse:
    """A page that only says where one stands, with the way on."""
    shown = {"told": told, "to": reverse(told.to) if told.to else ""}
    return render(request, "web/public/left.html", shown)
