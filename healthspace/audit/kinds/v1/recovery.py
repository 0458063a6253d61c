"""An account whose ways in were replaced with a letter's code, and sessions ended from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class AccountRecovered(Kind):
    code = "account_recovered"
    by_holder = _("You made a new password with a code from a letter. For 72 hours no health data opens.")
    by_other = _("%(actor)s made a new password for your account.")
    refused = _("%(actor)s asked to make a new password for your account and was refused.")


@dataclass(frozen=True, slots=True)
class SessionsEnded(Kind):
    code = "sessions_ended"
    by_holder = _("You signed another device out.")
    by_other = _("%(actor)s signed a device of yours out.")
    refused = _("%(actor)s asked to sign a device of yours out and was refused.")


@dataclass(frozen=True, slots=True)
class PasswordChanged(Kind):
    code = "password_changed"
    by_holder = _("You changed your password. Every other device was signed out.")
    by_other = _("%(actor)s changed the password of your account.")
    refused = _("%(actor)s asked to change the password of your account and was refused.")


@dataclass(frozen=True, slots=True)
class RecoveryStopped(Kind):
    code = "recovery_stopped"
    by_holder = _("You stopped the new password of your account.")
    by_other = _("%(actor)s stopped the new password of your account, with the link in one of our messages.")
    refused = _("%(actor)s asked to stop the new password of your account and was refused.")


ALL = (AccountRecovered(), PasswordChanged(), RecoveryStopped(), SessionsEnded())
