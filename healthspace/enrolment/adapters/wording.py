"""The mail of information in the words of its version: both languages, no name, no health word (T56)."""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings

from healthspace.enrolment.adapters.letter_order import Edition, Sender
from healthspace.enrolment.rules import codes, texts
from healthspace.enrolment.rules.sending import Sent, message_id


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
    """One mail as it goes over the line (RFC 5322); the same bytes for the same words, codes and day.

    `to`: one plain address (`spaces.rules.email_fault` finds no fault). Built by hand because a nation's
    mails are: the standard library takes twenty times as long.
    """
    spoken = texts.spoken(language)
    other = next(one for one in texts.LANGUAGES if one != spoken)
    kind = "adult" if given.own else "child"
    bodies = [_body(edition, one, kind, sent.reference, given) for one in (spoken, other)]
    text = "\n\n----\n\n".join(bodies).encode()
    head = _head(edition, spoken, other, settings.DEFAULT_FROM_EMAIL).format(
        to=to, message_id=message_id(sent, settings.BOUNCE_ADDRESS)
    )
    return head.encode() + b2a_qp(text, istext=True).replace(b"\n", b"\r\n") + b"\r\n"


@lru_cache(maxsize=16)
def _head(edition: Edition, spoken: str, other: str, sender_address: str) -> str:
    name, address = parseaddr(sender_address)
    lines = {
        "From": formataddr((name or settings.SITE_NAME, address)).replace("{", "").replace("}", ""),
        "To": "{to}",
        "Subject": Header(_words(edition, spoken, "adult")["subject"], "utf-8").encode(linesep="\r\n"),
        "Date": format_datetime(datetime.combine(edition.on, time(12), UTC)),
        "Message-ID": "{message_id}",
        "Auto-Submitted": "auto-generated",
        "Content-Language": f"{spoken}, {other}",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"


@lru_cache(maxsize=32)
def _words(edition: Edition, language: str, kind: str) -> dict[str, Any]:
    """The words of a day, without the stars that make a letter's dates bold."""
    found = edition.words("mail", language, kind)
    bare = {name: text.replace("*", "") for name, text in found.items() if isinstance(text, str)}
    return bare | {"lines": "\n\n".join(found["lines"]).replace("*", "")}


def _body(edition: Edition, language: str, kind: str, reference: str, given: Codes) -> str:
    words = _words(edition, language, kind)
    lines: list[str] = [words["lines"]]
    if given.own:
        lines.append(words["answer"].format(link=edition.sender.link + given.own))
        lines.append(words["code"].format(code=codes.shown(given.own)))
    if given.children:
        lines.append("\n".join([words["children"], *_children(words, edition.sender.link, given.children)]))
    lines.append(words["code_use"])
    if edition.sender.phone:
        lines.append(words["phone"])
    lines += [words["rights"], words["law"], words["reference"].format(reference=reference)]
    return "\n\n".join(lines)


def _children(words: dict[str, Any], link: str, given: Sequence[str]) -> list[str]:
    """Children are told apart by the order of their births: no name goes into a mail."""
    name = words["child"] if len(given) == 1 else words["child_of_several"]
    return [
        words["code_of"].format(name=name.format(number=number), code=codes.shown(code)) + f"\n{link}{code}"
        for number, code in enumerate(given, 1)
    ]
