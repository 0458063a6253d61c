"""What the holder does with a document: hide, name, move, withdraw, disown."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.common.errors import Invalid
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder, for_person_side
from healthspace.web.citizen.forms import FolderForm, MoveForm, WordsForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up


def _card(request: WebRequest, document_id: UUID) -> reads.Card:
    return reads.document_card(actor=request.actor, person_id=space(request), document_id=document_id)


@require_POST
@for_holder
@step_up
def mask(request: WebRequest, document_id: UUID) -> HttpResponse:
    """Hide a document from professionals."""
    documents.mask(actor=request.actor, person_id=space(request), document_id=document_id)
    messages.success(request, _("The document is now hidden from your professionals."))
    return redirect("citizen:document", document_id)


@require_POST
@for_holder
@step_up
def unmask(request: WebRequest, document_id: UUID) -> HttpResponse:
    """Show a hidden document again."""
    documents.unmask(actor=request.actor, person_id=space(request), document_id=document_id)
    messages.success(request, _("Your professionals can see the document again."))
    return redirect("citizen:document", document_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def rename(request: WebRequest, document_id: UUID) -> HttpResponse:
    """The holder's own name and note; the original stays as it is."""
    card = _card(request, document_id)
    own_title = card.title if card.title != card.original_title else ""
    form = WordsForm(request.POST or None, initial={"title": own_title, "note": card.note})
    if request.method == "POST" and form.is_valid():
        actor, person_id, given = request.actor, space(request), form.cleaned_data
        documents.rename(actor=actor, person_id=person_id, document_id=document_id, title=given["title"])
        documents.note(actor=actor, person_id=person_id, document_id=document_id, text=given["note"])
        messages.success(request, _("Your name and your note are saved."))
        return redirect("citizen:document", document_id)
    back = reverse("citizen:document", args=[document_id])
    ask = Ask(_("Name and note"), _("Save"), back, card.title)
    return render(request, "form", "documents", {"form": form, "ask": ask}, _status(form))


def _status(form: WordsForm | FolderForm | MoveForm) -> int:
    return 422 if form.errors else 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def move(request: WebRequest, document_id: UUID) -> HttpResponse:
    """Put a document in a folder, or take it out."""
    card = _card(request, document_id)
    known = reads.folders(actor=request.actor, person_id=space(request))
    choices = [(str(folder.id), folder.name) for folder in known]
    form = MoveForm(request.POST or None, folders=choices, initial={"folder": str(card.folder_id or "")})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["folder"]
        documents.move(
            actor=request.actor,
            person_id=space(request),
            document_id=document_id,
            folder_id=UUID(chosen) if chosen else None,
        )
        messages.success(request, _("The document is in its place."))
        return redirect("citizen:document", document_id)
    back = reverse("citizen:document", args=[document_id])
    ask = Ask(_("Put it in a folder"), _("Save"), back, card.title)
    return render(request, "form", "documents", {"form": form, "ask": ask}, _status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_person_side
@step_up
def delete(request: WebRequest, document_id: UUID) -> HttpResponse:
    """Withdraw a document that the holder added."""
    if request.method == "POST":
        documents.delete(actor=request.actor, person_id=space(request), document_id=document_id)
        messages.success(request, _("The document is no longer in your record."))
        return redirect("citizen:documents")
    ask = Ask(
        _("Delete this document?"),
        _("Delete it"),
        reverse("citizen:document", args=[document_id]),
        about=_card(request, document_id).title,
        lines=(
            _("It leaves your record at once, and your professionals no longer see it."),
            _("The list of openings keeps the trace that it existed."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "documents", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def disown(request: WebRequest, document_id: UUID) -> HttpResponse:
    """This is not mine: out of sight at once, and back to its author."""
    if request.method == "POST":
        documents.disown(actor=request.actor, person_id=space(request), document_id=document_id)
        messages.success(request, _("The document has left your record. Its sender is told."))
        return redirect("citizen:documents")
    ask = Ask(
        _("This document is not yours?"),
        _("It is not mine"),
        reverse("citizen:document", args=[document_id]),
        about=_card(request, document_id).title,
        lines=(
            _("It leaves your record at once. Nobody sees it any more but the one who sent it."),
            _("The sender is told and must put it right. You cannot take it back by yourself."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "documents", {"ask": ask})


@require_safe
@for_holder
def folders(request: WebRequest) -> HttpResponse:
    """The holder's folders."""
    known = reads.folders(actor=request.actor, person_id=space(request))
    return render(request, "folders", "documents", {"folders": known})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def new_folder(request: WebRequest) -> HttpResponse:
    """Make a folder."""
    form = FolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.create_folder(actor=request.actor, person_id=space(request), **form.cleaned_data)
        except Invalid:
            form.add_error("name", _("This name cannot be used. Choose a short name on one line."))
        else:
            messages.success(request, _("The folder is made."))
            return redirect("citizen:folders")
    ask = Ask(_("New folder"), _("Make the folder"), reverse("citizen:folders"), _("Folders"))
    return render(request, "form", "documents", {"form": form, "ask": ask}, _status(form))
