"""Who helped me at a desk, until when, and ending it at once; the health summary on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from healthspace.access import actions, reads
from healthspace.common import clock
from healthspace.journeys import printing
from healthspace.web.audience import for_holder
from healthspace.web.citizen.own import render, space
from healthspace.web.desk_paper import SCOPES, pdf
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


@require_safe
@for_holder
def desks(request: WebRequest) -> HttpResponse:
    """Every session of help, the latest first; what runs can be ended here."""
    at = clock.now()
    found = [
        {
            "card": card,
            "runs": card.runs_at(at),
            "words": [SCOPES[word] for word in SCOPES if word in card.scope],
            "ended_at": card.ended_at or card.ends_at,
        }
        for card in reads.assistances(actor=request.actor, person_id=space(request))
    ]
    return render(request, "desks", "access", {"found": found})


@require_POST
@for_holder
def end(request: WebRequest, assistance_id: UUID) -> HttpResponse:
    """It is over at this instant: the desk sees nothing more."""
    actions.end_assistance(actor=request.actor, person_id=space(request), assistance_id=assistance_id)
    messages.success(request, _("It has ended. The desk can do nothing more."))
    return redirect("citizen:desks")


@require_POST
@for_holder
@step_up
def summary(request: WebRequest) -> HttpResponse:
    """The facts that count in an emergency, to print."""
    language = get_language() or "fr"
    return pdf(printing.summary(actor=request.actor, person_id=space(request), language=language))
