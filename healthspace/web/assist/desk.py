"""The desk: who sits there, what they tick, how they agree, and the end."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions as access_actions
from healthspace.access import reads as access
from healthspace.access.rules import ONLY_BY_CODE, SCOPES_OF_CHILD, WHILE_RECOVERED
from healthspace.common.errors import Conflict, Invalid, Refused, TooLarge, Unavailable
from healthspace.enrolment.actions import phone
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.journeys import assisting, paper, printing
from healthspace.journeys.assisting import Beside
from healthspace.web import beside
from healthspace.web.answer_forms import field_fault
from healthspace.web.answer_told import of_error
from healthspace.web.assist.forms import DigitsForm, FindForm, ScopeForm, SheetForm
from healthspace.web.assist.page import asked, render
from healthspace.web.audience import for_assistant
from healthspace.web.desk_paper import SCOPES, pdf
from healthspace.web.middleware import WebRequest

TYPED: Final = ("matricule", "serial", "code", "day", "month", "year")


@sensitive_post_parameters(*TYPED)
@require_http_methods(["GET", "HEAD", "POST"])
@for_assistant
def home(request: WebRequest) -> HttpResponse:
    """Who is beside you? Nothing is kept of who was there before."""
    if request.actor.person_id is not None and request.method != "POST":
        return redirect("assist:session")
    form = FindForm(request.POST or None)
    trouble = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        numbers = {name: given[name] for name in ("matricule", "born_on", "code", "serial")}
        try:
            found = assisting.find(request.actor, **numbers)
            return _found(request, found)
        except Invalid as fault:
            form.add_error(*field_fault(fault))
        except NotAccepted as error:
            trouble = of_error(error)
    status = trouble.status if trouble else 422 if form.errors else 200
    return render(request, "home", {"form": form, "trouble": trouble}, status)


def _found(request: WebRequest, found: list[phone.Caller]) -> HttpResponse:
    kept = [
        {
            "person": str(one.person_id),
            "by": str(one.by_person_id),
            "is_child": one.is_child,
            "code": str(one.claim.code_id) if one.claim else "",
        }
        for one in found
    ]
    if len(kept) == 1:
        return _begin(request, kept[0])
    beside.keep_found(request, kept)
    return redirect("assist:who")


def _begin(request: WebRequest, one: dict[str, Any]) -> HttpResponse:
    person_id = UUID(one["person"])
    assistance_id = assisting.begin(
        request.actor,
        person_id=person_id,
        by_person_id=UUID(one["by"]),
        is_child=one["is_child"],
        letter_code_id=UUID(one["code"]) if one["code"] else None,
    )
    beside.begin(request, person_id, assistance_id)
    return redirect("assist:scope")


@require_http_methods(["GET", "HEAD", "POST"])
@for_assistant
def who(request: WebRequest) -> HttpResponse:
    """The numbers fit several people (twins): which one?"""
    found = request.session.get(beside.FOUND, [])
    if not found:
        return redirect("assist:home")
    if request.method == "POST":
        one = next((one for one in found if one["person"] == request.POST.get("person")), None)
        if one is None:
            raise Refused("ABSENT")
        return _begin(request, one)
    people = [{"id": one["person"], "name": assisting.name_of(UUID(one["person"]))} for one in found]
    return render(request, "who", {"people": people})


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def scope(request: WebRequest, helped: Beside) -> HttpResponse:
    """What may be done together, and how the person agrees."""
    words = [word for word in SCOPES if _fits(helped, word)]
    form = ScopeForm(request.POST or None, words=words, ways=_ways(helped), only_by_code=_only_by_code(helped))
    if request.method == "POST" and form.is_valid():
        given, person_id = form.cleaned_data, helped.card.person_id
        access_actions.choose_scope(
            actor=request.actor, person_id=person_id, scope=given["scope"], identity_paper=given["identity_paper"]
        )
        if given["how"] == "letter":
            access_actions.start_by_letter(actor=request.actor, person_id=person_id)
            return _started(request, helped)
        if given["how"] == "code":
            return _sent(request)
        return redirect("assist:paper")
    chosen = request.POST.getlist("scope")
    shown = {
        "form": form,
        "chosen": chosen,
        "how": request.POST.get("how", ""),
        "seen": request.POST.get("identity_paper", ""),
        "has_mail": bool(helped.mail),
    }
    return render(request, "scope", shown, 422 if form.errors else 200)


def _fits(helped: Beside, word: str) -> bool:
    """Only lines that can come to something for this person now."""
    if helped.card.is_child and word not in SCOPES_OF_CHILD:
        return False
    if helped.is_recovered and word not in WHILE_RECOVERED:
        return False
    if word in _only_by_code(helped) and not helped.mail:
        return False
    if word == "activate":
        return helped.card.letter_code_id is not None and helped.state != "active"
    if word == "refuse":
        return helped.state in {"not_informed", "informed", "opposed"}
    is_open = helped.state in {"open_inactive", "active"}
    opens = helped.card.letter_code_id is not None
    return is_open if word == "close" else is_open or opens


def _only_by_code(helped: Beside) -> frozenset[str]:
    """What a letter, a card or a signed sheet does not open."""
    return ONLY_BY_CODE | {"close"} if helped.state == "active" else ONLY_BY_CODE


def _ways(helped: Beside) -> list[tuple[str, str | Promise]]:
    ways: list[tuple[str, str | Promise]] = []
    if helped.card.proof == "letter":
        ways.append(("letter", _("The person typed the code of the letter just now, and says yes.")))
    if helped.mail:
        ways.append(("code", _("We send 8 digits to %(mail)s. The person types them.") % {"mail": helped.mail}))
    ways.append(("paper", _("The person signs a sheet. You print it, then scan it.")))
    return ways


def _sent(request: WebRequest) -> HttpResponse:
    try:
        assisting.send_digits(request.actor)
    except Conflict:
        messages.error(request, _("Three e-mails have left already. Let the person sign the sheet instead."))
        return redirect("assist:paper")
    except Unavailable:
        messages.error(request, _("The e-mail could not leave. Let the person sign the sheet instead."))
        return redirect("assist:paper")
    return redirect("assist:code")


@require_POST
@asked
def send(request: WebRequest, helped: Beside) -> HttpResponse:
    """Send new digits."""
    return _sent(request)


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@asked
def code(request: WebRequest, helped: Beside) -> HttpResponse:
    """The person types the digits that only they could read."""
    form = DigitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        digits, person_id = form.cleaned_data["digits"], helped.card.person_id
        if access_actions.start_by_code(actor=request.actor, person_id=person_id, digits=digits):
            return _started(request, helped)
        form.add_error("digits", _("These are not the digits, or they are too old. Try again, or send new ones."))
    return render(request, "code", {"form": form, "helped": helped}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def on_paper(request: WebRequest, helped: Beside) -> HttpResponse:
    """Print, let the person sign, scan."""
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["sheet"].read(paper.MOST_BYTES + 1)
        try:
            if paper.take_mandate(actor=request.actor, person_id=helped.card.person_id, content=content):
                return _started(request, helped)
            form.add_error("sheet", _("This is not the sheet of this session. Scan it again, flat, with its square."))
        except (Invalid, TooLarge) as fault:
            is_unsigned = isinstance(fault, Invalid) and fault.rule == paper.UNSIGNED
            unsigned = _("This is the file that was printed. Give the scan of the sheet with the signature.")
            unread = _("This file cannot be read. Give a PDF or a photo, of at most 5 MB.")
            form.add_error("sheet", unsigned if is_unsigned else unread)
    return render(request, "paper", {"form": form, "helped": helped}, 422 if form.errors else 200)


@require_POST
@asked
def sheet(request: WebRequest, helped: Beside) -> HttpResponse:
    """The sheet of consent, to be signed."""
    if not helped.card.scope:
        return redirect("assist:scope")
    language = get_language() or "fr"
    return pdf(printing.mandate(actor=request.actor, person_id=helped.card.person_id, language=language))


def _started(request: WebRequest, helped: Beside) -> HttpResponse:
    """The person agreed: another key from here on."""
    beside.begin(request, helped.card.person_id, helped.card.id)
    return redirect("assist:session")


@require_POST
@for_assistant
def end(request: WebRequest) -> HttpResponse:
    """It is over; the desk keeps the number of the session only, for the sheet that the person takes home."""
    actor = request.actor
    if actor.person_id is None:
        beside.leave(request)
        return redirect("assist:home")
    card = access.own_assistance(actor=actor)
    if card is not None:
        access_actions.end_assistance(actor=actor, person_id=card.person_id, assistance_id=card.id)
    has_done = card is not None and card.starts_at is not None
    beside.leave(request, ended=f"{card.person_id}|{card.id}" if card is not None and has_done else "")
    response = redirect("assist:ended" if has_done else "assist:home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
@for_assistant
def over(request: WebRequest) -> HttpResponse:
    """Thirty minutes have passed, or the person has cut it."""
    return render(request, "over", {})


@require_safe
@for_assistant
def ended(request: WebRequest) -> HttpResponse:
    """What was done, to read aloud or print; then nothing is left here."""
    return render(request, "ended", {"has_sheet": beside.ENDED in request.session})


@require_POST
@for_assistant
def receipt(request: WebRequest) -> HttpResponse:
    """The sheet with what was done, once: printing it forgets the last trace of the person here."""
    person, _sep, assistance = str(request.session.get(beside.ENDED, "")).partition("|")
    if not assistance:
        return redirect("assist:home")
    content = printing.receipt(
        actor=request.actor,
        person_id=UUID(person),
        assistance_id=UUID(assistance),
        language=get_language() or "fr",
    )
    beside.leave(request)
    return pdf(content)
