"""A fresh proof of who sits there, before what matters most (T09)."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.journeys import sign_in as journey
from healthspace.people import actions as people
from healthspace.web.audience import for_anybody_inside, home_of
from healthspace.web.entering import ACCOUNT
from healthspace.web.middleware import WebRequest
from healthspace.web.public import second
from healthspace.web.public.forms import PasswordForm
from healthspace.web.public.views import safe_next
from healthspace.web.source import source_of
from healthspace.web.step_up import SENSITIVE
from healthspace.web.waiting import told_wait


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody_inside
def confirm(request: WebRequest) -> HttpResponse:
    """The passkey, or the password and then a code."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    onward = safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    wait = ""
    if request.method == "POST" and form.is_valid():
        account_id = UUID(request.session[ACCOUNT])
        password = form.cleaned_data["password"]
        proof = people.confirm(account_id=account_id, password=password, source=source_of(request))
        if proof.account is not None:
            return second.begin(request, proof.account, onward=onward, purpose="step_up")
        wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
        if not wait:
            form.add_error("password", _("This is not your password."))
    shown = {
        "form": form,
        "next": onward,
        "wait": wait,
        "has_passkey": bool(journey.factors(UUID(request.session[ACCOUNT])).passkeys),
        "back": _back(request),
    }
    return render(request, "web/public/confirm.html", shown, status=429 if wait else 422 if form.errors else 200)


def _back(request: WebRequest) -> str:
    """Where one came from, if that page asks for no proof itself; else one's first page."""
    path = urlsplit(request.META.get("HTTP_REFERER", "")).path
    try:
        name = resolve(path).view_name if path else ""
    except Resolver404:
        name = ""
    is_open = name != "" and name not in SENSITIVE and not path.startswith("/sign-in/")
    return path if is_open else reverse(home_of(request.actor) or "public:front")
