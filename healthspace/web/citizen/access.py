"""Who opened my record, who may, and what I decide about it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.access import actions, reads
from healthspace.audit.reads import Entry
from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.documents import reads as documents
from healthspace.people import reads as people
from healthspace.web import recall
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder
from healthspace.web.citizen import gather, told, told_who
from healthspace.web.citizen.forms import AcceptForm
from healthspace.web.citizen.own import render, space
from healthspace.web.labels import profession
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up

LINES_BY_DATE: Final = 50
LINES_BY_PERSON: Final = 500
VIEWS: Final = ("people", "refused", "date", "me")


@require_safe
@for_holder
def access(request: WebRequest) -> HttpResponse:
    """Openings by person for the last 30 days, or every line by date."""
    view = request.GET.get("view", "people")
    shown: dict[str, Any] = {"views": _views(view, is_acting=request.actor.kind == "representative"), "summary": ""}
    if view in {"date", "me", "refused"}:
        shown |= _by_date(request, view)
    else:
        shown |= _by_person(request)
    return render(request, "access", "access", shown)


def _views(current: str, *, is_acting: bool) -> list[dict[str, object]]:
    labels = {
        "people": _("By person"),
        "refused": _("Refused tries"),
        "date": _("By date"),
        "me": _("What the family did") if is_acting else _("What I did"),
    }
    address = reverse("citizen:access")
    return [
        {
            "label": labels[name],
            "address": address if name == "people" else f"{address}?view={name}",
            "is_current": name == current,
        }
        for name in VIEWS
    ]


def _by_person(request: WebRequest) -> dict[str, object]:
    person_id = space(request)
    entries = gather.lines_of_others(actor=request.actor, person_id=person_id, limit=LINES_BY_PERSON)
    found = told.people(entries, reads.ties(actor=request.actor, person_id=person_id), _viewer(request, entries))
    return {"people": found, "summary": _summary(entries, is_acting=request.actor.kind == "representative")}


def _viewer(request: WebRequest, entries: tuple[Entry, ...]) -> told_who.Viewer:
    """Whose page it is; the names of helpers only where one of them did something."""
    actor, person_id = request.actor, space(request)
    shown = recall.acted_for(actor) if actor.kind == "representative" else None
    has_helpers = any(entry.actor_kind == "caregiver" for entry in entries)
    cards = reads.helpers(actor=actor, person_id=person_id) if has_helpers else ()
    running = frozenset(card.name for card in cards if card.state == "running")
    return told_who.Viewer(actor, is_child=shown is not None and shown.is_child, helpers=running)


def _summary(entries: tuple[Entry, ...], *, is_acting: bool) -> str:
    openings = [entry for entry in entries if told.is_opening(entry) and entry.actor_kind not in told.FAMILY]
    readers, helpers = len({entry.actor_id for entry in openings}), told.helper_count(entries)
    if helpers:
        of_helpers = ngettext("%(count)d helper opened it.", "%(count)d helpers opened it.", helpers)
        told_of = of_helpers % {"count": helpers}
        return f"{_by_professionals(readers, len(openings))} {told_of}"
    if not openings and is_acting:
        return _("In the last 30 days: nobody but the family.")
    if not openings:
        return _("In the last 30 days: nobody but you.")
    return _by_professionals(readers, len(openings))


def _by_professionals(readers: int, lines: int) -> str:
    if not readers:
        return _("In the last 30 days: no professional.")
    return ngettext(
        "In the last 30 days: %(count)d professional, %(lines)d openings.",
        "In the last 30 days: %(count)d professionals, %(lines)d openings.",
        readers,
    ) % {"count": readers, "lines": lines}


def _by_date(request: WebRequest, view: str) -> dict[str, object]:
    own = ("holder",) if request.actor.kind == "holder" else ("holder", "representative")
    entries = documents.journal(
        actor=request.actor,
        person_id=space(request),
        before=told.place(request.GET.get("before", "")),
        limit=LINES_BY_DATE,
        by={"refused": told.OTHERS, "me": own}.get(view, ()),
        outcome="refused" if view == "refused" else "",
    )
    more = ""
    if len(entries) == LINES_BY_DATE:
        mark = told.mark(*entries[-1].place)
        more = f"{reverse('citizen:access')}?view={view}&before={mark}"
    return {"people": None, "entries": [told.line(entry) for entry in entries], "next_page": more}


@require_safe
@for_holder
def proof(request: WebRequest, event_id: UUID) -> HttpResponse:
    """That one line of the journal is in the sealed list, checked now."""
    seen = told.place(request.GET.get("at", ""))
    if seen is None:
        raise Refused("ABSENT")
    before = (seen[0] + told.MICROSECOND, seen[1])
    found = gather.prove(actor=request.actor, person_id=space(request), event_id=event_id, before=before)
    shown = {"entry": told.line(found.entry), "proof": found}
    return render(request, "proof", "access", shown)


@require_safe
@for_holder
def professionals(request: WebRequest) -> HttpResponse:
    """Whom the holder accepts and whom they block."""
    ties, is_own = reads.ties(actor=request.actor, person_id=space(request)), request.actor.kind == "holder"
    shown = {
        "accepted": [told.tied(tie, is_own=is_own) for tie in ties if tie.kind != "block"],
        "blocked": [told.tied(tie, is_own=is_own) for tie in ties if tie.kind == "block"],
    }
    return render(request, "professionals", "access", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def find_professional(request: WebRequest) -> HttpResponse:
    """Look a professional up in the directory; the name asked for stays out of addresses."""
    words = request.POST.get("name", "").strip()[:100]
    found: list[dict[str, object]] | None = None
    if words:
        found = [
            {"id": one.id, "name": one.name, "told": profession(one.profession)}
            for one in people.find_professionals(words)
        ]
    return render(request, "find_professional", "access", {"words": words, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def accept(request: WebRequest, professional_id: UUID) -> HttpResponse:
    """Let one professional consult, for a time."""
    one = people.professional(professional_id)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["until"]
        until = clock.now() + timedelta(days=int(days)) if days else None
        actions.grant(actor=request.actor, person_id=space(request), professional_id=professional_id, until=until)
        messages.success(request, _("%(name)s can now read this record.") % {"name": one.name})
        return redirect("citizen:professionals")
    ask = Ask(
        _("Accept %(name)s?") % {"name": one.name},
        _("Accept"),
        reverse("citizen:find_professional"),
        back_label=_("Accept a professional"),
        about=profession(one.profession),
        lines=(_("This person will read the documents that are not hidden. You see each opening."),),
    )
    return render(request, "form", "access", {"form": form, "ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def end(request: WebRequest, tie_id: UUID) -> HttpResponse:
    """End an authorisation."""
    person_id = space(request)
    if request.method == "POST":
        actions.end(actor=request.actor, person_id=person_id, tie_id=tie_id)
        messages.success(request, _("It has ended. This record is closed to this professional."))
        return redirect("citizen:professionals")
    ties = reads.ties(actor=request.actor, person_id=person_id)
    tie = next((tie for tie in ties if tie.id == tie_id and tie.kind != "block"), None)
    if tie is None:
        raise Refused("ABSENT")
    ask = Ask(
        _("End the access of %(name)s?") % {"name": tie.name},
        _("End it"),
        reverse("citizen:professionals"),
        lines=(
            _("It stops at once. You can accept this professional again at any time."),
            _("What this professional wrote stays in the record, and they can still read it."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "access", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def block(request: WebRequest, professional_id: UUID) -> HttpResponse:
    """Block one professional."""
    one = people.professional(professional_id)
    if request.method == "POST":
        actions.block(actor=request.actor, person_id=space(request), professional_id=professional_id)
        messages.success(request, _("%(name)s is blocked.") % {"name": one.name})
        return redirect("citizen:professionals")
    ask = Ask(
        _("Block %(name)s?") % {"name": one.name},
        _("Block"),
        reverse("citizen:professionals"),
        about=profession(one.profession),
        lines=(
            _("This person can no longer read this record, even in an emergency."),
            _("This person is not told, and can still send documents."),
            _("Only you can lift the block."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "access", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def unblock(request: WebRequest, professional_id: UUID) -> HttpResponse:
    """Lift a block; it gives no access by itself."""
    one = people.professional(professional_id)
    if request.method == "POST":
        actions.unblock(actor=request.actor, person_id=space(request), professional_id=professional_id)
        messages.success(request, _("%(name)s is no longer blocked.") % {"name": one.name})
        return redirect("citizen:professionals")
    ask = Ask(
        _("Lift the block of %(name)s?") % {"name": one.name},
        _("Lift the block"),
        reverse("citizen:professionals"),
        lines=(_("It gives no access by itself: to let this person read, accept them afterwards."),),
    )
    return render(request, "confirm", "access", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def emergency(request: WebRequest) -> HttpResponse:
    """The three choices for an emergency."""
    person_id = space(request)
    if request.method == "POST":
        actions.change_emergency_choice(
            actor=request.actor,
            person_id=person_id,
            is_samu_opposed="samu" not in request.POST,
            is_break_glass_opposed="break_glass" not in request.POST,
            is_masked_opposed="masked" not in request.POST,
        )
        messages.success(request, _("The choices are saved."))
        return redirect("citizen:access")
    choices = gather.emergency_choices(actor=request.actor, person_id=person_id)
    shown = {
        "choices": {
            "samu": not choices.is_samu_opposed,
            "break_glass": not choices.is_break_glass_opposed,
            "masked": not choices.is_masked_opposed,
        }
    }
    return render(request, "emergency", "access", shown)
