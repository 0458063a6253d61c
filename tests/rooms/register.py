"""Small registers for the tests of the intake, and an independent look at what became of them."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from healthspace.demo import crowd
from healthspace.demo.make.numbers import matricule
from healthspace.enrolment.reads.intake import Report
from healthspace.enrolment.rules.registry import COLUMNS
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

TEST = "1.2.250.1.213.1.4.10"
BALANCE = ("new", "changed", "unchanged", "died", "died_before", "put_away", "refused")
BORN_ON = date(1980, 5, 17)


def seeds() -> int:
    """A seed nobody else has."""
    return secrets.randbelow(2**40)


def made(path: Path, seed: int, persons: int = 60, **more: Any) -> Path:
    """A register of that many invented people."""
    crowd.registry_file(path, persons=persons, departments=["31", "44", "80"], seed=seed, **more)
    return path


def people(path: Path) -> list[dict[str, str]]:
    """Its lines by column."""
    lines = path.read_text().splitlines()
    return [dict(zip(COLUMNS, line.split(";"), strict=True)) for line in lines[1:] if not line.startswith("END")]


def write(path: Path, rows: list[dict[str, str]], *, is_ended: bool = True) -> Path:
    """A register of these lines."""
    lines = [";".join(COLUMNS), *[";".join(row[name] for name in COLUMNS) for row in rows]]
    path.write_text("\n".join([*lines, *([f"END;{len(rows)}"] if is_ended else [])]) + "\n")
    return path


def born(seed: int, **more: str) -> dict[str, str]:
    """One adult with a number of her own."""
    place = f"{21 + seed % 75:02d}{1 + seed // 75 % 989:03d}"
    ins = matricule(sex="F", born_on=BORN_ON, place=place, order=1 + seed // 74_175 % 999)
    row = dict.fromkeys(COLUMNS, "") | {
        "ins": f"test:{ins}", "birth_name": "MOREL", "first_names": "ANNE", "born_on": BORN_ON.isoformat(), "sex": "F",
        "birth_place": "31555", "department": "31", "address": "3 RUE DU PARC", "postcode": "31000", "city": "TOULOUSE",
    }  # fmt: skip
    return row | more


def person_of(ins: str) -> UUID | None:
    """The person of a number as the files write it."""
    return spaces.find_person(Ins(ins.removeprefix("test:"), TEST))


def balance(report: Report) -> int:
    """Every line is in exactly one of these."""
    return sum(getattr(report, name) for name in BALANCE)


def enrollee(connection: Any, ins: str) -> dict[str, Any]:
    """The row of a person, read past the product, with the state of the space."""
    row = connection.execute(
        "SELECT to_jsonb(e) || jsonb_build_object('state', s.state) FROM enrolment_enrollee e"
        " JOIN spaces_space s USING (person_id) WHERE e.person_id = %s",
        [person_of(ins)],
    ).fetchone()
    return row[0] if row else {}
