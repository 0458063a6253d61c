"""Signing in, or proving it once more, with a passkey: the browser asks the device, the form brings its answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healthspace.people import actions as people
from healthspace.web.entering import ACCOUNT, SID
from healthspace.web.middleware import WebRequest
from healthspace.web.passkeys import LONGEST_ANSWER, answer_of
from healthspace.web.public import second


@require_POST
def options(request: WebRequest) -> JsonResponse:
    """What the browser is to sign: the same shape whoever asks (T04); bound to the account of whoever is inside."""
    if request.session.get(SID):
        asked, state = people.begin_assertion(UUID(request.session[ACCOUNT]), purpose="step_up")
    else:
        asked, state = people.begin_assertion()
    return JsonResponse({"options": asked, "state": state})


@require_POST
def passkey(request: WebRequest) -> HttpResponse:
    """The device's answer: inside, or with a fresh proof."""
    proof = people.finish_assertion(request.POST.get("state", "")[:LONGEST_ANSWER], answer_of(request))
    if proof.account is None:
        messages.error(request, _("This passkey was not taken. Try again, or use your password."))
        return redirect("public:confirm" if request.session.get(SID) else "public:sign_in")
    return second.enter(request, proof, onward=request.POST.get("next", ""))
