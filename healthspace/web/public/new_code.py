"""Asking for a new code: one constant answer, whoever asks and for whomever (T03)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import codes
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.web.answer_forms import NewCodeForm, field_fault
from healthspace.web.answer_told import TOLD, Told, of_error
from healthspace.web.middleware import WebRequest
from healthspace.web.public.start import tell
from healthspace.web.source import source_of


@sensitive_post_parameters("matricule", "serial", "day", "month", "year")
@require_http_methods(["GET", "HEAD", "POST"])
def new_code(request: WebRequest) -> HttpResponse:
    """Ask for the number, the card and the birth date."""
    form = NewCodeForm(request.POST or None)
    told: Told | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            codes.request_new(
                matricule=given["matricule"],
                serial=given["serial"],
                born_on=given["born_on"],
                source=source_of(request),
            )
        except Invalid as fault:
            form.add_error(*field_fault(fault))
        except NotAccepted as error:
            told = of_error(error)
        else:
            return redirect("public:code_asked")
    status = told.status if told else 422 if form.errors else 200
    return render(request, "web/public/new_code.html", {"form": form, "trouble": told}, status=status)


@require_safe
def code_asked(request: WebRequest) -> HttpResponse:
    """What happens next, if the three fitted."""
    return tell(request, TOLD["asked"])
