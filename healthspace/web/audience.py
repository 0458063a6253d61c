"""Who a page is for; everything else is sent to the sign-in or answered as absent."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from healthspace.common.actor import Actor, ActorKind
from healthspace.common.errors import Refused
from healthspace.people import reads as people
from healthspace.web.middleware import AWAY, OWN, WebRequest

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
OurView = Callable[Concatenate[WebRequest, P], HttpResponseBase]
INSIDE: frozenset[ActorKind] = frozenset(
    {"holder", "representative", "caregiver", "assistant", "professional", "support", "operator"}
)


def _for(kinds: frozenset[ActorKind], view: OurView[P]) -> View[P]:
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        ours = cast("WebRequest", request)
        if ours.actor.kind == "anonymous":
            back = urlencode({"next": ours.get_full_path()}) if ours.method == "GET" else ""
            return redirect(f"{reverse('public:sign_in')}?{back}" if back else "public:sign_in")
        if ours.actor.kind not in kinds:
            raise Refused(OWN if _is_away_from(kinds, ours, has_item=bool(kwargs)) else "WEB-AUDIENCE")
        return view(ours, *args, **kwargs)

    return cast("View[P]", checked)


def _is_away_from(kinds: frozenset[ActorKind], request: WebRequest, *, has_item: bool) -> bool:
    """True where the page exists for the person who is signed in, once back in their own record."""
    return request.actor.kind in AWAY and "holder" in kinds and not has_item and request.method in {"GET", "HEAD"}


def for_anybody_inside(view: OurView[P]) -> View[P]:
    """A page about one's own sign-in, for whoever is signed in."""
    return _for(INSIDE, view)


def for_holder(view: OurView[P]) -> View[P]:
    """A page of a space, for its holder or whoever acts for them; the gate decides what they may."""
    return _for(frozenset({"holder", "representative"}), view)


def for_person_side(view: OurView[P]) -> View[P]:
    """A page that a helper opens too, by what was opened to them; a page without this is closed to helpers (T23)."""
    return _for(frozenset({"holder", "representative", "caregiver"}), view)


def for_holder_alone(view: OurView[P]) -> View[P]:
    """A page that nobody opens for somebody else: own contact, own mails, closing."""
    return _for(frozenset({"holder"}), view)


def for_professional(view: OurView[P]) -> View[P]:
    """A page of a health professional, who has said where they work if they work in several places."""
    return _for(frozenset({"professional"}), _at_a_place(view))


def for_professional_anywhere(view: OurView[P]) -> View[P]:
    """The page on which a professional says where they work."""
    return _for(frozenset({"professional"}), view)


def _at_a_place(view: OurView[P]) -> OurView[P]:
    @wraps(view)
    def checked(request: WebRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = request.actor
        if actor.institution_id is None and actor.professional_id and len(people.practices(actor.professional_id)) > 1:
            return redirect("professional:place")
        return view(request, *args, **kwargs)

    return checked


def for_operator(view: OurView[P]) -> View[P]:
    """A page of whoever runs the enrolment."""
    return _for(frozenset({"operator"}), view)


def for_support(view: OurView[P]) -> View[P]:
    """A page of whoever answers the phone."""
    return _for(frozenset({"support"}), view)


def for_assistant(view: OurView[P]) -> View[P]:
    """A page of a certified helper at a desk."""
    return _for(frozenset({"assistant"}), view)


def home_of(actor: Actor) -> str:
    """The name of the first page of that actor; empty for visitors."""
    homes = {
        "holder": "citizen:home",
        "representative": "citizen:home",
        "caregiver": "citizen:home",
        "professional": "professional:home",
        "operator": "operator:home",
        "support": "support:home",
        "assistant": "assist:home",
    }
    return homes.get(actor.kind, "")
