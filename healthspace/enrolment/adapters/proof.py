"""The certificate of an answer: one page to keep, with the very text that was accepted, its version and digest.

A tagged PDF, so that a screen reader reads it in order; the same answer gives the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from healthspace.enrolment.adapters.letter_order import Sender
from healthspace.enrolment.adapters.letter_page import FULL, LEFT
from healthspace.enrolment.adapters.print_face import bold, regular
from healthspace.enrolment.adapters.print_file import PrintFile
from healthspace.enrolment.adapters.print_pen import DEEP, SOFT, TINT, Pen, Style
from healthspace.enrolment.rules import texts, window

_BODY: Final = Style(12)
_LABEL: Final = Style(11, SOFT)
_VALUE_X: Final = LEFT + 58


@dataclass(frozen=True, slots=True)
class Proof:
    """What a certificate shows; `said` is the text the person read and accepted, `number` names the answer."""

    kind: Literal["opposed", "withdrawn", "activated", "closed"]
    number: str
    name: str
    by_kind: Literal["holder", "parent", "agent"]
    channel: Literal["web", "phone", "post", "desk"]
    at: datetime
    said: str
    text_version: str
    text_digest: str
    language: str
    sender: Sender
    undo_until: datetime | None = None
    by_name: str = ""


def write(proof: Proof) -> bytes:
    """The certificate as PDF."""
    words = dict(texts.text("proof", proof.language, proof.text_version))
    language = texts.spoken(proof.language)
    stream = io.BytesIO()
    title = f"{words[f'title_{proof.kind}']}, {proof.sender.product}"
    file = PrintFile(stream, title=title, language=language, at=proof.at)
    pen = Pen()
    _page(pen, proof, words)
    file.page(pen.drawing(), pen.tags)
    file.close()
    return stream.getvalue()


def _page(pen: Pen, proof: Proof, words: dict[str, Any]) -> None:
    with pen.artifact():
        pen.box(LEFT, 17, 2.2, 8.2, fill=DEEP)
    with pen.tag("P"):
        pen.words(LEFT + 5, 23.4, _safe(proof.sender.product), Style(19, DEEP, is_bold=True))
        pen.words(LEFT, 31, _safe(proof.sender.name), Style(9, SOFT))
    with pen.tag("H1"):
        pen.words(LEFT, 56, words[f"title_{proof.kind}"], Style(25, is_bold=True))
    with pen.tag("P"):
        y = pen.paragraph(LEFT, 68, f"{words[f'lead_{proof.kind}']} {words[f'what_{proof.kind}']}", Style(13), FULL)
    y = _rows(pen, y + 6, proof, words)
    y = _said(pen, y + 4, proof, words)
    if proof.undo_until:
        with pen.tag("P"):
            y = pen.paragraph(LEFT, y + 8, _undo(proof, proof.undo_until, words), _BODY, FULL)
    y += 6
    for label, value in (("number", proof.number), ("version", proof.text_version), ("digest", proof.text_digest)):
        with pen.tag("P"):
            pen.words(LEFT, y, words[label], Style(9.5, SOFT))
            pen.fitted(_VALUE_X, y, value, Style(9.5), FULL - 58)
        y += 5.4
    with pen.tag("P"):
        pen.paragraph(LEFT, y + 1, f"{words['check']} {words['keep']}", Style(9.5, SOFT), FULL)


def _rows(pen: Pen, y: float, proof: Proof, words: dict[str, Any]) -> float:
    local = proof.at.astimezone(window.PARIS)
    day = texts.day(local.date(), proof.language, proof.text_version)
    moment = words["at_value"].format(day=day, hour=f"{local:%H}", minute=f"{local:%M}")
    by = words["by_kinds"][proof.by_kind]
    rows = (
        ("person", proof.name), ("by", f"{proof.by_name} ({by})" if proof.by_name else by), ("at", moment),
        ("channel", words["channels"][proof.channel]),
    )  # fmt: skip
    for label, value in rows:
        with pen.tag("P"):
            pen.words(LEFT, y, words[label], _LABEL)
            y = pen.paragraph(_VALUE_X, y, _safe(value), Style(12.5, is_bold=True), FULL - 58) + 2
        with pen.artifact():
            pen.rule(LEFT, y - 4.6, FULL, colour=SOFT, weight=0.15)
    return y


def _said(pen: Pen, y: float, proof: Proof, words: dict[str, Any]) -> float:
    text, style, width = _safe(proof.said), Style(12.5), FULL - 14
    bottom = Pen().paragraph(LEFT + 7, y + 15, text, style, width)
    with pen.artifact():
        pen.box(LEFT, y, FULL, bottom - y, fill=TINT)
        pen.box(LEFT, y, 2, bottom - y, fill=DEEP)
    with pen.tag("H2"):
        pen.words(LEFT + 7, y + 7.5, words["said"], Style(12, DEEP, is_bold=True))
    with pen.tag("P"):
        pen.paragraph(LEFT + 7, y + 15, text, style, width)
    return bottom


def _undo(proof: Proof, undo_until: datetime, words: dict[str, Any]) -> str:
    until = texts.day(undo_until.astimezone(window.PARIS).date(), proof.language, proof.text_version)
    text = words["undo" if proof.sender.phone else "undo_without_phone"]
    return str(text.format(undo=f"*{until}*", site=f"*{proof.sender.site}*", phone=f"*{proof.sender.phone}*"))


def _safe(text: str) -> str:
    """Signs the face has, and no star that would turn the words bold."""
    return (regular() if regular().has(text) else bold()).printable(text.replace("*", ""))
