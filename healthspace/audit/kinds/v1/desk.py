"""The support desk: what was asked of it, what it looked at, what it did; and changes of contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text, who


@dataclass(frozen=True, slots=True)
class ContactChangeAsked(Kind):
    code = "contact_change_asked"
    by_holder = _("You asked for another e-mail or phone. The change waits for 72 hours, unless it is your first.")
    by_other = _("%(actor)s wrote down another e-mail or phone for you. The change waits for 72 hours.")
    refused = _("%(actor)s asked for another e-mail or phone for you and was refused.")


@dataclass(frozen=True, slots=True)
class ContactChangeStopped(Kind):
    code = "contact_change_stopped"
    by_holder = _("You stopped the change of your e-mail or phone.")
    by_other = _("%(actor)s stopped the change of your e-mail or phone, with the link in one of our messages.")
    refused = _("%(actor)s asked to stop the change of your e-mail or phone and was refused.")


@dataclass(frozen=True, slots=True)
class ContactChangeDropped(Kind):
    code = "contact_change_dropped"
    by_holder = _("The change of your e-mail or phone was dropped: your health space was no longer open.")
    by_other = _("%(actor)s dropped the change of your e-mail or phone, because your health space was no longer open.")
    refused = _("%(actor)s asked to drop the change of your e-mail or phone and was refused.")


@dataclass(frozen=True, slots=True)
class ContactChanged(Kind):
    code = "contact_changed"
    by_holder = _("You confirmed your first e-mail address.")
    by_other = _("%(actor)s put your new e-mail or phone in place: 72 hours are over and nobody stopped the change.")
    refused = _("%(actor)s asked to change your e-mail or phone and was refused.")


@dataclass(frozen=True, slots=True)
class TicketSent(Kind):
    code = "ticket_sent"
    by_holder = _("You wrote to the help desk.")
    by_other = _("%(actor)s wrote to the help desk for you.")
    refused = _("%(actor)s asked to write to the help desk for you and was refused.")


@dataclass(frozen=True, slots=True)
class TicketRead(Kind):
    code = "ticket_read"
    by_holder = _("You read what you wrote to the help desk, and its answers.")
    by_other = _("%(actor)s, of the help desk, read what you wrote to it.")
    refused = _("%(actor)s asked to read what you wrote to the help desk and was refused.")


@dataclass(frozen=True, slots=True)
class TicketAnswered(Kind):
    code = "ticket_answered"
    by_holder = _("You answered the help desk.")
    by_other = _("%(actor)s, of the help desk, answered you.")
    refused = _("%(actor)s asked to answer you for the help desk and was refused.")


@dataclass(frozen=True, slots=True)
class TicketClosed(Kind):
    code = "ticket_closed"
    by_holder = _("You closed your question to the help desk.")
    by_other = _("%(actor)s, of the help desk, closed your question.")
    refused = _("%(actor)s asked to close your question to the help desk and was refused.")


@dataclass(frozen=True, slots=True)
class StatusLooked(Kind):
    code = "status_looked"
    by_holder = _("You looked at the state of your health space.")
    by_other = _(
        "%(actor)s, of the help desk, looked whether your health space is open and in how many ways you can sign in."
        " Nothing about your health is shown there."
    )
    refused = _("%(actor)s asked to look at the state of your health space and was refused.")


@dataclass(frozen=True, slots=True)
class TriesForgiven(Kind):
    """Details: reason, one of `reasons`."""

    code = "tries_forgiven"
    by_holder = _("You may try to sign in again.")
    by_other = _("%(actor)s, of the help desk, let you try to sign in again at once.")
    refused = _("%(actor)s asked to let you try to sign in again and was refused.")
    reasons: ClassVar[Mapping[str, Text]] = {
        "forgot": _("The reason noted: a password or code typed wrongly too often."),
        "device": _("The reason noted: a phone or computer that is new or broken."),
        "other_person": _("The reason noted: tries that were not yours."),
    }

    def tell(self, line: Line) -> str:
        """With the reason the agent chose."""
        reason = self.reasons.get(line.details.get("reason", ""), "")
        told = Kind.tell(self, line)
        return f"{told} {reason}" if reason and line.outcome == "done" else told


@dataclass(frozen=True, slots=True)
class _OfAct(Kind):
    """Told with what the act is; details: act, first, second."""

    acts: ClassVar[Mapping[str, Text]] = {}

    def tell(self, line: Line) -> str:
        """In the words of the act, with both names where there are two."""
        sentence = self.acts.get(line.details.get("act", ""))
        if sentence is None or line.outcome == "refused":
            return Kind.tell(self, line)
        names = {"actor": who(line), "first": line.details.get("first", "")}
        return str(sentence) % names


@dataclass(frozen=True, slots=True)
class ActProposed(_OfAct):
    code = "act_proposed"
    by_holder = _("An act that needs two agents was proposed for your health space.")
    by_other = _("%(actor)s, of the help desk, proposed an act that needs a second agent. Nothing is done yet.")
    refused = _("%(actor)s asked to propose an act that needs two agents and was refused.")
    acts = {
        "death": _("%(actor)s, of the help desk, wrote down a death. Nothing is done until a second agent agrees."),
        "death_in_error": _(
            "%(actor)s, of the help desk, wrote down that a death was noted in error."
            " Nothing is done until a second agent agrees."
        ),
        "merge": _(
            "%(actor)s, of the help desk, answered whether two numbers are one person."
            " Nothing is done until a second agent agrees."
        ),
        "guardianship": _(
            "%(actor)s, of the help desk, wrote down a judge’s decision about who may act for you."
            " Nothing is done until a second agent agrees."
        ),
        "guardianship_ended": _(
            "%(actor)s, of the help desk, wrote down that a judge’s decision about who may act for you has ended."
            " Nothing is done until a second agent agrees."
        ),
        "mandate_ended": _(
            "%(actor)s, of the help desk, wrote down that somebody no longer acts for you here."
            " Nothing is done until a second agent agrees."
        ),
    }


@dataclass(frozen=True, slots=True)
class ActAgreed(_OfAct):
    code = "act_agreed"
    by_holder = _("Two agents agreed on an act for your health space.")
    by_other = _("%(actor)s, of the help desk, agreed to an act that another agent had proposed. It is done.")
    refused = _("%(actor)s asked to agree to an act that needs two agents and was refused.")
    acts = {
        "death": _("Two agents of the help desk noted a death: %(first)s and %(actor)s."),
        "death_in_error": _("Two agents of the help desk took back a death noted in error: %(first)s and %(actor)s."),
        "merge": _("Two agents of the help desk settled whether two numbers are one person: %(first)s and %(actor)s."),
        "guardianship": _(
            "Two agents of the help desk noted a judge’s decision about who may act for you: %(first)s and %(actor)s."
        ),
        "guardianship_ended": _(
            "Two agents of the help desk noted the end of a judge’s decision about who may act for you:"
            " %(first)s and %(actor)s."
        ),
        "mandate_ended": _(
            "Two agents of the help desk noted that somebody no longer acts for you here: %(first)s and %(actor)s."
        ),
    }


@dataclass(frozen=True, slots=True)
class ActTurnedDown(Kind):
    code = "act_turned_down"
    by_holder = _("An act that needs two agents was not agreed to. Nothing was done.")
    by_other = _("%(actor)s, of the help desk, did not agree to what another agent had proposed. Nothing was done.")
    refused = _("%(actor)s asked to turn down an act that needs two agents and was refused.")


ALL: Final = (
    ContactChangeAsked(),
    ContactChangeStopped(),
    ContactChangeDropped(),
    ContactChanged(),
    TicketSent(),
    TicketRead(),
    TicketAnswered(),
    TicketClosed(),
    StatusLooked(),
    TriesForgiven(),
    ActProposed(),
    ActAgreed(),
    ActTurnedDown(),
)
