"""Passkeys: added with the browser's help, removed with a button."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healthspace.common.errors import Conflict, Invalid
from healthspace.journeys import sign_in as journey
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.rules import LastWayIn, device_words
from healthspace.web.account.own import account_id
from healthspace.web.audience import for_anybody_inside
from healthspace.web.middleware import WebRequest
from healthspace.web.passkeys import LONGEST_ANSWER, answer_of
from healthspace.web.step_up import step_up

NAME: Final = "healthspace"


@require_POST
@for_anybody_inside
@step_up
def passkey_options(request: WebRequest) -> HttpResponse:
    """What the browser is to make."""
    try:
        options, state = people.begin_registration(account_id(request), request.actor.name or NAME)
    except Conflict:
        return JsonResponse({}, status=409)
    return JsonResponse({"options": options, "state": state})


@require_POST
@for_anybody_inside
@step_up
def add_passkey(request: WebRequest) -> HttpResponse:
    """The new passkey, named after the device it was made on unless its owner says otherwise."""
    browser, system = device_words(request.META.get("HTTP_USER_AGENT", ""))
    label = request.POST.get("label", "").strip()[:60] or " – ".join(part for part in (system, browser) if part)
    try:
        state = request.POST.get("state", "")[:LONGEST_ANSWER]
        people.finish_registration(account_id(request), state, answer_of(request), label or NAME)
    except (Invalid, Conflict):
        messages.error(request, _("No passkey was made. Try again, or choose another way."))
    else:
        messages.success(request, _("Your passkey is there. Next time it is all you need to sign in."))
    return redirect("ways:ways")


@require_POST
@for_anybody_inside
@step_up
def remove_passkey(request: WebRequest, passkey_id: UUID) -> HttpResponse:
    """This passkey opens nothing any more."""
    own_id = account_id(request)
    account = directory.account(own_id)
    try:
        people.remove_passkey(own_id, passkey_id, journey.channels(account) if account else None)
    except LastWayIn:
        messages.error(request, _("This is your last way to sign in. Add another one first."))
    else:
        messages.success(request, _("The passkey is removed."))
    return redirect("ways:ways")
