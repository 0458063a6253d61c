"""Ten codes on paper: shown once, in the answer itself, so that they are kept nowhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.people import actions as people
from healthspace.web.account.own import account_id, render
from healthspace.web.audience import for_anybody_inside
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


@require_safe
@for_anybody_inside
def paper_first(request: WebRequest) -> HttpResponse:
    """The space is open and nothing but the password proves who one is: print codes now."""
    return render(request, "paper_first", {})


@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody_inside
@step_up
def paper(request: WebRequest) -> HttpResponse:
    """Ask first: new codes end the old ones; then the page to print."""
    if request.method == "POST":
        return render(request, "paper_codes", {"codes": people.new_paper_codes(account_id(request))})
    return render(request, "paper", {})
