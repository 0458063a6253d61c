"""My care history: what health insurance paid for, and my own switch over it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.profile import actions, reads
from healthspace.web import care
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder, for_person_side
from healthspace.web.citizen import helped
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


@require_safe
@for_person_side
def history(request: WebRequest) -> HttpResponse:
    """Lines of the last 24 months, by month and by category."""
    if request.actor.kind == "caregiver":
        return helped.care_history(request)
    found = reads.care_history(actor=request.actor, person_id=space(request))
    told = care.shown(found.lines, request.GET)
    return render(request, "care", "documents", {"history": found, **told})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def hide(request: WebRequest) -> HttpResponse:
    """Professionals no longer see the history."""
    if request.method == "POST":
        return _changed(request, is_hidden=True)
    ask = Ask(
        _("Hide the care history from professionals?"),
        _("Hide it"),
        reverse("citizen:care"),
        lines=(
            _("Doctors and nurses whom you accept will no longer see it. You still see all of it."),
            _("The law lets the attending doctor see it all the same."),
            _("Nobody is told that something is hidden. You can show it again at any time."),
        ),
    )
    return render(request, "confirm", "documents", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def show(request: WebRequest) -> HttpResponse:
    """Professionals whom the holder accepts see the history again."""
    if request.method == "POST":
        return _changed(request, is_hidden=False)
    ask = Ask(
        _("Show the care history to professionals?"),
        _("Show the care history"),
        reverse("citizen:care"),
        lines=(_("Doctors and nurses whom you accept will see it, so far as the law lets their profession."),),
    )
    return render(request, "confirm", "documents", {"ask": ask})


def _changed(request: WebRequest, *, is_hidden: bool) -> HttpResponse:
    actions.change_care_visibility(actor=request.actor, person_id=space(request), is_hidden=is_hidden)
    done = _("Your care history is hidden from professionals.")
    messages.success(request, done if is_hidden else _("Professionals whom you accept can see your care history."))
    return redirect("citizen:care")
