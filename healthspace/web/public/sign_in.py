"""Sign-in by identifier and password, then a second step; and the ways out.

Every way to prove who one is ends in `web.entering.open_session`: this one, passkeys, national providers, the
letter's code.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.people import actions as people
from healthspace.people.reads import AccountCard
from healthspace.web import devices
from healthspace.web.answer_told import TOLD
from healthspace.web.audience import home_of
from healthspace.web.entering import leave_session
from healthspace.web.lists import WORDS_COOKIE
from healthspace.web.middleware import WebRequest
from healthspace.web.public import second
from healthspace.web.public.forms import SignInForm
from healthspace.web.public.start import tell
from healthspace.web.public.views import safe_next
from healthspace.web.source import source_of
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
        proof = people.authenticate(**form.cleaned_data, source=source_of(request))
        if proof.account is not None:
            return _go_on(request, proof.account, onward)
        wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
        if not wait:
            form.add_error(None, _("This identifier and this password do not go together."))
    elif request.method == "GET" and home_of(request.actor):
        return redirect("public:front")
    status = 429 if wait else 422 if form.errors else 200
    shown = {"form": form, "next": onward, "wait": wait, "has_expired": has_expired}
    return render(request, "web/public/sign_in.html", shown, status=status)


def _go_on(request: WebRequest, account: AccountCard, onward: str) -> HttpResponse:
    """The password was right: inside on a remembered browser, else the second step."""
    leave_session(request)
    proof = people.use_device(account.id, devices.token_of(request))
    if proof.account is not None:
        return second.enter(request, proof, onward=onward)
    return second.begin(request, account, onward=onward)


@require_safe
def no_way(request: WebRequest) -> HttpResponse:
    """The password was right, and nothing else is known that could prove who is there."""
    return tell(request, TOLD["no_way"])


@require_safe
def lost(request: WebRequest) -> HttpResponse:
    """Lost the password, the phone or everything: a letter's code gives new ones (T13)."""
    return render(request, "web/public/lost.html")


@require_POST
def leave_fast(request: HttpRequest) -> HttpResponse:
    """End the session and be elsewhere at once: somebody comes into the room."""
    leave_session(request)
    return _wiped(redirect(settings.QUICK_EXIT_URL or "public:front"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and wipe what the browser kept."""
    leave_session(request)
    messages.success(request, _("You are signed out."))
    return _wiped(redirect("public:front"))


def _wiped(response: HttpResponse) -> HttpResponse:
    response["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(WORDS_COOKIE)
    return response
