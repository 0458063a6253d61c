"""Ending sessions from elsewhere: for whoever lost a phone, so no fresh proof is asked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from healthspace.people import actions as people
from healthspace.web import recall
from healthspace.web.account.own import account_id
from healthspace.web.audience import for_anybody_inside
from healthspace.web.entering import SID
from healthspace.web.middleware import WebRequest


@require_POST
@for_anybody_inside
def end(request: WebRequest, session_id: UUID) -> HttpResponse:
    """One session of mine is over; within 5 seconds on every node (T09)."""
    people.end_session_of(account_id=account_id(request), session_id=session_id)
    recall.ACTORS.clear()
    messages.success(request, _("This device is signed out."))
    return redirect("ways:ways")


@require_POST
@for_anybody_inside
def end_others(request: WebRequest) -> HttpResponse:
    """Every session of mine but this one is over, and no browser is remembered."""
    people.end_sessions(account_id=account_id(request), but=UUID(request.session[SID]))
    people.forget_devices(account_id(request))
    recall.ACTORS.clear()
    messages.success(request, _("Every other device is signed out."))
    return redirect("ways:ways")


@require_POST
@for_anybody_inside
def forget_devices(request: WebRequest) -> HttpResponse:
    """No browser leaves out the second step any more."""
    people.forget_devices(account_id(request))
    messages.success(request, _("No device is remembered. Each sign-in asks for a code again."))
    return redirect("ways:ways")
