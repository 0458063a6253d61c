"""A copy of everything: asked for here, made by the worker, downloaded with the password asked again."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Refused
from healthspace.documents import actions
from healthspace.documents.reads import copies
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder
from healthspace.web.citizen.again import is_holder
from healthspace.web.citizen.closing_forms import PasswordForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up

SHOWN: Final = {"asked", "ready", "failed"}


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def export(request: WebRequest) -> HttpResponse:
    """What a copy holds, where mine stands, and asking for one."""
    person_id = space(request)
    if request.method == "POST":
        language = (get_language() or "fr")[:2]
        actions.ask_copy(actor=request.actor, person_id=person_id, language=language)
        messages.success(request, _("Your copy is being made. It takes a few minutes at most."))
        return redirect("citizen:export")
    found = copies.copies(actor=request.actor, person_id=person_id)
    latest = next((one for one in found if one.state in SHOWN), None)
    return render(request, "export", "", {"copy": latest, "parts": _parts(latest)})


def _parts(copy: copies.CopyCard | None) -> list[dict[str, Any]]:
    if copy is None or copy.state != "ready":
        return []
    return [
        {
            "label": _label(part.number, len(copy.parts)),
            "told": _told(part),
            "size": part.size,
            "address": reverse("citizen:export_part", args=[copy.id, part.number]),
        }
        for part in copy.parts
    ]


def _label(number: int, count: int) -> str:
    return _("Download") if count == 1 else _("Download part %(number)d") % {"number": number}


def _told(part: copies.PartCard) -> str:
    count = len(part.documents)
    return ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def export_part(request: WebRequest, copy_id: UUID, number: int) -> HttpResponse:
    """One file of the copy, once the password is given again (T09)."""
    found = copies.copies(actor=request.actor, person_id=space(request))
    ready = next((one for one in found if one.id == copy_id and one.state == "ready"), None)
    if ready is None or number not in {part.number for part in ready.parts}:
        raise Refused("ABSENT")
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and is_holder(request, form):
        part = actions.open_copy(actor=request.actor, person_id=space(request), copy_id=copy_id, number=number)
        return _file(part)
    ask = Ask(
        _("Download my copy"),
        _("Download"),
        reverse("citizen:export"),
        back_label=_("A copy of everything"),
        lines=(
            _("This file holds all your health data. On a shared computer, do not save it."),
            _("We write in your record that it was downloaded."),
        ),
    )
    return render(request, "form", "", {"form": form, "ask": ask}, 422 if form.errors else 200)


def _file(part: actions.Part) -> HttpResponse:
    response = HttpResponse(part.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{part.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
