"""The words of the desk: topics, states, acts of two agents; for holders and for agents alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from healthspace.common.errors import HealthspaceError, Invalid, TooLarge
from healthspace.support import rules

Text = str | Promise
TOPICS: Final[Mapping[str, Text]] = {
    "sign_in": _("A sign-in that I do not recognise, or a way in that I lost"),
    "contact": _("My e-mail, my phone or my address"),
    "family": _("A child, a relative, somebody who helps me"),
    "closing": _("Closing my space, or opening it again"),
    "other": _("Something else"),
}
STATES: Final[Mapping[str, Text]] = {
    "open": _("Waits for an answer"),
    "answered": _("Answered"),
    "closed": _("Closed"),
}
ACTS: Final[Mapping[str, Text]] = {
    "death": _("A death"),
    "death_in_error": _("A death noted in error"),
    "guardianship": _("A judge’s decision about a protected adult"),
    "guardianship_ended": _("The protection of an adult has ended"),
    "mandate_ended": _("Somebody no longer acts for a child"),
    "merge": _("Two numbers: one person or two people?"),
}
OTHERS: Final[Mapping[str, Text]] = {
    "merge": _("Person of the former number"),
    "guardianship_ended": _("Who acts for the person until now"),
    "mandate_ended": _("Who acts for the person until now"),
}
OUTCOMES: Final[Mapping[str, Text]] = {
    "one person": _("One person: what the former number has stays"),
    "two people": _("Two people: both are told by letter like everybody"),
}
GUARDIANS: Final[Mapping[str, Text]] = {
    "guardian": _("Guardian (tutelle)"),
    "curator": _("Curator (curatelle)"),
    "mandatary": _("Mandate for future protection"),
    "family": _("Family authorisation"),
}
SCOPES: Final[Mapping[str, Text]] = {
    "as_holder": _("Acts in place of the person"),
    "read_and_file": _("Reads and adds documents"),
    "read": _("Reads"),
    "none": _("Nothing in the health space"),
}
DETAILS: Final[Mapping[str, Text]] = {
    "paper": _("Paper"),
    "outcome": _("Answer"),
    "case": _("Number of the case"),
    "court": _("Court"),
    "number": _("Number of the decision"),
    "kind": _("Kind"),
    "scope": _("Scope"),
    "decided_on": _("Decided on"),
    "starts_on": _("From"),
    "ends_on": _("Until"),
}
REASONS: Final[Mapping[str, Text]] = {
    "forgot": _("A password or code typed wrongly too often"),
    "device": _("A phone or computer that is new or broken"),
    "other_person": _("Tries that were not the caller’s"),
}
SPACE_STATES: Final[Mapping[str, Text]] = {
    "not_informed": _("not told yet"),
    "informed": _("told by a letter, not answered"),
    "opposed": _("refused"),
    "open_inactive": _("open, never used"),
    "active": _("open and in use"),
    "suspended": _("suspended"),
    "closed": _("closed"),
    "deletion_requested": _("to be deleted"),
    "closed_deceased": _("closed after a death"),
    "deleted": _("deleted"),
}


def said(name: str, text: str) -> Text:
    """A detail of an act in words: a day as it is, a code by its name."""
    return {"kind": GUARDIANS, "scope": SCOPES, "outcome": OUTCOMES}.get(name, {}).get(text, text)


def fault(error: HealthspaceError) -> tuple[str, Text]:
    """The field and the sentence for what the desk does not take."""
    if isinstance(error, TooLarge):
        return "attached", _("A file is larger than 10 MB. Send a smaller one.")
    if not isinstance(error, Invalid):
        return "", _("You have 10 open questions. Close one that is settled, then ask again.")
    if error.field == "files":
        return "attached", _("Send at most 5 files, each a PDF, a photo (JPEG or PNG) or a plain text.")
    if error.field == "text":
        return "text", _("Write your question, in at most 4000 letters.")
    return "topic", _("Choose what your question is about.")


TOPIC_CHOICES: Final = [(code, TOPICS[code]) for code in rules.TOPICS]
