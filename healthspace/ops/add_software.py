"""`healthspace add software`: registered, given keys and certificates, and these ended again."""

from __future__ import annotations

import argparse
from pathlib import Path
from uuid import UUID

from healthspace.common.errors import Invalid
from healthspace.ops.faults import CannotRun
from healthspace.people import actions as people
from healthspace.people import reads as directory

LONGEST_FILE = 100_000


def add(asked: argparse.Namespace) -> str:
    """Register software of an institution, or change what proves it; what became of it, and its client id."""
    place, name = institution(asked.institution), filled(asked.name, "NAME")
    if asked.stop and asked.resume:
        raise CannotRun("--stop and --resume together say nothing. Give one of them.")
    known = directory.software_id(name, place.id)
    if known is None and (asked.stop or asked.resume or asked.end):
        raise CannotRun("This institution has no software of that name, so nothing of it can be changed.")
    software_id = known or people.register_software(name=name, institution_id=place.id)
    told = [] if known else [f"The software is registered for {place.name}."]
    told += _keys(software_id, asked.key, asked.certificate) + [_ended(software_id, kid) for kid in asked.end]
    if asked.stop:
        people.stop_software(software_id=software_id)
        told.append("It is stopped: within 15 seconds nothing of it opens anything.")
    if asked.resume:
        people.resume_software(software_id=software_id)
        told.append("It may call again.")
    return "\n".join([*(told or ["The software is there already; nothing was changed."]), *_card(software_id)])


def institution(finess: str) -> directory.InstitutionCard:
    """The active institution with this number; CannotRun, with the command before this one, when there is none."""
    card = directory.institution_by_finess(finess)
    if card is None or not card.is_active:
        raise CannotRun("No active institution has this FINESS number. First: healthspace add institution FINESS NAME.")
    return card


def filled(text: str, name: str) -> str:
    """The text without spaces around it; Invalid when nothing is left."""
    if not text.strip():
        raise Invalid(name, "EMPTY", "Nothing is written here.", "Write the name in full.")
    return text.strip()


def _keys(software_id: UUID, keys: list[str], certificates: list[str]) -> list[str]:
    told = []
    for file in keys:
        told += [f"Key {kid} proves it." for kid in people.add_keys(software_id=software_id, text=_text(file))]
    for file in certificates:
        kid = people.add_certificate(software_id=software_id, pem=_text(file))
        told.append(f"Certificate {kid} proves it.")
    return told


def _ended(software_id: UUID, kid: str) -> str:
    if not people.end_key(software_id=software_id, kid=kid):
        raise CannotRun("This software has no living key or certificate of that id. Without --end, its ids are told.")
    return f"{kid} is ended, and the tokens that were given for it."


def _card(software_id: UUID) -> list[str]:
    living = [card for card in directory.software_keys(software_id) if card.ended_at is None]
    ids = [f"  {'certificate' if card.is_certificate else 'key'} {card.kid}" for card in living]
    return [f"client_id {software_id}", *ids]


def _text(file: str) -> str:
    try:
        content = Path(file).read_bytes()[: LONGEST_FILE + 1]
        text = content.decode()
    except OSError:
        raise CannotRun("A file cannot be read. Give the path of a file that is there.") from None
    except UnicodeDecodeError:
        raise CannotRun("A file is no text. Give PEM or JSON.") from None
    if len(content) > LONGEST_FILE:
        raise CannotRun(f"A file is longer than {LONGEST_FILE} bytes. Give keys or one certificate only.")
    return text
