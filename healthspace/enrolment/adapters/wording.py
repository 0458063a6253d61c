"""The mail of information in the words of its version: both languages, no name, no health word (T56)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from django.conf import settings

from healthspace.enrolment.adapters.letter_order import Edition, Sender
from healthspace.enrolment.rules import codes, texts
from healthspace.enrolment.rules.sending import Sent, message_id

# Children are told apart by the order of their births: no name goes into a mail.
CHILD: Final = {"fr": ("votre enfant", "votre enfant n° {number}, dans l’ordre des naissances"),
                "en": ("your child", "your child no. {number}, in the order of their births")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Codes:
    """The plain codes of a mail: of the addressee ("" when it is about children only), and of each child."""

    own: str
    children: tuple[str, ...] = ()


def sender() -> Sender:
    """Who writes, by the settings."""
    return Sender(
        product=settings.SITE_NAME,
        name=settings.LETTER_SENDER,
        url=settings.SITE_URL,
        free_post=settings.FREE_POST,
        lines=settings.LETTER_SENDER_ADDRESS,
        phone=settings.HELP_PHONE,
        hours=settings.HELP_HOURS,
        privacy=settings.PRIVACY_URL,
    )


def mail(edition: Edition, *, sent: Sent, to: str, language: str, given: Codes) -> bytes:
    """One mail as it goes over the line; the same bytes for the same words, codes and day."""
    spoken = texts.spoken(language)
    other = next(one for one in texts.LANGUAGES if one != spoken)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = _address(settings.DEFAULT_FROM_EMAIL)
    message["To"] = to
    message["Subject"] = edition.words("mail", spoken)["subject"]
    message["Date"] = format_datetime(_noon(edition))
    message["Message-ID"] = message_id(sent, settings.BOUNCE_ADDRESS)
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = f"{spoken}, {other}"
    bodies = [_body(edition, one, sent.reference, given) for one in (spoken, other)]
    message.set_content("\n\n----\n\n".join(bodies), cte="quoted-printable")
    return message.as_bytes()


def _body(edition: Edition, language: str, reference: str, given: Codes) -> str:
    words = edition.words("mail", language, "adult" if given.own else "child")
    lines: list[str] = [*words["lines"]]
    if given.own:
        lines.append(words["answer"].format(link=edition.sender.link + given.own))
        lines.append(words["code"].format(code=codes.shown(given.own)))
    if given.children:
        lines.append("\n".join([words["children"], *_children(edition, words, language, given.children)]))
    lines.append(words["code_use"])
    if edition.sender.phone:
        lines.append(words["phone"])
    lines += [words["rights"], words["law"], words["reference"].format(reference=reference)]
    return "\n\n".join(lines).replace("*", "")


def _children(edition: Edition, words: dict[str, Any], language: str, given: Sequence[str]) -> list[str]:
    one, many = CHILD[language]
    return [
        words["code_of"].format(name=one if len(given) == 1 else many.format(number=number), code=codes.shown(code))
        + f"\n{edition.sender.link}{code}"
        for number, code in enumerate(given, 1)
    ]


def _noon(edition: Edition) -> datetime:
    return datetime.combine(edition.on, time(12), UTC)


def _address(text: str) -> Address | str:
    name, address = parseaddr(text)
    return Address(name or settings.SITE_NAME, addr_spec=address) if address else text
