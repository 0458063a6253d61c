"""Our own HTML: escaped words, a short list of elements, and the last sieve. Parser process only."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nh3

LABELS = json.loads((Path(__file__).parents[1] / "data" / "cda_labels.json").read_text())
BASE = re.compile(r"(?:/[A-Za-z0-9_~.-]+)*")
STAMP = re.compile(r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2}))?)?)?")
OURS = re.compile(r"cda-[a-z0-9-]+")
MEDIA_PATH = re.compile(r"(?:/[A-Za-z0-9_~.-]+)*/media/\d+")

# fmt: off
TAGS = {
    "article", "section", "div", "h2", "h3", "h4", "h5", "h6", "p", "br", "span", "strong", "em", "sub", "sup", "del",
    "ins", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "figure",
    "figcaption", "img",
}
ATTRIBUTES = {
    "article": {"lang", "id"},
    "section": {"aria-labelledby"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "p": {"id"}, "li": {"id"}, "sup": {"id"}, "td": {"colspan", "rowspan", "id"},
    "th": {"colspan", "rowspan", "scope", "id"},
    "div": {"role", "tabindex", "aria-label"},
    "a": {"href", "rel", "id"},
    "img": {"src", "alt"},
    "table": {"id"}, "span": {"id"},
}
# fmt: on
CLASSES = {
    "article": {"stack-l", "cda"},
    "section": {"stack", "stack-s"},
    "dl": {"kv"},
    "div": {"scroll", "stack", "stack-s"},
    "ul": {"rows", "card", "cda-list"},
    "ol": {"cda-list"},
    "li": {"py"},
    "p": {"s", "m", "b"},
}


@dataclass(slots=True)
class Writing:
    """What the writers of one document share: words, the sender's anchors, the media, notes, a counter."""

    words: dict[str, str]
    base: str
    media: dict[str, tuple[int, str]] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    shown_media: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    note_numbers: dict[str, int] = field(default_factory=dict)
    heading: str = ""
    count: int = 0
    depth: int = 0
    is_in_link: bool = False

    def fresh_id(self) -> str:
        self.count += 1
        return f"cda-{self.count}"

    def anchor(self, sender_id: str | None) -> str:
        """An id attribute where another part of the document points here, once."""
        ours = self.targets.get(sender_id or "")
        if ours is None or ours in self.placed:
            return ""
        self.placed.add(ours)
        return f' id="{ours}"'


def writing(language: str, base: str) -> Writing:
    """A fresh start in French or English (anything else: French); `base` is the path the media hang from."""
    return Writing(LABELS.get(language[:2].lower(), LABELS["fr"]), base if BASE.fullmatch(base) else "")


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def when(stamp: str, words: dict[str, str]) -> str:
    """An HL7 time in plain words, as precise as it was given, in the sender's own hour."""
    found = STAMP.match(stamp)
    if found is None:
        return ""
    year, month, day, hour, minute = found.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    text = f"{words['months'].split()[int(month) - 1]} {year}"
    if day is not None:
        text = f"{words['first'] if day == '01' else int(day)} {text}"
    if hour is not None and (hour, minute) != ("00", "00"):
        text += f" {words['at']} {hour}:{minute}"
    return text


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The last word on attributes whose values could do harm."""
    if name == "id" and not OURS.fullmatch(value):
        return None
    if name == "src" and not MEDIA_PATH.fullmatch(value):
        return None
    if name in ("colspan", "rowspan") and not (value.isdigit() and 1 <= int(value) <= 100):
        return None
    return value


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    attribute_filter=_attribute,
    url_schemes={"http", "https"},
    link_rel=None,
    strip_comments=True,
)


def cleaned(fragment: str, writing: Writing) -> str:
    """The sieve: what is not on our list does not pass, whoever wrote it. Links that lead nowhere become words."""
    for ours in set(writing.targets.values()) - writing.placed:
        fragment = re.sub(rf'<a href="#{ours}">(.*?)</a>', r"\1", fragment, flags=re.DOTALL)
    return CLEANER.clean(fragment)
