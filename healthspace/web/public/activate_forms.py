"""The four questions of opening a record."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from healthspace.web.answer_forms import PlainForm, signs_of

CHOICES: Final = "web/parts/choices.html"
MAIL_CODE_SIGNS: Final = 8
NO_ANSWER: Final = {"required": _("Choose one answer.")}


class EmergencyForm(PlainForm):
    emergency = forms.ChoiceField(
        label=_("My choice"),
        choices=[
            ("all", _("Yes: the emergency services and the professionals beside me")),
            ("samu", _("Only the doctor of the emergency services (15)")),
            ("none", _("No, nobody")),
        ],
        error_messages=NO_ANSWER,
        widget=forms.RadioSelect(attrs={"piece": CHOICES}),
    )


class SharingForm(PlainForm):
    sharing = forms.ChoiceField(
        label=_("My choice"),
        choices=[
            ("attending", _("The attending doctor now, the others when I accept them")),
            ("later", _("Nobody for now: I accept each one myself")),
        ],
        error_messages=NO_ANSWER,
        widget=forms.RadioSelect(attrs={"piece": CHOICES}),
    )


class MailForm(PlainForm):
    email = forms.EmailField(
        label=_("My e-mail"),
        help_text=_("Example: name@example.org"),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail, or choose to go on without one."),
            "invalid": _("Write one e-mail address. Example: name@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class MailCodeForm(PlainForm):
    digits = forms.CharField(
        label=_("The 8 digits of the e-mail"),
        max_length=20,
        error_messages={"required": _("Write the 8 digits of the e-mail.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )

    def clean_digits(self) -> str:
        """Eight digits, spaces forgiven."""
        digits = signs_of(self.cleaned_data["digits"])
        if not (digits.isascii() and digits.isdecimal() and len(digits) == MAIL_CODE_SIGNS):
            raise forms.ValidationError(_("The e-mail holds 8 digits. Check them."))
        return digits


class AccountForm(PlainForm):
    login = forms.CharField(
        label=_("My identifier"),
        help_text=_("We propose one. Keep it, or write your own: 8 signs or more, small letters and digits."),
        max_length=100,
        error_messages={"required": _("Write an identifier.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("My password"),
        help_text=_("12 signs or more. Four words that do not belong together are good, and easy to keep in mind."),
        max_length=128,
        strip=False,
        error_messages={"required": _("Write a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    again = forms.CharField(
        label=_("The same password once more"),
        max_length=128,
        strip=False,
        error_messages={"required": _("Write the password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Small letters: people type capitals without wanting to."""
        given = super().clean() or {}
        if given.get("again") and given.get("password") and given["again"] != given["password"]:
            self.add_error("again", _("The two passwords are not the same. Write them again."))
        if given.get("login"):
            given["login"] = given["login"].strip().lower()
        return given
