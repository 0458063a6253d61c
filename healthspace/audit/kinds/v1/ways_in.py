"""The holder's ways in besides the password: added, removed, tried in vain."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class PasskeyAdded(Kind):
    code = "passkey_added"
    by_holder = _("You added a passkey: a device that can sign you in.")
    by_other = _("%(actor)s added a passkey that can sign you in.")
    refused = _("%(actor)s asked to add a passkey and was refused.")


@dataclass(frozen=True, slots=True)
class PasskeyRemoved(Kind):
    code = "passkey_removed"
    by_holder = _("You removed a passkey: that device no longer signs you in.")
    by_other = _("%(actor)s removed one of your passkeys.")
    refused = _("%(actor)s asked to remove one of your passkeys and was refused.")


@dataclass(frozen=True, slots=True)
class TotpAdded(Kind):
    code = "totp_added"
    by_holder = _("You set up an app that shows codes to sign in.")
    by_other = _("%(actor)s set up an app that shows codes to sign you in.")
    refused = _("%(actor)s asked to set up an app that shows codes to sign you in and was refused.")


@dataclass(frozen=True, slots=True)
class TotpRemoved(Kind):
    code = "totp_removed"
    by_holder = _("You stopped using the app that shows codes to sign in.")
    by_other = _("%(actor)s ended the use of the app that shows codes to sign you in.")
    refused = _("%(actor)s asked to end the use of the app that shows codes to sign you in and was refused.")


@dataclass(frozen=True, slots=True)
class PaperCodesMade(Kind):
    code = "paper_codes_made"
    by_holder = _("You made new codes on paper to sign in; those before no longer work.")
    by_other = _("%(actor)s made new codes on paper to sign you in; those before no longer work.")
    refused = _("%(actor)s asked to make codes on paper to sign you in and was refused.")


@dataclass(frozen=True, slots=True)
class CodeRefused(Kind):
    """Wrong codes after the right password; details: tries."""

    code = "code_refused"
    by_holder = _("You gave a wrong code after your password.")
    by_other = _("%(actor)s gave your right password, then a wrong code.")
    refused = _("Somebody gave your right password, then a wrong code.")


@dataclass(frozen=True, slots=True)
class DeviceRemembered(Kind):
    code = "device_remembered"
    by_holder = _("You chose not to be asked for a code on this device for 30 days.")
    by_other = _("%(actor)s chose that no code is asked for on this device for 30 days.")
    refused = _("%(actor)s asked that no code be asked for on this device and was refused.")


@dataclass(frozen=True, slots=True)
class DevicesForgotten(Kind):
    code = "devices_forgotten"
    by_holder = _("A code is asked for again on all your devices.")
    by_other = _("%(actor)s had a code asked for again on all your devices.")
    refused = _("%(actor)s asked that a code be asked for again on all your devices and was refused.")


ALL = (
    PasskeyAdded(),
    PasskeyRemoved(),
    TotpAdded(),
    TotpRemoved(),
    PaperCodesMade(),
    CodeRefused(),
    DeviceRemembered(),
    DevicesForgotten(),
)
