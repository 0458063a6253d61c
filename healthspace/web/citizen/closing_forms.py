"""The questions before a space is closed or deleted."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    use_required_attribute = False

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("We ask again, to be sure that it is you."),
        max_length=128,
        strip=False,
        error_messages={"required": _("Write your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CloseForm(PasswordForm):
    what = forms.ChoiceField(
        label=_("And what is in it?"),
        choices=[
            ("keep", _("Keep it locked for ten years. I can open my space again.")),
            ("delete", _("Delete everything within three months. I can change my mind until then.")),
        ],
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
        error_messages={"required": _("Choose what becomes of your data.")},
    )
    field_order = ("what", "password")
