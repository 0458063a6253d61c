"""Closing a space that opened by itself, with the code of a letter and without signing in (CLO-1)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules import texts
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.web.answer_told import Told, of_error
from healthspace.web.middleware import WebRequest
from healthspace.web.public import start_claim
from healthspace.web.public.start_claim import for_claim


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("close")
def close(request: WebRequest, claim: Claim) -> HttpResponse:
    """What follows from closing, then one button."""
    told: Told | None = None
    if request.method == "POST":
        try:
            receipt = answers.close(claim, channel="web", language=get_language() or "fr")
        except NotAccepted as error:
            told = of_error(error)
        else:
            start_claim.answered(request, claim, receipt, shown_at="public:closed")
            return redirect("public:closed")
    said = str(texts.text("answers", get_language() or "fr")["close"]).format(name=claim.name)
    shown = {"claim": claim, "said": said, "trouble": told}
    return render(request, "web/public/close.html", shown, status=told.status if told else 200)


@require_safe
def closed(request: WebRequest) -> HttpResponse:
    """What was written down, the proof, how to have it opened again."""
    try:
        found = start_claim.receipt(request)
    except NotAccepted:
        return redirect("public:start_again")
    return render(request, "web/public/closed.html", {"claim": found.claim})
