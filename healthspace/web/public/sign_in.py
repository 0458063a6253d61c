"""Sign-in by identifier and password.

The only module that knows how a person proves who they are: passkeys and national identity
providers will replace it and end, as it does, in `open_session`.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.people import actions as people
from healthspace.web.audience import home_of
from healthspace.web.entering import leave_session, open_session
from healthspace.web.lists import WORDS_COOKIE
from healthspace.web.middleware import WebRequest
from healthspace.web.public.forms import SignInForm
from healthspace.web.public.views import safe_next
from healthspace.web.waiting import told_wait


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: WebRequest, *, has_expired: bool = False) -> HttpResponse:
    """Ask who is there; every failure reads the same."""
    form = SignInForm(request.POST or None)
    asked = request.POST.get("next") or request.GET.get("next", "")
    onward = safe_next(request, asked)
    wait = ""
    if request.method == "POST" and form.is_valid():
        proof = people.authenticate(**form.cleaned_data, source=request.META.get(settings.CLIENT_ADDRESS_KEY, ""))
        if proof.account is not None:
            open_session(request, proof.account.id, means="password")
            return redirect(onward or "public:front")
        wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
        if not wait:
            form.add_error(None, _("This identifier and this password do not go together."))
    elif request.method == "GET" and home_of(request.actor):
        return redirect("public:front")
    status = 429 if wait else 422 if form.errors else 200
    shown = {"form": form, "next": onward, "wait": wait, "has_expired": has_expired}
    return render(request, "web/public/sign_in.html", shown, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and wipe what the browser kept."""
    leave_session(request)
    messages.success(request, _("You are signed out."))
    response = redirect("public:front")
    response["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(WORDS_COOKIE)
    return response
