"""The link of a message that stops a change of e-mail or phone, without signing in (T12).

Opening the link changes nothing: mail programs open links by themselves. Only the button does.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.common.errors import Refused
from healthspace.spaces import actions as spaces


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then stop it. What a wrong link gets tells nothing: the page is the same until the button."""
    if request.method == "POST":
        try:
            is_stopped = spaces.stop_by_link(token=token)
        except Refused:
            is_stopped = False
        return redirect("public:contact_stopped" if is_stopped else "public:contact_not_stopped")
    return render(request, "web/public/contact_stop.html", {"token": token})


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """It is stopped."""
    return render(request, "web/public/contact_stopped.html", {"is_stopped": True})


@require_safe
def not_stopped(request: HttpRequest) -> HttpResponse:
    """It waits no more, or the link is not whole."""
    return render(request, "web/public/contact_stopped.html", {"is_stopped": False})
