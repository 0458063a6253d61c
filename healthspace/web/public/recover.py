"""A new identifier and password for whoever showed a letter's code for a space that is in use (T13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Conflict, Invalid
from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.journeys import recover as journey
from healthspace.web.answer_told import Told, of_error
from healthspace.web.entering import open_session
from healthspace.web.middleware import WebRequest
from healthspace.web.public.activate_forms import AccountForm
from healthspace.web.public.start_claim import for_claim


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("recover")
def new(request: WebRequest, claim: Claim) -> HttpResponse:
    """Choose both; then inside, where no health data opens for 72 hours."""
    form = AccountForm(request.POST or None, initial={"login": answers.suggest_login(claim)})
    told: Told | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account = journey.recover(claim, login=given["login"], password=given["password"])
        except NotAccepted as error:
            told = of_error(error)
        except Invalid as fault:
            form.add_error(fault.field, f"{fault.message} {fault.way_out}")
        except Conflict:
            form.add_error("login", _("Somebody has this identifier. Add some digits to it."))
        else:
            open_session(request, account.id, means="recovery")
            return redirect("ways:paper_first")
    shown: dict[str, Any] = {"form": form, "claim": claim, "trouble": told}
    status = told.status if told else 422 if form.errors else 200
    return render(request, "web/public/recover.html", shown, status=status)
