"""People I act for: my children, going into the record of one of them, and back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions, reads
from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.web import acting, recall
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder
from healthspace.web.citizen.own import render
from healthspace.web.lists import WORDS_COOKIE
from healthspace.web.middleware import WebRequest


@require_safe
@for_holder
def people(request: WebRequest) -> HttpResponse:
    """The children for whom I may act now, read afresh: a space that has just opened is there."""
    found = reads.charges(actor=recall.own(request.actor))
    children = [
        {
            "id": charge.person_id,
            "name": charge.identity.name,
            "age": _age(charge),
            "ends_on": charge.ends_at,
            "is_shown": charge.person_id == request.actor.person_id,
        }
        for charge in found
    ]
    return render(request, "people", "", {"children": children})


def _age(charge: reads.ChargeCard) -> str:
    born, today = charge.born_on, clock.today()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < 1:
        return _("less than 1 year old")
    return ngettext("%(count)d year old", "%(count)d years old", years) % {"count": years}


def _charge(request: WebRequest, person_id: UUID) -> reads.ChargeCard:
    found = reads.charges(actor=recall.own(request.actor))
    charge = next((one for one in found if one.person_id == person_id), None)
    if charge is None:
        raise Refused("ABSENT")
    return charge


@require_POST
@for_holder
def switch(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Go into the record of one child."""
    _charge(request, person_id)
    acting.begin(request, person_id)
    return _gone("citizen:home")


@require_POST
@for_holder
def back(request: WebRequest) -> HttpResponse:
    """Go back to my own record."""
    acting.leave(request)
    return _gone("citizen:home")


def _gone(to: str) -> HttpResponse:
    """The words searched for in one record do not follow into another."""
    response = redirect(to)
    response.delete_cookie(WORDS_COOKIE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def renounce(request: WebRequest, person_id: UUID) -> HttpResponse:
    """I am not the legal representative of this child (CHI-1)."""
    charge = _charge(request, person_id)
    if request.method == "POST":
        actions.renounce(actor=recall.own(request.actor), child_id=person_id)
        acting.leave(request)
        messages.success(request, _("It is noted. You no longer act for %(name)s.") % {"name": charge.identity.name})
        return _gone("citizen:people")
    ask = Ask(
        _("You are not the legal representative of %(name)s?") % {"name": charge.identity.name},
        _("I am not the legal representative"),
        reverse("citizen:people"),
        lines=(
            _("You will no longer see this record, from this moment on."),
            _("To act for this child again you will have to prove that you are the legal representative."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "", {"ask": ask})
