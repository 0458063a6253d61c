"""The words of the operator's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from healthspace.enrolment.rules import departments

Words = dict[str, Promise]
GROUPS: Final[Words] = {
    "waiting": _("Not told yet"),
    "informed": _("Told, six weeks running"),
    "refused": _("Refused"),
    "opened": _("Opened by law, not used yet"),
    "active": _("In use"),
    "closed": _("Closed"),
    "deceased": _("Died"),
}
BREAKDOWNS: Final[Words] = {
    "department": _("Department"),
    "ages": _("Age"),
    "channel": _("How they were told"),
    "wave": _("Wave"),
}
CHANNELS: Final[Words] = {
    "mail": _("By e-mail"),
    "post": _("By letter"),
    "parent": _("With a parent"),
    "none": _("Nobody can be reached"),
    "web": _("On these pages"),
    "phone": _("By phone"),
    "form": _("By a form sent back"),
}
AGES_OVER: Final = _("%(age)s and over")
AGES: Final = _("%(first)s to %(last)s")
STATES: Final[Words] = {
    "planned": pgettext_lazy("wave", "Planned"),
    "running": pgettext_lazy("wave", "Running"),
    "paused": pgettext_lazy("wave", "Paused"),
    "stopped": pgettext_lazy("wave", "Stopped"),
    "done": pgettext_lazy("wave", "Done"),
    "drafted": pgettext_lazy("batch", "Drafted"),
    "ready": pgettext_lazy("batch", "Ready to send"),
    "sent": pgettext_lazy("batch", "Sent"),
    "cancelled": pgettext_lazy("batch", "Cancelled"),
}
SUBJECTS: Final[Words] = {
    "letters": _("Letters and e-mails"),
    "refusals": _("Refusals, by the way they came"),
    "back": _("Refusals taken back"),
    "codes": _("Codes"),
    "cases": _("Cases somebody must look at"),
}
KEYS: Final[Words] = {
    "mail_drafted": _("E-mails drafted"),
    "mail_ready": _("E-mails ready"),
    "mail_sent": _("E-mails sent"),
    "mail_cancelled": _("E-mails cancelled"),
    "mail_bounced": _("E-mails that bounced"),
    "post_drafted": _("Letters drafted"),
    "post_ready": _("Letters at the printer"),
    "post_sent": _("Letters sent"),
    "post_cancelled": _("Letters cancelled"),
    "post_returned": _("Letters returned by the post"),
    "used": _("Used"),
    "replaced": _("Replaced by a new one"),
    "locked": _("Blocked after wrong tries"),
    "expired": _("Expired"),
    "alive": _("Can be used"),
    "undone": _("Undone within two weeks"),
    "withdrawn": _("Taken back later"),
}
CASES: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "unreachable": (
        _("Neither e-mail nor address works"),
        _("Nothing opens for these people. Look for another address and bring it with the next file of the register."),
    ),
    "unreadable_form": (
        _("Forms that cannot be read"),
        _("The scans lie in the folder “to-look-at”. Read them, and write the refusal down at the phone desk."),
    ),
    "late_refusal": (
        _("Refusals that came too late"),
        _("The space was open by then. Look at the postmark, and tell the person how to close the space."),
    ),
    "came_back_late": (
        _("Came back after the space was opened"),
        _("These people may not know that their space is open. Look for another address and write to them."),
    ),
    "merge": (
        _("Two numbers of one person"),
        _("Both have an answer or documents. Decide with the insurer which number stays."),
    ),
    "split": (
        _("One number of two people"),
        _("Decide with the insurer what belongs to whom."),
    ),
    "renumber": (
        _("A new number with another name or birth date"),
        _("The line of the register was left out. Ask the insurer who holds the new number."),
    ),
    "slip_after_answer": (
        _("Refusal slips older than the last answer"),
        _("The person answered after this letter was made. Ask them what holds."),
    ),
    "code_letter": (
        _("Letters with a new code, not printed yet"),
        _("The command “healthspace letters” prints them."),
    ),
    "own_way_letter": (
        _("Letters with a code for a sign-in of one’s own, not printed yet"),
        _("The command “healthspace letters” prints them."),
    ),
    "refusal_letter": (
        _("Letters that confirm a refusal, not printed yet"),
        _("The command “healthspace letters” prints them."),
    ),
    "answer_letter": (
        _("Letters that tell of an answer, not printed yet"),
        _("The command “healthspace letters” prints them."),
    ),
    "child_refused_letter": (
        _("Letters to the other parent of a refusal, not printed yet"),
        _("The command “healthspace letters” prints them."),
    ),
}
OTHER: Final = _("Other cases")
OTHER_TODO: Final = _("The command “healthspace cases” tells more about them.")


def of_key(breakdown: str, key: str, waves: Mapping[str, str]) -> str:
    """What a row is about, in the language of the page."""
    if breakdown == "department":
        return f"{departments.NAMES[key]} ({key})" if key in departments.NAMES else key
    if breakdown == "ages":
        return of_ages(key)
    if breakdown == "channel":
        return str(CHANNELS.get(key, key))
    return waves.get(key) or str(_("In no wave yet"))


def of_ages(key: str) -> str:
    """A band of ages."""
    if key.endswith("+"):
        return str(AGES_OVER) % {"age": key[:-1]}
    first, _dash, last = key.partition("-")
    return str(AGES) % {"first": first, "last": last}


def of_tally(subject: str, key: str) -> str:
    """What a tally counts."""
    if subject == "cases":
        return case(key).name
    if subject == "refusals" and key in CHANNELS:
        return str(CHANNELS["form" if key == "post" else key])
    return str(KEYS.get(key, key.replace("_", " ")))


@dataclass(frozen=True, slots=True)
class Case:
    """What a kind of case is, and what to do about it."""

    name: str
    to_do: str


def case(kind: str) -> Case:
    """The words of a kind."""
    name, to_do = CASES.get(kind, (OTHER, OTHER_TODO))
    return Case(str(name), str(to_do))
