"""Signing in with an identity provider: there, back, and what is told when it does not work."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from healthspace.common import clock
from healthspace.common.errors import Conflict, Refused
from healthspace.journeys import link_identity as journey
from healthspace.people import reads as directory
from healthspace.people.actions import providers as people
from healthspace.people.reads import AccountCard, providers
from healthspace.people.rules.providers import (
    LOOPBACK,
    ProviderAway,
    ProviderKind,
    ProviderRefused,
    practitioner,
    signed_in_within,
)
from healthspace.web.audience import home_of
from healthspace.web.entering import ACCOUNT, PROVED_AT, SID, open_session
from healthspace.web.middleware import WebRequest
from healthspace.web.public import second
from healthspace.web.public.views import safe_next
from healthspace.web.step_up import FRESH

KEY: Final = "provider"
PLACE_HINT: Final = "place_hint"
Purpose = Literal["sign_in", "add", "prove"]
log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    title: str | Promise
    lines: tuple[str | Promise, ...]
    status: int = 422


NOTHING_LOST: Final = gettext_lazy("Nothing is lost, and nothing was changed.")
TROUBLES: Final = {
    "away": Trouble(
        gettext_lazy("This way to sign in does not answer"),
        (
            gettext_lazy("The service that checks who you are does not answer at this moment. It is not your fault."),
            gettext_lazy("Try again in a few minutes, or sign in another way now."),
        ),
        503,
    ),
    "refused": Trouble(
        gettext_lazy("The sign-in did not work"),
        (
            NOTHING_LOST,
            gettext_lazy("The answer came too late, came twice, or did not fit. Begin again, or sign in another way."),
        ),
    ),
    "not_linked": Trouble(
        gettext_lazy("We do not know yet that this is you"),
        (
            gettext_lazy("For your safety, we never guess whose health space to open."),
            gettext_lazy("Sign in once with your identifier and your password."),
            gettext_lazy("Then add this way to sign in, in the settings under “How I sign in”."),
            gettext_lazy("No health space yet? Begin with the code of your letter."),
        ),
    ),
    "directory": Trouble(
        gettext_lazy("The directory does not know you as practising"),
        (
            gettext_lazy("Only professionals who are active in the public directory can sign in."),
            gettext_lazy("Ask your professional body to correct your entry. It counts here within a day."),
        ),
        403,
    ),
}


@require_GET
def begin(request: WebRequest, kind: str) -> HttpResponse:
    """To the provider; who is inside already proves it there once more, or goes to their first page."""
    if own_id := request.session.get(SID) and request.session.get(ACCOUNT):
        onward = safe_next(request, request.GET.get("next", ""))
        if onward and kind in providers.KINDS and providers.is_linked(UUID(own_id), kind):
            return leave_for(request, kind, purpose="prove", onward=onward)
    if home_of(request.actor):
        return redirect("public:front")
    return leave_for(request, kind, purpose="sign_in", onward=safe_next(request, request.GET.get("next", "")))


def leave_for(request: WebRequest, kind: str, *, purpose: Purpose, onward: str) -> HttpResponse:
    """Send the browser to the provider; what is needed to trust its answer stays in this session."""
    if providers.provider(kind) is None:
        raise Refused("ABSENT")
    try:
        address, attempt = people.begin(
            kind=cast("ProviderKind", kind), back=_back_address(request, kind), is_fresh=purpose == "prove"
        )
    except ProviderAway:
        return trouble(request, "away", kind)
    request.session[KEY] = {
        "kind": kind,
        "state": attempt.state,
        "began_at": attempt.began_at.isoformat(),
        "purpose": purpose,
        "next": onward,
    }
    return HttpResponseRedirect(address)


@require_GET
def back(request: WebRequest, kind: str) -> HttpResponse:
    """From the provider: a session, a way in added, or one page that says what to do."""
    if providers.provider(kind) is None:
        raise Refused("ABSENT")
    held: dict[str, Any] = request.session.pop(KEY, None) or {}
    if held.get("kind") != kind:
        return trouble(request, "refused", kind)
    try:
        proven = people.finish(attempt=_attempt(held), answer=_answer(request), back=_back_address(request, kind))
        if held["purpose"] == "add":
            return _add(request, proven)
        if held["purpose"] == "prove":
            return _prove(request, proven, held["next"])
        is_professional = proven.kind == "professional"
        account = people.professional_account(proven) if is_professional else journey.account_of(proven)
        return _enter(request, account, proven, held["next"])
    except ProviderAway:
        return trouble(request, "away", kind)
    except ProviderRefused as refused:
        return _refused(request, kind, refused.fault)
    except (journey.NotLinked, Refused, Conflict):
        return trouble(request, "not_linked", kind)


def _refused(request: WebRequest, kind: str, fault: str) -> HttpResponse:
    log.warning("sign-in by provider %s refused: %s", kind, fault)
    if fault == "stopped":
        messages.info(request, _("You stopped. Nothing was changed."))
        return redirect("ways:ways" if home_of(request.actor) else "public:sign_in")
    return trouble(request, "directory" if fault in {"directory", "closed", "other"} else "refused", kind)


def _enter(request: WebRequest, account: AccountCard, proven: people.Proven, onward: str) -> HttpResponse:
    opened = open_session(request, account.id, means="provider")
    if not signed_in_within(proven.claims, FRESH, clock.now()):
        request.session[PROVED_AT] = ""  # signed in over there for a while: anybody at that screen could be here now
    people.note_session(session_id=opened.id, proven=proven)
    if account.professional_id is not None and len(places := directory.practices(account.professional_id)) > 1:
        named = practitioner(proven.claims)
        hints = [place.id for place in places if named and place.finess in named.finess]
        request.session[PLACE_HINT] = str(hints[0]) if len(hints) == 1 else ""
        return redirect("professional:place")
    return redirect(safe_next(request, onward) or "public:front")


def _add(request: WebRequest, proven: people.Proven) -> HttpResponse:
    """The holder inside gets one way in more."""
    if SID not in request.session or request.actor.kind == "anonymous":
        return trouble(request, "refused", proven.kind)
    try:
        journey.add(account_id=UUID(request.session[ACCOUNT]), proven=proven)
    except (journey.OtherPerson, Conflict):
        messages.error(
            request,
            _("This digital identity was not added: it is not that of the holder of this space, or opens another one."),
        )
    else:
        messages.success(request, _("Added. From now on this digital identity signs you in."))
    return redirect("ways:ways")


def _prove(request: WebRequest, proven: people.Proven, onward: str) -> HttpResponse:
    """A fresh proof for who is inside already (T09): the same account, asked over there just now."""
    own_id, account = request.session.get(SID) and request.session.get(ACCOUNT), proven.account
    is_same = account is not None and str(account.id) == own_id
    if account is None or not is_same or not signed_in_within(proven.claims, FRESH, clock.now()):
        messages.error(request, _("This did not confirm that it is you. Try again, or use your password."))
        return redirect(f"{reverse('public:confirm')}?{urlencode({'next': onward})}")
    return second.renew(request, account, onward=onward)


@csrf_exempt
@require_POST
def ended(request: WebRequest, kind: str) -> HttpResponse:
    """The provider's server says that a session is over (OpenID Connect Back-Channel Logout 1.0)."""
    if providers.provider(kind) is None:
        raise Refused("ABSENT")
    try:
        people.end_from_provider(kind=cast("ProviderKind", kind), token=request.POST.get("logout_token", ""))
    except ProviderRefused as refused:
        log.warning("logout by provider %s refused: %s", kind, refused.fault)
        return HttpResponse(status=400)
    except ProviderAway:
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def trouble(request: WebRequest, name: str, kind: str) -> HttpResponse:
    """One plain page with another way in; never the provider's own words."""
    told = TROUBLES[name]
    found = providers.provider(kind)
    shown = {"trouble": told, "again": found if name in {"away", "refused"} else None}
    return render(request, "web/public/provider.html", shown, status=told.status)


def _back_address(request: WebRequest, kind: str) -> str:
    """Where the provider sends people back to; on loopback under the name used, for the session lives there."""
    path, site = reverse("public:provider_back", args=[kind]), urlsplit(settings.SITE_URL)
    is_local = {site.hostname, urlsplit(f"//{request.get_host()}").hostname} <= LOOPBACK
    return request.build_absolute_uri(path) if is_local else f"{settings.SITE_URL}{path}"


def _attempt(held: dict[str, Any]) -> people.Attempt:
    return people.Attempt(held["kind"], held["state"], datetime.fromisoformat(held["began_at"]))


def _answer(request: WebRequest) -> people.Answer:
    brought = request.GET
    return people.Answer(
        state=brought.get("state", ""),
        code=brought.get("code", ""),
        issuer=brought.get("iss"),
        error=brought.get("error", ""),
    )
