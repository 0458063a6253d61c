"""The link of a message that stops a recovery, without signing in (T13).

Opening the link changes nothing: mail programs open links by themselves. Only the button does.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.people import actions as people
from healthspace.web import recall


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then stop it. What a wrong link gets tells nothing: the page is the same until the button."""
    if request.method == "POST":
        is_stopped = people.stop_recovery(token=token)
        recall.ACTORS.clear()
        return redirect("public:recovery_stopped" if is_stopped else "public:recovery_not_stopped")
    return render(request, "web/public/recovery_stop.html", {"token": token})


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """It is stopped."""
    return render(request, "web/public/recovery_stopped.html", {"is_stopped": True})


@require_safe
def not_stopped(request: HttpRequest) -> HttpResponse:
    """Too late, or the link is not whole."""
    return render(request, "web/public/recovery_stopped.html", {"is_stopped": False})
