"""Sign-in by identifier and password.

The only module that knows how a person proves who they are: passkeys and national identity
providers will replace it and end, as it does, in `open_session`.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.common import clock
from healthspace.people import actions as people
from healthspace.web.audience import home_of
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
            open_session(request, str(proof.account.id))
            return redirect(onward or "public:front")
        wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
        if not wait:
            form.add_error(None, _("This identifier and this password do not go together."))
    elif request.method == "GET" and home_of(request.actor):
        return redirect("public:front")
    status = 429 if wait else 422 if form.errors else 200
    shown = {"form": form, "next": onward, "wait": wait, "has_expired": has_expired}
    return render(request, "web/public/sign_in.html", shown, status=status)


def open_session(request: HttpRequest, account_id: str) -> None:
    """A new session of that account; whatever the visitor's session held is dropped (T08)."""
    now = clock.now().isoformat()
    request.session.flush()
    rotate_token(request)
    request.session.update({"account": account_id, "signed_in_at": now, "seen_at": now})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and wipe what the browser kept."""
    request.session.flush()
    messages.success(request, _("You are signed out."))
    response = redirect("public:front")
    response["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(WORDS_COOKIE)
    return response
