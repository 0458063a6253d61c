"""Every reason for refusing a file is told in French too, and what is compiled is what is written."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOM = Path(__file__).parents[2] / "healthspace" / "documents"
FRENCH = ROOM / "locale" / "fr" / "LC_MESSAGES"


def test_every_refusal__is_in_french_and_compiled():
    asked = {
        message
        for _file, _line, message, _notes, _context in extract_from_dir(
            str(ROOM), [("**.py", "python")], keywords={"gettext_noop": None}
        )
    }
    french = {message.id: message.string for message in read_po(BytesIO((FRENCH / "django.po").read_bytes()))}
    compiled = {message.id: message.string for message in read_mo(BytesIO((FRENCH / "django.mo").read_bytes()))}
    assert len(asked) > 20
    assert {message for message in asked if not french.get(message)} == set()
    assert {key for key in french if key} == {key for key in compiled if key}
    assert all(compiled[key] == french[key] for key in french if key)
