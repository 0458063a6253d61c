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
from healthspace.enrolment.rules.claims import NotAccepted, TooSoon
from healthspace.journeys import desk as journeys
from healthspace.support import actions as support
from healthspace.support import rules
from healthspace.web import desk_told
from healthspace.web.answer_forms import PlainForm
from healthspace.web.answer_told import Told, of_error

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


class DecisionForm(PlainForm):
    kind = forms.ChoiceField(label=_("Which protection?"), choices=list(desk_told.GUARDIANS.items()))
    scope = forms.ChoiceField(label=_("What may they do here?"), choices=list(desk_told.SCOPES.items()))
    court = forms.CharField(label=_("Court"), max_length=120)
    number = forms.CharField(label=_("Number of the decision"), max_length=60)
    decided_on = forms.DateField(label=_("Decided on"), widget=forms.DateInput(attrs={"type": "date"}))
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("Until"),
        help_text=_("A mandate of future protection has no last day: give the day on which we look at it again."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    guardian_number = forms.CharField(
        label=_("Social security number of whoever acts for the person"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )
    guardian_born = forms.DateField(label=_("Their birth date"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """A curator assists and never stands in for the person; the days come in order."""
        given = super().clean() or {}
        if given.get("kind") == "curator" and given.get("scope") == "as_holder":
            self.add_error("scope", _("A curator never acts in place of the person. Choose another."))
        days = [given.get(name) for name in ("decided_on", "starts_on", "ends_on")]
        if all(days) and days != sorted(days):  # type: ignore[type-var]  # none is None here
            self.add_error("ends_on", _("These dates are not in order. Read the decision again."))
        return given


class EndForm(PaperForm):
    other_number = forms.CharField(
        label=_("Social security number of whoever acts for the person"),
        max_length=30,
        error_messages={"required": _("Write the number that stands on the paper.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )
    other_born = forms.DateField(label=_("Their birth date"), widget=forms.DateInput(attrs={"type": "date"}))


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
        return Told(_("Nothing is done"), (_FAULTS.get(fault.rule, _WRONG),))
    except Conflict:
        return Told(_("Nothing is done"), (_("The same waits already for this person."),))
    except support.TooMany:
        return Told(
            _("Nothing is done"), (_("You let as many people try again today as one agent may. Ask a colleague."),)
        )
    except TooSoon as error:
        return of_error(error)
    except NotAccepted:
        return Told(_("Nothing is done"), (_("This is only possible for the caller’s own space."),))


_NOBODY: Final = _("Nothing is different from what is known, or nobody could be told of it. Send a new code instead.")
_STRANGER: Final = _("Nobody with an open space has this number and this birth date. Check both.")
_OF_PARENT: Final = _("A parent is reached by this already. Write what only the caller reads.")
_FAULTS: Final = {"T12": _NOBODY, "GUA-1": _STRANGER, "INS-FORM": _STRANGER, "INS-KEY": _STRANGER, "T21": _OF_PARENT}
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


def _guardianship(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
    guardian_id = journeys.adult_of(actor=actor, matricule=given["guardian_number"], born_on=given["guardian_born"])
    if guardian_id is None or guardian_id == caller.person_id:
        raise Invalid("guardian_number", "GUA-1", "Nobody fits.", "Check the number and the birth date.")
    details = {name: str(given[name]) for name in DECISION_DETAILS}
    support.propose(actor=actor, person_id=caller.person_id, kind="guardianship", details=details, other_id=guardian_id)
    return "act"


def _ended(kind: str) -> Callable[[Actor, phone.Caller, Mapping[str, Any]], str]:
    def propose(actor: Actor, caller: phone.Caller, given: Mapping[str, Any]) -> str:
        other_id = journeys.adult_of(actor=actor, matricule=given["other_number"], born_on=given["other_born"])
        if other_id is None or other_id == caller.person_id:
            raise Invalid("other_number", "GUA-1", "Nobody fits.", "Check the number and the birth date.")
        details = {"paper": given["paper"]}
        support.propose(actor=actor, person_id=caller.person_id, kind=kind, details=details, other_id=other_id)
        return "act"

    return propose


DECISION_DETAILS: Final = ("kind", "scope", "court", "number", "decided_on", "starts_on", "ends_on")
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
    "guardianship": Offer(
        _("A judge’s decision about a protected adult"),
        (_("A second agent must agree. The person keeps their own way in and sees everything."),),
        _("Write down the decision"),
        DecisionForm,
        lambda caller: caller.state in OPEN and not caller.is_child and caller.person_id == caller.by_person_id,
        _guardianship,
    ),
    "guardianship_ended": Offer(
        _("The protection of an adult has ended"),
        (_("A judge ended it before its date, or named somebody else. A second agent must agree."),),
        _("Write down the end"),
        EndForm,
        lambda caller: caller.state in OPEN and not caller.is_child and caller.person_id == caller.by_person_id,
        _ended("guardianship_ended"),
    ),
    "mandate_ended": Offer(
        _("Somebody no longer acts for this child"),
        (
            _("A judge decided it, or a statement was false. A second agent must agree."),
            _("Then this person reads nothing of the child any more. The others go on as before."),
        ),
        _("Write down the end"),
        EndForm,
        lambda caller: caller.state in OPEN and caller.is_child,
        _ended("mandate_ended"),
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
