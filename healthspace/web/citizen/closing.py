"""Closing a space, and what its holder can do with a closed one: open it again, delete it, keep it, object."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.common.errors import Refused
from healthspace.journeys import close_space
from healthspace.spaces import actions as spaces
from healthspace.spaces.reads import Life
from healthspace.spaces.rules import CLOSED_STATES, OPEN_STATES
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder_alone
from healthspace.web.citizen.again import is_holder
from healthspace.web.citizen.closing_forms import CloseForm, PasswordForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
@step_up
def close(request: WebRequest) -> HttpResponse:
    """What follows from closing, the copy first, then the password again."""
    if _life(request).state in CLOSED_STATES:
        return redirect("citizen:closed")
    form = CloseForm(request.POST if request.method == "POST" else None, initial={"what": "keep"})
    if request.method == "POST" and form.is_valid() and is_holder(request, form):
        wants_deletion = form.cleaned_data["what"] == "delete"
        spaces.close(actor=request.actor, person_id=space(request), wants_deletion=wants_deletion)
        messages.success(request, _("Your health space is closed."))
        return redirect("citizen:closed")
    return render(request, "close", "", {"form": form}, 422 if form.errors else 200)


@require_safe
@for_holder_alone
def closed(request: WebRequest) -> HttpResponse:
    """Where a closed space stands, and what can be done with it; or that older content is on its way."""
    life = _life(request)
    if life.state not in CLOSED_STATES:
        if life.state in OPEN_STATES and not life.is_reopening:
            return redirect("citizen:home")
        if not life.is_reopening:
            raise Refused("ABSENT")
    # The dates are the last days on which the holder can still act.
    last_day = life.due_at - timedelta(days=1) if life.due_at else None
    return render(request, "closed", "", {"life": life, "last_day": last_day})


@require_POST
@for_holder_alone
def reopen(request: WebRequest) -> HttpResponse:
    """The holder wants everything back; the worker takes it out of the archive."""
    spaces.ask_reopening(actor=request.actor, person_id=space(request))
    if close_space.wait_until_open(actor=request.actor, person_id=space(request)):
        messages.success(request, _("Your health space is open again, with everything that was in it."))
        return redirect("citizen:home")
    return redirect("citizen:closed")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
@step_up
def delete_space(request: WebRequest) -> HttpResponse:
    """The holder of a closed space wants everything deleted; the password again."""
    if _life(request).state != "closed":
        return redirect("citizen:closed")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and is_holder(request, form):
        spaces.ask_deletion(actor=request.actor, person_id=space(request))
        messages.success(request, _("Your request is noted. Everything will be deleted within three months."))
        return redirect("citizen:closed")
    ask = Ask(
        _("Delete everything for good?"),
        _("Delete everything"),
        reverse("citizen:closed"),
        lines=(
            _("Within three months everything in your health space is deleted. Nobody can bring it back."),
            _("Until then you can change your mind on this page."),
            _("We write to you when it is done, if we have your e-mail."),
        ),
        is_dangerous=True,
    )
    return render(request, "closed_confirm", "", {"form": form, "ask": ask}, 422 if form.errors else 200)


@require_POST
@for_holder_alone
def keep_space(request: WebRequest) -> HttpResponse:
    """The holder no longer wants it deleted: closed and kept as before."""
    spaces.cancel_deletion(actor=request.actor, person_id=space(request))
    messages.success(request, _("Nothing will be deleted. Your health space stays closed and is kept."))
    return redirect("citizen:closed")


@require_POST
@for_holder_alone
def object_to_suspension(request: WebRequest) -> HttpResponse:
    """The holder objects to the suspension: the space is open again."""
    spaces.lift_suspension(actor=request.actor, person_id=space(request))
    messages.success(request, _("Your objection is noted. Your health space is open again."))
    return redirect("citizen:home")


def _life(request: WebRequest) -> Life:
    return close_space.look(actor=request.actor, person_id=space(request))
