"""Every sentence of the pages exists in French, with French spaces, and what is compiled is what is written."""

from __future__ import annotations

import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[2] / "healthspace" / "web"
FRENCH = WEB / "locale" / "fr" / "LC_MESSAGES"
IN_TEMPLATE = re.compile(r"""(?:\bn?gettext|\b_)\(u?(["'])(?P<one>.+?)\1[,)]""", re.DOTALL)
PLACE = re.compile(r"%\((\w+)\)[sd]")
LONGEST_SENTENCE = 28


def messages_of(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


@pytest.fixture(scope="module")
def french() -> Catalog:
    return read_po(BytesIO((FRENCH / "django.po").read_bytes()))


def asked_for() -> set[str]:
    """Every message that a page, a view or the certificate of help asks for."""
    found = {
        message if isinstance(message, str) else message[0]
        for folder, files in ((WEB, "**.py"), (WEB.parent / "journeys", "attestation.py"))
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(folder), [(files, "python")], keywords=KEYWORDS
        )
    }
    for template in (WEB / "templates").rglob("*.html"):
        # a template's own quoting comes doubled: \" stands for "
        for hit in IN_TEMPLATE.finditer(templatize(template.read_text("utf-8"))):
            found.add(hit["one"].replace('\\"', '"').replace("\\'", "'"))
    return found


KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy")) | {
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def test_every_sentence__is_in_french(french: Catalog) -> None:
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in messages_of(french)}
    asked = asked_for()
    assert len(asked) > 400  # the extraction itself found them
    assert asked - known == set()
    assert known - asked == set()
    for message in messages_of(french):
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(words), f"no French for {message.id!r}"
        assert not message.fuzzy, message.id


def test_every_sentence__keeps_its_places(french: Catalog) -> None:
    for message in messages_of(french):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        places = {place for text in english for place in PLACE.findall(text)}
        for text in words:
            assert set(PLACE.findall(text)) <= places, message.id
            assert places - {"count"} <= set(PLACE.findall(text)), message.id


def rooms() -> list[Path]:
    """The French of every room that speaks."""
    return sorted(WEB.parent.glob("*/locale/fr/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", rooms(), ids=lambda path: path.parents[3].name)
def test_french__has_french_spaces_and_apostrophes(path: Path) -> None:
    for message in messages_of(read_po(BytesIO(path.read_bytes()))):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert text, message.id
            assert not re.search(r"[^\u202f][;!?»](?=\s|$)", text), text
            assert not re.search(r"[^\u00a0]:(?=\s|$)", text), text
            assert not re.search(r"«(?!\u202f)", text), text
            assert "'" not in text, text
            assert "  " not in text, text


def test_french__is_in_short_sentences(french: Catalog) -> None:
    for message in messages_of(french):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            for sentence in re.split(r"(?<=[.?!:;])\s", text):
                words = [word for word in sentence.split() if word.strip(string.punctuation)]
                assert len(words) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize("path", rooms(), ids=lambda path: path.parents[3].name)
def test_compiled_words__are_the_written_ones(path: Path) -> None:
    compiled = read_mo(BytesIO(path.with_suffix(".mo").read_bytes()))
    assert _pairs(compiled) == _pairs(read_po(BytesIO(path.read_bytes())))


def _pairs(catalog: Catalog) -> set[tuple[str, str]]:
    return {(str(tuple(message.id)), str(tuple(message.string or ()))) for message in messages_of(catalog)}
