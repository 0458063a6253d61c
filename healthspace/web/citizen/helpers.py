"""Who helps me: asking somebody, letting them go on, ending it at once and in silence (T23)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.access import actions, reads
from healthspace.common.errors import Invalid, Refused
from healthspace.journeys import attestation
from healthspace.web.answer_forms import field_fault
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder
from healthspace.web.citizen.helped import spoken
from healthspace.web.citizen.helper_forms import UntilForm, WhatForm, WhoForm, terms
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import OWN, WebRequest
from healthspace.web.step_up import step_up

SHOWN = frozenset({"running", "waiting", "declined", "unanswered", "left"})
MOST = 3
Carried = Sequence[tuple[str, str]]


@require_safe
@for_holder
def helpers(request: WebRequest) -> HttpResponse:
    """Everybody whom I asked, what they see, until when; and whether I still want it. A child has the parents."""
    if request.actor.kind == "representative" and not _is_adult(request):
        raise Refused(OWN)
    found = reads.helpers(actor=request.actor, person_id=space(request))
    cards = [{"card": card, "words": spoken(card.terms)} for card in found if card.state in SHOWN]
    living = sum(card.state in {"running", "waiting"} for card in found)
    shown = {"cards": cards, "may_ask": living < MOST, "most": MOST, "is_adult": _is_adult(request)}
    return render(request, "helpers", "access", shown)


def _is_adult(request: WebRequest) -> bool:
    return reads.may_have_helpers(actor=request.actor, person_id=space(request))


@sensitive_post_parameters("matricule", "day", "month", "year", "first_name", "birth_name")
@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def ask(request: WebRequest) -> HttpResponse:
    """Three questions, one a page: what, until when, who. The last one asks; the answer is the same for anybody."""
    if not _is_adult(request):
        return redirect("citizen:helpers")
    given = request.POST if request.method == "POST" else request.GET
    what = WhatForm(given if "step" in given else None)
    if not what.is_valid():
        return _question(request, _("What may the person who helps you see?"), what, step="until")
    until = UntilForm(given if given.get("step") == "who" else None)
    carried = [("see", code) for code in what.cleaned_data["see"]] + [("may", what.cleaned_data["may"])]
    if not until.is_valid():
        return _question(request, _("Until when do you want this help?"), until, step="who", carried=carried)
    carried.append(("days", until.cleaned_data["days"]))
    form = WhoForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _asked(request, form, what, until):
        messages.success(request, _("It is noted. If everything fits, this person finds your question in their space."))
        return redirect("citizen:helpers")
    shown = {"form": form, "carried": carried, "born_hint": _("The person who helps. Example: 12 5 1981")}
    return render(request, "helper_who", "access", shown, 422 if form.errors else 200)


def _question(
    request: WebRequest,
    title: str,
    form: WhatForm | UntilForm,
    *,
    step: str,
    carried: Carried = (),
) -> HttpResponse:
    shown: dict[str, Any] = {"title": title, "form": form, "step": step, "carried": carried}
    return render(request, "helper_question", "access", shown, 422 if form.errors else 200)


def _asked(request: WebRequest, form: WhoForm, what: WhatForm, until: UntilForm) -> bool:
    chosen = terms(what, until.last_day)
    try:
        actions.ask_help(actor=request.actor, person_id=space(request), wanted=form.wanted(), terms=chosen)
    except Invalid as fault:
        said = {
            "This is your own number.": _("This is your own number. Give the number of the person who helps."),
            "You already asked three people.": _("Three people help you already, or were asked. End one help first."),
            "You already asked this person.": _("You already asked this person. Wait, or ask again tomorrow."),
            "You asked many people today.": _("You asked many people today. Ask again tomorrow."),
        }.get(fault.message)
        form.add_error(*((None, said) if said else field_fault(fault)))
        return False
    return True


def _card(request: WebRequest, delegation_id: UUID, *states: str) -> reads.HelperCard:
    found = reads.helpers(actor=request.actor, person_id=space(request))
    card = next((one for one in found if one.id == delegation_id and one.state in states), None)
    if card is None:
        raise Refused("ABSENT")
    return card


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def end(request: WebRequest, delegation_id: UUID) -> HttpResponse:
    """End a help, or take a question back; no fresh proof is asked, so that it is quick."""
    card = _card(request, delegation_id, "running", "waiting")
    if request.method == "POST":
        attestation.end_help(actor=request.actor, person_id=space(request), delegation_id=delegation_id)
        messages.success(request, _("It is done. %(name)s sees nothing here any more.") % {"name": card.name})
        return redirect("citizen:helpers")
    ask = Ask(
        _("End the help of %(name)s?") % {"name": card.name},
        _("End it now"),
        reverse("citizen:helpers"),
        lines=(
            _("This person sees nothing of your record any more, from this moment on."),
            _("We send them nothing. Their pages look as if they had never helped you."),
        ),
        is_dangerous=True,
    )
    return render(request, "confirm", "access", {"ask": ask})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
@step_up
def longer(request: WebRequest, delegation_id: UUID) -> HttpResponse:
    """Let a helper go on, at most one year from today."""
    card = _card(request, delegation_id, "running")
    form = UntilForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.prolong_help(
            actor=request.actor, person_id=space(request), delegation_id=delegation_id, last_day=form.last_day
        )
        messages.success(request, _("%(name)s goes on helping you.") % {"name": card.name})
        return redirect("citizen:helpers")
    ask = Ask(
        _("How long may %(name)s go on helping you?") % {"name": card.name},
        _("Let this person go on"),
        reverse("citizen:helpers"),
        _("My helpers"),
        lines=(_("It counts from today."),),
    )
    return render(request, "form", "access", {"form": form, "ask": ask}, 422 if form.errors else 200)
