"""Refusing the health space: read once more, send, keep the proof, take it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.enrolment.actions import answers
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules import texts
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.web.answer_told import TOLD, Told, of_error
from healthspace.web.middleware import WebRequest
from healthspace.web.public import start_claim
from healthspace.web.public.start import tell
from healthspace.web.public.start_claim import for_claim


def sentence(claim: Claim) -> str:
    """The very words of a refusal, as the proof quotes them."""
    name = "refuse_child" if claim.is_child else "refuse"
    return str(texts.text("answers", get_language() or "fr")[name]).format(name=claim.name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("refuse")
def refuse(request: WebRequest, claim: Claim) -> HttpResponse:
    """Read, then one button."""
    told: Told | None = None
    if request.method == "POST":
        try:
            receipt = answers.oppose(claim, channel="web", language=get_language() or "fr")
        except NotAccepted as error:
            told = of_error(error)
        else:
            start_claim.answered(request, claim, receipt)
            return redirect("public:refused")
    shown = {"claim": claim, "said": sentence(claim), "default_on": claim.deadline_at, "trouble": told}
    return render(request, "web/public/refuse.html", shown, status=told.status if told else 200)


@require_safe
def refused(request: WebRequest) -> HttpResponse:
    """What was written down, the proof, how to change one's mind."""
    try:
        found = start_claim.receipt(request)
    except NotAccepted:
        return redirect("public:start_again")
    if found.undo_until is None:  # a closing
        return redirect("public:closed")
    shown = {"claim": found.claim, "undo_until": found.undo_until}
    return render(request, "web/public/refused.html", shown)


@require_safe
def proof(request: WebRequest) -> HttpResponse:
    """The proof, to be kept; its name says nothing of what is in it."""
    try:
        found = start_claim.receipt(request)
    except NotAccepted:
        return redirect("public:start_again")
    content = proofs.proof(person_id=found.claim.person_id, answer_id=found.answer_id)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="answer.pdf"'
    return response


@require_POST
def undo(request: WebRequest) -> HttpResponse:
    """Take a refusal back within its 14 days: just made here, or by whoever got its confirmation (T25)."""
    try:
        try:
            claim = start_claim.receipt(request).claim
        except NotAccepted:
            claim = start_claim.held(request)
        answers.undo(claim)
    except NotAccepted as error:
        return redirect("public:start_again") if error.reason == "session" else tell(request, of_error(error))
    start_claim.let_go(request)
    return redirect("public:taken_back")


@require_POST
@for_claim("withdraw")
def withdraw(request: WebRequest, claim: Claim) -> HttpResponse:
    """With a new code: no longer refused, and opened by itself on its date (ENR-8)."""
    try:
        answers.withdraw(claim, channel="web", language=get_language() or "fr")
    except NotAccepted as error:
        return tell(request, of_error(error))
    start_claim.let_go(request)
    return redirect("public:taken_back")


@require_safe
def taken_back(request: WebRequest) -> HttpResponse:
    """The refusal is no more."""
    return tell(request, TOLD["taken_back"])
