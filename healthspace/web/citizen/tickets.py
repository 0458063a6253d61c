"""Questions to the help desk: written in the space, answered in the space."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.common.errors import Conflict, Invalid, TooLarge
from healthspace.support import actions as desk
from healthspace.support import rules
from healthspace.support.actions import reading
from healthspace.support.actions.tickets import Given
from healthspace.web import desk_told, files
from healthspace.web.answer_forms import PlainForm
from healthspace.web.audience import for_holder_alone
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.txt,application/pdf,image/jpeg,image/png,text/plain"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one field; the desk itself checks what they are."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file as it came."""
        return [one for one in (data if isinstance(data, list) else [data]) if one]


class TextForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("An agent reads it. Write nothing about your health: it is not needed."),
        max_length=rules.LONGEST_TEXT,
        error_messages={
            "required": gettext_lazy("Write your question."),
            "max_length": gettext_lazy("Write your question, in at most 4000 letters."),
        },
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class NewForm(TextForm):
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=desk_told.TOPIC_CHOICES,
        error_messages={"required": gettext_lazy("Choose what your question is about.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )
    attached = FilesField(
        label=gettext_lazy("Files, if they help (at most 5, of 10 MB each)"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
    )
    may_read = forms.BooleanField(
        label=gettext_lazy("I agree that an agent reads this question and these files"),
        error_messages={"required": gettext_lazy("Tick the box, or the agent cannot read your question.")},
        widget=forms.CheckboxInput(attrs={"piece": "web/parts/tick.html"}),
    )
    field_order = ("topic", "text", "attached", "may_read")


@require_safe
@for_holder_alone
def tickets(request: WebRequest) -> HttpResponse:
    """What the holder asked the desk, the latest first."""
    found = reading.my_tickets(actor=request.actor, person_id=space(request))
    rows = [(card, desk_told.TOPICS[card.topic], desk_told.STATES[card.state]) for card in found]
    return render(request, "tickets", "", {"rows": rows})


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
def new(request: WebRequest) -> HttpResponse:
    """One page: what about, the question, files, agreement."""
    form = NewForm(request.POST, request.FILES) if request.method == "POST" else NewForm()
    if request.method == "POST" and form.is_valid():
        ticket_id = _sent(request, form)
        if ticket_id is not None:
            messages.success(request, _("Your question is sent. The answer comes here, and a notice tells you."))
            return redirect("citizen:ticket", ticket_id)
    return render(request, "ticket_new", "", {"form": form}, 422 if form.errors else 200)


def _sent(request: WebRequest, form: NewForm) -> UUID | None:
    given = form.cleaned_data
    try:
        return desk.send_ticket(
            actor=request.actor,
            person_id=space(request),
            topic=given["topic"],
            text=given["text"],
            files=[Given(one.name or "", one.read()) for one in given["attached"]],
        )
    except (Invalid, TooLarge, Conflict) as error:
        field, sentence = desk_told.fault(error)
        form.add_error(field or None, str(sentence))
        return None


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
def ticket(request: WebRequest, ticket_id: UUID) -> HttpResponse:
    """A question with its answers; the holder may write on."""
    asked: dict[str, Any] = {"actor": request.actor, "person_id": space(request), "ticket_id": ticket_id}
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            desk.write_on(**asked, text=form.cleaned_data["text"])
        except Conflict:
            messages.info(request, _("This question is closed. Ask a new one."))
        else:
            messages.success(request, _("Your text is sent."))
        return redirect("citizen:ticket", ticket_id)
    card = reading.my_ticket(**asked)
    shown = {
        "card": card,
        "form": form,
        "topic": desk_told.TOPICS[card.topic],
        "state": desk_told.STATES[card.state],
    }
    return render(request, "ticket", "", shown, 422 if form.errors else 200)


@require_POST
@for_holder_alone
def close(request: WebRequest, ticket_id: UUID) -> HttpResponse:
    """No more help is needed with this."""
    desk.close_ticket(actor=request.actor, person_id=space(request), ticket_id=ticket_id)
    messages.success(request, _("The question is closed. It is erased in a year."))
    return redirect("citizen:tickets")


@require_safe
@for_holder_alone
def file(request: WebRequest, ticket_id: UUID, file_id: UUID) -> HttpResponse:
    """A file the holder sent, to be saved."""
    found = reading.my_file(actor=request.actor, person_id=space(request), ticket_id=ticket_id, file_id=file_id)
    return as_download(request, found)


def as_download(request: HttpRequest, found: reading.Opened) -> HttpResponse:
    """A file of a ticket: saved, never shown inside the page; shut off from everything."""
    return files.attachment(found.content, found.card.name)
