"""From a request to an actor, and from our errors to pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from healthspace.common import clock, errors
from healthspace.common.actor import ANONYMOUS, Actor
from healthspace.people import actions as people
from healthspace.people.rules import SESSION_MEMORY
from healthspace.web import acting, beside, faults, recall
from healthspace.web.entering import DEVICE_COOKIE, SID, leave_session

Answer = Callable[[HttpRequest], HttpResponseBase]
STATUS_OF = {
    errors.Refused: 404,
    errors.SpaceClosed: 404,
    errors.Invalid: 400,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Quarantined: 400,
    errors.Unavailable: 503,
}
# The last use of a session is written at most once a minute: a page needs no write for it.
SEEN_STEP = timedelta(seconds=60)

CLOSED = "CLO-1"
OWN = "WEB-OWN"
AWAY = frozenset({"representative", "caregiver"})
WHILE_RESTRICTED = frozenset({"citizen:settings", "citizen:notices", "citizen:read_notices", "citizen:back_to_me"})

LENGTH_DIGITS = 18


class WebRequest(HttpRequest):
    """A request whose actor is known."""

    actor: Actor


class Door:
    """Sets `request.actor` from the session, ends old sessions, tells errors as pages."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/static/"):
            return self.answer(request)
        if fault := _length_fault(request):
            request.actor = ANONYMOUS  # type: ignore[attr-defined]
            return _closed(faults.page(request, fault))
        is_expired = _end_if_old(request)
        request.actor = _actor(request)  # type: ignore[attr-defined]
        is_adrift = request.method == "POST" and getattr(request, "is_adrift", False)
        response = faults.page(request, 404) if is_adrift else self.answer(request)
        _give_device(request, response)
        if is_expired and response.status_code == 302:
            response = redirect("public:sign_in_again")
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = faults.page(request, 405)
            response["Allow"] = allowed
        return _closed(response)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """A recovered account sees its settings and notices only, whatever page is asked for (T13)."""
        actor: Actor = getattr(request, "actor", ANONYMOUS)  # a static file has none
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_open = name in WHILE_RESTRICTED or name.startswith(("public:", "ways:")) or name == "asset"
        if name.startswith("ways:") and name != "ways:locked" and actor.kind in AWAY:
            return faults.own_record(request)  # a sign-in is its owner's, whoever's record is shown
        return redirect("ways:locked") if actor.is_restricted and not is_open else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_closed = isinstance(error, errors.Refused) and error.rule == CLOSED
        if (is_closed or isinstance(error, errors.StillAway)) and _is_holder(request):
            return redirect("citizen:closed")
        if isinstance(error, errors.Refused) and _acts_no_more(request):
            helped = request.session.get(acting.HELPS)
            acting.leave(request)
            if not helped:  # a helper who was sent away reads the pages of one who never was there (T23)
                messages.info(request, _("You no longer act for this person here. You are back in your own record."))
            return redirect("citizen:people")
        if isinstance(error, errors.Refused) and error.rule == OWN:
            return faults.own_record(request)
        status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), None)
        return faults.page(request, status) if status else None


def _length_fault(request: HttpRequest) -> int:
    """The status for a length that is no number, or too big; 0 when it is fine (RFC 9110, 8.6)."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdecimal()):
        return 400
    is_long = len(text) > LENGTH_DIGITS or int(text) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return 413 if is_long else 0


def _is_holder(request: HttpRequest) -> bool:
    """The space that is closed can only be the visitor's own."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.kind == "holder"


def _acts_no_more(request: HttpRequest) -> bool:
    """The child has come of age, the mandate or the help has ended, or that space is closed."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.kind in AWAY and not recall.still_acts(actor)


def _closed(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response


def _end_if_old(request: HttpRequest) -> bool:
    """Sessions end after 15 minutes of rest, or when their time is over (security.md T09)."""
    session = request.session
    if SID not in session:
        return False
    now = clock.now()
    seen_at = datetime.fromisoformat(session["seen_at"])
    is_idle = now - seen_at > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    if is_idle or now > datetime.fromisoformat(session["ends_at"]):
        leave_session(request)
        return True
    if now - seen_at > SEEN_STEP:
        session["seen_at"] = now.isoformat()
        people.see_session(UUID(session[SID]))
    return False


def _give_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """The browser keeps the name of its device, so that the next sign-in from it is not told as a new one."""
    if (device := request.session.pop("device", None)) is None:
        return
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=int(SESSION_MEMORY.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _actor(request: HttpRequest) -> Actor:
    if SID not in request.session:
        return ANONYMOUS
    place = request.session.get("place")
    account_id, sid = UUID(request.session["account"]), UUID(request.session[SID])
    actor = recall.actor(account_id, UUID(place) if place else None, sid)
    if actor is None:
        leave_session(request)
        return ANONYMOUS
    other = request.session.get(acting.KEY)
    if not other or actor.kind != "holder":
        return beside.actor_of(request, actor)
    found = recall.acting(actor, UUID(other), helps=request.session.get(acting.HELPS, False))
    return _back_home(request, actor) if found.kind == "caregiver" and not recall.still_acts(found) else found


def _back_home(request: HttpRequest, holder: Actor) -> Actor:
    """A helper who was sent away is in their own record again, as if they had never been elsewhere (T23).

    What they were sending from the other record is not taken for their own.
    """
    acting.leave(request)
    request.is_adrift = request.path_info.startswith("/documents/")  # type: ignore[attr-defined]
    return holder
