"""A fresh proof before what matters most: which pages ask for one, and how (T09)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import wraps
from typing import Final, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from healthspace.common import clock
from healthspace.web.audience import OurView
from healthspace.web.entering import PROVED_AT
from healthspace.web.middleware import WebRequest

P = ParamSpec("P")
FRESH: Final = timedelta(minutes=5)

# Names of addresses whose view asks for a proof not older than five minutes. A test walks every address and
# finds the same ones; add a line here with each `@step_up`.
SENSITIVE: Final = frozenset(
    {
        "citizen:accept",
        "citizen:unblock",
        "citizen:emergency",
        "citizen:care_hide",
        "citizen:care_show",
        "citizen:summary",
        "citizen:disown",
        "citizen:contact",
        "citizen:contact_digits",
        "citizen:export",
        "citizen:export_part",
        "citizen:close",
        "citizen:delete_space",
        "citizen:delete",
        "citizen:mask",
        "citizen:unmask",
        "citizen:add_child",
        "citizen:answer_parent",
        "citizen:invite_parent",
        "citizen:own_way",
        "citizen:hide_from_parents",
        "citizen:ask_helper",
        "citizen:longer_helper",
        "citizen:show_to_parents",
        "ways:paper",
        "ways:password",
        "ways:app",
        "ways:app_code",
        "ways:end_app",
        "ways:new_passkey_options",
        "ways:add_passkey",
        "ways:remove_passkey",
        "ways:add_provider",
        "ways:remove_provider",
    }
)


def is_fresh(request: HttpRequest) -> bool:
    """True when whoever sits there proved who they are less than five minutes ago."""
    proved_at = str(request.session.get(PROVED_AT) or "")
    return proved_at != "" and timedelta() <= clock.now() - datetime.fromisoformat(proved_at) < FRESH


def step_up(view: OurView[P]) -> OurView[P]:
    """Ask for a fresh proof first; stands under the audience's own decorator, which comes first."""

    @wraps(view)
    def checked(request: WebRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if is_fresh(request) else _ask(request)

    return checked


def _ask(request: HttpRequest) -> HttpResponseRedirect:
    """To the proof, and from there back to the page: an act that was sent is never replayed."""
    if request.method in {"GET", "HEAD"}:
        return redirect(f"{reverse('public:confirm')}?{urlencode({'next': request.get_full_path()})}")
    messages.info(request, _("Nothing was done yet: confirm that it is you, then do it again."))
    came_from = urlsplit(request.META.get("HTTP_REFERER", "")).path or "/"
    return redirect(f"{reverse('public:confirm')}?{urlencode({'next': came_from})}")
