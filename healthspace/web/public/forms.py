"""The questions of the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    use_required_attribute = False

    login = forms.CharField(
        label=_("Your identifier"),
        max_length=150,
        error_messages={"required": _("Write your identifier.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        error_messages={"required": _("Write your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    use_required_attribute = False

    code = forms.CharField(
        label=_("The code"),
        max_length=32,
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )
    remember = forms.BooleanField(
        label=_("Remember this device for 30 days"),
        help_text=_("Then the password is enough here. Not on a computer that others use."),
        required=False,
    )


class PasswordForm(forms.Form):
    use_required_attribute = False

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        error_messages={"required": _("Write your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
