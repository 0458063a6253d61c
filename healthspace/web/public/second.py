"""The second step of a sign-in, and of a fresh proof: one code, sent or read from an app or a paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.common import clock
from healthspace.common.errors import Refused, Unavailable
from healthspace.journeys import sign_in as journey
from healthspace.people import actions as people
from healthspace.people.actions import Proof
from healthspace.people.reads import AccountCard, Attempt
from healthspace.people.rules import Means, Method, Purpose, TooManyTries, trusts_devices
from healthspace.web import devices
from healthspace.web.entering import ACCOUNT, PROVED_AT, SID, open_session
from healthspace.web.middleware import WebRequest
from healthspace.web.public.forms import CodeForm
from healthspace.web.public.views import safe_next
from healthspace.web.source import source_of
from healthspace.web.waiting import told_wait

KEY: Final = "second"
SENT: Final = frozenset({"email", "sms"})
TITLES: Final[dict[str, str | Promise]] = {
    "email": gettext_lazy("Write the 8 digits of the e-mail"),
    "sms": gettext_lazy("Write the 8 digits of the text message"),
    "totp": gettext_lazy("Write the 6 digits of your app"),
    "paper": gettext_lazy("Write one of your paper codes"),
}
OTHERS: Final[dict[str, str | Promise]] = {
    "email": gettext_lazy("Send me a code by e-mail"),
    "sms": gettext_lazy("Send me a code by text message"),
    "totp": gettext_lazy("Use the code of my app"),
    "paper": gettext_lazy("Use a paper code"),
}


def begin(request: WebRequest, account: AccountCard, *, onward: str, purpose: Purpose = "sign_in") -> HttpResponse:
    """After a right password: the first way of this account is asked for, its code sent at once."""
    attempt = journey.begin(account, purpose=purpose)
    if purpose == "sign_in":
        request.session.flush()
    if not attempt.methods:
        return redirect("public:no_way")
    request.session[KEY] = {
        "attempt": str(attempt.id),
        "next": onward,
        "purpose": purpose,
        "remembers": purpose == "sign_in" and trusts_devices(account.kind),
    }
    request.session.cycle_key()
    _choose(request, attempt, attempt.methods[0])
    return redirect("public:code")


def _choose(request: WebRequest, attempt: Attempt, method: Method) -> None:
    """Ask for this way from now on; a code that is to be sent leaves now."""
    request.session[KEY] |= {"method": method, "more_at": ""}
    request.session.modified = True
    if method not in SENT:
        return
    try:
        people.send_code(attempt_id=attempt.id, method=cast("Any", method), source=source_of(request))
    except TooManyTries as many:
        request.session[KEY]["more_at"] = many.retry_at.isoformat()
    except (Unavailable, Refused):
        messages.error(request, _("The code did not leave. Try again in a minute, or use another way."))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: WebRequest) -> HttpResponse:
    """Ask for the code; another way and a new code are one press away."""
    pending: dict[str, Any] = request.session.get(KEY) or {}
    attempt = people.attempt(UUID(pending["attempt"])) if pending else None
    if attempt is None:
        request.session.pop(KEY, None)
        return redirect("public:sign_in")
    if request.method == "POST" and "code" not in request.POST:
        wanted = next((one for one in attempt.methods if one == request.POST.get("method", "")), None)
        if wanted:
            _choose(request, attempt, wanted)
        return redirect("public:code")
    form = CodeForm(request.POST if request.method == "POST" else None)
    wait = ""
    if request.method == "POST" and form.is_valid():
        method = cast("Method", pending["method"])
        proof = people.finish_second_step(attempt_id=attempt.id, method=method, code=form.cleaned_data["code"])
        if proof.account is not None:
            return enter(request, proof, onward=pending["next"], is_remembered=form.cleaned_data["remember"])
        if proof.is_over:
            return _over(request)
        wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
        if not wait:
            form.add_error("code", _("This code is not right, too old, or used already. Write it again."))
    return _page(request, attempt, form, wait)


def _page(request: WebRequest, attempt: Attempt, form: forms.Form, wait: str) -> HttpResponse:
    pending = request.session[KEY]
    method = pending["method"]
    more_at = _more_at(pending)
    shown = {
        "form": form,
        "wait": wait,
        "method": method,
        "more_at": more_at,
        "has_code": more_at is None or attempt.sent_to != "",
        "title": TITLES[method] if more_at is None else _("Wait before a new code"),
        "sent_to": attempt.goes_to.get(method, ""),
        "others": [(one, OTHERS[one]) for one in attempt.methods if one != method],
        "may_remember": pending["remembers"],
    }
    return render(request, "web/public/second.html", shown, status=429 if wait else 422 if form.errors else 200)


def _more_at(pending: dict[str, Any]) -> datetime | None:
    """When the next code may be sent; None when one was sent just now, or nothing is sent this way."""
    at = datetime.fromisoformat(pending["more_at"]) if pending.get("more_at") else None
    return at if at is not None and at > clock.now() else None


def _over(request: WebRequest) -> HttpResponse:
    """The attempt is dead: from the beginning, which for a fresh proof is the password again."""
    pending = request.session.pop(KEY)
    messages.error(request, _("Too many wrong codes, or the time is over. Nothing is lost: begin again."))
    return redirect("public:confirm" if pending["purpose"] == "step_up" else "public:sign_in")


def enter(request: WebRequest, proof: Proof, *, onward: str, is_remembered: bool = False) -> HttpResponse:
    """Inside, in a new session; or, where somebody is inside already, with a fresh proof."""
    account = proof.account
    if account is None:
        raise Refused("ABSENT")
    if request.session.get(SID):
        return renew(request, account, onward=onward)
    open_session(request, account.id, means=cast("Means", proof.means))
    response = redirect(safe_next(request, onward) or "public:front")
    if is_remembered and trusts_devices(account.kind):
        devices.remember(response, people.remember_device(account.id))
    return response


def renew(request: WebRequest, account: AccountCard, *, onward: str) -> HttpResponse:
    """The proof is of this moment, and the session has a new key (T08). Refused for another account than inside."""
    if request.session.get(ACCOUNT) != str(account.id):
        raise Refused("LOG-1")
    request.session.pop(KEY, None)
    request.session[PROVED_AT] = clock.now().isoformat()
    request.session.cycle_key()
    rotate_token(request)
    return redirect(safe_next(request, onward) or "public:front")
