"""The questions of the holder's pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from healthspace.common import clock
from healthspace.documents.rules import FOLDER_NAME_LIMIT, NOTE_LIMIT, TITLE_LIMIT
from healthspace.web.answer_forms import PlainForm
from healthspace.web.labels import ACCEPTED, kinds_for, kinds_of_another

# What a holder files (JDV_J07: documents of the patient, expressions of the patient), the usual ones first
OWN_KINDS = ["DOCPAT05", "DOCPAT02", "DOCPAT04", "DOCPAT03", "DOCPAT07", "DOCPAT01", "DOCPAT06", "DOCPAT09"]
OWN_KINDS += ["EXPPAT_3", "104144-1", "EXPPAT_1", "EXPPAT_2"]


class AddForm(PlainForm):
    content = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    photo = forms.FileField(
        label=_("Or a photo taken now"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    type_code = forms.ChoiceField(
        label=_("Kind of document"),
        error_messages={"required": _("Choose what kind of document it is.")},
    )
    title = forms.CharField(
        label=_("Name"),
        help_text=_("So that you find it again. Example: letter of Dr Morel"),
        max_length=TITLE_LIMIT,
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
    who = forms.ChoiceField(
        label=_("Who can see it?"),
        choices=[
            ("professionals", _("My accepted professionals")),
            ("me", _("Only me and my attending doctor")),
        ],
        initial="professionals",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *kinds_for(OWN_KINDS)]
        self.fields["type_code"].choices = choices  # type: ignore[attr-defined]

    def speak_of_another(self) -> None:
        """The same choices in the record of a child or protected adult."""
        choices = [("", _("Choose")), *kinds_of_another(OWN_KINDS)]
        self.fields["type_code"].choices = choices  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("professionals", _("The accepted professionals")),
            ("me", _("The family and the attending doctor alone")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = given.get("content") or given.get("photo")
        if chosen is None:
            self.add_error("content", _("Choose a file or take a photo."))
        elif not chosen.size:
            self.add_error("content", _("This file is empty. Choose another one."))
        elif chosen.size > settings.MAX_DOCUMENT_BYTES:
            self.add_error("content", _("This file is too big. Make it smaller or send its pages one by one."))
        if (made_on := given.get("made_on")) and made_on > clock.today():
            self.add_error("made_on", _("This date is in the future. Give the date of the document."))
        given["chosen"] = chosen
        return given


class HelperAddForm(AddForm):
    """What a helper files: of the kinds that were opened to them, and who sees it is not theirs to choose."""

    who = None  # type: ignore[assignment]

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type_code"].choices = [("", _("Choose")), *kinds_for(kinds)]  # type: ignore[attr-defined]


class WordsForm(PlainForm):
    title = forms.CharField(
        label=_("My name for it"),
        help_text=_("Leave it empty to go back to the name given by the sender."),
        max_length=TITLE_LIMIT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("My note"),
        help_text=_("Only you see it."),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class FolderForm(PlainForm):
    name = forms.CharField(
        label=_("Name of the folder"),
        max_length=FOLDER_NAME_LIMIT,
        error_messages={"required": _("Give the folder a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveForm(PlainForm):
    folder = forms.ChoiceField(label=_("Folder"), required=False)

    def __init__(self, *args: Any, folders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("In no folder")), *folders]
        self.fields["folder"].choices = choices  # type: ignore[attr-defined]


class AcceptForm(PlainForm):
    until = forms.ChoiceField(
        label=_("For how long?"),
        choices=[
            ("30", _("One month")),
            ("183", _("Six months")),
            ("365", _("One year")),
            ("", _("Until I end it")),
        ],
        initial="365",
        required=False,
        widget=forms.RadioSelect(attrs={"piece": "web/parts/choices.html"}),
    )


class ContactForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Leave it empty to receive no mail."),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write one e-mail address. Example: name@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        regex=r"^\+?[0-9](?:[ .-]?[0-9]){5,17}$",
        label=_("Phone"),
        max_length=30,
        required=False,
        error_messages={"invalid": _("Write the digits of one phone number. Example: 06 12 34 56 78")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class MailForm(PlainForm):
    kinds = forms.MultipleChoiceField(
        label=_("Send me a mail for these notices"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"piece": "web/parts/choices.html"}),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
