"""What the letter's pages say when something does not go: what happened, what to do, never more than one may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from healthspace.enrolment.rules.claims import NotAccepted, TooSoon

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble or an end, in plain words, with the way on (the name of a page)."""

    title: Words
    lines: tuple[Words, ...]
    to: str = ""
    to_label: Words = ""
    status: int = 422


SECONDS_TOLD: Final = 120
_NEW: Final = _("Ask for a new code")
TOLD: Final[Mapping[str, Told]] = MappingProxyType(
    {
        "unknown": Told(
            _("These three do not go together"),
            (
                _("The code, the number and the birth date must belong to the same person."),
                _("Check each sign. After 5 wrong tries, a code stops working."),
                _("For your safety, this page never says more."),
            ),
            "public:new_code",
            _NEW,
        ),
        "expired": Told(
            _("This code is too old"),
            (_("A code works for six weeks. Ask for another one: it takes 2 minutes."),),
            "public:new_code",
            _NEW,
        ),
        "used": Told(
            _("This code was used already"),
            (
                _("A code works once. The answer given with it is written down."),
                _("To change the answer, ask for a new code."),
            ),
            "public:new_code",
            _NEW,
        ),
        "replaced": Told(
            _("There is a newer code"),
            (_("Only the newest code works. Look for a newer letter or e-mail."),),
            "public:new_code",
            _NEW,
        ),
        "locked": Told(
            _("This code is locked"),
            (_("It was written wrongly 5 times. Nobody can use it any more."),),
            "public:new_code",
            _NEW,
        ),
        "too_soon": Told(
            _("A moment, please"),
            (_("Several requests came in a short time. Your code still works."),),
            status=429,
        ),
        "no_mail": Told(
            _("The e-mail did not leave"),
            (_("Check the address and try again in a minute, or go on without an e-mail."),),
            status=503,
        ),
        "active": Told(
            _("This space is open already"),
            (
                _("Nothing is left to answer. Sign in to see it, to change who reads it, or to close it."),
                _("You lost your identifier or your password? Ask for a code by letter."),
            ),
            "public:sign_in",
            _("Sign in"),
        ),
        "minor": Told(
            _("This code does not give the account of a minor back"),
            (
                _("Parents may have this code, and what a teenager keeps from them must stay so."),
                _("Call us: somebody says how to go on. Until then, nothing changes."),
            ),
        ),
        "no_way": Told(
            _("Your password is right, but it is not enough"),
            (
                _("Nothing else is known that could prove that it is you: no e-mail, no app, no paper code."),
                _("Ask for a code. It comes by letter, and with it you choose how to sign in."),
            ),
            "public:new_code",
            _NEW,
            status=200,
        ),
        "closed": Told(
            _("This space is closed"),
            (_("What was in it is kept and nobody reads it. To open it again, call us or go to a desk."),),
        ),
        "suspended": Told(
            _("This space is suspended"),
            (_("A letter told you why. Call us: somebody answers you."),),
        ),
        "deceased": Told(
            _("This person has died"),
            (_("We are sorry. Nothing can be opened or refused here. For a relative’s questions, call us."),),
        ),
        "late": Told(
            _("The six weeks are over"),
            (
                _("The space is open, so it can no longer be refused. It can be closed at any time."),
                _("Open it with the code and close it in the settings, or call us."),
            ),
        ),
        "asked": Told(
            _("If all three fit, a new code leaves"),
            (
                _("With an e-mail known to the health insurance: it arrives within minutes."),
                _("Without one: a letter leaves in the next days."),
                _("Nothing came? Check what you wrote, or call us. For your safety, this page never says more."),
            ),
            "public:start",
            _("I have my code"),
        ),
        "child_opened": Told(
            _("The child’s space is open"),
            (
                _("Its documents can arrive in it from now on."),
                _("You can close it at any time: call us or go to a desk."),
            ),
            "public:start",
            _("Answer for another person"),
        ),
        "taken_back": Told(
            _("The refusal is taken back"),
            (
                _("The space opens by itself on the date of the letter, or in the next days if it has passed."),
                _("To enter it, or to refuse it again, ask for a new code."),
                _("If you do nothing, it opens. You can close it at any time."),
            ),
            "public:new_code",
            _NEW,
        ),
        "over": Told(
            _("Ten minutes have passed"),
            (
                _("To protect you, this page forgot who you are. Nothing was sent from it."),
                _("If you have not answered yet, your code still works. Write it again."),
            ),
            "public:start",
            _("Start again"),
        ),
        "left": Told(
            _("You left the letter’s pages"),
            (
                _("Nothing is kept on this device."),
                _("If you have not answered, the space opens on the date of the letter."),
            ),
            "public:front",
            _("Go to the first page"),
        ),
    }
)

# What a code can still do when there is no choice between opening and refusing, by the state it meets.
WAYS: Final[Mapping[str, Told]] = MappingProxyType(
    {
        "undo": Told(
            _("Take the refusal back?"),
            (
                _("A refusal was sent for this person. If it was not you, or if you changed your mind, take it back."),
                _("The space then opens by itself on its date. If you do nothing, the refusal stays."),
            ),
        ),
        "opposed": Told(
            _("This space was refused"),
            (
                _("You can open it now, with this code. What was refused in between does not come back."),
                _("If you do nothing, the refusal stays."),
            ),
        ),
        "open_inactive": Told(
            _("This space is open and waits for you"),
            (
                _("Nobody answered within the six weeks, so it opened by itself. Enter, and choose who reads it."),
                _("You do not want it? Close it here with this code, or call us: we close it with you."),
                _("If you do nothing, it stays open and you can enter later."),
            ),
        ),
    }
)


def of_error(error: NotAccepted) -> Told:
    """What to say of a code that opens nothing now."""
    told = TOLD.get(error.reason, TOLD["unknown"])
    if isinstance(error, TooSoon):
        return replace(told, lines=(*told.lines, told_wait(error.wait_seconds)))
    return told


def told_wait(seconds: int) -> str:
    """How long to wait, in words: seconds below two minutes, then whole minutes."""
    if seconds < SECONDS_TOLD:
        return ngettext(
            "Wait %(count)d second, then try again.", "Wait %(count)d seconds, then try again.", seconds
        ) % {"count": seconds}
    minutes = ceil(seconds / 60)
    return ngettext("Wait %(count)d minute, then try again.", "Wait %(count)d minutes, then try again.", minutes) % {
        "count": minutes
    }
