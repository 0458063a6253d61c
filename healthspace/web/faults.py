"""Pages for what went wrong: what happened, whether data is safe, what to do, another way, the emergency line."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

NOTHING_CHANGED = _("Your data is safe. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class What:
    title: str | Promise
    happened: str | Promise
    to_do: str | Promise
    safe: str | Promise = NOTHING_CHANGED


WHATS = {
    400: What(
        _("We did not understand this request"),
        _("The address or the form is not complete."),
        _("Go back, then try again."),
    ),
    403: What(
        _("This form is too old"),
        _("The page stayed open for too long, or your browser refuses our cookies."),
        _("Go back, load the page again, then send the form once more."),
    ),
    404: What(
        _("This page does not exist"),
        _("The address is wrong, or there is nothing here for you."),
        _("Check the address, or start again from the first page."),
    ),
    405: What(
        _("This page cannot be opened this way"),
        _("It only takes the answer of a form."),
        _("Go back to the page with the form."),
    ),
    409: What(
        _("Somebody changed this at the same time"),
        _("What you wanted to change is no longer as you saw it."),
        _("Go back, load the page again and look at what is there now."),
    ),
    413: What(
        _("This file is too big"),
        _("We did not take it in."),
        _("Make the file smaller, or send its pages one by one."),
    ),
    429: What(
        _("Too many requests"),
        _("Many requests came from you in a short time."),
        _("Wait one minute, then try again."),
    ),
    500: What(
        _("Something broke on our side"),
        _("It is our fault, not yours. We have been told."),
        _("Try again in a few minutes."),
        _("Your data is safe. What you were doing may not have been saved."),
    ),
    503: What(
        _("The service rests for a moment"),
        _("A part of the service does not answer."),
        _("Try again in a few minutes."),
    ),
}


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for that status; the incident number is written in the log and on the page."""
    incident = uuid4().hex[:10].upper()
    log.warning("incident %s: answered %s", incident, status)
    body = render_to_string("web/error.html", {"what": WHATS[status], "incident": incident}, request)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


def own_record(request: HttpRequest) -> HttpResponse:
    """For whoever is in the record of somebody else and asks for a page of their own: the way back to it."""
    onward = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    body = render_to_string("web/citizen/own_record.html", {"tab": "", "onward": onward}, request)
    return HttpResponse(body, status=404)


def handler(status: int) -> Callable[..., HttpResponse]:
    """A Django error handler for that status."""

    def handle(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
        return page(request, status)

    return handle


bad_request = handler(400)
forbidden = handler(403)
not_found = handler(404)
broken = handler(500)
