"""Folders of CDA documents about fresh people, for the tests of loading."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from healthspace.demo import cast
from healthspace.demo.make import medicines, numbers
from healthspace.demo.make.parts import Header, Subject


def subject() -> Subject:
    """Somebody nobody has met, under the test authority."""
    born_on = date(1950 + secrets.randbelow(60), 1 + secrets.randbelow(12), 1 + secrets.randbelow(28))
    place = f"{1 + secrets.randbelow(89):02d}{secrets.randbelow(1000):03d}"
    ins = numbers.matricule(sex="F", born_on=born_on, place=place, order=1 + secrets.randbelow(999))
    return replace(
        cast.villagers()["amina"].subject, ins=ins, born_on=born_on, birth_place_code=place, birth_name="ESSAI"
    )


def prescription(about: Subject, number: int, *, replaces: int | None = None, author: str = "nguyen") -> bytes:
    """One e-prescription; the same person and number give the same bytes."""
    made_at = datetime(2025, 1 + number % 12, 1 + number % 28, 9, tzinfo=ZoneInfo("Europe/Paris"))
    header = Header(
        unique_id=numbers.unique_oid(about.ins, str(number)),
        type_code="57833-6",
        type_label="Prescription de produits de santé",
        title=f"Ordonnance {number}",
        made_at=made_at,
        subject=about,
        author=cast.makers()[author],
        replaces="" if replaces is None else numbers.unique_oid(about.ins, str(replaces)),
    )
    return medicines.prescription(header, (medicines.Line("paracetamol", made_at.date(), 5),))


def folder(root: Path, about: Subject, count: int) -> Path:
    """A folder with that many prescriptions."""
    root.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (root / f"{number:03d}.xml").write_bytes(prescription(about, number))
    return root
