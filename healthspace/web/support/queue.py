"""What waits for an agent: questions of holders, and acts that need a second agent."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.journeys import desk as journeys
from healthspace.journeys import desk_cases, two_agents
from healthspace.support import actions as support
from healthspace.support import reads
from healthspace.support.actions import acts_open, reading
from healthspace.web import desk_told, files
from healthspace.web.answer_forms import PlainForm
from healthspace.web.audience import for_support
from healthspace.web.middleware import WebRequest
from healthspace.web.support.more import PaperForm, ShownStatus


class AnswerForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("Plain words, one idea a sentence. Your name stands above it."),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write an answer.")},
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class MergeForm(PaperForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Are they one person?"),
        choices=list(desk_told.OUTCOMES.items()),
        error_messages={"required": gettext_lazy("Choose an answer.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )
    field_order = ("outcome", "paper")


@require_safe
@for_support
def questions(request: WebRequest) -> HttpResponse:
    """Questions that wait, the oldest first; nobody's name."""
    number, lines = reads.waiting(actor=request.actor, kind="ticket")
    rows = [(line, desk_told.TOPICS[line.topic]) for line in lines]
    shown = {"rows": rows, "number": number, "here_is": "questions"}
    return render(request, "web/support/questions.html", shown)


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@for_support
def question(request: WebRequest, ticket_id: UUID) -> HttpResponse:
    """One question, the state of the space of whoever asked it, and the answer."""
    person_id = reads.whose(actor=request.actor, item_id=ticket_id)
    asked: dict[str, Any] = {"actor": request.actor, "person_id": person_id, "ticket_id": ticket_id}
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            support.answer_ticket(**asked, text=form.cleaned_data["text"])
        except Conflict:
            messages.info(request, _("The question was closed meanwhile."))
        else:
            messages.success(request, _("The answer is sent."))
        return redirect("support:questions")
    card = reading.open_ticket(**asked)
    status = journeys.status(actor=request.actor, person_id=person_id)
    shown = {
        "card": card,
        "topic": desk_told.TOPICS[card.topic],
        "status": ShownStatus(status, desk_told.SPACE_STATES[status.state]),
        "form": form,
        "here_is": "questions",
    }
    return render(request, "web/support/question.html", shown, status=422 if form.errors else 200)


@require_safe
@for_support
def file(request: WebRequest, ticket_id: UUID, file_id: UUID) -> HttpResponse:
    """A file sent with a question that waits, to be saved."""
    person_id = reads.whose(actor=request.actor, item_id=ticket_id)
    found = reading.open_file(actor=request.actor, person_id=person_id, ticket_id=ticket_id, file_id=file_id)
    return files.attachment(found.content, found.card.name)


@require_safe
@for_support
def acts(request: WebRequest) -> HttpResponse:
    """Acts that wait for a second agent."""
    number, lines = reads.waiting(actor=request.actor, kind="act")
    rows = [(line, desk_told.ACTS[line.topic]) for line in lines]
    return render(request, "web/support/acts.html", {"rows": rows, "number": number, "here_is": "acts"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_support
def act(request: WebRequest, act_id: UUID) -> HttpResponse:
    """What one agent proposed; another one agrees or does not."""
    person_id = reads.whose(actor=request.actor, item_id=act_id)
    case = desk_cases.handed(actor=request.actor, person_id=person_id, case_id=act_id)
    if case is not None:
        return _merge(request, person_id, act_id, case.other_id)
    if request.method == "POST":
        _decide(request, person_id, act_id)
        return redirect("support:acts")
    card = acts_open.open_act(actor=request.actor, person_id=person_id, act_id=act_id)
    shown = {
        "card": card,
        "title": desk_told.ACTS[card.kind],
        "details": [
            (desk_told.DETAILS.get(name, name), desk_told.said(name, text)) for name, text in card.details.items()
        ],
        "other": acts_open.subject(card.other_id) if card.other_id else "",
        "other_label": desk_told.OTHERS.get(card.kind, _("Who acts for the person")),
        "name": acts_open.subject(person_id),
        "is_own": card.proposed_by == request.actor.id,
        "here_is": "acts",
    }
    return render(request, "web/support/act.html", shown)


def _merge(request: WebRequest, person_id: UUID, case_id: UUID, other_id: UUID | None) -> HttpResponse:
    """Two numbers that may be one person: the first agent answers, a second one must agree."""
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked: dict[str, Any] = {"actor": request.actor, "person_id": person_id, "case_id": case_id}
        try:
            desk_cases.propose_merge(**asked, outcome=given["outcome"], paper=given["paper"])
        except Conflict:
            messages.info(request, _("The same waits already for this person."))
        else:
            messages.success(request, _("Nothing is done until another agent agrees."))
        return redirect("support:acts")
    shown = {
        "title": desk_told.ACTS["merge"],
        "name": acts_open.subject(person_id),
        "other": acts_open.subject(other_id) if other_id else "",
        "form": form,
        "here_is": "acts",
    }
    return render(request, "web/support/merge.html", shown, status=422 if form.errors else 200)


def _decide(request: WebRequest, person_id: UUID, act_id: UUID) -> None:
    wanted = request.POST.get("answer", "")
    try:
        if wanted == "agree":
            two_agents.agree(actor=request.actor, person_id=person_id, act_id=act_id)
            messages.success(request, _("It is done. Both names stand in the journal."))
        elif wanted == "turn_down":
            support.turn_down(actor=request.actor, person_id=person_id, act_id=act_id)
            messages.success(request, _("Nothing was done. It can be proposed anew."))
    except Refused:
        messages.error(request, _("Whoever proposed an act cannot agree to it. Ask a colleague."))
    except (Conflict, Invalid):
        messages.error(request, _("It cannot be done: it was decided, is too old, or no longer fits the space."))
