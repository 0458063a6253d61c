"""What the letter's pages and the phone desk ask: the code, the number on the health card, the birth date."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.enrolment.rules import claims, codes

NUMBER_SIGNS: Final = (15, 13)
OLDEST: Final = 1890
# The beginnings of the months in French and in English, without accents; "jui" and "ju" say too little
MONTHS: Final = (
    ("janv", "jan"), ("fev", "feb"), ("mars", "mar"), ("avr", "apr"), ("mai", "may"), ("juin", "jun"),
    ("juil", "jul"), ("aou", "aug"), ("sep", "sept"), ("oct",), ("nov",), ("dec",),
)  # fmt: skip


class PlainForm(forms.Form):
    use_required_attribute = False


def month_of(text: str) -> int:
    """The month that a person wrote: 3, 03, mars, March; 0 when it is none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.strip().casefold()) if not unicodedata.combining(c))
    if plain.isascii() and plain.isdecimal():
        return int(plain) if len(plain) <= 2 and 1 <= int(plain) <= 12 else 0
    return next((number for number, names in enumerate(MONTHS, 1) if plain.startswith(names)), 0)


def _whole(text: str, longest: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= longest else 0


def signs_of(text: str) -> str:
    """What was typed without spaces, dots and hyphens."""
    return "".join(c for c in text if not c.isspace() and c not in ".-‐‑–—_")


class DateField(forms.CharField):
    """One of the three boxes of a date."""

    def __init__(self, label: Any, spoken: str, longest: int, *, is_number: bool = True) -> None:
        attrs = {"autocomplete": spoken, "class": "num"}
        if is_number:
            attrs["inputmode"] = "numeric"
        super().__init__(label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=attrs))


class BornForm(PlainForm):
    """The birth date in three boxes; cleaned into `born_on`."""

    day = DateField(_("Day"), "off", 2)
    month = DateField(_("Month"), "off", 12, is_number=False)
    year = DateField(_("Year"), "off", 4)

    @property
    def born_fault(self) -> str:
        """What is wrong with the date, whichever box it is."""
        return next((str(self.errors[name][0]) for name in ("day", "month", "year") if name in self.errors), "")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not {"day", "month", "year"} & set(self.errors):
            given["born_on"] = self._born_on(given)
        return given

    def _born_on(self, given: dict[str, Any]) -> date | None:
        texts = {name: (given.get(name) or "").strip() for name in ("day", "month", "year")}
        if not any(texts.values()):
            self.add_error("day", _("Write the birth date."))
            return None
        asked = {"day": _("Write the day."), "month": _("Write the month."), "year": _("Write the year.")}
        missing = next((name for name in texts if not texts[name]), "")
        if missing:
            self.add_error(missing, asked[missing])
            return None
        day, month, year = _whole(texts["day"], 2), month_of(texts["month"]), _whole(texts["year"], 4)
        if not month:
            self.add_error("month", _("We cannot read this month. Examples: 5 or May"))
            return None
        return self._date(year, month, day)

    def _date(self, year: int, month: int, day: int) -> date | None:
        if year < OLDEST:
            self.add_error("year", _("Write the year with 4 digits. Example: 1981"))
            return None
        try:
            born_on = date(year, month, day)
        except ValueError:
            self.add_error("day", _("This date does not exist. Check the day and the month."))
            return None
        if born_on > clock.today():
            self.add_error("year", _("This date has not come yet. Check the year."))
            return None
        return born_on


class NumberForm(BornForm):
    matricule = forms.CharField(
        label=_("Social security number"),
        help_text=_("15 digits, on the health card (carte Vitale). For a child: the number on the card of the parent."),
        max_length=40,
        error_messages={"required": _("Write the social security number.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "digits"}
        ),
    )

    def clean_matricule(self) -> str:
        """The signs of the number; its form and key are checked by the room."""
        signs = signs_of(self.cleaned_data["matricule"]).upper()
        if len(signs) not in NUMBER_SIGNS:
            raise forms.ValidationError(_how_many(NUMBER_SIGNS[0], len(signs), is_code=False))
        return signs


class LetterForm(NumberForm):
    code = forms.CharField(
        label=_("The code of the letter or of the e-mail"),
        help_text=_("12 letters and digits. Example: K7QF-92HM-3XTR. Hyphens and capitals do not matter."),
        max_length=40,
        error_messages={"required": _("Write the code of the letter.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
    )
    field_order = ("code", "matricule", "day", "month", "year")

    def clean_code(self) -> str:
        """The twelve signs, whatever the case, spaces and hyphens (ENR-4)."""
        typed = self.cleaned_data["code"]
        try:
            return codes.normalise(typed)
        except Invalid:
            written = len(signs_of(typed))
            if written != codes.SIGNS:
                raise forms.ValidationError(_how_many(codes.SIGNS, written, is_code=True)) from None
            raise forms.ValidationError(_("A code has no U, no accent and no other sign. Check it.")) from None


class NewCodeForm(NumberForm):
    serial = forms.CharField(
        label=_("Serial number of the health card"),
        help_text=_("Small digits on the card. With a photo on the card: the last 11 digits."),
        max_length=40,
        error_messages={"required": _("Write the serial number of the card.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )
    field_order = ("matricule", "serial", "day", "month", "year")

    def clean_serial(self) -> str:
        """The digits of the serial number."""
        try:
            return claims.card_serial(self.cleaned_data["serial"])
        except Invalid:
            raise forms.ValidationError(_("The serial number has 8 to 13 digits. Check it on the card.")) from None


def field_fault(fault: Invalid) -> tuple[str, str]:
    """The field of a form and what to say there."""
    said = {
        "code": gettext("A code has no U, no accent and no other sign. Check it."),
        "matricule": gettext("This number has a mistake. Check its digits, the two last ones too."),
        "serial": gettext("The serial number has 8 to 13 digits. Check it on the card."),
    }
    return (fault.field, said[fault.field]) if fault.field in said else ("matricule", said["matricule"])


def _how_many(wanted: int, written: int, *, is_code: bool) -> str:
    if is_code:
        return ngettext(
            "The code has %(wanted)d signs. You wrote %(count)d.",
            "The code has %(wanted)d signs. You wrote %(count)d.",
            written,
        ) % {"wanted": wanted, "count": written}
    return ngettext(
        "The number has %(wanted)d digits. You wrote %(count)d.",
        "The number has %(wanted)d digits. You wrote %(count)d.",
        written,
    ) % {"wanted": wanted, "count": written}
