"""What the desk's pages ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules import claims, codes
from healthspace.web.answer_forms import NumberForm, PlainForm
from healthspace.web.desk_paper import IDENTITY_PAPERS, SCOPES
from healthspace.web.labels import ACCEPTED, kinds_for

BROUGHT = ["DOCPAT05", "DOCPAT02", "DOCPAT04", "DOCPAT03", "DOCPAT07", "DOCPAT01", "DOCPAT06", "DOCPAT09"]


class FindForm(NumberForm):
    """The person types the code themselves: it is shown to nobody and never given back."""

    code = forms.CharField(
        label=_("The code of the letter, if the person has it"),
        help_text=_("The person types it. You do not see it."),
        required=False,
        max_length=40,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "class": "code"}),
    )
    serial = forms.CharField(
        label=_("Otherwise: the serial number of the health card"),
        help_text=_("Small digits on the card. With a photo on the card: the last 11 digits."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )
    field_order = ("matricule", "day", "month", "year", "code", "serial")

    def clean(self) -> dict[str, Any]:
        """One of the two proofs, in its form."""
        given = super().clean()
        if not given.get("code") and not given.get("serial"):
            self.add_error("code", _("Ask for the code of the letter, or for the health card."))
        try:
            given["code"] = codes.normalise(given["code"]) if given.get("code") else ""
        except Invalid:
            self.add_error("code", _("A code has 12 letters and digits, without U. Let the person type it again."))
        try:
            given["serial"] = claims.card_serial(given["serial"]) if given.get("serial") else ""
        except Invalid:
            self.add_error("serial", _("The serial number has 8 to 13 digits. Check it on the card."))
        return given


class ScopeForm(PlainForm):
    """What the person ticked, and how they agree; reading documents is never ticked beforehand."""

    scope = forms.MultipleChoiceField(
        error_messages={
            "required": _("Tick at least one line, with the person."),
            "invalid_choice": _("Tick at least one line, with the person."),
        }
    )
    identity_paper = forms.ChoiceField(
        choices=list(IDENTITY_PAPERS.items()),
        error_messages={"required": _("Ask the person for an identity paper, and say which one you saw.")},
    )
    how = forms.ChoiceField(error_messages={"required": _("Choose how the person agrees.")})

    def __init__(
        self, *args: Any, words: list[str], ways: list[tuple[str, Any]], only_by_code: frozenset[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only_by_code = only_by_code
        self.fields["scope"].choices = [(word, SCOPES[word]) for word in words]  # type: ignore[attr-defined]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What a letter or a signed sheet is not enough for."""
        given = super().clean() or {}
        if given.get("how") not in {None, "code"}:
            told = [str(SCOPES[word]) for word in given.get("scope", ()) if word in self.only_by_code]
            if told:
                said = _("Only the 8 digits of the e-mail are enough for this: %(lines)s.")
                self.add_error("how", said % {"lines": ", ".join(told)})
        return given


class DigitsForm(PlainForm):
    digits = forms.CharField(
        label=_("The 8 digits of the e-mail"),
        help_text=_("The person types them. You do not see them."),
        max_length=20,
        error_messages={"required": _("The person types the 8 digits here.")},
        widget=forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "off", "inputmode": "numeric", "class": "digits"}
        ),
    )


class SheetForm(PlainForm):
    sheet = forms.FileField(
        label=_("The scan or a photo of the signed sheet"),
        error_messages={"required": _("Choose the scan of the signed sheet.")},
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )


class AccountForm(PlainForm):
    """Typed by the person; the helper sees the identifier only when the person shows it."""

    login = forms.CharField(
        label=_("Identifier"),
        help_text=_("The person can keep this one, or write another."),
        max_length=100,
        error_messages={"required": _("Write an identifier.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters, for example four words. The person types it. You do not see it."),
        max_length=200,
        error_messages={"required": _("The person chooses a password.")},
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=200,
        error_messages={"required": _("The person types the password once more.")},
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Twice the same."""
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ. The person types both again."))
        return given


class PaperForm(PlainForm):
    """A paper that the person brought."""

    content = forms.FileField(
        label=_("The scan or a photo"),
        error_messages={"required": _("Choose the scan."), "empty": _("This file is empty. Choose another one.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    type_code = forms.ChoiceField(
        label=_("Kind of document"), error_messages={"required": _("Choose what kind of document it is.")}
    )
    title = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Give the document a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    made_on = forms.DateField(
        label=_("Date of the document"),
        error_messages={
            "required": _("Give the date written on the document."),
            "invalid": _("This date cannot be read. Example: 2026-11-18"),
        },
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *kinds_for(BROUGHT)]
        self.fields["type_code"].choices = choices  # type: ignore[attr-defined]


class ContactForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This is not an e-mail address. Example: name@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
