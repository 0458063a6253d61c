"""What a letter is made of: who writes, to whom, with which codes and slips; and what came out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from healthspace.enrolment.rules import texts, window

_HOUR: Final = re.compile(r"(?<=\d) (?=h\b)|(?<=h) (?=\d)")
FORMATS: Final = ("standard", "easy", "large", "braille")
_WINDOWS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "windows.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person the letter is about: name as used, plain code, what the QR of the refusal slip says."""

    name: str
    code: str
    slip: str
    is_child: bool = False

    @property
    def reference(self) -> str:
        """The reference printed on the slip."""
        return self.slip.split(":")[1]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: at most six address lines, the name first; the adult first in `people`, then the children."""

    reference: str
    lines: tuple[str, ...]
    people: tuple[Addressee, ...]
    language: str = "fr"
    letter_format: str = "standard"

    @property
    def kind(self) -> str:
        """ "adult", "family" or "child" (a letter about children only)."""
        if self.people[0].is_child:
            return "child"
        return "family" if len(self.people) > 1 else "adult"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes; `url` is the address people know, `free_post` where slips go without a stamp.

    `hours` of the phone may be given in both languages: "in French|in English".
    """

    product: str
    name: str
    url: str
    free_post: tuple[str, ...]
    lines: tuple[str, ...] = ()
    phone: str = ""
    hours: str = ""
    privacy: str = ""

    @property
    def slip_lines(self) -> tuple[str, ...]:
        """Where slips are sent."""
        return self.free_post or (self.name, *self.lines)

    @property
    def site(self) -> str:
        """Where to answer, as people type it."""
        return f"{self.url.split('://')[-1].rstrip('/')}/start"

    @property
    def link(self) -> str:
        """What the QR code holds before the code: the fragment never reaches a server or a log."""
        return f"{self.url.rstrip('/')}/start#"


@dataclass(frozen=True, slots=True)
class Window:
    """Where the address stands, and which part of the sheet may be seen through the envelope."""

    x: float
    y: float
    width: float
    height: float
    seen: tuple[float, float, float, float]
    side_x: float


@dataclass(frozen=True, slots=True)
class Edition:
    """What all letters of a batch share: sender, day, end of the six weeks, wording, window."""

    sender: Sender
    on: date
    deadline_at: datetime
    window_name: str = "right"
    version: str = texts.VERSION

    @property
    def window(self) -> Window:
        """The address window of the envelope."""
        found = _WINDOWS[self.window_name]
        shape = (found["x"], found["y"], found["width"], found["height"], tuple(found["seen"]), found["side_x"])
        return Window(*shape)

    def words(self, name: str, language: str, kind: str = "adult") -> dict[str, Any]:
        """A text with its dates, address and phone filled in; dates between stars are bold."""
        found = dict(texts.text(name, language, self.version))
        if kind == "child":
            found |= found.get("for_child", {})
        values = self.values(language)
        others = self.values("en" if texts.spoken(language) == "fr" else "fr")
        for key in ("help", "closing", "rights", "other_language"):
            if not self.sender.phone and f"{key}_without_phone" in found:
                found[key] = found[f"{key}_without_phone"]
        for key in ("no_ways", "yes_ways"):
            if not self.sender.phone and key in found:
                found[key] = [way for way in found[key] if "{phone}" not in way]
        if not self.sender.hours:
            found = {key: _without_hours(part) for key, part in found.items()}
        for key in ("help", "closing"):
            if isinstance(found.get(key), str):
                values[key] = _filled(found[key], values)
        return {
            key: _filled(part, others if key.startswith("other_language") else values) for key, part in found.items()
        }

    def values(self, language: str) -> dict[str, str]:
        """What the places of the texts stand for."""
        opening, last = window.opening_day(self.deadline_at), window.last_day(self.deadline_at)
        return {
            "opening": f"*{_tied(texts.day(opening, language, self.version))}*",
            "last": f"*{_tied(texts.day(last, language, self.version))}*",
            "opening_short": _tied(_short(opening, language, self.version)),
            "last_short": _tied(_short(last, language, self.version)),
            "site": f"*{self.sender.site}*", "phone": f"*{_tied(self.sender.phone)}*",
            "hours": _HOUR.sub("\u00a0", self._hours(language)),
            "sender": self.sender.name, "privacy": self.sender.privacy or self.sender.site,
            "product": self.sender.product,
        }  # fmt: skip

    def _hours(self, language: str) -> str:
        """The hours of the phone; "in French|in English" when the operator gave both."""
        given = self.sender.hours.split("|")
        return given[min(texts.LANGUAGES.index(texts.spoken(language)), len(given) - 1)].strip()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written: the files for the printer with their sums, and what could not be printed as given."""

    path: Path
    letters: int
    pages: int
    sheets: int
    sha256: str
    files: Mapping[str, str] = field(default_factory=dict)
    changed_signs: tuple[str, ...] = ()


class _Left(dict[str, str]):
    """Places that are filled later, letter by letter, stay as they are."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return part.format_map(_Left(values))
    if isinstance(part, list):
        return [_filled(one, values) for one in part]
    return {key: _filled(one, values) for key, one in part.items()}


def _without_hours(part: Any) -> Any:
    if isinstance(part, str):
        return part.replace(", {hours}", "")
    if isinstance(part, list):
        return [_without_hours(one) for one in part]
    return {key: _without_hours(one) for key, one in part.items()}


def _short(on: date, language: str, version: str) -> str:
    words = texts.text("dates", language, version)
    number = words["first"] if on.day == 1 else str(on.day)
    return str(words["short"]).format(day=number, month=words["months"][on.month - 1], year=on.year)


def _tied(text: str) -> str:
    """No line break inside a date or a number."""
    return text.replace(" ", "\u00a0")
