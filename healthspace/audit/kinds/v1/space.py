"""The space itself: opening it, signing in, looking at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text


@dataclass(frozen=True, slots=True)
class SpaceOpened(Kind):
    code = "space_opened"
    by_holder = _("You opened your health space.")
    by_other = _("%(actor)s opened your health space.")
    refused = _("%(actor)s asked to open your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceClosed(Kind):
    code = "space_closed"
    by_holder = _("You closed your health space.")
    by_other = _("%(actor)s closed your health space.")
    refused = _("%(actor)s asked to close your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceActivated(Kind):
    code = "space_activated"
    by_holder = _("You activated your health space.")
    by_other = _("%(actor)s activated your health space.")
    refused = _("%(actor)s asked to activate your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SignedIn(Kind):
    code = "signed_in"
    by_holder = _("You signed in.")
    by_other = _("%(actor)s signed in to your health space.")
    refused = _("%(actor)s asked to sign in to your health space and was refused.")
    by_means: ClassVar[dict[str, Text]] = {
        "passkey": _("You signed in with a passkey."),
        "email": _("You signed in with a code sent by e-mail."),
        "sms": _("You signed in with a code sent by SMS."),
        "totp": _("You signed in with the code of an app."),
        "paper": _("You signed in with a code on paper."),
        "trusted": _("You signed in on a device that is not asked for a code."),
        "provider": _("You signed in through an identity provider."),
    }

    def tell(self, line: Line) -> str:
        """With the means, where it is noted."""
        if line.outcome == "refused" or line.actor_kind != "holder":
            return Kind.tell(self, line)
        return str(self.by_means.get(line.details.get("means", ""), self.by_holder))


@dataclass(frozen=True, slots=True)
class SignInRefused(Kind):
    code = "sign_in_refused"
    by_holder = _("A sign-in to your health space failed.")
    by_other = _("A sign-in to your health space failed.")
    refused = _("A sign-in to your health space failed.")


@dataclass(frozen=True, slots=True)
class SignedOut(Kind):
    code = "signed_out"
    by_holder = _("You signed out.")
    by_other = _("%(actor)s signed out of your health space.")
    refused = _("%(actor)s asked to sign out and was refused.")


@dataclass(frozen=True, slots=True)
class IdentitySearched(Kind):
    code = "identity_searched"
    by_holder = _("You looked for your health space by its health number.")
    by_other = _("%(actor)s looked for your health space by your health number.")
    refused = _("%(actor)s looked for your health space by your health number and was refused.")


@dataclass(frozen=True, slots=True)
class IdentityChanged(Kind):
    code = "identity_changed"
    by_holder = _("You changed your identity or contact details.")
    by_other = _("%(actor)s changed your identity or contact details.")
    refused = _("%(actor)s asked to change your identity or contact details and was refused.")


@dataclass(frozen=True, slots=True)
class RecordOpened(Kind):
    code = "record_opened"
    by_holder = _("You opened the overview of your record.")
    by_other = _("%(actor)s opened the overview of your record.")
    refused = _("%(actor)s asked to open your record and was refused.")


@dataclass(frozen=True, slots=True)
class ProfileRead(Kind):
    code = "profile_read"
    by_holder = _("You read your health profile.")
    by_other = _("%(actor)s read your health profile.")
    refused = _("%(actor)s asked to read your health profile and was refused.")


@dataclass(frozen=True, slots=True)
class ProfileWritten(Kind):
    code = "profile_written"
    by_holder = _("You changed your health profile.")
    by_other = _("%(actor)s changed your health profile.")
    refused = _("%(actor)s asked to change your health profile and was refused.")


@dataclass(frozen=True, slots=True)
class NoticesRead(Kind):
    code = "notices_read"
    by_holder = _("You read your notices.")
    by_other = _("%(actor)s read your notices.")
    refused = _("%(actor)s asked to read your notices and was refused.")


@dataclass(frozen=True, slots=True)
class MailChoiceChanged(Kind):
    code = "mail_choice_changed"
    by_holder = _("You chose which notices come by e-mail.")
    by_other = _("%(actor)s chose which notices come by e-mail.")
    refused = _("%(actor)s asked to choose which notices come by e-mail and was refused.")


@dataclass(frozen=True, slots=True)
class JournalRead(Kind):
    code = "journal_read"
    by_holder = _("You read this journal.")
    by_other = _("%(actor)s read this journal.")
    refused = _("%(actor)s asked to read this journal and was refused.")


@dataclass(frozen=True, slots=True)
class ExportMade(Kind):
    code = "export_made"
    by_holder = _("You took a copy of your whole health space.")
    by_other = _("%(actor)s took a copy of your whole health space.")
    refused = _("%(actor)s asked for a copy of your whole health space and was refused.")


ALL = (
    SpaceOpened(),
    SpaceClosed(),
    SpaceActivated(),
    SignedIn(),
    SignInRefused(),
    SignedOut(),
    IdentitySearched(),
    IdentityChanged(),
    RecordOpened(),
    ProfileRead(),
    ProfileWritten(),
    NoticesRead(),
    MailChoiceChanged(),
    JournalRead(),
    ExportMade(),
)
