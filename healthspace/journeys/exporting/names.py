"""Names of files in a copy: date, title, place, in plain letters; the same document always has the same name."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from healthspace.documents.reads import Card
from healthspace.support.reads import FileCard, TicketCard

LONGEST: Final = 60
ENDINGS: Final = {
    "pdf": "pdf",
    "jpeg": "jpg",
    "png": "png",
    "tiff": "tif",
    "text": "txt",
    "rtf": "rtf",
    "cda": "xml",
}
ENDINGS_OF_FILES: Final = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/plain": "txt",
}


def file_name(card: Card) -> str:
    """documents/2026-11-18_lettre-de-sortie_1f2e3d4c.pdf"""
    title = plain(card.title) or "document"
    return f"documents/{card.made_at:%Y-%m-%d}_{title}_{str(card.id)[:8]}.{ENDINGS[card.kind]}"


def question_file_name(ticket: TicketCard, file: FileCard) -> str:
    """questions/2026-11-18_courrier_1f2e3d4c.pdf"""
    title = plain(file.name.rpartition(".")[0] or file.name) or "file"
    return f"questions/{ticket.opened_at:%Y-%m-%d}_{title}_{str(file.id)[:8]}.{ENDINGS_OF_FILES[file.media_type]}"


def plain(text: str) -> str:
    """Lower-case letters, figures and hyphens that every system takes."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", letters.decode().lower()).strip("-")[:LONGEST].strip("-")
