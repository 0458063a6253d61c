"""Whom I help: answering who asks, and stopping. Going into a record is the switcher's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.access import reads
from healthspace.common.errors import Invalid, Refused
from healthspace.journeys import attestation
from healthspace.web import acting, recall
from healthspace.web.ask import Ask
from healthspace.web.audience import for_person_side
from healthspace.web.citizen.helped import spoken
from healthspace.web.citizen.own import render
from healthspace.web.citizen.representing import gone, other
from healthspace.web.middleware import WebRequest


@require_safe
@for_person_side
def helping(request: WebRequest) -> HttpResponse:
    """Who asks me for help, and whom I help."""
    own = recall.own(request.actor)
    shown = {"asking": reads.asking_me(actor=own), "helped": reads.helped(actor=own)}
    return render(request, "helping", "", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person_side
def answer(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Say yes or no to somebody who asks for help."""
    own = recall.own(request.actor)
    card = next((one for one in reads.asking_me(actor=own) if one.person_id == person_id), None)
    if card is None:
        raise Refused("ABSENT")
    fault = ""
    if request.method == "POST":
        if request.POST.get("answer") == "no":
            attestation.decline_help(actor=own, person_id=person_id)
            messages.success(request, _("You said no. %(name)s is told.") % {"name": card.name})
            return redirect("citizen:helping")
        fault = _accepted(request, person_id)
        if not fault:
            messages.success(request, _("You now help %(name)s.") % {"name": card.name})
            return redirect("citizen:helping")
    shown = {"card": card, "words": spoken(card.terms), "may_add": "write" in card.terms.scopes, "fault": fault}
    return render(request, "help_answer", "", shown, 422 if fault else 200)


def _accepted(request: WebRequest, person_id: UUID) -> str:
    try:
        attestation.accept_help(actor=recall.own(request.actor), person_id=person_id)
    except Invalid as error:
        if error.message.startswith("Only an adult"):
            return _("Only an adult can help another adult here.")
        return _("You already help five people. Stop helping one of them first.")
    recall.family_afresh(request.actor)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@for_person_side
def stop(request: WebRequest, person_id: UUID) -> HttpResponse:
    """I no longer help this person."""
    one = other(request, person_id, helps=True)
    own = recall.own(request.actor)
    if request.method == "POST":
        attestation.leave_help(actor=recall.acting(own, person_id, helps=True), person_id=person_id)
        acting.leave(request)
        messages.success(request, _("It is noted. You no longer help %(name)s.") % {"name": one.full})
        return gone("citizen:helping")
    ask = Ask(
        _("Stop helping %(name)s?") % {"name": one.full},
        _("Stop helping %(name)s") % {"name": one.full},
        reverse("citizen:helping"),
        lines=(
            _("You will no longer see this record, from this moment on. This person is told."),
            _("To help again, this person has to ask you again."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "", {"ask": ask})
