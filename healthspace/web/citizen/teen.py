"""A child's own sign-in, as its parents and the child see it, and what the child keeps from them (CHI-7)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.access import actions, reads
from healthspace.common.errors import Refused
from healthspace.documents import actions as documents
from healthspace.journeys import family
from healthspace.web.audience import for_holder, for_holder_alone
from healthspace.web.citizen.own import render, space
from healthspace.web.citizen.parents import acting_for, child_of
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def own_way(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Whether a child may sign in, what is missing; agree, take it back, send the letter with the code."""
    one, actor = child_of(request, person_id), acting_for(request, person_id)
    if request.method == "POST":
        done = _do(request.POST.get("do", ""), person_id, request)
        messages.success(request, done % {"name": one.full})
        return redirect("citizen:own_way", person_id)
    card = reads.teen(actor=actor, child_id=person_id)
    return render(request, "own_way", "", {"child": one, "card": card})


def _do(wanted: str, person_id: UUID, request: WebRequest) -> str:
    actor = acting_for(request, person_id)
    if wanted == "agree":
        actions.agree_to_own_way(actor=actor, child_id=person_id)
        return _("It is noted. You agree that %(name)s signs in.")
    if wanted == "disagree":
        actions.take_agreement_back(actor=actor, child_id=person_id)
        return _("It is noted. You no longer agree that %(name)s signs in.")
    if wanted == "letter":
        family.order_own_way(actor=actor, child_id=person_id)
        return _("A letter with a code goes to %(name)s with the next post.")
    raise Refused("ABSENT")


@require_POST
@for_holder_alone
@step_up
def hide_from_parents(request: WebRequest, document_id: UUID) -> HttpResponse:
    """A minor keeps a document from the parents; they see no trace of it."""
    _change(request, document_id, "hide_from_representatives")
    messages.success(request, _("Your parents no longer see this document, nor that it is there."))
    return redirect("citizen:document", document_id)


@require_POST
@for_holder_alone
@step_up
def show_to_parents(request: WebRequest, document_id: UUID) -> HttpResponse:
    """A minor shows it to the parents again."""
    _change(request, document_id, "reveal_to_representatives")
    messages.success(request, _("Your parents see this document again."))
    return redirect("citizen:document", document_id)


def _change(request: WebRequest, document_id: UUID, ask: str) -> None:
    documents.change_visibility(actor=request.actor, person_id=space(request), document_id=document_id, ask=ask)
