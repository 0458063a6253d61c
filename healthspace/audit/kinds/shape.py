"""What a kind of event is: a code and the sentences that tell it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from healthspace.audit.kinds import reasons

Text = str | Promise


class Line(Protocol):
    """What a teller reads of a journal line."""

    @property
    def actor_kind(self) -> str:
        """Who, by kind."""

    @property
    def actor_name(self) -> str:
        """Who, by name."""

    @property
    def institution_name(self) -> str:
        """From where."""

    @property
    def outcome(self) -> str:
        """done or refused."""

    @property
    def rule(self) -> str:
        """The rule that decided."""

    @property
    def mode(self) -> str:
        """normal, samu or break_glass."""

    @property
    def reason(self) -> str:
        """The reason the actor gave."""

    @property
    def details(self) -> Mapping[str, str]:
        """What else was noted."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: told to the holder as "you", of others by their name, and when refused."""

    code: ClassVar[str] = ""
    by_holder: ClassVar[Text] = ""
    by_other: ClassVar[Text] = ""
    refused: ClassVar[Text] = ""

    def tell(self, line: Line) -> str:
        """The line as a whole sentence in the language of the page, for the holder."""
        if line.outcome == "refused":
            return self._told(self.refused, line) + " " + reasons.why(line.rule)
        if line.actor_kind == "holder":
            return on_paper(line, str(self.by_holder))
        told = self._told(self.by_other, line)
        return told + " " + _mode(line) if line.mode != "normal" else told

    def _told(self, sentence: Text, line: Line) -> str:
        return str(sentence) % {"actor": who(line)}


def who(line: Line) -> str:
    """The actor as people know them: name and place."""
    if line.actor_kind == "holder":
        return _("The holder of this space")
    if line.actor_kind == "system":
        return _("The health space itself")
    if line.actor_kind == "anonymous" or not line.actor_name:
        return _("Someone who was not signed in")
    if line.institution_name and line.institution_name != line.actor_name:
        return _("%(name)s (%(place)s)") % {"name": line.actor_name, "place": line.institution_name}
    return line.actor_name


def on_paper(line: Line, sentence: str) -> str:
    """The holder's act, with where the form comes from when it was done from one on paper."""
    by = line.details.get("on_paper", "")
    if not by:
        return sentence
    return sentence + " " + _("It was done from a form on paper, printed by %(who)s.") % {"who": by}


def _mode(line: Line) -> str:
    if line.mode == "samu":
        return _("It was done by the emergency call centre (SAMU).")
    if line.reason:
        return _("It was done in an emergency; the reason given was: %(reason)s") % {"reason": line.reason}
    return _("It was done in an emergency.")
