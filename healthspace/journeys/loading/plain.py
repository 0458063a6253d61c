"""Plain files described by a manifest, one row each.

Columns: file, ins, oid, birth_name, first_names, born_on, sex, birth_place, type, title, date; and if known
used_name, author, rpps, institution, finess, media_type, id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from healthspace.documents.rules import Author, Order
from healthspace.journeys.loading.fhir_words import instant, sex_of
from healthspace.journeys.loading.parcels import Claim, Parcel, Source, Unreadable
from healthspace.spaces.rules import Ins, Traits

MEDIA_TYPES: Final = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".rtf": "text/rtf",
    ".xml": "text/xml",
}
NEEDED: Final = ("file", "ins", "oid", "birth_name", "first_names", "born_on", "sex", "type", "title", "date")


def read(source: Source) -> Iterator[Parcel]:
    """The one document of a row; `Unreadable` names the column that is missing."""
    row = source.row
    for column in NEEDED:
        if not row.get(column):
            raise Unreadable(f"manifest-without-{column}")
    if not source.path.is_file():
        raise Unreadable("no-such-file")
    if not source.path.resolve().is_relative_to(source.folder.resolve()):
        raise Unreadable("file-outside-folder")
    content = source.path.read_bytes()
    order = Order(
        type_code=row["type"],
        title=row["title"],
        media_type=row.get("media_type") or MEDIA_TYPES.get(source.path.suffix.lower(), ""),
        content=content,
        made_at=instant(row["date"]),
        source_id=row.get("id") or f"sha256:{hashlib.sha256(content).hexdigest()}",
        authors=_authors(row),
    )
    yield Parcel(_claim(row), (order,))


def _claim(row: Mapping[str, str]) -> Claim:
    try:
        born_on = date.fromisoformat(row["born_on"])
    except ValueError as fault:
        raise Unreadable("no-birth-date") from fault
    first_names = tuple(row["first_names"].split())
    traits = Traits(
        birth_name=row["birth_name"],
        first_names=first_names,
        born_on=born_on,
        sex=sex_of(row["sex"].upper()),
        birth_place=row.get("birth_place", ""),
    )
    used = row.get("used_name") or row["birth_name"]
    return Claim(Ins(row["ins"], row["oid"]), traits, used, first_names[0])


def _authors(row: Mapping[str, str]) -> tuple[Author, ...]:
    author = Author(
        name=row.get("author", ""),
        rpps=row.get("rpps", ""),
        institution=row.get("institution", ""),
        finess=row.get("finess", ""),
    )
    return (author,) if author != Author() else ()
