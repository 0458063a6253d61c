"""Short mails and letters of one person's own doing: eight digits, a new code, the confirmation of an answer.

The same plain words by mail, to exactly one address by a real SMTP connection, and on paper; nothing about
health in them, and in mails no name (T56).
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common.errors import Unavailable
from healthspace.enrolment.rules import codes, texts
from healthspace.spaces.rules import email_fault


@dataclass(frozen=True, slots=True)
class Words:
    """A message in its language: the subject, the lines."""

    subject: str
    lines: tuple[str, ...]


def digits(digits: str, *, language: str) -> Words:
    """The eight digits that prove an address."""
    with translation.override(language):
        return Words(
            _("Your 8 digits"),
            (
                _("Hello,"),
                _("Here are the 8 digits you were asked for: %(digits)s") % {"digits": f"{digits[:4]} {digits[4:]}"},
                _("They work for 10 minutes. Nobody will ever ask you for them by phone."),
                _("You did not ask for anything? Then you can forget this message."),
            ),
        )


def help_digits(digits: str, *, language: str) -> Words:
    """The eight digits by which a person agrees to be helped at a desk; typed by nobody else."""
    with translation.override(language):
        return Words(
            _("8 digits for the person who helps you"),
            (
                _("Hello,"),
                _("You are at a desk and somebody helps you? Type these 8 digits yourself: %(digits)s")
                % {"digits": f"{digits[:4]} {digits[4:]}"},
                _("They let this person do what you ticked, for 30 minutes. They work for 10 minutes."),
                _("Nobody is helping you? Then do nothing: without these digits nothing happens."),
            ),
        )


def new_code(code: str, *, is_child: bool, state: str, language: str) -> Words:
    """A new code and what it is good for in this state of the space; which twin it is for is said once it is typed.

    The words are versioned with those of the information.
    """
    words = dict(texts.text("single", language)["new_code"])
    words |= words["for_child"] if is_child else {}
    may = words[{"opposed": "may_opposed", "open_inactive": "may_open"}.get(state, "may_told")]
    lines = (words["hello"], words["asked"], words["code"].format(code=codes.shown(code)), may,
             words["use"].format(address=f"{settings.SITE_URL}/start"), words["also"], words["care"])  # fmt: skip
    return Words(words["subject"], lines)


def lost_account(code: str, *, language: str) -> Words:
    """A code that gives a lost account back: for a letter alone."""
    with translation.override(language):
        return Words(
            _("Your new code"),
            (
                _("Hello,"),
                _("You asked for a code because you cannot sign in any more."),
                _("Your code: %(code)s") % {"code": codes.shown(code)},
                _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
                _("You then choose a new identifier and a new password. For 72 hours, documents stay locked."),
                _("You did not ask for it? Then call us: somebody knows your number and your card."),
            ),
        )


def own_way(code: str, *, language: str) -> Words:
    """A code for a sign-in of one's own, in a space that is open: for a letter alone."""
    with translation.override(language):
        return Words(
            _("Your own way into your health space"),
            (
                _("Hello,"),
                _("Your health space is open. Until now, only your parents could sign in to it."),
                _("With this code you choose an identifier and a password of your own: %(code)s")
                % {"code": codes.shown(code)},
                _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
                _("The code is for you alone. Give it to nobody, not even to your parents."),
            ),
        )


def refused(code: str, *, until: str, is_child: bool, language: str) -> Words:
    """The confirmation of a refusal, with the code that undoes it; `until` is the last day, in words."""
    with translation.override(language):
        child, own = _("The health space of a child of yours was refused."), _("Your health space was refused.")
        return Words(
            _("The refusal is noted"),
            (
                _("Hello,"),
                child if is_child else own,
                _("No space is opened. Care and refunds stay the same."),
                _("Was it you? Then you have nothing to do."),
                _("Was it not you, or have you changed your mind? Undo it until %(day)s with this code: %(code)s")
                % {"day": until, "code": codes.shown(code)},
                _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
            ),
        )


def told(*, language: str) -> Words:
    """The other parent is told that a child's space was refused (T4)."""
    with translation.override(language):
        return Words(
            _("A child’s health space was refused"),
            (
                _("Hello,"),
                _("The other parent has refused the health space of a child of yours. It is not opened."),
                _("Care and refunds stay the same. With a new code either of you can open it later."),
                _("Ask for a code here: %(address)s") % {"address": f"{settings.SITE_URL}/start/new-code/"},
            ),
        )


def answered(kind: str, *, is_child: bool, language: str) -> Words:
    """What was answered with a code or by phone, told to whom it is about or to a parent, with the way to stop it.

    `kind`: "activated", "withdrawn", "undone", "closed", or "late" for a refusal that came too late.
    """
    with translation.override(language):
        way = settings.HELP_PHONE or f"{settings.SITE_URL}/help/"
        subject, said, then = _answered("withdrawn" if kind == "undone" else kind, is_child=is_child)
        lines = (_("Hello,"), said, *then)
        if kind != "late":
            lines += (_("Was it you? Then you have nothing to do."),)
            lines += (_("Was it not you? Tell us at once: %(way)s") % {"way": way},)
        if kind in {"withdrawn", "undone", "late"}:
            lines += (_("Ask for a code here: %(address)s") % {"address": f"{settings.SITE_URL}/start/new-code/"},)
        return Words(subject, lines)


def _answered(kind: str, *, is_child: bool) -> tuple[str, str, tuple[str, ...]]:
    """Subject, what happened, what follows."""
    if kind == "activated":
        child, own = _("The health space of a child of yours was opened."), _("Your health space was opened.")
        then = (_("It was opened with the code that we sent by letter or mail."),)
        return _("The space is open"), child if is_child else own, then
    if kind == "withdrawn":
        child = _("The refusal of the health space of a child of yours was taken back.")
        own, then = _("The refusal of your health space was taken back."), (_("The space will open by itself."),)
        return _("The refusal was taken back"), child if is_child else own, then
    if kind == "closed":
        child, own = _("The health space of a child of yours was closed."), _("Your health space was closed.")
        then = (_("Nobody can read it any more. It is kept for ten years, and we can open it again for you."),)
        return _("The space is closed"), child if is_child else own, then
    child = _("Your refusal of the health space of a child of yours came too late: the space is already open.")
    own = _("Your refusal of your health space came too late: the space is already open.")
    then = (_("You can close it at any time, with a code or by calling us."),)
    return _("Your refusal came too late"), child if is_child else own, then


def send(address: str, words: Words, *, message_id: UUID | None = None) -> None:
    """Hand a message to the mail server; the same `message_id` when it is sent again. `Unavailable`."""
    if email_fault(address):
        raise Unavailable("mail-address")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=words.subject,
        body="\n\n".join(words.lines) + "\n",
        to=[address],
        connection=get_connection(),
        headers={"Message-ID": f"<{message_id or uuid4()}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send(fail_silently=False)
    except OSError as error:  # smtplib's errors are OSErrors
        raise Unavailable("mail") from error
