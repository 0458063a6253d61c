"""What an account tells its holder’s space."""

from __future__ import annotations

from dataclasses import dataclass

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class NewDevice(Fact):
    """The holder's account was opened on a device it was never opened on before."""


@dataclass(frozen=True, slots=True)
class AccountRecovered(Fact):
    """The holder's password and other ways in were replaced with a letter's code (T13)."""


@dataclass(frozen=True, slots=True)
class PasswordChanged(Fact):
    """The holder's password was changed from inside."""
