"""What a call can lead to besides an answer: trying again, another address, an act of two agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.enrolment.actions import phone
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.journeys import desk as journeys
from healthspace.support import actions as support
from healthspace.support import rules
from healthspace.web import desk_told
from healthspace.web.answer_forms import PlainForm
from healthspace.web.answer_told import Told

OPEN: Final = frozenset({"open_inactive", "active"})
Data = Mapping[str, Any] | None


class UnlockForm(PlainForm):
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=list(desk_told.REASONS.items()),
        error_messages={"required": _("Choose a reason.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )


class ReachForm(PlainForm):
    email = forms.EmailField(
        label=_("New e-mail (empty: unchanged)"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write one e-mail address. Example: name@example.org")},
    )
    phone = forms.RegexField(
        regex=r"^\+?[0-9](?:[ .-]?[0-9]){5,17}$",
        label=_("New phone (empty: unchanged)"),
        max_length=30,
        required=False,
        error_messages={"invalid": _("Write the digits of one phone number. Example: 06 12 34 56 78")},
    )


class PaperForm(PlainForm):
    paper = forms.CharField(
        label=_("Which paper proves it? Kind, number, who made it"),
        max_length=rules.LONGEST_DETAIL,
        error_messages={"required": _("Write which paper proves it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True)
class MoreAct:
    """One act as the page offers it."""

    act: str
    title: object
    lines: tuple[object, ...]
    yes: object
    form: forms.Form


@dataclass(frozen=True, slots=True)
class ShownStatus:
    """The state of a space with its words."""

    card: journeys.Status
    told: object


@dataclass(frozen=True, slots=True)
class Shown:
    """A caller as the page shows them: who, the state of the space, what can be done."""

    caller: phone.Caller
    status: ShownStatus
    acts: tuple[MoreAct, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that may be offered: its words, its question, when, and what it does."""

    title: object
    lines: tuple[object, ...]
    yes: object
    form: type[forms.Form]
    fits: Callable[[phone.Caller], bool]
    do: Callable[[Actor, phone.Caller, Mapping[str, Any]], str]


def shown(actor: Actor, caller: phone.Caller, wanted: str = "", data: Data = None) -> Shown:
    """A caller with the state of the space and what can be done; `data` is what was sent for the act `wanted`."""
    card = journeys.status(actor=actor, person_id=caller.person_id)
    acts = tuple(
        MoreAct(act, offer.title, offer.lines, offer.yes, _form(offer, act, caller, data if act == wanted else None))
        for act, offer in OFFERS.items()
        if offer.fits(caller)
    )
    return Shown(caller, ShownStatus(card, desk_told.SPACE_STATES[card.state]), acts)


def done(actor: Actor, caller: phone.Caller, wanted: str, data: Mapping[str, Any]) -> str | Told:
    """Do it; the name of the end, or what is wrong."""
    offer = OFFERS[wanted]
    if not offer.fits(caller):
        raise Refused("ABSENT")
    form = _form(offer, wanted, caller, data)
    if not form.is_valid():
        return Told(_("Nothing is done yet"), (_("Look at what is marked below."),))
    try:
        return offer.do(actor, caller, form.cleaned_data)
    except Invalid as fault:
        return Told(_("Nothing is done"), (_NOBODY if fault.rule == "T12" else _WRONG,))
    except Conflict:
        return Told(_("Nothing is done"), (_("The same waits already for this person."),))
    except support.TooMany:
        return Told(
            _("Nothing is done"), (_("You let as many people try again today as one agent may. Ask a colleague."),)
        )
    except NotAccepted:
        return Told(_("Nothing is done"), (_("This is only possible for the caller’s own space."),))


_OVER: Final = _("You let as many people try again today as one agent may. Ask a colleague.")
_NOBODY: Final = _("Nothing is different from what is known, or nobody could be told of it. Send a new code instead.")
_WRONG: Final = _("Write one e-mail address. Example: name@example.org")


def _form(offer: Offer, act: str, caller: phone.Caller, data: Data) -> forms.Form:
    """Ids of fields differ, several callers and acts stand on one page."""
    return offer.form(data, auto_id=f"{act}_{caller.person_id.hex[:8]}_%s")


def _unlock(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
    support.unlock(actor=actor, person_id=caller.person_id, reason=given["reason"])
    return "unlock"


def _contact(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
    phone.ask_contact(actor, caller, email=given["email"], phone=given["phone"])
    return "contact"


def _death(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
    support.propose(actor=actor, person_id=caller.person_id, kind="death", details={"paper": given["paper"]})
    return "act"


def _death_in_error(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
    details = {"paper": given["paper"]}
    support.propose(actor=actor, person_id=caller.person_id, kind="death_in_error", details=details)
    return "act"


OFFERS: Final[Mapping[str, Offer]] = {
    "unlock": Offer(
        _("Let the caller try to sign in again"),
        (_("Wrong passwords and codes count no more. You see and set no secret."),),
        _("Let them try again"),
        UnlockForm,
        lambda caller: caller.state == "active" and not caller.is_child,
        _unlock,
    ),
    "contact": Offer(
        _("Another e-mail or phone"),
        (_("The change waits for 3 days. We tell the old addresses at once, with a link that stops it."),),
        _("Write down the change"),
        ReachForm,
        lambda caller: caller.state in OPEN and caller.person_id == caller.by_person_id,
        _contact,
    ),
    "death": Offer(
        _("This person has died"),
        (_("A second agent must agree. Then the space is closed and nobody signs in any more."),),
        _("Write down the death"),
        PaperForm,
        lambda caller: caller.state not in {"closed_deceased", "deleted"},
        _death,
    ),
    "death_in_error": Offer(
        _("The death was noted in error"),
        (_("A second agent must agree. Then everything is there again as before."),),
        _("Write down the error"),
        PaperForm,
        lambda caller: caller.state == "closed_deceased",
        _death_in_error,
    ),
}
