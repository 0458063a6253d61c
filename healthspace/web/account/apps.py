"""An authenticator app: its secret is shown once, in the answer itself, and counts once a code of it was seen."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.common.errors import Conflict
from healthspace.journeys import sign_in as journey
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.rules import LastWayIn
from healthspace.web.account.own import account_id, render
from healthspace.web.answer_forms import PlainForm
from healthspace.web.audience import for_anybody_inside
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


class AppCodeForm(PlainForm):
    code = forms.CharField(
        label=gettext_lazy("The 6 digits that the app shows"),
        max_length=32,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody_inside
@step_up
def app(request: WebRequest) -> HttpResponse:
    """What an app is and what it is good for; then its square."""
    if request.method != "POST":
        return render(request, "app", {})
    try:
        setup = people.begin_totp(account_id(request))
    except Conflict:
        return redirect("ways:ways")
    return render(request, "app_square", {"setup": setup, "form": AppCodeForm()})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody_inside
@step_up
def app_code(request: WebRequest) -> HttpResponse:
    """The first code of the app."""
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if people.confirm_totp(account_id(request), form.cleaned_data["code"]):
            messages.success(request, _("Your app is set up. It gives you a code at each sign-in."))
            return redirect("ways:ways")
        form.add_error("code", _("This is not the code of this moment. Write the one that the app shows now."))
    return render(request, "app_square", {"form": form}, 422 if form.errors else 200)


@require_POST
@for_anybody_inside
@step_up
def end_app(request: WebRequest) -> HttpResponse:
    """The app is no way in any more."""
    own_id = account_id(request)
    account = directory.account(own_id)
    try:
        people.end_totp(own_id, journey.channels(account) if account else None)
    except LastWayIn:
        messages.error(request, _("This is your last way to sign in. Add another one first."))
    else:
        messages.success(request, _("The app is no longer asked for."))
    return redirect("ways:ways")
