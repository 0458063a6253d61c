"""The questions of the professionals' pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from healthspace.common import clock
from healthspace.documents.rules import TITLE_LIMIT
from healthspace.terminology import reads as terminology
from healthspace.web.answer_forms import PlainForm
from healthspace.web.labels import kinds_for, usual_kinds

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.txt,.rtf,.xml,application/pdf,image/*,text/plain,text/xml"


class SearchForm(PlainForm):
    matricule = forms.CharField(
        label=_("INS number of the patient"),
        help_text=_("15 digits, as on the health card or in your software. Spaces are accepted."),
        max_length=40,
        error_messages={"required": _("Write the 15 digits of the INS number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )


class ConsentForm(PlainForm):
    agrees = forms.BooleanField(
        label=_("The patient is informed and agrees that I read this record."),
        error_messages={"required": _("Ask the patient, then tick the box.")},
    )


class DepositForm(PlainForm):
    content = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, text or CDA document"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    type_code = forms.ChoiceField(
        label=_("Type of document"), error_messages={"required": _("Choose the type of the document.")}
    )
    title = forms.CharField(
        label=_("Title, in words the patient understands"),
        max_length=TITLE_LIMIT,
        error_messages={"required": _("Give the document a title.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    made_on = forms.DateField(
        label=_("Date of the act"),
        error_messages={
            "required": _("Give the date of the act."),
            "invalid": _("This date cannot be read. Example: 2026-11-18"),
        },
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    visible = forms.ChoiceField(
        label=_("When does the patient see it?"),
        choices=[
            ("now", _("Now")),
            ("later", _("After I have told the patient (in one month at the latest)")),
        ],
        error_messages={"required": _("Say when the patient sees it.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )
    is_masked = forms.BooleanField(
        label=_("Mask it from other professionals, at the patient’s request"),
        required=False,
        widget=forms.CheckboxInput(attrs={"piece": "web/parts/tick.html"}),
    )
    parents = forms.ChoiceField(
        label=_("The patient is a minor. Do the legal representatives see it?"),
        choices=[("see", _("Yes")), ("secret", _("No: the minor asked for secrecy"))],
        error_messages={"required": _("Say whether the legal representatives see it.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )

    def __init__(self, *args: Any, is_minor: bool | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = usual_kinds()
        known = {code for code, _label in usual}
        others = [code for code, kind in terminology.document_types().items() if kind.class_code and code not in known]
        rest = sorted(kinds_for(others), key=lambda choice: choice[1].casefold())
        groups = [("", _("Choose")), (_("Most used"), usual), (_("All types"), rest)]
        self.fields["type_code"].choices = groups  # type: ignore[attr-defined]
        if is_minor is False:
            del self.fields["parents"]
        elif is_minor is None:
            self.fields["parents"].label = _("If the patient is a minor: do the legal representatives see it?")
            self.fields["parents"].initial = "see"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        content = given.get("content")
        if content is not None and not content.size:
            self.add_error("content", _("This file is empty. Choose another one."))
        elif content is not None and content.size > settings.MAX_DOCUMENT_BYTES:
            self.add_error("content", _("This file is too big. Make it smaller or send its pages one by one."))
        if (made_on := given.get("made_on")) and made_on > clock.today():
            self.add_error("made_on", _("This date is in the future. Give the date of the act."))
        if given.get("is_masked") and given.get("visible") == "later":
            self.add_error(
                "visible", _("A masked document cannot also wait for the announcement. Choose one of the two.")
            )
        return given


class WhoseForm(PlainForm):
    """Whose document it is, for a deposit without opening the record."""

    matricule = forms.CharField(
        label=_("INS number of the patient"),
        max_length=40,
        error_messages={"required": _("Write the 15 digits of the INS number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )
    birth_name = forms.CharField(
        label=_("Birth name"), max_length=100, error_messages={"required": _("Write the birth name.")}
    )
    first_names = forms.CharField(
        label=_("First names of birth"),
        max_length=200,
        error_messages={"required": _("Write the first names.")},
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        error_messages={"required": _("Give the date of birth."), "invalid": _("This date cannot be read.")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[("F", _("Female")), ("M", _("Male")), ("U", _("Not known"))],
        error_messages={"required": _("Choose the sex.")},
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )
