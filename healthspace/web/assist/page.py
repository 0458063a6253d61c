"""What every page of a desk needs: the session of help as it stands now, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.shortcuts import render as django_render

from healthspace.common import clock
from healthspace.journeys import assisting
from healthspace.journeys.assisting import Beside
from healthspace.web import beside
from healthspace.web.audience import View, for_assistant
from healthspace.web.middleware import WebRequest

P = ParamSpec("P")
Ours = Callable[Concatenate[WebRequest, Beside, P], HttpResponseBase]


def render(request: WebRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk."""
    return django_render(request, f"web/assist/{template}.html", shown, status=status)


def asked(view: Ours[P]) -> View[P]:
    """A page before the person agreed: somebody is found, nothing is allowed yet."""
    return _with(view, is_running=False)


def running(view: Ours[P]) -> View[P]:
    """A page within a session of help that runs at this instant; else the page that says it is over."""
    return _with(view, is_running=True)


def _with(view: Ours[P], *, is_running: bool) -> View[P]:
    @wraps(view)
    def checked(request: WebRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        helped = assisting.look(request.actor)
        if helped is None:
            had = request.actor.person_id is not None
            beside.leave(request)
            return redirect("assist:over" if had else "assist:home")
        runs = helped.card.runs_at(clock.now())
        if runs != is_running:
            return redirect("assist:session" if runs else "assist:scope")
        request.helped = helped  # type: ignore[attr-defined]
        return view(request, helped, *args, **kwargs)

    return for_assistant(checked)
