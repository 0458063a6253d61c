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
