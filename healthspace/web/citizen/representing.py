"""People I act for: going into the record of one of them, and back; who acts for me."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions, reads
from healthspace.common.errors import Refused
from healthspace.web import acting, recall
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder, for_person_side
from healthspace.web.citizen.own import render
from healthspace.web.lists import WORDS_COOKIE
from healthspace.web.middleware import WebRequest
from healthspace.web.public.views import safe_next


@require_safe
@for_person_side
def people(request: WebRequest) -> HttpResponse:
    """Those for whom I may act now, read afresh: a space that has just opened is there. And who acts for me."""
    own = recall.own(request.actor)
    found = recall.family_afresh(request.actor)
    shown = {
        "children": [_row(request, one) for one in found if one.is_child],
        "adults": [_row(request, one) for one in found if not one.is_child and not one.is_helped],
        "helped": [_row(request, one) for one in found if one.is_helped],
        "asking": reads.asking_me(actor=own),
        "invitations": reads.invitations_to(actor=own),
        "mine": reads.representatives(actor=own, person_id=own.person_id) if own.person_id else (),
    }
    return render(request, "people", "", shown)


def _row(request: WebRequest, one: recall.Other) -> dict[str, object]:
    is_helper = request.actor.kind == "caregiver"
    return {
        "one": one,
        "is_shown": one.person_id == request.actor.person_id and one.is_helped == is_helper,
        "is_teen": one.is_child and (one.age or 0) >= reads.teen_from(),
    }


def other(request: WebRequest, person_id: UUID, *, helps: bool = False) -> recall.Other:
    """Somebody for whom this holder acts now; Refused when there is nobody of this id."""
    found = recall.family_afresh(request.actor)
    one = next((one for one in found if one.person_id == person_id and one.is_helped == helps), None)
    if one is None:
        raise Refused("ABSENT")
    return one


@require_POST
@for_person_side
def switch(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Go into the record of one of them."""
    helps = request.POST.get("as") == "helper"
    other(request, person_id, helps=helps)
    acting.begin(request, person_id, helps=helps)
    return gone("citizen:home")


@require_POST
@for_person_side
def back(request: WebRequest) -> HttpResponse:
    """Go back to my own record, and there to the page that was asked for."""
    acting.leave(request)
    return gone(safe_next(request, request.POST.get("next", "")) or "citizen:home")


def gone(to: str) -> HttpResponse:
    """The words searched for in one record do not follow into another."""
    response = redirect(to)
    response.delete_cookie(WORDS_COOKIE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def renounce(request: WebRequest, person_id: UUID) -> HttpResponse:
    """I am not the legal representative of this person (CHI-1)."""
    one = other(request, person_id)
    if request.method == "POST":
        actions.renounce(actor=recall.own(request.actor), child_id=person_id)
        acting.leave(request)
        messages.success(request, _("It is noted. You no longer act for %(name)s.") % {"name": one.full})
        return gone("citizen:people")
    ask = Ask(
        _("You are not the legal representative of %(name)s?") % {"name": one.full},
        _("I do not act for %(name)s") % {"name": one.names.first},
        reverse("citizen:people"),
        lines=(
            _("You will no longer see this record, from this moment on."),
            _("To act for this person again you will have to prove that you are the legal representative."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "", {"ask": ask})
