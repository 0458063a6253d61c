"""What is asked of somebody who wants help: what the helper sees, until when, and who it is."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from healthspace.access.actions import Wanted
from healthspace.access.rules import Terms
from healthspace.common import clock
from healthspace.enrolment.rules import claims
from healthspace.spaces import reads as spaces
from healthspace.terminology import reads as terminology
from healthspace.web.answer_forms import NumberForm, PlainForm

CHOICES = {"piece": "web/parts/choices.html"}
PERIODS = [("30", _("One month")), ("91", _("Three months")), ("183", _("Six months")), ("365", _("One year"))]


class WhatForm(PlainForm):
    """The kinds of documents, and whether papers may be added."""

    see = forms.MultipleChoiceField(
        label=_("What may this person see?"),
        error_messages={"required": _("Choose at least one kind of document.")},
        widget=forms.CheckboxSelectMultiple(attrs=CHOICES),
    )
    may = forms.ChoiceField(
        label=_("What may this person do?"),
        choices=[("read", _("Read only")), ("write", _("Read, and add papers for me"))],
        initial="read",
        error_messages={"required": _("Choose one of the two.")},
        widget=forms.RadioSelect(attrs=CHOICES),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "fr"
        known = terminology.categories()
        choices = [(code, one.label(language)) for code, one in known.items()]
        self.fields["see"].choices = choices  # type: ignore[attr-defined]


class UntilForm(PlainForm):
    """How long the help lasts; the last day follows."""

    days = forms.ChoiceField(
        label=_("For how long?"),
        choices=PERIODS,
        error_messages={"required": _("Choose how long.")},
        widget=forms.RadioSelect(attrs=CHOICES),
    )

    @property
    def last_day(self) -> date:
        return clock.today() + timedelta(days=int(self.cleaned_data["days"]))


class WhoForm(NumberForm):
    """Whom one asks."""

    first_name = forms.CharField(
        label=_("First name"),
        help_text=_("As on the health card."),
        max_length=100,
        error_messages={"required": _("Write the first name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_name = forms.CharField(
        label=_("Name at birth"),
        max_length=100,
        error_messages={"required": _("Write the name at birth.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("first_name", "birth_name", "day", "month", "year", "matricule")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matricule"].help_text = _("15 digits, on the health card (carte Vitale) of this person.")

    def wanted(self) -> Wanted:
        """As the room asks for it; `Invalid` when the number has a mistake."""
        given = self.cleaned_data
        number = claims.number(given["matricule"], allow_test=spaces.accepts_tests())
        birth_name, first_name = (" ".join(given[name].split()) for name in ("birth_name", "first_name"))
        return Wanted(number, birth_name, first_name, given["born_on"])


def terms(what: WhatForm, last_day: date) -> Terms:
    """What was chosen, as the room asks for it."""
    given = what.cleaned_data
    scopes = frozenset({"write"}) if given["may"] == "write" else frozenset()
    return Terms(frozenset(given["see"]), scopes, last_day)
